"""Numbers, sizes and moments as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
MOMENT = "%d %b %Y, %H:%M UTC"
"""How a moment in a text is read."""


def number(value: int) -> str:
    """A number with thin groups: 12 345."""
    return f"{value:,}".replace(",", "\u202f")


def plural(value: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 paper, 2 papers."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def size(value: int) -> str:
    """Bytes in the unit that fits (powers of 1000)."""
    amount, unit = float(value), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit == 0 or amount >= 99.5 else f"{amount:.1f} {_UNITS[unit]}"


def seconds(value: float) -> str:
    """A duration: 40 ms, 1.4 s, 12 s, 3 min."""
    if value >= 120:
        return f"{value / 60:.0f} min"
    if value >= 10:
        return f"{value:.0f} s"
    return f"{value:.1f} s" if value >= 0.95 else f"{value * 1000:.0f} ms"


def moment(value: datetime) -> str:
    """A moment to the minute, in UTC."""
    return value.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def local(value: datetime, timezone: str) -> str:
    """A moment to the minute, as the clocks of a time zone show it."""
    return value.astimezone(ZoneInfo(timezone)).strftime("%a %-d %b %Y, %H:%M")


def clock(value: datetime, timezone: str) -> str:
    """The day of the week and the time, as the clocks of a time zone show them."""
    return value.astimezone(ZoneInfo(timezone)).strftime("%a %H:%M")


def listed(items: list[str]) -> str:
    """Words as a list: a, b and c."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1] if items else "")))


def shortened(text: str, length: int) -> str:
    """The text, cut where it is longer than `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
