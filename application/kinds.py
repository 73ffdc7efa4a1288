"""Kinds of events, for people: what each is called, what it is about, and how much it matters. Pure data.

The sentences are in application.wording; a kind says what several events of one type are called together.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from domain.errors import InvalidValue
from domain.events import Event


class Level(StrEnum):
    """How much an event matters, least first. Steps on the way are details, and are hidden unless asked for."""

    DETAIL = "detail"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def weight(self) -> int:
        """Its place in the order."""
        return _WEIGHTS[self]

    def is_at_least(self, other: "Level") -> bool:
        """Whether it matters as much as another one, or more."""
        return self.weight >= other.weight


_WEIGHTS: Mapping[Level, int] = {level: place for place, level in enumerate(Level)}
ORDINARY = Level.INFO
"""The level from which on a person is shown events, unless they ask for the details."""


class Group(StrEnum):
    """What an event is about."""

    IMPORT = "import"
    PAPER = "paper"
    SEARCH = "search"
    DOWNLOAD = "download"
    JOB = "job"
    SCHEDULE = "schedule"
    SCRAPER = "scraper"
    SETTINGS = "settings"
    REFUSAL = "refusal"


GROUP_WORDS: Mapping[Group, str] = {
    Group.IMPORT: "Imports and collections",
    Group.PAPER: "Papers and what people did with them",
    Group.SEARCH: "Search for copies",
    Group.DOWNLOAD: "Downloads and files",
    Group.JOB: "Jobs",
    Group.SCHEDULE: "Schedule",
    Group.SCRAPER: "Scraper",
    Group.SETTINGS: "Settings",
    Group.REFUSAL: "Refused commands",
}


@frozen
class Kind:
    """A type of event. `one` and `many` follow a number: 1 paper was planned, 212 papers were planned."""

    type: str
    group: Group
    level: Level
    one: str
    many: str

    @property
    def words(self) -> str:
        """What the kind is called in a list of kinds."""
        return self.one[:1].upper() + self.one[1:]


_G, _L = Group, Level
_ALL = (
    Kind("collection.created", _G.IMPORT, _L.INFO, "collection was created", "collections were created"),
    Kind("collection.renamed", _G.IMPORT, _L.INFO, "collection was renamed", "collections were renamed"),
    Kind("import.started", _G.IMPORT, _L.INFO, "import began", "imports began"),
    Kind("import.rows_recorded", _G.IMPORT, _L.DETAIL, "batch of rows was taken in", "batches of rows were taken in"),
    Kind("import.completed", _G.IMPORT, _L.INFO, "import was completed", "imports were completed"),
    Kind("import.refused", _G.IMPORT, _L.ERROR, "import ended early", "imports ended early"),
    Kind("import.cancelled", _G.IMPORT, _L.INFO, "import was cancelled", "imports were cancelled"),
    Kind("import.undo_started", _G.IMPORT, _L.INFO, "undo of an import began", "undos of imports began"),
    Kind("import.undone", _G.IMPORT, _L.INFO, "import was undone", "imports were undone"),
    Kind("paper.registered", _G.PAPER, _L.DETAIL, "paper was added", "papers were added"),
    Kind("paper.metadata_updated", _G.PAPER, _L.DETAIL, "paper became known better", "papers became known better"),
    Kind("paper.identifier_added", _G.PAPER, _L.DETAIL, "identifier was added", "identifiers were added"),
    Kind("paper.identifier_corrected", _G.PAPER, _L.INFO, "identifier was corrected", "identifiers were corrected"),
    Kind("paper.excluded", _G.PAPER, _L.INFO, "paper was excluded", "papers were excluded"),
    Kind("paper.reinstated", _G.PAPER, _L.INFO, "paper was wanted again", "papers were wanted again"),
    Kind("paper.requested", _G.PAPER, _L.INFO, "paper was asked for elsewhere", "papers were asked for elsewhere"),
    Kind("paper.marked_unavailable", _G.PAPER, _L.INFO, "paper was given up", "papers were given up"),
    Kind("paper.withdrawn", _G.PAPER, _L.INFO, "paper was withdrawn", "papers were withdrawn"),
    Kind("paper.merged", _G.PAPER, _L.INFO, "paper was merged", "papers were merged"),
    Kind("bulk.started", _G.PAPER, _L.INFO, "action on many papers began", "actions on many papers began"),
    Kind("bulk.ended", _G.PAPER, _L.INFO, "action on many papers ended", "actions on many papers ended"),
    Kind("paper.sources_asked", _G.SEARCH, _L.DETAIL, "search asked the sources", "searches asked the sources"),
    Kind("paper.copies_located", _G.SEARCH, _L.INFO, "paper was located", "papers were located"),
    Kind("paper.not_located", _G.SEARCH, _L.WARNING, "paper was not found", "papers were not found"),
    Kind("paper.candidate_tried", _G.DOWNLOAD, _L.DETAIL, "address was tried", "addresses were tried"),
    Kind("paper.candidate_blocked", _G.DOWNLOAD, _L.DETAIL, "address was blocked", "addresses were blocked"),
    Kind("paper.downloaded", _G.DOWNLOAD, _L.INFO, "paper was downloaded", "papers were downloaded"),
    Kind("paper.doubted", _G.DOWNLOAD, _L.WARNING, "file must be judged", "files must be judged"),
    Kind("paper.doubt_settled", _G.DOWNLOAD, _L.INFO, "file was judged", "files were judged"),
    Kind("paper.failed", _G.DOWNLOAD, _L.WARNING, "paper was not retrieved", "papers were not retrieved"),
    Kind("paper.file_attached", _G.DOWNLOAD, _L.INFO, "file was given by a person", "files were given by a person"),
    Kind("paper.file_replaced", _G.DOWNLOAD, _L.INFO, "file was replaced", "files were replaced"),
    Kind("paper.file_renamed", _G.DOWNLOAD, _L.DETAIL, "file was renamed", "files were renamed"),
    Kind("paper.file_removed", _G.DOWNLOAD, _L.INFO, "file was taken back", "files were taken back"),
    Kind("paper.file_lost", _G.DOWNLOAD, _L.ERROR, "file was lost", "files were lost"),
    Kind("paper.queued", _G.JOB, _L.DETAIL, "paper was planned", "papers were planned"),
    Kind("paper.processing_started", _G.JOB, _L.DETAIL, "attempt began", "attempts began"),
    Kind("paper.deferred", _G.JOB, _L.DETAIL, "paper was put off", "papers were put off"),
    Kind("paper.reverted", _G.JOB, _L.INFO, "paper went back", "papers went back"),
    Kind("paper.reopened", _G.JOB, _L.INFO, "paper was taken up again", "papers were taken up again"),
    Kind("hour.planned", _G.SCHEDULE, _L.INFO, "hour was planned", "hours were planned"),
    Kind("schedule.volume_changed", _G.SCHEDULE, _L.INFO, "change of the volume", "changes of the volume"),
    Kind("schedule.weights_changed", _G.SCHEDULE, _L.INFO, "change of the hours", "changes of the hours"),
    Kind("schedule.timezone_changed", _G.SCHEDULE, _L.INFO, "change of the time zone", "changes of the time zone"),
    Kind("schedule.order_changed", _G.SCHEDULE, _L.INFO, "change of the order", "changes of the order"),
    Kind("scraper.started", _G.SCRAPER, _L.INFO, "start of the scraper", "starts of the scraper"),
    Kind("scraper.paused", _G.SCRAPER, _L.INFO, "pause of the scraper", "pauses of the scraper"),
    Kind("scraper.resumed", _G.SCRAPER, _L.INFO, "end of a pause", "ends of a pause"),
    Kind("scraper.stopped", _G.SCRAPER, _L.INFO, "stop of the scraper", "stops of the scraper"),
    Kind("scraper.emergency_stopped", _G.SCRAPER, _L.WARNING, "emergency stop", "emergency stops"),
    Kind("scraper.reset", _G.SCRAPER, _L.INFO, "end of an emergency", "ends of an emergency"),
    Kind("settings.changed", _G.SETTINGS, _L.INFO, "setting was changed", "settings were changed"),
    Kind("settings.module_toggled", _G.SETTINGS, _L.INFO, "module was switched", "modules were switched"),
    Kind("settings.source_toggled", _G.SETTINGS, _L.INFO, "source was switched", "sources were switched"),
    Kind("settings.sources_reordered", _G.SETTINGS, _L.INFO, "change of the sources' order", "changes of their order"),
    Kind("command.refused", _G.REFUSAL, _L.WARNING, "command was refused", "commands were refused"),
)
KINDS: Mapping[str, Kind] = {kind.type: kind for kind in _ALL}
"""Every kind by the stored name of its type."""

RAISED: Mapping[str, str] = {
    "paper.deferred": "cause",
    "paper.failed": "cause",
    "paper.not_located": "cause",
    "paper.reverted": "why",
}
"""Types whose level one of their fields can raise."""
_RAISING: Mapping[str, Level] = {
    "crashed": Level.ERROR,
    "crash": Level.WARNING,
    "disk_full": Level.WARNING,
    "missing_credential": Level.WARNING,
}
"""What such a field says, and the level that the event then has at least."""


def level_of(event: Event) -> Level:
    """How much the event matters: as much as its kind, or more where the program or the machine was at fault."""
    usual = KINDS[event.TYPE].level
    reason: str = getattr(event, RAISED[event.TYPE]) if event.TYPE in RAISED else ""
    return max(usual, _RAISING.get(reason, usual), key=lambda level: level.weight)


def types_at(level: Level) -> frozenset[str]:
    """The types whose events always matter that much, or more."""
    return frozenset(kind.type for kind in _ALL if kind.level.is_at_least(level))


def reasons_for(level: Level) -> tuple[str, ...]:
    """What a field of the RAISED types says where an event matters that much, or more."""
    return tuple(reason for reason, raised in _RAISING.items() if raised.is_at_least(level))


def types_named(names: Iterable[str]) -> frozenset[str]:
    """The types that the names stand for: a type, or a group for all of its types. Raises InvalidValue."""
    return frozenset(type_ for name in names for type_ in _types_named(name))


def _types_named(name: str) -> frozenset[str]:
    found = frozenset(kind.type for kind in _ALL if name in (kind.type, kind.group.value))
    if not found:
        expected = f"{', '.join(Group)}, or the name of a type of event, paper.failed for one"
        raise InvalidValue("kind", name[:100], expected)
    return found


def kinds() -> Mapping[Group, tuple[Kind, ...]]:
    """Every kind under what it is about, for people to choose from."""
    return {group: found for group in Group if (found := tuple(kind for kind in _ALL if kind.group is group))}
