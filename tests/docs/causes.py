"""The causes, in words for the user."""

from collections.abc import Iterator
from datetime import timedelta

from application.downloading import PUTS_OFF, UNNAMED_PAUSE
from domain.causes import CAUSES, WALLS, Cause, Scope, verdict
from tests.docs.pages import ROOT, table

SCOPES = {
    Scope.PAPER: "Causes that speak of a paper",
    Scope.TRY: "Causes that speak of one address",
    Scope.SYSTEM: "Causes that speak of this installation",
}
UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
REPEATED = timedelta(days=7)
"""The last pause is repeated from this length on; see domain.causes.next_try."""
PUT_OFF = frozenset({"crashed", "disk_full", "source_unreachable"})
"""Causes for which application.putting_off and application.locating put a paper off without counting."""


def causes_tables() -> str:
    """Every cause, by what it speaks of."""
    return "\n\n".join(f"## {heading}\n\n{_table(scope)}" for scope, heading in SCOPES.items())


def _table(scope: Scope) -> str:
    rows = (
        (f"`{cause.name}`", cause.sentence, cause.action, " ".join(next_steps(cause)))
        for cause in sorted(CAUSES.values(), key=lambda cause: cause.name)
        if cause.scope is scope
    )
    return table(("Cause", "What happened", "What you can do", "What happens next"), rows)


def next_steps(cause: Cause) -> Iterator[str]:
    """What the program does by itself, in sentences."""
    if cause.blocks:
        yield "The address is not tried again for this paper."
    if cause.name in PUTS_OFF:
        yield f"The paper waits until the moment that the site names, else {words(UNNAMED_PAUSE)}; nothing is counted."
    elif cause.name in PUT_OFF:
        yield f"The paper waits {words(cause.waits[0])}; nothing is counted."
    elif cause.name == "embargoed":
        yield "The paper is taken up again when the embargo ends."
    elif cause.name in WALLS:
        yield "If no other address leads to the file, the paper's cause is `open_but_blocked`."
    else:
        yield _pauses(cause)


def _pauses(cause: Cause) -> str:
    if not cause.waits:
        return "The paper is not taken up again by itself."
    *first, last = [words(wait) for wait in cause.waits]
    if cause.waits[-1] >= REPEATED:
        return f"The paper is taken up again {_after([*first, f'every {last}'])}."
    return f"The paper is taken up again {_after([*first, last])}, and then not by itself."


def reserved() -> str:
    """The causes that no line of the program gives yet."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for layer in ("application", "infrastructure", "interfaces")
        for path in sorted((ROOT / layer).rglob("*.py"))
    )
    names = [name for name in sorted(CAUSES) if f'"{name}"' not in code and name != verdict(WALLS)]
    return f"Nothing gives these yet: {', '.join(f'`{name}`' for name in names)}." if names else ""


def _after(pauses: list[str]) -> str:
    first, *more = pauses
    start = first if first.startswith("every") else f"after {first}"
    return ", then ".join([start, *(pause if pause.startswith("every") else f"after {pause}" for pause in more)])


def words(pause: timedelta) -> str:
    """A pause as people say it."""
    unit, length = next((name, length) for name, length in UNITS if pause % length == timedelta())
    count = pause // length
    return f"{count} {unit}{'' if count == 1 else 's'}"
