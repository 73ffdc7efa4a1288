"""The four numbers of the home page: what there is of each, and what came in the last day."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from application.formats import number
from application.needs import Need, NeedCounts
from domain.pipeline import Status
from interfaces.web.filtering import Query

RETRIEVED = (Status.DONE,)
UNDER_WAY = (Status.NEW, Status.LOCATED, Status.PENDING, Status.PROCESSING)
SEARCHED = (Status.LOCATED, Status.UNAVAILABLE)
NOT_RETRIEVED = (Status.DOUBTFUL, Status.FAILED, Status.UNAVAILABLE)
"""With the former two and the excluded papers: every paper, each once."""


@frozen(kw_only=True)
class Figure:
    """A number with what it counts, where it leads, and what came in the last day."""

    name: str
    label: str
    count: int
    text: str
    news: str
    address: str


def figures(counts: Mapping[Status, int], needs: NeedCounts, lately: Mapping[str, int]) -> tuple[Figure, ...]:
    """The four numbers; `lately` are the ends of attempts by status.

    The first three share no paper; those that need a person are some of the papers that were not retrieved.
    """
    missed = _sum(counts, NOT_RETRIEVED)
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
            name="failed",
            label="Not retrieved",
            count=missed,
            text=_told(needs) if missed else "no paper so far",
            news=_news(lately, NOT_RETRIEVED),
            address=Query(status=NOT_RETRIEVED).address(),
        ),
        Figure(
            name="doubtful",
            label="Needs you",
            count=needs.left,
            text=f"of the {number(missed)} not retrieved" if missed else "nothing to judge or to fetch",
            news=f"{number(needs[Need.CHECK])} to judge, {number(needs[Need.FETCH])} to fetch by hand",
            address="/needs",
        ),
    )


def _told(needs: NeedCounts) -> str:
    """What becomes of papers that were not retrieved and wait for no person."""
    parts = [(needs[Need.AGAIN], "the program tries again"), (needs[Need.REQUESTED], "requested")]
    parts.append((needs[Need.GIVEN_UP], "marked unavailable"))
    told = [f"{number(count)} {words}" for count, words in ((needs.left, "need you"), *parts) if count]
    return ", ".join(told)


def _sum(counts: Mapping[Status, int], statuses: Iterable[Status]) -> int:
    return sum(counts.get(status, 0) for status in statuses)


def _news(lately: Mapping[str, int], statuses: Iterable[Status], word: str = "came") -> str:
    count = sum(lately.get(status.value, 0) for status in statuses)
    return f"+{number(count)} {word} in 24 hours" if count else f"none {word} in 24 hours"
