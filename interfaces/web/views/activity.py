"""Activity: everything that happened, page by page, as somebody asks for it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from attrs import evolve, field, frozen

from application.activity import ActivityFilter, ActivityPage
from application.activity_asking import ActivityQuery
from application.divisions import CollectionStands
from application.kinds import GROUP_WORDS, ORDINARY, Group, Kind, Level, kinds
from application.queries import ImportRow
from domain.errors import CommandRefused, InvalidValue
from interfaces.container import Container
from interfaces.web.views.feed import Entry, entries

PAGE = 100
"""Events of a page."""
MOST_NEWS = 100
"""New events that are counted; more are “more than”."""
PATIENCE, LONGER = 0.05, 1.0
"""Seconds of a search, and of one that somebody asks to go on without a script that asks again."""
IMPORTS = 50
LEVELS: Mapping[str, str] = {
    "": "Without the details",
    Level.DETAIL.value: "Everything, each step too",
    Level.WARNING.value: "What somebody should look at",
    Level.ERROR.value: "Faults only",
}


@frozen(kw_only=True)
class Asked:
    """What the address asks for: the filter as it was written, and the page."""

    query: ActivityQuery
    before: int | None = None
    after: int | None = None
    longer: bool = False

    def which(self, container: Container) -> ActivityFilter:
        """The filter; details are left out unless asked for. Raises InvalidValue, DoesNotExist."""
        query = self.query if self.query.level else evolve(self.query, level=ORDINARY.value)
        return query.resolved(container.papers, container.imports)

    def address(self, path: str = "/activity", **more: Any) -> str:
        """The address of the filter, with more fields."""
        return _address(path, self.query, more)

    @property
    def is_newest(self) -> bool:
        """Whether it is the page that new events come to."""
        return self.before is None and self.after is None


@frozen(kw_only=True)
class Choice:
    """A kind to choose, by the name of its type."""

    kind: Kind
    chosen: bool


@frozen(kw_only=True)
class GroupChoice:
    """Kinds that are about the same thing; `chosen` where all of them are wanted."""

    group: Group
    words: str
    chosen: bool
    kinds: tuple[Choice, ...]

    @property
    def opened(self) -> bool:
        """Whether some of its kinds are chosen one by one."""
        return any(one.chosen for one in self.kinds)


@frozen(kw_only=True)
class Filters:
    """The form: what can be chosen, and what is wrong with what was typed."""

    groups: tuple[GroupChoice, ...]
    imports: tuple[ImportRow, ...]
    collections: tuple[CollectionStands, ...]
    faults: Mapping[str, str] = field(factory=dict)
    problem: str = ""
    levels: Mapping[str, str] = LEVELS

    def fault(self, name: str) -> str:
        """What is wrong with a field, "" for nothing."""
        return self.faults.get(name, "")

    @property
    def chosen(self) -> int:
        """How many kinds and groups are chosen."""
        return sum(one.chosen + sum(kind.chosen for kind in one.kinds) for one in self.groups)


@frozen(kw_only=True)
class Found:
    """What was found: entries, newest first. `reached` is how far a search came that took its time."""

    asked: Asked
    entries: tuple[Entry, ...] = ()
    shown: int = 0
    hidden: int = 0
    """Details among them that are not shown; counted where nothing else is left out."""
    older: str = ""
    newer: str = ""
    goes_on: str = ""
    """Where a search goes on that was broken off, "" where it was not."""
    reached: int = 0
    position: int = 0

    @property
    def share(self) -> float:
        """How much of the log a search has looked through, in hundredths."""
        return round(100 * (1 - self.reached / self.position), 1) if self.position else 100.0


@frozen(kw_only=True)
class ActivityView:
    """The page."""

    asked: Asked
    filters: Filters
    found: Found
    refused: bool = False
    """Whether the filter makes no sense."""

    @property
    def query(self) -> ActivityQuery:
        """The filter as it was written."""
        return self.asked.query

    @property
    def narrow(self) -> bool:
        """Whether something is left out besides the details."""
        return bool([name for name, _ in self.query.fields() if name != "level"])

    @property
    def position(self) -> int:
        """Where the log was."""
        return self.found.position


@frozen(kw_only=True)
class ActivityNews:
    """How many events came since."""

    asked: Asked
    since: int
    count: int
    more: bool


def activity_view(container: Container, asked: Asked) -> ActivityView:
    """The view of a page. Raises InvalidValue, DoesNotExist."""
    found = activity_found(container, asked)
    return ActivityView(asked=asked, filters=filters(container, asked.query), found=found)


def refused_view(container: Container, asked: Asked, error: CommandRefused) -> ActivityView:
    """The form again, with what is wrong."""
    faults = {error.field: f"Expected: {error.expected}."} if isinstance(error, InvalidValue) else {}
    problem = "" if faults else str(error)
    form = filters(container, asked.query, faults=faults, problem=problem)
    found = Found(asked=asked, position=container.log.head().position)
    return ActivityView(asked=asked, filters=form, found=found, refused=True)


def activity_found(container: Container, asked: Asked) -> Found:
    """A page of events, or the part of a search that its time allows. Raises InvalidValue, DoesNotExist."""
    position = container.log.head().position  # first: what happens from now on counts as news
    which = asked.which(container)
    upwards = asked.after is not None and asked.before is None
    page = container.activity.page(
        which,
        limit=PAGE,
        after=asked.after or 0 if upwards else 0,
        before=position + 1 if asked.before is None else asked.before,
        descending=not upwards,
        patience=LONGER if asked.longer else PATIENCE,
    )
    events = tuple(reversed(page.events)) if upwards else page.events
    broken_off = page.more and len(page.events) < PAGE
    found = Found(
        asked=asked,
        entries=entries(events, container.names),
        shown=len(events),
        older=asked.address(before=events[-1].position if upwards and events else page.reached),
        newer=asked.address(after=events[0].position if events else (asked.before or 1) - 1),
        reached=page.reached,
        position=position,
    )
    if upwards:
        return evolve(found, newer=asked.address(after=page.reached) if page.more else asked.address())
    return evolve(
        found,
        older=found.older if page.more and not broken_off else "",
        newer="" if asked.before is None else found.newer,
        goes_on=asked.address(before=page.reached) if broken_off else "",
        hidden=_hidden(asked, page, position),
    )


def _hidden(asked: Asked, page: ActivityPage, position: int) -> int:
    """How many details are among the events of a page from which nothing else is left out."""
    if asked.query != ActivityQuery():
        return 0
    start = position + 1 if asked.before is None else min(asked.before, position + 1)
    return max(start - page.reached - len(page.events), 0)


def news(container: Container, asked: Asked, since: int) -> ActivityNews:
    """How many events came since a position. Raises InvalidValue, DoesNotExist."""
    page = container.activity.page(asked.which(container), limit=MOST_NEWS, after=since, patience=PATIENCE)
    return ActivityNews(asked=asked, since=since, count=len(page.events), more=page.more and bool(page.events))


def filters(
    container: Container, query: ActivityQuery, *, faults: Mapping[str, str] | None = None, problem: str = ""
) -> Filters:
    """The form."""
    wanted = {name.strip() for names in query.kinds for name in names.split(",")}
    return Filters(
        groups=tuple(_group(group, of, wanted) for group, of in kinds().items()),
        imports=tuple(container.imports.page(limit=IMPORTS)),
        collections=tuple(container.divisions.collections()),
        faults=faults or {},
        problem=problem,
    )


def _group(group: Group, of: tuple[Kind, ...], wanted: set[str]) -> GroupChoice:
    return GroupChoice(
        group=group,
        words=GROUP_WORDS[group],
        chosen=group.value in wanted,
        kinds=tuple(Choice(kind=kind, chosen=kind.type in wanted) for kind in of),
    )


def _address(path: str, query: ActivityQuery, more: Mapping[str, Any]) -> str:
    fields = [*query.fields(), *((name, str(value)) for name, value in more.items() if value not in {None, ""})]
    return f"{path}?{urlencode(fields)}" if fields else path
