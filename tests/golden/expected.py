"""What every stored form of an event means: for each file in `events/` the event that it is decoded to.

A new form needs an entry here, filled in every field, and its file: `python -m tests.golden.write` writes those that
are missing. A file that is there is never changed. When a form gets outdated, its entry moves to `_OUTDATED`: there it
is the event that the form is lifted to.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve

from domain import bulk, collection, hour, importing, refusals, schedule, scraper, settings
from domain import paper_events as paper
from domain.acts import Action
from domain.copies import Copy, CopyKind, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.pipeline import Status

FOLDER = Path(__file__).parent / "events"
Form = tuple[str, int]

_DUE = datetime(2026, 10, 25, 0, 30, 15, 250_000, tzinfo=UTC)
_DOI = Identifier(Scheme.DOI, '10.1234/(sici)1-2<3::é>4;5"6')
_ARXIV = Identifier(Scheme.ARXIV, "2601.00001")
_METADATA = Metadata(
    title="Über Dinge: <i>a</i> “study” of \\ and \t 🧪",
    authors=("Ångström, A.", "李四"),
    journal="Acta Rerum",
    issn=("1234-5679", "2049-3630"),
    year=2020,
    publisher="Res Press",
    type="journal-article",
    url="https://journal.example/article/7?a=1&b=2#top",
)
_FILE = paper.File(path="2020/Ångström – Über Dinge.pdf", sha256="0123456789abcdef" * 4, size=3_000_000_000, pages=12)
_COPY_WITHOUT_MD5 = Copy(
    url="https://repository.example/bitstream/7/a%20b.pdf",
    source="unpaywall",
    kind=CopyKind.LANDING_PAGE,
    version=Version.ACCEPTED,
    licence="cc-by-nc",
)
_COPY = evolve(_COPY_WITHOUT_MD5, md5="0123456789abcdef" * 2)
_COUNTS = importing.Counts(registered=5, known=3, duplicates=2, updated=1, rejected=1)

_EVENTS: tuple[Event, ...] = (
    bulk.Started(
        action=Action.EXCLUDE, words="“off” topic", papers=8_412, which="status=failed&q=%C3%A9", undoes="0190-b"
    ),
    bulk.Ended(
        changed=8_400, skipped=(bulk.Skipped(why="done", papers=11), bulk.Skipped(why="busy", papers=1)), complete=False
    ),
    collection.Created(name="Überblick 2026"),
    collection.Renamed(name="Overview 2026"),
    refusals.Refused(command="queue", subject="paper-7", reason="“queue” is not possible: the paper is done."),
    hour.Planned(start=_DUE, timezone="Europe/Berlin", quota=9, seed=2**53 + 1, count=7, minutes=30, begins=_DUE),
    importing.Started(
        collection="c-1",
        collection_name="Überblick 2026",
        filename="scopus (1).csv",
        sha256="f" * 64,
        size=1_234_567,
        format="csv",
        encoding="utf-8-sig",
        rows=11,
        on_duplicate=importing.OnDuplicate.UPDATE,
        vendor="Scopus",
        columns=(("DOI", "doi"), ("Titel", "title")),
        notes=("one column was not recognised",),
        mapping=(("Titel", "title"), ("Column 7", "ignore")),
    ),
    importing.RowsRecorded(
        collection="c-1",
        first=1,
        last=11,
        counts=_COUNTS,
        members=("p-1", "p-2"),
        rejected=(importing.RejectedRow(row=4, line=6, reason="no identifier", raw='"a";"b\n"'),),
    ),
    importing.Completed(counts=_COUNTS),
    importing.Refused(reason="a quote on line 2 is never closed"),
    importing.Cancelled(),
    importing.UndoStarted(),
    importing.Undone(withdrawn=5),
    schedule.VolumeChanged(volume=1_000),
    schedule.WeightsChanged(weights=(0.0, 0.1, 1e6) + (1.5,) * 21),
    schedule.TimezoneChanged(timezone="Australia/Lord_Howe"),
    schedule.OrderChanged(order=schedule.Order.OLDEST),
    scraper.Started(),
    scraper.Paused(reason="lunch"),
    scraper.Resumed(),
    scraper.Stopped(reason="weekend"),
    scraper.EmergencyStopped(reason="somebody complained"),
    scraper.Reset(),
    settings.ModuleToggled(module="download", enabled=False),
    settings.SourceToggled(source="arxiv", enabled=False),
    settings.SourcesReordered(order=("europepmc", "unpaywall", "crossref", "arxiv")),
    settings.Changed(name="host_gap", value="2.5"),
    paper.Registered(identifiers=(_DOI, _ARXIV), metadata=_METADATA, import_id="i-1", row=4),
    paper.MetadataUpdated(source="crossref", metadata=_METADATA),
    paper.IdentifierAdded(identifier=_ARXIV, source="openalex"),
    paper.IdentifierCorrected(wrong=_DOI, right=_ARXIV),
    paper.Queued(module="download", due=_DUE, hour="2026-10-25T00:00Z"),
    paper.ProcessingStarted(module="download", worker="host:12:3", attempt="a-1", by_hand=True),
    paper.CandidateTried(
        url=_COPY.url,
        source="unpaywall",
        outcome="forbidden",
        detail="403 without a reason",
        http_status=403,
        size=512,
        seconds=0.125,
        redirects=("https://journal.example/1", "https://journal.example/2"),
    ),
    paper.SourcesAsked(
        answers=(
            paper.SourceAnswer(source="unpaywall", said="copies", seconds=0.25),
            paper.SourceAnswer(source="arxiv", said="source_unreachable", seconds=30.5),
        )
    ),
    paper.CandidateBlocked(url=_COPY.url, cause="not_found"),
    paper.CopiesLocated(copies=(_COPY, Copy(url="https://arxiv.org/pdf/2601.00001", source="arxiv"))),
    paper.NotLocated(cause="no_open_copy", not_before=_DUE),
    paper.Downloaded(file=_FILE, copy=_COPY, checks=("complete", "title in text")),
    paper.Doubted(file=_FILE, copy=_COPY, checks=("no text",)),
    paper.DoubtSettled(accepted=False, to=Status.LOCATED),
    paper.Failed(cause="open_but_blocked", not_before=_DUE),
    paper.Deferred(to=Status.LOCATED, until=_DUE, cause="rate_limited"),
    paper.Reverted(to=Status.NEW, why="hour over"),
    paper.Reopened(to=Status.NEW, why="asked"),
    paper.Excluded(reason="off topic"),
    paper.Reinstated(to=Status.FAILED, cause="timeout", not_before=_DUE),
    paper.FileAttached(file=_FILE, note="by mail"),
    paper.FileReplaced(file=_FILE, note="the final version"),
    paper.FileRenamed(path="Press/Li_2013_b7f1c2d3.pdf", was="Li_2013_On Things_b7f1c2d3.pdf"),
    paper.FileLost(to=Status.LOCATED, why="missing"),
    paper.FileRemoved(to=Status.FAILED, cause="open_but_blocked", not_before=_DUE),
    paper.Requested(note="interlibrary loan"),
    paper.MarkedUnavailable(reason="only in print"),
    paper.Withdrawn(reason="import i-1 was undone"),
    paper.Merged(into="p-2", identifiers=(_DOI, _ARXIV)),
)
NEWEST: Mapping[str, Event] = {event.TYPE: event for event in _EVENTS}
"""The events above by their names."""

_OUTDATED: Mapping[Form, Event] = {
    ("import.started", 1): importing.Started(
        collection="c-1",
        collection_name="Überblick 2026",
        filename="scopus (1).csv",
        sha256="f" * 64,
        size=1_234_567,
        format="csv",
        encoding="utf-8-sig",
        rows=11,
        on_duplicate=importing.OnDuplicate.UPDATE,
        vendor="Scopus",
        columns=(("DOI", "doi"), ("Titel", "title")),
        notes=("one column was not recognised",),
    ),
    ("paper.reinstated", 1): paper.Reinstated(to=Status.DOUBTFUL),
    ("paper.reinstated", 2): paper.Reinstated(to=Status.UNAVAILABLE, not_before=_DUE),
    ("paper.sources_asked", 1): paper.SourcesAsked(
        answers=(
            paper.SourceAnswer(source="unpaywall", said="copies"),
            paper.SourceAnswer(source="arxiv", said="source_unreachable"),
        )
    ),
    ("paper.copies_located", 1): paper.CopiesLocated(
        copies=(_COPY_WITHOUT_MD5, Copy(url="https://arxiv.org/pdf/2601.00001", source="arxiv"))
    ),
    ("paper.downloaded", 1): paper.Downloaded(file=_FILE, copy=_COPY_WITHOUT_MD5, checks=("complete", "title in text")),
    ("paper.doubted", 1): paper.Doubted(file=_FILE, copy=_COPY_WITHOUT_MD5, checks=("no text",)),
    ("hour.planned", 1): hour.Planned(
        start=_DUE, timezone="Europe/Berlin", quota=9, seed=2**53 + 1, count=7, minutes=60, begins=_DUE
    ),
}
"""Forms that are not written any more, and what they are lifted to."""

EXPECTED: Mapping[Form, Event] = {(event.TYPE, event.VERSION): event for event in _EVENTS} | dict(_OUTDATED)


def path_of(form: Form) -> Path:
    """The golden file of a form."""
    name, version = form
    return FOLDER / f"{name}.v{version}.json"
