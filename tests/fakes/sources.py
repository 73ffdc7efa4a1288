"""A source that says what it is told to say."""

from collections.abc import Callable, Collection

from attrs import define, field

from application.ports.sources import Finding, SourceUnavailable
from domain.identifiers import Identifier, Scheme

NOTHING = Finding()


def silent(source: str, cause: str = "source_unreachable", **fields: object) -> SourceUnavailable:
    """What a source raises that cannot be asked."""
    return SourceUnavailable(source, cause, "it does not answer", **fields)  # type: ignore[arg-type]


@define
class FakeSource:
    """Stand-in for application.ports.sources.Source: one answer for every paper; `before` runs while it is asked."""

    name: str
    answer: Finding | Exception = NOTHING
    schemes: frozenset[Scheme] = frozenset(Scheme)
    before: Callable[[], object] = lambda: None
    asked: list[tuple[Identifier, ...]] = field(factory=list)

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether one identifier is of its schemes."""
        return any(identifier.scheme in self.schemes for identifier in identifiers)

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The answer, which is raised where it is an error."""
        self.asked.append(tuple(identifiers))
        self.before()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer
