"""Which jobs a request is about: the fields of its address."""

from typing import Annotated

from litestar.params import FromQuery, QueryParameter

from application.choosing_jobs import Choice
from application.queries import JobStatus

Status = Annotated[list[str] | None, QueryParameter(description=f"Any of {', '.join(JobStatus)}.")]
Hour = Annotated[str, QueryParameter(description="The start of a planned hour, or “now” for the one that runs.")]
Paper = Annotated[str, QueryParameter(description="Id or DOI of a paper.")]
Collection = Annotated[str, QueryParameter(description="Name or id of a collection.")]
ByHand = Annotated[bool | None, QueryParameter(description="Only jobs that a person began, or only the others.")]


def choice(
    status: Status = None,
    hour: Hour = "",
    paper: Paper = "",
    module: FromQuery[str] = "",
    host: FromQuery[str] = "",
    collection: Collection = "",
    by_hand: ByHand = None,
) -> Choice:
    """The jobs that a request is about, as it names them."""
    return Choice(
        statuses=tuple(status or ()),
        hour=hour.strip(),
        paper=paper.strip(),
        module=module.strip(),
        host=host.strip(),
        collection=collection.strip(),
        by_hand=by_hand,
    )
