"""Events in words, for people: what the activity log and a paper's history say. Pure, made when it is read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from application.act_wording import left_alone, words_of
from application.formats import listed, moment, number, plural, seconds, shortened, size
from application.plain_names import command_name, reason_in_words, setting_name
from application.ports.event_log import Recorded
from application.schedule_wording import ORDERS
from domain import bulk, collection, hour, importing, refusals, schedule, scraper, settings
from domain import paper_events as paper
from domain.causes import CAUSES, GOOD
from domain.copies import Copy, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.sources import title_of

E = TypeVar("E", bound=Event)

SCHEMES: Mapping[Scheme, str] = {
    Scheme.DOI: "DOI",
    Scheme.PMID: "PubMed id",
    Scheme.PMCID: "PMC id",
    Scheme.ARXIV: "arXiv id",
}
MODULES: Mapping[str, str] = {"locate": "search for copies", "download": "download"}
VERSIONS: Mapping[str, str] = {
    Version.PUBLISHED: "published version",
    Version.ACCEPTED: "accepted manuscript",
    Version.SUBMITTED: "submitted manuscript",
    Version.UNKNOWN: "unknown version",
}
REASONS: Mapping[str, str] = {
    "crash": "the program had ended without finishing",
    "stop": "the program was stopped",
    "scraper stopped": "the scraper was stopped",
    "scraper paused": "the scraper was paused",
    "emergency stop": "there was an emergency stop",
    "hour over": "its hour was over",
    "revoked": "its job was revoked",
    "retry": "its pause is over",
}
"""Why a paper was reverted or reopened, where the program gave the reason."""


def sentence(recorded: Recorded) -> str:
    """What happened, as a sentence. Text of strangers is in it as it is: escape it where it is shown."""
    return describe(recorded.event)


def describe(event: Event) -> str:
    """The event as a sentence; its stored name where nothing is known of it."""
    words = _WORDS.get(type(event))
    return words(event) if words else f"{event.TYPE}."


def place(url: str) -> str:
    """Where a URL leads, short: the host without www, or the URL itself where it has none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return (host or shortened(url, 60)).removeprefix("www.")


def cause_sentence(name: str) -> str:
    """The sentence of a cause, or its name where it is in the list no more."""
    return CAUSES[name].sentence if name in CAUSES else f"{name.replace('_', ' ').capitalize()}."


def outcome_sentence(name: str) -> str:
    """The sentence of what came of a try, good or bad."""
    return GOOD.get(name) or cause_sentence(name)


def origin_of(source: str) -> str:
    """Where something became known, from what a source is called in the log."""
    return "an import" if source.startswith("import ") else source


def provenance(copy: Copy) -> str:
    """Version, licence and source of a copy."""
    known = [VERSIONS[copy.version]] if copy.version is not Version.UNKNOWN else []
    return ", ".join([*known, *([copy.licence] if copy.licence else []), f"by {copy.source}"])


def _named(identifier: Identifier) -> str:
    return f"{SCHEMES[identifier.scheme]} {identifier.value}"


def _fields(metadata: Metadata) -> str:
    return listed([{"issn": "ISSN", "url": "address"}.get(name, name) for name in metadata.known()])


def _file(file: paper.File) -> str:
    return f"{plural(file.pages, 'page')}, {size(file.size)}" if file.pages else size(file.size)


def _by(reason: str) -> str:
    return f": {REASONS.get(reason, reason)}" if reason else ""


def _registered(event: paper.Registered) -> str:
    named = listed([_named(identifier) for identifier in event.identifiers[:3]])
    return f"Added from row {number(event.row)} of an import: {named}." if event.row else f"Added: {named}."


def _tried(event: paper.CandidateTried) -> str:
    times = f" in {seconds(event.seconds)}" if event.seconds else ""
    if event.outcome in GOOD:
        what = "a page that leads on" if event.outcome == "page" else size(event.size)
        return f"Tried {place(event.url)}: {what} came{times}."
    status = f" (HTTP {event.http_status})" if event.http_status else ""
    return f"Tried {place(event.url)}{times}: {_lower(cause_sentence(event.outcome)).removesuffix('.')}{status}."


