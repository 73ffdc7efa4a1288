"""The pipeline as a drawing: statuses and modules placed on a grid, and lines between them, all from the table."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from domain.pipeline import MODULES, Module, Status


@frozen(kw_only=True)
class Box:
    """A status or a module at its place. `name` is that of the status, or of the module."""

    name: str
    is_module: bool
    x: int
    y: int
    width: int
    height: int


@frozen(kw_only=True)
class Drawing:
    """Boxes, and lines between them as paths of SVG."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]


@frozen(kw_only=True)
class Layout:
    """How large the boxes are, and how far apart. `across`: the papers go from the left to the right."""

    across: bool
    status: tuple[int, int]
    module: tuple[int, int]
    gap: int
    """Between two steps."""
    beside: int
    """Between two boxes of one step."""


WIDE = Layout(across=True, status=(132, 64), module=(124, 52), gap=38, beside=16)
TALL = Layout(across=False, status=(88, 60), module=(150, 48), gap=30, beside=10)


def drawing(layout: Layout) -> Drawing:
    """The pipeline, drawn so."""
    steps = list(_steps(tuple(MODULES.values())))
    lengths = [max(_long(name, layout) for name in step) for step in steps]
    breadth = max(_breadth(step, layout) for step in steps)
    boxes: list[Box] = []
    along = 1
    for step, length in zip(steps, lengths, strict=True):
        boxes.extend(_place(step, layout, along, length, breadth))
        along += length + layout.gap
    length = along - layout.gap + 1
    width, height = (length, breadth + 2) if layout.across else (breadth + 2, length)
    by_name = {box.name: box for box in boxes}
    lines = tuple(_line(by_name[start], by_name[end], across=layout.across) for start, end in arrows())
    return Drawing(width=width, height=height, boxes=tuple(boxes), lines=lines)


def arrows() -> Iterator[tuple[str, str]]:
    """From each status to the modules that take it, and from each module to the statuses that it leaves."""
    for module in MODULES.values():
        yield from ((status.value, module.name) for status in sorted(module.takes))
        yield from ((module.name, status.value) for status in _ordered(module.leaves))


def statuses() -> tuple[Status, ...]:
    """The statuses of the drawing, in the order of the pipeline."""
    return tuple(Status(name) for step in _steps(tuple(MODULES.values())) for name in step if name not in MODULES)


def _steps(modules: Sequence[Module]) -> Iterator[tuple[str, ...]]:
    """What stands side by side: the statuses that the first module takes, the module, what it leaves, and so on."""
    yield tuple(status.value for status in sorted(modules[0].takes))
    for module in modules:
        yield (module.name,)
        yield tuple(status.value for status in _ordered(module.leaves))


_BEST_FIRST = (Status.LOCATED, Status.DONE, Status.DOUBTFUL, Status.FAILED, Status.UNAVAILABLE)


def _ordered(found: frozenset[Status]) -> list[Status]:
    return sorted(found, key=lambda status: (status not in _BEST_FIRST, _rank(status), status))


def _rank(status: Status) -> int:
    return _BEST_FIRST.index(status) if status in _BEST_FIRST else 0


def _size(name: str, layout: Layout) -> tuple[int, int]:
    return layout.module if name in MODULES else layout.status


def _long(name: str, layout: Layout) -> int:
    """How far a box reaches in the direction of the papers."""
    width, height = _size(name, layout)
    return width if layout.across else height


def _broad(name: str, layout: Layout) -> int:
    width, height = _size(name, layout)
    return height if layout.across else width


def _breadth(step: Sequence[str], layout: Layout) -> int:
    return sum(_broad(name, layout) for name in step) + layout.beside * (len(step) - 1)


def _place(step: Sequence[str], layout: Layout, along: int, length: int, breadth: int) -> Iterator[Box]:
    """The boxes of one step, in the middle of the drawing."""
    aside = 1 + (breadth - _breadth(step, layout)) // 2
    for name in step:
        width, height = _size(name, layout)
        at = along + (length - _long(name, layout)) // 2
        x, y = (at, aside) if layout.across else (aside, at)
        yield Box(name=name, is_module=name in MODULES, x=x, y=y, width=width, height=height)
        aside += _broad(name, layout) + layout.beside


def _line(start: Box, end: Box, *, across: bool) -> str:
    """A curve from the edge of one box to the edge of the next."""
    if across:
        x1, y1, x2, y2 = start.x + start.width, start.y + start.height // 2, end.x - 2, end.y + end.height // 2
        middle = (x1 + x2) // 2
        return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
    x1, y1, x2, y2 = start.x + start.width // 2, start.y + start.height, end.x + end.width // 2, end.y - 2
    middle = (y1 + y2) // 2
    return f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"


@frozen(kw_only=True)
class Strip:
    """Answers in a row as bars: where each stands, and how high it is."""

    width: int
    bars: tuple[tuple[int, int, str], ...]
    """x, height, and the kind of answer."""
    text: str


HEIGHTS: Mapping[str, int] = {"file": 16, "page": 16, "later": 9, "wall": 5, "useless": 5}
WORDS: Mapping[str, str] = {
    "file": "gave a file",
    "page": "led on",
    "later": "too slow or busy",
    "wall": "refused",
    "useless": "of no use",
}


def strip(answers: Sequence[str]) -> Strip:
    """The answers, oldest at the left."""
    ordered = list(reversed(answers))
    bars = tuple((index * 6, HEIGHTS[answer], answer) for index, answer in enumerate(ordered))
    counts = {word: sum(1 for answer in ordered if WORDS[answer] == word) for word in WORDS.values()}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return Strip(width=max(len(ordered) * 6, 6), bars=bars, text=f"Last {len(ordered)}: {told}")
