"""The file of a paper: its facts, what the checks saw in it, and whether it is there."""

from datetime import datetime

from attrs import frozen

from application.ports.event_log import Recorded
from application.ports.library import Library, LibraryUnavailable
from application.ports.pictures import Pictures
from application.queries import PaperRow
from domain import paper_events as happened


@frozen(kw_only=True)
class Gift:
    """A file from a person's hands: who gave it when, and what the check said of it."""

    by: str
    at: datetime
    note: str


@frozen(kw_only=True)
class FileView:
    """The file. `trouble` and `remedy` say why it cannot be opened now, "" where it can."""

    is_present: bool
    """Whether it is the file that the paper has now."""
    path: str
    sha256: str
    size: int | None
    pages: int | None
    url: str | None
    source: str | None
    version: str | None
    licence: str | None
    checks: tuple[str, ...]
    gift: Gift | None
    """Who gave it, if a person did."""
    picture: bool
    """Whether a picture of its first page may be had."""
    trouble: str
    remedy: str


def file_view(
    row: PaperRow, stored: Recorded | None, library: Library, pictures: Pictures, *, is_present: bool = True
) -> FileView | None:
    """The file, if the paper has one; `stored` is the event that brought it.

    One that is not the present one, but one of before, is neither looked for nor drawn.
    """
    if row.file_path is None:
        return None
    trouble, remedy = _trouble(row.file_path, library) if is_present else ("", "")
    return FileView(
        is_present=is_present,
        path=row.file_path,
        sha256=row.file_sha256 or "",
        size=row.file_size,
        pages=row.file_pages,
        url=row.file_url,
        source=row.source,
        version=row.version,
        licence=row.licence,
        checks=_checks(stored),
        gift=_gift(stored),
        picture=is_present and _has_picture(row.file_sha256 or "", pictures, there=not trouble),
        trouble=trouble,
        remedy=remedy,
    )


def _has_picture(sha256: str, pictures: Pictures, *, there: bool) -> bool:
    """Whether a picture may be had: one is kept, or the file is there to be drawn."""
    return pictures.possible(sha256) and (there or pictures.kept(sha256) is not None)


def _trouble(path: str, library: Library) -> tuple[str, str]:
    try:
        library.open(path)
    except LibraryUnavailable as error:
        return error.message, error.remedy
    return "", ""


def _gift(stored: Recorded | None) -> Gift | None:
    event = stored and stored.event
    if stored is None or not isinstance(event, happened.FileAttached | happened.FileReplaced):
        return None
    return Gift(by=stored.actor, at=stored.recorded_at, note=event.note)


def _checks(stored: Recorded | None) -> tuple[str, ...]:
    """What was seen in the file; of one that a person gave, the note tells it."""
    event = stored and stored.event
    return event.checks if isinstance(event, happened.Downloaded | happened.Doubted) else ()
