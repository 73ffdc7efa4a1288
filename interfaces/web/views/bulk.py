"""Acting on many papers: the bar below the list, the page that asks before anything is done, and the progress."""

from collections.abc import Iterable
from itertools import islice

from attrs import evolve, frozen
from uuid_utils import uuid7

from application.act_wording import ACT_WORDS, title_of, why_words
from application.bulk import Expected, Order
from application.formats import number
from application.notices import Notice
from application.ports.tasks import Task
from application.queries import PaperRow, Papers
from domain.acts import Action, allowed
from domain.bulk import Bulk
from domain.errors import SciPaperLoaderError
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.views.actions import ActionButton, button
from interfaces.web.views.needs import name_of

NAMED = 10
"""Papers that are named before something is done with them."""
TYPED_ABOVE = 1_000
"""Papers above which a person types their number before anything is done."""


@frozen(kw_only=True)
class Selected:
    """What a person selected: all that match a filter, or listed papers.

    `which` is the filter as an address has it, `back` the address of the page of the list that they were on.
    """

    which: str
    back: str
    everything: bool
    papers: tuple[str, ...] = ()


@frozen(kw_only=True)
class ConfirmView:
    """The page that asks. `id` is that of the bulk to be, so that a form that is sent twice does it once."""

    id: str
    action: Action
    selected: Selected
    expected: Expected
    button: ActionButton
    names: tuple[str, ...] = ()
    """The first of the papers that would change."""
    words: str = ""
    error: SciPaperLoaderError | None = None
    wrong_number: bool = False
    moved: bool = False
    """Whether other papers match than when it asked before."""

    @property
    def more(self) -> int:
        """How many would change beside those that are named."""
        return max(self.expected.changing - len(self.names), 0)

    @property
    def title(self) -> str:
        """What it is about."""
        return title_of(self.action, self.expected.matching)

    @property
    def effect(self) -> str:
        """What it does."""
        return ACT_WORDS[self.action].effect

    @property
    def left_alone(self) -> tuple[tuple[int, str], ...]:
        """How many papers are left alone, and why."""
        return tuple((one.papers, why_words(one.why)) for one in self.expected.skipped)

    @property
    def types_number(self) -> bool:
        """Whether the number must be typed."""
        return self.expected.changing > TYPED_ABOVE


@frozen(kw_only=True)
class BulkView:
    """The progress and the outcome. `task` is how far it is, where that is known; `done` is told at the end."""

    id: str
    state: Bulk
    notice: Notice
    task: Task | None
    undone_by: str | None
    done: int | None
    position: int

    @property
    def title(self) -> str:
        """What it is about."""
        return title_of(self.state.action, self.state.papers, undoes=self.state.undoes is not None)

    @property
    def left_alone(self) -> tuple[tuple[int, str], ...]:
        """How many papers were left alone, and why."""
        return tuple((one.papers, why_words(one.why)) for one in self.state.skipped)

    @property
    def back(self) -> str:
        """The address of the list that it began on."""
        return f"/papers?{self.state.which}" if self.state.which else "/papers"


def bulk_actions(statuses: Iterable[Status]) -> tuple[ActionButton, ...]:
    """What can be done with papers of which some have one of these statuses."""
    present = frozenset(statuses)
    return tuple(button(action) for action in Action if allowed(action) & present)


def confirm_view(
    container: Container,
    order: Order,
    selected: Selected,
    *,
    bulk_id: str = "",
    error: SciPaperLoaderError | None = None,
    wrong_number: bool = False,
    moved: bool = False,
) -> ConfirmView:
    """The view of the page that asks."""
    return ConfirmView(
        id=bulk_id or str(uuid7()),
        action=order.wanted.action,
        selected=selected,
        expected=container.bulks.expect(order),
        button=button(order.wanted.action),
        names=tuple(map(name_of, _first(container.papers, order))),
        words=order.wanted.words,
        error=error,
        wrong_number=wrong_number,
        moved=moved,
    )


def _first(papers: Papers, order: Order) -> list[PaperRow]:
    """The first papers that take what is wanted."""
    takes = allowed(order.wanted.action)
    if order.which is None:
        rows = filter(None, map(papers.find, dict.fromkeys(order.papers)))
        return list(islice((row for row in rows if row.status in takes), NAMED))
    statuses = frozenset(order.which.statuses or Status) & takes
    if not statuses:
        return []
    return list(papers.page(evolve(order.which, statuses=tuple(sorted(statuses))), limit=NAMED).papers)


def is_number(text: str, wanted: int) -> bool:
    """Whether somebody typed the number, with or without what groups its digits."""
    digits = "".join(sign for sign in text if sign.isalnum())
    return digits == "".join(sign for sign in number(wanted) if sign.isalnum())


def bulk_view(container: Container, bulk_id: str) -> BulkView:
    """The view of the progress. Raises DoesNotExist."""
    position = container.log.head().position
    state, notice = container.bulks.find(bulk_id), container.notices.of_bulk(bulk_id)
    return BulkView(
        id=bulk_id,
        state=state,
        notice=notice,
        task=container.bulks.task(bulk_id),
        undone_by=container.bulks.undone_by(bulk_id),
        done=None if notice.running else container.bulks.done_so_far(bulk_id),
        position=position,
    )
