"""Taking in an uploaded list: what the import page and the interface for programs share."""

import re
from pathlib import PurePath

from attrs import frozen

from application.file_names import shown_name
from application.importing import Accepted, Preview, Request
from application.ports.tabular import Mapped
from application.ports.uploads import Upload, Uploads
from domain.errors import InvalidValue
from domain.importing import OnDuplicate
from interfaces.container import Container
from interfaces.web.mapped import mapping_of
from interfaces.web.people import person
from interfaces.web.problems import BadForm, WebRequest
from interfaces.web.uploading import Form

PASTED = "pasted list.txt"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class Intake:
    """A list that is on disk, and what is to be done with it."""

    upload: Upload
    filename: str
    collection: str
    on_duplicate: OnDuplicate
    mapping: Mapped = ()


def intake(form: Form, uploads: Uploads) -> Intake:
    """What the form asks for: a file, pasted text, or a file that was checked before. Raises BadForm, InvalidValue."""
    upload, filename = _content(form, uploads)
    return Intake(
        upload=upload,
        filename=filename,
        collection=form.fields.get("collection", "").strip() or _collection(filename),
        on_duplicate=_on_duplicate(form.fields.get("on_duplicate", "")),
        mapping=mapping_of(form.fields),
    )


def _content(form: Form, uploads: Uploads) -> tuple[Upload, str]:
    if form.upload is not None:
        return form.upload, form.filename
    if form.fields.get("text", "").strip():
        return uploads.keep([form.fields["text"].encode()]), PASTED
    if checked := form.fields.get("checked"):
        return kept(checked, uploads), shown_name(form.fields.get("filename", "")) or PASTED
    raise BadForm("There is no list.", remedy="Choose a file, or paste identifiers, one on each line.")


def kept(sha256: str, uploads: Uploads) -> Upload:
    """The upload that was checked a moment ago. Raises BadForm where it is gone."""
    gone = BadForm("The checked file is gone.", remedy="Choose it again.")
    if not _SHA256.fullmatch(sha256):
        raise gone
    try:
        return uploads.use(sha256)
    except FileNotFoundError as error:
        raise gone from error


def _collection(filename: str) -> str:
    return "Pasted list" if filename == PASTED else PurePath(filename).stem or filename


def _on_duplicate(value: str) -> OnDuplicate:
    try:
        return OnDuplicate(value or OnDuplicate.FILL)
    except ValueError as error:
        raise InvalidValue("on_duplicate", value[:40], " or ".join(OnDuplicate)) from error


def start(wanted: Intake, container: Container, request: WebRequest) -> Accepted:
    """Accept the list and work through it in the background. Raises FileRefused, CommandRefused."""
    command = Request(
        filename=wanted.filename,
        collection=wanted.collection,
        on_duplicate=wanted.on_duplicate,
        mapping=wanted.mapping,
        actor=person(request),
    )
    accepted = container.importing.accept(wanted.upload, command)
    container.background.start_import(accepted.import_id)
    return accepted


def check(wanted: Intake, container: Container) -> Preview:
    """What importing the list would do. Raises FileRefused, InvalidValues."""
    return container.importing.preview(wanted.upload, wanted.on_duplicate, wanted.mapping)


def undo(import_id: str, container: Container, request: WebRequest) -> int:
    """Begin to take an import back, in the background; returns the position. Raises CommandRefused."""
    position = container.undoing_imports.begin(import_id, person(request))
    container.background.start_undo(import_id)
    return position