_SAID: Mapping[str, str] = {
    "copies": "knows copies",
    "known": "knows the paper, but no free copy",
    "unknown": "does not know the paper",
}


def said(answer: paper.SourceAnswer) -> str:
    """What a source said, without its name."""
    return _SAID.get(answer.said) or f"could not be asked: {_lower(cause_sentence(answer.said)).removesuffix('.')}"


def _asked(event: paper.SourcesAsked) -> str:
    return "; ".join(f"{title_of(answer.source)} {said(answer)}" for answer in event.answers) + "."


def _located(event: paper.CopiesLocated) -> str:
    sources = listed(sorted({copy.source for copy in event.copies}))
    return f"{plural(len(event.copies), 'copy', 'copies')} found, by {sources}."


def _ended(event: paper.NotLocated | paper.Failed) -> str:
    again = f" Looked at again after {moment(event.not_before)}." if event.not_before else ""
    start = "No copy found" if isinstance(event, paper.NotLocated) else "Not retrieved"
    return f"{start}: {_lower(cause_sentence(event.cause))}{again}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _settled(event: paper.DoubtSettled) -> str:
    return "The file was accepted." if event.accepted else "The file was rejected, and its copy is not tried again."


def _setting(event: settings.Changed) -> str:
    start = f"The {setting_name(event.name)} was"
    return f"{start} changed to {event.value}." if event.value else f"{start} changed."


def _queued(event: paper.Queued) -> str:
    return f"The {_module(event.module)} is planned for {moment(event.due)}."


def _module(name: str) -> str:
    return MODULES.get(name, name)


def _noted(text: str, note: str) -> str:
    return f"{text}: {note}" if note else f"{text}."


def _bulk_started(event: bulk.Started) -> str:
    of = " that an earlier action changed" if event.undoes else " that match a filter" if event.which else ""
    label = words_of(event.action, undoes=event.undoes is not None).label
    return _noted(f"“{label}” was asked for {plural(event.papers, 'paper')}{of}", event.words)


def _bulk_ended(event: bulk.Ended) -> str:
    left = left_alone(event.skipped)
    done = f"{plural(event.changed, 'paper was', 'papers were')} changed{f', {left}' if left else ''}."
    return done if event.complete else f"Broken off before the end: {done} What was done stays done."


def _refused_file(event: importing.Refused) -> str:
    return f"The import ended early: {event.reason}"


def _rows(event: importing.RowsRecorded) -> str:
    return f"Rows {number(event.first)} to {number(event.last)}: {counts(event.counts)}."


def counts(value: importing.Counts) -> str:
    """What became of rows."""
    parts = [f"{number(value.registered)} new"]
    parts += [f"{number(value.known)} known"] if value.known else []
    parts += [f"{number(value.updated)} updated"] if value.updated else []
    parts += [f"{number(value.duplicates)} repeated"] if value.duplicates else []
    parts += [f"{number(value.rejected)} rejected"] if value.rejected else []
    return ", ".join(parts)


def _import_started(event: importing.Started) -> str:
    rows = plural(event.rows, "row")
    return f"Import of “{event.filename}” into “{event.collection_name}” began: {rows}, {event.format}."


