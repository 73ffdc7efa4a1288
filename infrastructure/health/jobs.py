"""Jobs that are not as they should be, and what became of those of the last day."""

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from application.formats import listed, number, plural
from application.health import Finding, error, ok, warning
from application.queries import OPEN_JOBS, JobFilter, JobRow, JobStatus
from domain.pipeline import IN_TRANSIT, Status
from infrastructure.health.log import REBUILD_HERE
from infrastructure.health.place import Place
from infrastructure.health.work import too_late
from infrastructure.log.codec import stamp
from infrastructure.read_models.jobs import jobs, open_jobs
from infrastructure.read_models.papers import papers

REBUILD = "`scipaperloader rebuild` makes the tables anew from the log; a running server goes on."
DAY = timedelta(days=1)
MANY = 10
"""Jobs of a day from which on their share of failures says something."""
_BAD = (JobStatus.FAILED.value, JobStatus.DEFERRED.value)
_MATCHING = {Status.PENDING: JobStatus.PLANNED, Status.PROCESSING: JobStatus.RUNNING}


def matched(place: Place) -> Finding:
    """Whether every paper in transit has an open job, and the other way round."""
    with place.opening.database.read() as connection:
        counts = {words: len(connection.execute(query).all()) for words, query in _MISMATCHES.items()}
    told = [f"{plural(count, *words)}" for words, count in counts.items() if count]
    if told:
        return error(f"{listed(told)}.", REBUILD).on_page(*REBUILD_HERE)
    return ok("Every paper in transit has its job, and every open job its paper.")


_HELD = papers.outerjoin(open_jobs, open_jobs.c.paper == papers.c.id)
_JOBS = jobs.outerjoin(open_jobs, open_jobs.c.job == jobs.c.id).outerjoin(papers, papers.c.id == jobs.c.paper)
_IN_TRANSIT = papers.c.status.in_([status.value for status in IN_TRANSIT])
_OPEN = jobs.c.status.in_([status.value for status in OPEN_JOBS])
_FITS = sa.or_(*((papers.c.status == paper.value) & (jobs.c.status == job.value) for paper, job in _MATCHING.items()))
_MISMATCHES = {
    ("paper is in transit without a job", "papers are in transit without a job"): sa.select(papers.c.id)
    .select_from(_HELD)
    .where(_IN_TRANSIT, open_jobs.c.job.is_(None)),
    ("open job has no paper in transit", "open jobs have no paper in transit"): sa.select(jobs.c.id)
    .select_from(_JOBS)
    .where(_OPEN | open_jobs.c.job.is_not(None), sa.func.coalesce(papers.c.status, "").not_in(IN_TRANSIT)),
    ("job is not in the state of its paper", "jobs are not in the state of their papers"): sa.select(jobs.c.id)
    .select_from(_JOBS)
    .where(_OPEN | open_jobs.c.job.is_not(None), _IN_TRANSIT, ~_FITS | open_jobs.c.job.is_(None)),
}
"""What must not be, each with the query that finds it."""


def hung(place: Place) -> Finding:
    """Whether attempts have run for so long in a living process that they may hang."""
    before = place.clock.now() - place.hung_after
    living = {one.worker: one for one in place.workers.processes() if one.lives}
    running = place.jobs.open(JobFilter(statuses=(JobStatus.RUNNING,)))
    slow = [job for job in running if job.worker in living and job.started_at and job.started_at < before]
    if not slow:
        return ok("None that runs for long." if running else "None runs.")
    minutes = round(place.hung_after.total_seconds() / 60)
    told = plural(len(slow), "job has been running", "jobs have been running")
    workers = sorted({living[job.worker].pid for job in slow if job.worker})
    who = listed([f"process {pid}" for pid in workers])
    found = warning(
        f"{told} for more than {plural(minutes, 'minute')} in {who}, which lives: it may hang.",
        "Revoke it (`scipaperloader jobs revoke`): its paper goes back at once, and what comes late is refused. "
        "`scipaperloader diagnose quick-fix` ends the process.",
        jobs=[job.id for job in slow],
    )
    return found.on_page("Revoke it: its paper goes back at once, and what comes late is refused.", "/jobs")


def late(place: Place) -> Finding:
    """Whether jobs are planned still whose hour is over."""
    papers_of = too_late(place)
    if not papers_of:
        return ok("None.")
    told = f"{plural(len(papers_of), 'job is', 'jobs are')} planned still, although the hour is over."
    return warning(
        told,
        "A server takes them back within a second: `scipaperloader run`. If one runs, look at “leader”.",
        papers=list(papers_of),
    )


def outcomes(place: Place) -> Finding:
    """What became of the jobs of the last day, the failures by their cause."""
    counts, causes = _ended_since(place, stamp(place.clock.now() - DAY))
    whole, bad = counts.total(), causes.total()
    if not whole:
        return ok("No job ended in the last day.", jobs={}, causes={})
    facts = {"jobs": dict(counts), "causes": dict(causes)}
    told = f"Of {plural(whole, 'job')} of the last day {number(bad)} failed or {'was' if bad == 1 else 'were'} put off"
    told += f": {listed([f'{number(count)} {cause}' for cause, count in causes.most_common()])}." if bad else "."
    if whole < MANY or bad * 2 <= whole:
        return ok(told, **facts)
    remedy = "`scipaperloader papers --cause NAME` lists them; `scipaperloader doctor --online` looks at the network."
    return warning(told, remedy, **facts).on_page("See why, and which papers can be tried again.", "/needs")


def _ended_since(place: Place, since: str) -> tuple[Counter[str], Counter[str]]:
    """How many jobs ended in each status, and how many failed or were put off for each cause."""
    query = sa.select(jobs.c.status, jobs.c.reason, sa.func.count()).where(jobs.c.ended_at >= since)
    counts, causes = Counter[str](), Counter[str]()
    with place.opening.database.read() as connection:
        for status, reason, count in connection.execute(query.group_by(jobs.c.status, jobs.c.reason)):
            counts[status] += count
            if status in _BAD:
                causes[reason or "no cause"] += count
    return counts, causes


def open_now(place: Place) -> Finding:
    """The jobs that run and those that are planned, each with who has it."""
    found = place.jobs.open(JobFilter())
    lives = {one.worker: one for one in place.workers.processes()}
    rows = []
    for job in found:
        worker = lives.get(job.worker or "")
        rows.append(_row(job) | {"pid": worker.pid if worker else None, "alive": bool(worker and worker.lives)})
    running = sum(job.status is JobStatus.RUNNING for job in found)
    planned = len(found) - running
    told = f"{plural(running, 'job runs', 'jobs run')}, and {plural(planned, 'job is', 'jobs are')} planned."
    return ok(told if found else "No job runs, and none is planned.", jobs=rows)


def _row(job: JobRow) -> dict[str, object]:
    names = ("id", "paper", "doi", "title", "module", "by_hand")
    moments = {name: getattr(job, name) for name in ("due", "started_at")}
    told = {name: value.isoformat() if value else None for name, value in moments.items()}
    return {name: getattr(job, name) for name in names} | {"status": job.status.value, **told}
