"""How things stand, told from the log alone: its tables may be gone."""

from application.controlling import modules
from application.formats import listed, moment, number, plural
from application.health import Finding, ok, skipped
from application.planning import current
from application.wording import sentence
from domain import hour
from domain.local_hours import hour_at
from domain.pipeline import MODULES, Status
from domain.quotas import quotas_of
from infrastructure.health.place import Place
from infrastructure.log.counting import jobs_by_status, papers_by_status, queued_for


def switched(place: Place) -> Finding:
    """Which modules are on."""
    on = modules(place.log)
    told = [f"{name} is {'on' if on.runs(name) else 'off'}" for name in MODULES]
    return ok(f"{listed(told).capitalize()}.", **{name: on.runs(name) for name in MODULES})


def papers(place: Place) -> Finding:
    """How many papers have each status."""
    with place.opening.database.read() as connection:
        found = papers_by_status(connection)
    counts = {status.value: found.get(status, 0) for status in Status}
    told = [f"{number(count)} {name}" for name, count in counts.items() if count]
    return ok(f"{listed(told)}." if told else "There are none.", **counts)


def jobs(place: Place) -> Finding:
    """How many jobs have each status."""
    with place.opening.database.read() as connection:
        found = jobs_by_status(connection, papers_by_status(connection))
    told = [f"{number(count)} {status}" for status, count in found.items()]
    return ok(f"{listed(told)}." if told else "There are none.", **{status.value: found[status] for status in found})


def this_hour(place: Place) -> Finding:
    """What was planned for this hour."""
    painted = current(place.log)
    present = hour_at(place.clock.now(), painted.timezone)
    quota = quotas_of(present.day, painted)[present]
    facts = {"begins": present.start.isoformat(), "ends": present.end.isoformat(), "quota": quota}
    until = f"The hour until {moment(present.end)} takes {plural(quota, 'paper')}"
    stream = hour.stream_of(present.start)
    plan = place.log.stream(stream)
    if not plan:
        return ok(f"{until}, and has no plan.", planned=None, **facts)
    with place.opening.database.read() as connection:
        queued = queued_for(connection, stream, plan[0].position)
    return ok(f"{until}; {plural(queued, 'job was', 'jobs were')} planned for it.", planned=queued, **facts)


def last(place: Place) -> Finding:
    """What happened last."""
    head = place.log.head()
    records = place.log.read(after=head.position - 1, limit=1)
    if not records:
        return skipped("Nothing happened yet.")
    event = records[-1]
    at = event.recorded_at
    return ok(f"{moment(at)}: {sentence(event)}", position=event.position, at=at.isoformat(), type=event.event.TYPE)
