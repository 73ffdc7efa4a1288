"""Which events a request is about: the fields of its address."""

from typing import Annotated

from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from application.activity import ActivityFilter
from application.activity_asking import ActivityQuery
from application.kinds import Group, Level
from interfaces.container import Container
from interfaces.web.filtering import ImportId

Kinds = Annotated[
    list[str] | None,
    QueryParameter(name="kind", description=f"{', '.join(Group)}, or types like paper.failed; several are possible."),
]
Without = Annotated[list[str] | None, QueryParameter(description="The same, for what is left out.")]
LevelName = Annotated[str, QueryParameter(description=f"The least level: {', '.join(Level)}.")]
Moment = Annotated[str, QueryParameter(description="A moment (ISO 8601, UTC where no zone is given) or a date.")]
Text = Annotated[str, QueryParameter(description="Words that are looked for in the stored data.")]


def activity_query(
    kinds: Kinds = None,
    without: Without = None,
    level: LevelName = "",
    paper: FromQuery[str] = "",
    import_id: ImportId = None,
    collection: FromQuery[str] = "",
    actor: FromQuery[str] = "",
    correlation: FromQuery[str] = "",
    since: Moment = "",
    until: Moment = "",
    text: Text = "",
) -> ActivityQuery:
    """The query of a request, as it was written."""
    return ActivityQuery(
        kinds=tuple(kinds or ()),
        without=tuple(without or ()),
        level=level.strip(),
        paper=paper.strip(),
        import_id=(import_id or "").strip(),
        collection=collection.strip(),
        actor=actor.strip(),
        correlation=correlation.strip(),
        since=since.strip(),
        until=until.strip(),
        text=text.strip(),
    )


def activity_filter(asked: NamedDependency[ActivityQuery], container: NamedDependency[Container]) -> ActivityFilter:
    """The filter of a request, its names looked up. Raises InvalidValue, DoesNotExist."""
    return asked.resolved(container.papers, container.imports)
