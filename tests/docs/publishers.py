"""The publishers that are known, and those that are left alone."""

from application.publishers import Publisher
from infrastructure.publishers.rules import PublisherRules
from tests.docs.pages import table


def _by_name() -> list[Publisher]:
    return sorted(PublisherRules().publishers(), key=lambda one: one.name.casefold())


def publishers_table() -> str:
    """Every publisher that may be asked."""
    rows = (
        (one.name, _code(one.prefixes), _code(one.hosts), ", ".join(one.ways) or "its tags", one.proof.value)
        for one in _by_name()
        if not one.left_alone
    )
    return table(("Publisher", "DOIs", "Sites", "Found by", "Proof"), rows)


def left_alone_table() -> str:
    """Every site that is not asked."""
    rows = ((one.name, _code(one.prefixes), one.left_alone) for one in _by_name() if one.left_alone)
    return table(("Site", "DOIs", "Why"), rows)


def _code(values: tuple[str, ...]) -> str:
    return " ".join(f"`{value}`" for value in values)
