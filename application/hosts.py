"""How the sites are treated, and how they answer: the records, and who is asked for them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from application.tallies import PageTally, SiteTally

FAILING = 3
"""Answers without use in a row from which on a site counts as failing."""


class Breaker(StrEnum):
    """Whether a site may be asked."""

    CLOSED = "closed"
    """It may."""
    HALF_OPEN = "half open"
    """It may, after a rest; the next refusal makes it rest again, for longer."""
    OPEN = "open"
    """It rests after refusals in a row."""


@frozen(kw_only=True)
class HostRow:
    """A site. `key` is what takes turns: hosts of one service have one key, and one state."""

    site: str
    key: str
    breaker: Breaker
    rests_until: datetime | None
    asked_again: datetime | None
    """The site asked for a pause until then."""
    refusals: int
    """Refusals in a row."""
    gap: float | None
    """Seconds between two requests; None where no politeness is due."""
    waiting: int
    """Papers that wait for download and would try this site first."""
    tally: SiteTally | None
    """None where only its interface was asked."""

    @property
    def trouble(self) -> int:
        """How much is wrong with it, 0 the most."""
        if self.breaker is Breaker.OPEN:
            return 0
        if self.asked_again is not None:
            return 1
        if self.breaker is Breaker.HALF_OPEN:
            return 2
        return 3 if self.is_failing else 4

    @property
    def is_failing(self) -> bool:
        """Whether nothing of use has come for a while."""
        return self.tally is not None and self.tally.misses >= FAILING


class Hosts(Protocol):
    """Questions about sites."""

    def worst(self, text: str = "", limit: int = 50) -> Sequence[HostRow]:
        """Sites whose name holds a text, those with most wrong first."""
        ...


@frozen(kw_only=True)
class Manners:
    """How the program behaves towards sites, as it is really set up. Times are in seconds."""

    user_agent: str
    contact: str
    gap: float
    local_gap: float | None
    page_seconds: float
    file_seconds: float
    max_file_bytes: int
    retries: int
    """Tries again after a fault that passes, within one attempt."""


class Politeness(Protocol):
    """Who goes out, and how."""

    def manners(self) -> Manners:
        """How it behaves now."""
        ...

    def gap_of(self, site: str) -> float | None:
        """Seconds between two requests to a site; None where no politeness is due."""
        ...


@frozen(kw_only=True)
class RuleState:
    """A rule that knows a publisher's addresses, and how pages on its sites have led to files."""

    name: str
    sites: int
    led: int
    """Pages that led on."""
    no_link: int
    """Pages on which no way was found."""
    led_at: datetime | None

    @property
    def share(self) -> float | None:
        """How many pages led on, from 0 to 1; None where none was met."""
        return self.led / (self.led + self.no_link) if self.led + self.no_link else None


class Rules(Protocol):
    """What is known of single publishers' addresses."""

    def names(self) -> Sequence[str]:
        """The rules, in the order of trying."""
        ...

    def rule_of(self, site: str) -> str | None:
        """The rule for a site's pages; None where only what the pages say themselves helps."""
        ...


OTHER_SITES = "Any other site"


def rule_states(rules: Rules, pages: Sequence[PageTally]) -> Sequence[RuleState]:
    """How each rule fares, and at last all sites that have none."""
    grouped: dict[str, list[PageTally]] = {name: [] for name in (*rules.names(), OTHER_SITES)}
    for page in pages:
        grouped[rules.rule_of(page.site) or OTHER_SITES].append(page)
    return [_state(name, found) for name, found in grouped.items()]


def _state(name: str, pages: Sequence[PageTally]) -> RuleState:
    return RuleState(
        name=name,
        sites=len(pages),
        led=sum(page.led for page in pages),
        no_link=sum(page.no_link for page in pages),
        led_at=max((page.led_at for page in pages if page.led_at), default=None),
    )
