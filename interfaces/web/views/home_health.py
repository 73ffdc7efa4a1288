"""What is in the way, and how the installation is, for a page that nobody waits for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen

from application.checkup import Checkup
from application.health import Result, State, worst_first

GLANCE = timedelta(seconds=15)
"""How old a glance at the installation may be."""
PATIENCE = 0.05
"""Seconds that the page waits for the first one."""
FULL = timedelta(hours=1)
"""How long what a whole look found is told."""


@frozen(kw_only=True)
class Notice:
    """What is in the way, and what to do about it. A link leads to where it is done."""

    level: str
    text: str
    remedy: str
    until: datetime | None = None
    address: str = ""


def notices(rests: datetime | None, health: Sequence[Result]) -> tuple[Notice, ...]:
    """What is in the way, the most severe first."""
    wrong = [_of_check(one) for one in health if one.state is State.ERROR]
    lost = [_nothing_answers(rests)] if rests else []
    return (*wrong, *lost)


def _of_check(one: Result) -> Notice:
    remedy, address = (one.here.text, one.here.address) if one.here else (one.remedy, "/diagnostics")
    return Notice(level="bad", text=f"{one.tested}: {one.value}", remedy=remedy, address=address)


def _nothing_answers(until: datetime) -> Notice:
    return Notice(
        level="warn",
        text="Nothing answers, neither sources nor sites.",
        remedy="Check this computer's connection to the internet. They are asked again at",
        until=until,
    )


@frozen(kw_only=True)
class Health:
    """What was found lately: the worst first. `at` is None before the first look has ended."""

    at: datetime | None
    results: tuple[Result, ...]

    @property
    def bad(self) -> tuple[Result, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.results if one.state in {State.ERROR, State.WARNING})

    @property
    def errors(self) -> int:
        """How many things are wrong."""
        return sum(one.state is State.ERROR for one in self.results)


def health(glance: Checkup, checkup: Checkup, now: datetime) -> Health:
    """The state of the installation without waiting for it: a look is begun where the last one is old."""
    latest = glance.latest
    if latest is None or now - latest.at > GLANCE:
        glance.begin(0.0 if latest else PATIENCE)
        latest = glance.latest
    whole = checkup.latest
    if whole is None and checkup.was_made:  # something that it told has changed: it is looked at anew
        checkup.begin(PATIENCE)
        whole = checkup.latest
    looks = [look for look in (whole if whole and now - whole.at < FULL else None, latest) if look]
    known = {one.name: one for look in looks for one in look.results}
    return Health(at=min((look.at for look in looks), default=None), results=tuple(worst_first(known.values())))
