"""Why papers are not here: the most frequent reasons, each with what it means and what to do."""

from collections.abc import Sequence

from attrs import frozen

from application.divisions import Reason
from application.wording import cause_sentence
from domain.causes import CAUSES, Scope
from domain.pipeline import Status
from interfaces.web.filtering import Query
from interfaces.web.views.charts import share

WITHOUT_FILE = (Status.FAILED, Status.UNAVAILABLE)
TOP = 8
"""Reasons that are told."""


@frozen(kw_only=True)
class ReasonLine:
    """A reason with its papers. `again` tells that trying these again makes sense."""

    cause: str
    status: Status
    sentence: str
    action: str
    papers: int
    share: float
    address: str
    again: bool


def reasons(found: Sequence[Reason]) -> tuple[ReasonLine, ...]:
    """The most frequent reasons."""
    most = found[0].papers if found else 0
    return tuple(_reason(one, most) for one in found[:TOP])


def _reason(one: Reason, most: int) -> ReasonLine:
    known = CAUSES.get(one.cause)
    return ReasonLine(
        cause=one.cause,
        status=one.status,
        sentence=cause_sentence(one.cause),
        action=known.action if known else "",
        papers=one.papers,
        share=share(one.papers, most),
        address=Query(status=(one.status,), cause=one.cause).address(),
        again=bool(known and (known.transient or known.scope is Scope.SYSTEM)),
    )
