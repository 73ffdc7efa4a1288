"""The import form, and below it what a check found: columns to correct, the first rows, and the verdict."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from attrs import frozen

from application.import_wording import OUTCOME_WORDS, commit_words, missing_columns
from application.importing import Judged, Preview
from application.ports.tabular import FIELDS, IGNORE, FileRefused, Glimpse, SeenColumn
from application.queries import CollectionRow
from application.sorting_out import Outcome
from application.wording import SCHEMES
from domain.errors import InvalidValue, InvalidValues, SciPaperLoaderError
from domain.importing import Counts, OnDuplicate
from interfaces.container import Container
from interfaces.web.intake import Intake
from interfaces.web.mapped import MOST_COLUMNS, written
from interfaces.web.uploading import Form

EXAMPLES = 3
"""Cells that are shown of a column."""
CHOICES: tuple[tuple[str, str], ...] = ((IGNORE, "Not used"), *FIELDS.items())
"""What a column may be taken for, in the order of a select."""


ON_DUPLICATE: Mapping[OnDuplicate, str] = {
    OnDuplicate.FILL: "Keep what is known of them, fill in what is missing",
    OnDuplicate.UPDATE: "Take over title, authors and so on from this list",
    OnDuplicate.SKIP: "Change nothing about them",
}
"""What to do with what the list says of known papers, as a person chooses it."""


@frozen(kw_only=True)
class Answers:
    """What a person has filled in so far. `text` is whole: what stands in the form is what it imports."""

    collection: str = ""
    on_duplicate: str = OnDuplicate.FILL.value
    text: str = ""
    checked: str = ""


@frozen(kw_only=True)
class ColumnView:
    """A column of the file: some of its cells, what it is taken for, and what is wrong with that."""

    number: int
    name: str
    examples: tuple[str, ...]
    field: str
    found: str
    wrong: str

    @property
    def is_used(self) -> bool:
        """Whether it is taken for anything."""
        return self.field != IGNORE or bool(self.wrong)

    @property
    def is_corrected(self) -> bool:
        """Whether a person has said so."""
        return self.field != self.found

    @property
    def found_words(self) -> str:
        """What it would be taken for by itself."""
        return dict(CHOICES)[self.found]


@frozen(kw_only=True)
class SampleView:
    """A record of the file: what it names, where the library has it, and why it cannot be taken."""

    line: int
    title: str
    identifiers: str
    address: str | None
    reason: str
    raw: str


@frozen(kw_only=True)
class OutcomeView:
    """What the verdict says of some rows."""

    outcome: Outcome
    words: str
    count: int
    samples: tuple[SampleView, ...]
    address: str


@frozen(kw_only=True)
class CheckView:
    """What a check found."""

    wanted: Intake
    columns: tuple[ColumnView, ...]
    further: int
    """Columns that are too many to be shown."""
    names: str
    """The names of the columns that are shown, as the form sends them."""
    rows: tuple[tuple[str, ...], ...]
    preview: Preview | None
    outcomes: tuple[OutcomeView, ...]
    missing: str
    """Which fields no column was found for."""

    @property
    def used(self) -> tuple[ColumnView, ...]:
        """The columns that are taken for something."""
        return tuple(column for column in self.columns if column.is_used)

    @property
    def commit(self) -> str:
        """What importing the list does, as its button says it."""
        return commit_words(self.preview.counts) if self.preview else ""

    @property
    def unused(self) -> tuple[ColumnView, ...]:
        """The others."""
        return tuple(column for column in self.columns if not column.is_used)


@frozen(kw_only=True)
class FormView:
    """The import form, and below it what a check found, or an error."""

    answers: Answers
    collections: tuple[CollectionRow, ...]
    check: CheckView | None
    error: SciPaperLoaderError | None
    wrong_collection: str
    """What is wrong with the collection's name, if anything."""
    checked: bool = False
    """Whether the list was looked at before: its form made room for what was found then."""
    choices: tuple[tuple[str, str], ...] = CHOICES
    on_duplicate: tuple[tuple[str, str], ...] = tuple((one.value, words) for one, words in ON_DUPLICATE.items())


