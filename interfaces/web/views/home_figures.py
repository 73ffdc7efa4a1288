"""The four numbers of the home page: what there is of each, and what came in the last day."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from application.formats import number
from domain.pipeline import Status
from interfaces.web.filtering import Query

RETRIEVED = (Status.DONE,)
UNDER_WAY = (Status.NEW, Status.LOCATED, Status.PENDING, Status.PROCESSING)
SEARCHED = (Status.LOCATED, Status.UNAVAILABLE)
NOT_RETRIEVED = (Status.FAILED, Status.UNAVAILABLE)
NEEDS = (Status.DOUBTFUL, *NOT_RETRIEVED)


@frozen(kw_only=True)
class Figure:
    """A number with what it counts, where it leads, and what came in the last day."""

    name: str
    label: str
    count: int
    text: str
    news: str
    address: str


def figures(counts: Mapping[Status, int], left: int, lately: Mapping[str, int]) -> tuple[Figure, ...]:
    """The four numbers: `left` are the papers that wait for a person, `lately` the ends of attempts by status."""
    return (
        Figure(
            name="done",
            label="Retrieved",
            count=_sum(counts, RETRIEVED),
            text="in the library",
            news=_news(lately, RETRIEVED),
            address=Query(status=RETRIEVED).address(),
        ),
        Figure(
            name="processing",
            label="In progress",
            count=_sum(counts, UNDER_WAY),
            text="wait, or are in work",
            news=_news(lately, SEARCHED, "looked for"),
            address=Query(status=UNDER_WAY).address(),
        ),
        Figure(
            name="doubtful",
            label="Needs you",
            count=left,
            text="to judge, or to fetch by hand",
            news=_news(lately, NEEDS),
            address="/needs",
        ),
        Figure(
            name="failed",
            label="Not retrieved",
            count=_sum(counts, NOT_RETRIEVED),
            text="no copy came",
            news=_news(lately, NOT_RETRIEVED),
            address=Query(status=NOT_RETRIEVED).address(),
        ),
    )


def _sum(counts: Mapping[Status, int], statuses: Iterable[Status]) -> int:
    return sum(counts.get(status, 0) for status in statuses)


def _news(lately: Mapping[str, int], statuses: Iterable[Status], word: str = "came") -> str:
    count = sum(lately.get(status.value, 0) for status in statuses)
    return f"+{number(count)} {word}" if count else f"none {word}"
