"""What the commands of `diagnose` look at: checks as doctor's are, of how things stand and of what is stuck."""

from attrs import evolve

from application.condition import ASKED
from infrastructure.health import jobs, lately, leading, log, plans, standing, stops, tasks, work
from infrastructure.health.catalogue import CATALOGUE, Entry, chosen

COUNTED = 20.0
"""Seconds for what reads the whole log."""

_LEADER = Entry(name="leader", tested="Who leads", ask=leading.leads, needs="schema")
FIRST = chosen(*ASKED)
"""How the database is."""

STATE: tuple[Entry, ...] = (
    *FIRST,
    *chosen("server", "processes", "stop-file"),
    Entry(name="log", tested="The log", ask=log.readable, needs="database"),
    *(evolve(entry, needs="log") for entry in chosen("scraper", "stop-told")),
    _LEADER,
    Entry(name="modules", tested="Modules", ask=standing.switched, needs="log"),
    Entry(name="papers", tested="Papers", ask=standing.papers, needs="log", seconds=COUNTED),
    Entry(name="jobs", tested="Jobs", ask=standing.jobs, needs="log", seconds=COUNTED),
    Entry(name="hour", tested="This hour", ask=standing.this_hour, needs="log"),
    Entry(name="last-event", tested="The last event", ask=standing.last, needs="log"),
)
"""How things stand. What comes from the log needs no table that is made from it."""

TASKS: tuple[Entry, ...] = (
    *FIRST,
    *chosen("server", "processes"),
    Entry(name="jobs", tested="Jobs", ask=jobs.open_now, needs="schema"),
    Entry(name="imports", tested="Imports", ask=tasks.imports, needs="schema"),
    Entry(name="tasks", tested="Rebuilds, exports and backups", ask=tasks.others, needs="schema"),
    Entry(name="next", tested="What is due next", ask=tasks.next_due, needs="schema"),
)
"""What runs, and what is planned."""

_STUCK: tuple[Entry, ...] = (
    _LEADER,
    Entry(name="plan", tested="The plan of this hour", ask=plans.plan, needs="log"),
    Entry(name="open-jobs", tested="Jobs against the switch", ask=stops.open_jobs, needs="log"),
    Entry(name="matched-jobs", tested="Papers in transit against jobs", ask=jobs.matched, needs="schema"),
    Entry(name="hung-jobs", tested="Jobs that run for long", ask=jobs.hung, needs="schema"),
    Entry(name="late-jobs", tested="Jobs whose hour is over", ask=jobs.late, needs="schema"),
    Entry(name="leases", tested="Leases", ask=work.leases, needs="schema"),
    Entry(name="outcomes", tested="Jobs of the last day", ask=jobs.outcomes, needs="schema"),
    Entry(name="hosts", tested="Hosts that rest", ask=lately.resting, needs="schema"),
    Entry(name="warnings", tested="Warnings and refusals", ask=lately.warnings, needs="schema", seconds=COUNTED),
)
SCRAPER: tuple[Entry, ...] = (*CATALOGUE, *_STUCK)
"""Everything that can be stuck, after everything that doctor looks at."""
SHOWN = frozenset(
    {*ASKED, "server", "processes", "code", "stop-file", "scraper", "stop-told", "imports", "transit", "data-disk"}
    | {"library-disk"}
    | {entry.name for entry in _STUCK}
)
"""What is shown whatever was found; the rest is shown where it is not in order."""
