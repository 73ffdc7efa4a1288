"""Imports: the form with its verdict, the list, and one import."""

from attrs import frozen

from application.importing import Preview
from application.queries import CollectionRow, ImportRow
from domain.errors import SciPaperLoaderError
from domain.importing import ImportStatus, OnDuplicate, RejectedRow
from interfaces.container import Container
from interfaces.web.intake import Intake
from interfaces.web.uploading import Form

SHOWN_REJECTED = 100
PAGE = 50
LONGEST = 20_000
"""Characters of a pasted list that are put back into the form."""


@frozen(kw_only=True)
class Answers:
    """What a person has filled in so far."""

    collection: str = ""
    on_duplicate: str = OnDuplicate.SKIP.value
    text: str = ""


@frozen(kw_only=True)
class FormView:
    """The import form, and below it the verdict of a check or an error."""

    answers: Answers
    collections: tuple[CollectionRow, ...]
    wanted: Intake | None
    preview: Preview | None
    error: SciPaperLoaderError | None


@frozen(kw_only=True)
class ImportsView:
    """A page of imports."""

    imports: tuple[ImportRow, ...]
    next: str | None


@frozen(kw_only=True)
class ImportView:
    """One import. `rejected` are the first rejected rows; `repeated` tells that the file had been imported before."""

    row: ImportRow
    rejected: tuple[RejectedRow, ...]
    repeated: bool

    @property
    def is_running(self) -> bool:
        """Whether rows are still being worked on."""
        return self.row.status == ImportStatus.RUNNING


def answers(form: Form | SciPaperLoaderError) -> Answers:
    """What the form was filled in with; nothing where it could not be read."""
    if not isinstance(form, Form):
        return Answers()
    return Answers(
        collection=form.fields.get("collection", ""),
        on_duplicate=form.fields.get("on_duplicate", OnDuplicate.SKIP.value),
        text=form.fields.get("text", "")[:LONGEST],
    )


def form_view(
    container: Container,
    filled: Answers,
    *,
    wanted: Intake | None = None,
    preview: Preview | None = None,
    error: SciPaperLoaderError | None = None,
) -> FormView:
    """The view of the form."""
    return FormView(
        answers=filled,
        collections=tuple(container.imports.collections()),
        wanted=wanted,
        preview=preview,
        error=error,
    )


def imports_view(container: Container, after: str | None) -> ImportsView:
    """The view of a page of imports."""
    rows = container.imports.page(limit=PAGE + 1, after=after)
    following = f"/imports?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None
    return ImportsView(imports=tuple(rows[:PAGE]), next=following)


def import_view(container: Container, row: ImportRow, *, repeated: bool) -> ImportView:
    """The view of one import."""
    rejected = container.imports.rejected(row.id, limit=SHOWN_REJECTED)
    return ImportView(row=row, rejected=tuple(rejected), repeated=repeated)