_WORDS: Mapping[type[Event], Callable[[Any], str]] = {
    paper.Registered: _registered,
    paper.MetadataUpdated: lambda e: f"Now known from {origin_of(e.source)}: {_fields(e.metadata)}.",
    paper.IdentifierAdded: lambda e: f"{_named(e.identifier)} became known from {origin_of(e.source)}.",
    paper.IdentifierCorrected: lambda e: f"{_named(e.wrong)} was corrected to {_named(e.right)}.",
    paper.Queued: _queued,
    paper.ProcessingStarted: lambda e: f"The {_module(e.module)} began{' by hand' if e.by_hand else ''}.",
    paper.CandidateTried: _tried,
    paper.CandidateBlocked: lambda e: f"{place(e.url)} is not tried again: {_lower(cause_sentence(e.cause))}",
    paper.SourcesAsked: _asked,
    paper.CopiesLocated: _located,
    paper.NotLocated: _ended,
    paper.Downloaded: lambda e: f"Downloaded from {place(e.copy.url)}: {_file(e.file)} ({provenance(e.copy)}).",
    paper.Doubted: lambda e: f"A file came from {place(e.copy.url)} that a person must judge: {_file(e.file)}.",
    paper.DoubtSettled: _settled,
    paper.Failed: _ended,
    paper.Deferred: lambda e: f"Put off until {moment(e.until)}: {_lower(cause_sentence(e.cause))}",
    paper.Reverted: lambda e: f"Back to “{e.to}”{_by(e.why)}.",
    paper.Reopened: lambda e: f"Taken up again as “{e.to}”{_by(e.why)}.",
    paper.Excluded: lambda e: _noted("Excluded", e.reason),
    paper.Reinstated: lambda e: f"Wanted again, as “{e.to}”.",
    paper.FileAttached: lambda e: _noted(f"A person gave the file ({_file(e.file)})", e.note),
    paper.FileRenamed: lambda e: f"The file was renamed: {shortened(e.path, 150)}.",
    paper.FileReplaced: lambda e: _noted(f"The file was replaced ({_file(e.file)})", e.note),
    paper.FileLost: lambda e: f"The file is lost: {_lower(e.why)}",
    paper.FileRemoved: lambda e: f"The file that a person gave was taken back: the paper is “{e.to}” again.",
    paper.Requested: lambda e: _noted("Asked for elsewhere", e.note),
    paper.MarkedUnavailable: lambda e: _noted("Marked unavailable", e.reason),
    paper.Withdrawn: lambda e: _noted("Withdrawn", e.reason),
    paper.Merged: lambda e: f"Merged into the paper {e.into}.",
    importing.Started: _import_started,
    importing.RowsRecorded: _rows,
    importing.Completed: lambda e: f"The import is complete: {counts(e.counts)}.",
    importing.Refused: _refused_file,
    importing.Cancelled: lambda _: "The import was cancelled.",
    importing.UndoStarted: lambda _: "The import is being undone.",
    importing.Undone: lambda e: f"The import was undone; {plural(e.withdrawn, 'paper')} went with it.",
    collection.Created: lambda e: f"The collection “{e.name}” was created.",
    collection.Renamed: lambda e: f"The collection was renamed to “{e.name}”.",
    scraper.Started: lambda _: "The scraper was started.",
    scraper.Paused: lambda e: _noted("The scraper was paused", e.reason),
    scraper.Resumed: lambda _: "The scraper was resumed.",
    scraper.Stopped: lambda e: _noted("The scraper was stopped", e.reason),
    scraper.EmergencyStopped: lambda e: _noted("Emergency stop", e.reason),
    scraper.Reset: lambda _: "The emergency stop was lifted.",
    schedule.VolumeChanged: lambda e: f"The daily volume is now {plural(e.volume, 'paper')}.",
    schedule.WeightsChanged: lambda e: (
        f"The hours of the {'day' if len(e.weights) == 24 else 'week'} were weighted anew."
    ),
    schedule.TimezoneChanged: lambda e: f"The schedule's time zone is now {e.timezone}.",
    schedule.OrderChanged: lambda e: f"Papers are now drawn {ORDERS[e.order]}.",
    settings.Changed: _setting,
    settings.ModuleToggled: lambda e: f"The module “{e.module}” was switched {'on' if e.enabled else 'off'}.",
    settings.SourceToggled: lambda e: f"The source {title_of(e.source)} was switched {'on' if e.enabled else 'off'}.",
    settings.SourcesReordered: lambda e: f"Sources are now asked in this order: {', '.join(map(title_of, e.order))}.",
    hour.Planned: lambda e: (
        f"The hour from {moment(e.start)} was planned: {e.count} of at most {plural(e.quota, 'paper')}."
    ),
    bulk.Started: _bulk_started,
    bulk.Ended: _bulk_ended,
    refusals.Refused: lambda e: f"{command_name(e.command)} was refused: {reason_in_words(e.reason)}",
}
