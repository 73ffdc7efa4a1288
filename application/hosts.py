"""How the sites are treated, and how they answer: the records, and who is asked for them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from application.tallies import SiteTally

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
        if self.is_failing:
            return 3
        return 4 if self.answers_badly else 5

    @property
    def wrong(self) -> int:
        """How many of its last answers were of no use."""
        return self.tally.wrong if self.tally else 0

    @property
    def is_failing(self) -> bool:
        """Whether nothing of use has come for a while."""
        return self.tally is not None and self.tally.misses >= FAILING

    @property
    def answers_badly(self) -> bool:
        """Whether most of its last answers were of no use."""
        return self.tally is not None and 2 * self.wrong > len(self.tally.recent)


class Hosts(Protocol):
    """Questions about sites."""

    def worst(self, text: str = "", limit: int = 50) -> Sequence[HostRow]:
        """Sites whose name holds a text: those that rest or were told to wait first, then by wrong answers lately."""
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