def answers(form: Form | SciPaperLoaderError) -> Answers:
    """What the form was filled in with; nothing where it could not be read."""
    if not isinstance(form, Form):
        return Answers()
    return Answers(
        collection=form.fields.get("collection", ""),
        on_duplicate=form.fields.get("on_duplicate", OnDuplicate.FILL.value),
        text=form.fields.get("text", ""),
        checked=form.fields.get("checked", ""),
    )


def form_view(
    container: Container,
    filled: Answers,
    *,
    wanted: Intake | None = None,
    preview: Preview | None = None,
    error: SciPaperLoaderError | None = None,
) -> FormView:
    """The view of the form; of a list that was refused, the columns are shown where there are any."""
    check = _check(container, wanted, preview, error) if wanted else None
    return FormView(
        answers=filled,
        collections=tuple(container.imports.collections()),
        check=check,
        error=error,
        checked=bool(filled.checked),
        wrong_collection=str(error) if isinstance(error, InvalidValue) and error.field == "name" else "",
    )


def _check(
    container: Container, wanted: Intake, preview: Preview | None, error: SciPaperLoaderError | None
) -> CheckView | None:
    try:
        glimpse = container.importing.glimpse(wanted.upload, wanted.mapping)
    except FileRefused:
        glimpse = Glimpse()
    if preview is None and not glimpse.columns:
        return None
    shown = glimpse.columns[:MOST_COLUMNS]
    wrong = _wrong(error)
    return CheckView(
        wanted=wanted,
        columns=tuple(_column(at, column, glimpse, wrong) for at, column in enumerate(shown)),
        further=len(glimpse.columns) - len(shown),
        names=json.dumps([column.name for column in shown], ensure_ascii=False),
        rows=tuple(row[:MOST_COLUMNS] for row in glimpse.rows),
        preview=preview,
        outcomes=tuple(_outcome(one, preview, wanted) for one in Outcome) if preview else (),
        missing=missing_columns(shown, "Choose it below and check again") if preview else "",
    )


def _wrong(error: SciPaperLoaderError | None) -> Mapping[str, str]:
    """What is wrong with the mapping of columns, by their names."""
    faults = error.faults if isinstance(error, InvalidValues) else ()
    return {fault.field.removeprefix("mapping of “").removesuffix("”"): str(fault) for fault in faults}


def _column(at: int, column: SeenColumn, glimpse: Glimpse, wrong: Mapping[str, str]) -> ColumnView:
    cells = dict.fromkeys(row[at].strip() for row in glimpse.rows if row[at].strip())
    return ColumnView(
        number=at,
        name=column.name,
        examples=tuple(cells)[:EXAMPLES],
        field=column.field or IGNORE,
        found=column.found or IGNORE,
        wrong=wrong.get(column.name, ""),
    )


def _outcome(outcome: Outcome, preview: Preview, wanted: Intake) -> OutcomeView:
    query = {"filename": wanted.filename, **({"mapping": written(wanted.mapping)} if wanted.mapping else {})}
    return OutcomeView(
        outcome=outcome,
        words=OUTCOME_WORDS[outcome],
        count=_count(outcome, preview.counts),
        samples=tuple(map(_sample, preview.samples[outcome])),
        address=f"/import/checked/{wanted.upload.sha256}/{outcome}.csv?{urlencode(query)}",
    )


def _count(outcome: Outcome, counts: Counts) -> int:
    return {
        Outcome.NEW: counts.registered,
        Outcome.KNOWN: counts.known,
        Outcome.DUPLICATE: counts.duplicates,
        Outcome.INVALID: counts.rejected,
    }[outcome]


def _sample(one: Judged) -> SampleView:
    return SampleView(
        line=one.record.line,
        title=one.record.metadata.title or "",
        identifiers=", ".join(f"{SCHEMES[found.scheme]} {found.value}" for found in one.record.identifiers),
        address=f"/papers/{one.paper}" if one.paper else None,
        reason=one.record.reason or "",
        raw=one.record.raw,
    )
