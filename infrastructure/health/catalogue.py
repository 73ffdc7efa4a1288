"""Every check of an installation, in the order in which they are made."""

from collections.abc import Callable, Sequence

from attrs import frozen

from application.health import SECONDS, Check, Finding, skipped
from infrastructure.health import clocks, database, folders, log, network, server, servers, stops, tables, work
from infrastructure.health.faults import HANGS, in_words
from infrastructure.health.place import Place

Question = Callable[[Place], Finding]


@frozen(kw_only=True)
class Entry:
    """A check before it knows its installation."""

    name: str
    tested: str
    ask: Question
    needs: str = ""
    seconds: float = SECONDS
    late: Finding | None = None
    online: bool = False
    """Whether it asks the network: only when somebody wants that."""


CATALOGUE: tuple[Entry, ...] = (
    Entry(name="data-folder", tested="The data folder", ask=folders.data),
    Entry(name="library-folder", tested="The library's folder", ask=folders.library),
    Entry(name="data-disk", tested="Free space for the data", ask=folders.data_space),
    Entry(name="library-disk", tested="Free space for the library", ask=folders.library_space),
    Entry(name="server", tested="The server at HOST and PORT", ask=server.answers),
    Entry(name="processes", tested="Servers of this installation", ask=servers.noted),
    Entry(name="code", tested="The code that they run", ask=servers.code),
    Entry(name="stop-file", tested="The stop file", ask=stops.file),
    Entry(name="database", tested="The database", ask=database.answers, late=HANGS.found()),
    Entry(name="schema", tested="The revision of the schema", ask=database.schema, needs="database"),
    Entry(
        name="database-write",
        tested="Writing to the database",
        ask=database.takes_writes,
        needs="schema",
        late=HANGS.found(),
    ),
    Entry(
        name="integrity",
        tested="The database's file",
        ask=database.integrity,
        needs="database",
        seconds=database.INTEGRITY_SECONDS + 2,
        late=database.UNFINISHED,
    ),
    Entry(name="journal", tested="SQLite's write-ahead log", ask=database.journal, needs="database"),
    Entry(name="protection", tested="The triggers that protect the log", ask=database.protection, needs="schema"),
    Entry(name="log", tested="The end of the log", ask=log.head, needs="schema"),
    Entry(name="read-models", tested="The table of papers against the log", ask=log.read_models, needs="log"),
    Entry(name="other-tables", tested="The other tables against the log", ask=tables.others, needs="log"),
    Entry(name="scraper", tested="The switch", ask=stops.position, needs="log"),
    Entry(name="stop-told", tested="The stop file and the log", ask=stops.agreement, needs="log"),
    Entry(name="clock", tested="This machine's clock against the log", ask=clocks.last_event, needs="log"),
    Entry(name="database-clock", tested="The clock of the database's server", ask=clocks.databases, needs="database"),
    Entry(name="time-zones", tested="The data of the time zones", ask=clocks.zones),
    Entry(name="schedule-zone", tested="The time zone of the schedule", ask=clocks.schedules, needs="log"),
    Entry(name="instances", tested="Processes at work", ask=work.instances, needs="schema"),
    Entry(name="imports", tested="Imports under way", ask=work.imports, needs="schema"),
    Entry(name="transit", tested="Papers in work", ask=work.transit, needs="schema"),
    Entry(name="backups", tested="Backups", ask=folders.backups),
    Entry(name="proxies", tested="Proxies", ask=network.proxies),
    Entry(name="authorities", tested="Certificate authorities", ask=network.authorities),
    Entry(name="names", tested="Names of the sources' hosts", ask=network.names, online=True),
    Entry(name="routes", tested="IPv4 and IPv6", ask=network.routes, online=True),
)
READY = ("data-disk", "library-disk", "database", "schema", "database-write")
"""What must be in order before work can be done."""


def checks(place: Place, *, online: bool = False) -> tuple[Check, ...]:
    """Every check; those that ask the network only where that is wanted."""
    return of(CATALOGUE, place, online=online)


def readiness(place: Place) -> tuple[Check, ...]:
    """The few checks that tell whether work can be done."""
    return of(chosen(*READY), place, online=True)


def chosen(*names: str) -> tuple[Entry, ...]:
    """The entries of these names, in the order of the catalogue."""
    return tuple(entry for entry in CATALOGUE if entry.name in names)


def of(entries: Sequence[Entry], place: Place, *, online: bool = False) -> tuple[Check, ...]:
    """The entries as checks of an installation."""
    return tuple(_check(entry, place, asks=online or not entry.online) for entry in entries)


def _check(entry: Entry, place: Place, *, asks: bool) -> Check:
    def examine() -> Finding:
        return in_words(lambda: entry.ask(place)) if asks else skipped("The network was not asked.", network.ONLINE)

    return Check(
        name=entry.name,
        tested=entry.tested,
        examine=examine,
        needs=entry.needs,
        seconds=entry.seconds,
        late=entry.late,
    )
