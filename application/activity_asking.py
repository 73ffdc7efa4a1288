"""What somebody asks the activity log for, as it is written in an address or on a command line."""

from attrs import frozen

from application.activity import ActivityFilter
from application.kinds import Level
from application.moments import moment_named
from application.queries import Imports, Papers, collection_named, paper_named
from domain.errors import DoesNotExist, InvalidValue

MAX_TEXT = 1_000
"""Characters of a text, or of a name, that are looked for."""


@frozen(kw_only=True)
class ActivityQuery:
    """Conditions as they were written; an empty one is none. A kind may hold several, with commas between them."""

    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    level: str = ""
    paper: str = ""
    import_id: str = ""
    collection: str = ""
    actor: str = ""
    correlation: str = ""
    since: str = ""
    until: str = ""
    text: str = ""

    def resolved(self, papers: Papers, imports: Imports) -> ActivityFilter:
        """The filter, its names looked up. Raises InvalidValue, DoesNotExist."""
        return ActivityFilter(
            kinds=_separate(self.kinds),
            without=_separate(self.without),
            level=_level(self.level),
            paper=paper_named(self.paper, papers).id if self.paper else None,
            import_id=_import(self.import_id, imports) if self.import_id else None,
            collection=collection_named(self.collection, imports).id if self.collection else None,
            actor=self.actor[:MAX_TEXT],
            correlation=self.correlation,
            since=moment_named(self.since, "since") if self.since else None,
            until=moment_named(self.until, "until", ends=True) if self.until else None,
            text=self.text[:MAX_TEXT],
        ).checked()

    def fields(self) -> list[tuple[str, str]]:
        """The fields of its address."""
        pairs = [*(("kind", one) for one in self.kinds), *(("without", one) for one in self.without)]
        pairs += [(name, getattr(self, name)) for name in ("level", "paper")]
        pairs += [("import", self.import_id)]
        names = ("collection", "actor", "correlation", "since", "until", "text")
        return [(name, value) for name, value in (*pairs, *((one, getattr(self, one)) for one in names)) if value]


def _separate(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for names in written for one in names.split(",") if (name := one.strip()))


def _level(name: str) -> Level:
    try:
        return Level(name or Level.DETAIL)
    except ValueError as error:
        raise InvalidValue("level", name[:100], ", ".join(Level)) from error


def _import(import_id: str, imports: Imports) -> str:
    if (row := imports.find(import_id)) is None:
        raise DoesNotExist(f"The import “{import_id[:200]}”", remedy="Choose one from the list of imports.")
    return row.id
