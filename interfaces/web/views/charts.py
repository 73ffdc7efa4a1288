"""The geometry of charts: rectangles in the units of an SVG, made here so that a template only writes them down."""

from collections.abc import Sequence

from attrs import frozen

from application.throughput import HourDone

WIDTH, HEIGHT = 1000.0, 180.0
GAP = 0.22
"""The share of a column that is left free."""


@frozen(kw_only=True)
class Box:
    """A rectangle of a chart."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@frozen(kw_only=True)
class HoursChart:
    """Columns of hours: what was planned as a frame, what came of it inside. `now` is a place on the x axis."""

    boxes: tuple[Box, ...]
    now: float
    most: int
    width: float = WIDTH
    height: float = HEIGHT


def hours_chart(hours: Sequence[HourDone], share_of_hour: float) -> HoursChart:
    """The chart of the hours; `share_of_hour` tells how much of the present one is over."""
    most = max((one.most for one in hours), default=0)
    step = WIDTH / max(len(hours), 1)
    boxes = [box for index, one in enumerate(hours) for box in _column(one, index * step, step, most)]
    present = next((index for index, one in enumerate(hours) if one.runs), len(hours))
    return HoursChart(boxes=tuple(boxes), now=round((present + share_of_hour) * step, 1), most=most)


def _column(hour: HourDone, left: float, step: float, most: int) -> list[Box]:
    x, width = round(left + step * GAP / 2, 1), round(step * (1 - GAP), 1)
    boxes, y = list[Box](), HEIGHT
    for kind, count in (("done", hour.done), ("failed", hour.failed), ("expected", hour.expected)):
        height = _height(count, most)
        if height:
            y -= height
            boxes.append(Box(kind=kind, x=x, y=round(y, 1), width=width, height=height))
    if hour.quota:
        frame = _height(hour.quota, most)
        boxes.append(Box(kind="planned", x=x, y=round(HEIGHT - frame, 1), width=width, height=frame))
    return boxes


def _height(count: int, most: int) -> float:
    """The height of so many papers; what is there is seen, however little it is."""
    return round(max((HEIGHT - 4) * count / most, 2.0), 1) if count and most else 0.0


def share(count: int, whole: int, width: float = WIDTH) -> float:
    """The width of a bar of so many out of a whole; what is there is seen."""
    return round(max(width * count / whole, 4.0), 1) if count and whole else 0.0
