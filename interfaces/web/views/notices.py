"""Notices: what people did lately."""

from attrs import frozen

from application.notices import Notice, news_text
from interfaces.container import Container

LOOKED_BACK = 20_000
"""Positions in which new notices are counted for the bell; what is older is news no more."""


@frozen(kw_only=True)
class NoticesView:
    """A page of notices. `next` is the address of older ones, `position` where the log stood."""

    notices: tuple[Notice, ...]
    next: str | None
    address: str
    position: int


@frozen(kw_only=True)
class BellView:
    """How many notices are new: "" for none. `seen` is the position up to which the person has seen them."""

    count: str
    seen: int


def notices_view(container: Container, before: int | None) -> NoticesView:
    """The view of a page of notices, those before a position."""
    position = container.log.head().position
    page = container.notices.latest(before)
    return NoticesView(
        notices=page.notices,
        next=f"/notices?before={page.before}" if page.before else None,
        address=f"/notices?before={before}" if before else "/notices",
        position=position,
    )


def bell_view(container: Container, seen: int | None) -> BellView:
    """The view of the bell. To somebody who never looked nothing is new."""
    head = container.log.head().position
    if seen is None or seen > head:
        return BellView(count="", seen=head)
    count = container.notices.news(max(seen, head - LOOKED_BACK))
    return BellView(count=news_text(count) if count else "", seen=seen)
