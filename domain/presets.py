"""Weights to begin with: schedules that many people want."""

from attrs import frozen

from domain.schedule import HOURS_OF_DAY

FULL, NONE = 100.0, 0.0
_WORKDAYS = 5


@frozen(kw_only=True)
class Preset:
    """Weights with a name: 24 from midnight, or 168 from Monday midnight."""

    name: str
    label: str
    meaning: str
    weights: tuple[float, ...]


def _hours(*full: range) -> tuple[float, ...]:
    """A day in which these hours count."""
    return tuple(FULL if any(hour in some for some in full) else NONE for hour in range(HOURS_OF_DAY))


_EVEN = _hours(range(24))
_NIGHTS = _hours(range(7), range(22, 24))
_OUTSIDE_OFFICE = _hours(range(8), range(18, 24))

PRESETS: tuple[Preset, ...] = (
    Preset(name="even", label="Even", meaning="The same every hour.", weights=_EVEN),
    Preset(name="nights", label="Nights", meaning="From 22:00 to 07:00.", weights=_NIGHTS),
    Preset(name="mornings", label="Mornings", meaning="From 06:00 to 12:00.", weights=_hours(range(6, 12))),
    Preset(
        name="office-off",
        label="Office hours off",
        meaning="Not from 08:00 to 18:00, Monday to Friday.",
        weights=_OUTSIDE_OFFICE * _WORKDAYS + _EVEN * 2,
    ),
    Preset(
        name="weekends",
        label="Weekends full",
        meaning="Nights from Monday to Friday, every hour on Saturday and Sunday.",
        weights=_NIGHTS * _WORKDAYS + _EVEN * 2,
    ),
)


def preset_of(weights: tuple[float, ...]) -> Preset | None:
    """The preset whose proportions these are, whatever their scale."""
    most = max(weights, default=0)
    if not most:
        return None
    scaled = tuple(FULL * weight / most for weight in weights)
    return next((one for one in PRESETS if one.weights == scaled), None)
