"""Dropped files: take many at once, say which papers they may be, and give them when a person confirms."""

from time import monotonic
from typing import Any

from attrs import define, field
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from application.handling import Actor
from application.matching import NotWaiting
from application.needs import Need
from application.ports.dropped import Waiting
from application.ports.library import CheckerUnavailable
from application.ports.uploads import UploadTooLarge
from domain.errors import SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.files import PDF, file_answer
from interfaces.web.finding import paper_at
from interfaces.web.forms import PLAIN, Fields, one
from interfaces.web.papers import picture_of
from interfaces.web.people import person
from interfaces.web.problems import BadForm, WebRequest, status_of
from interfaces.web.rendering import html, wants_part
from interfaces.web.returning import own_address
from interfaces.web.uploading import Form, read_form
from interfaces.web.views.dropped import ALL_THE_SAME, NAMED, PATH, Typed, dropped_view, meant_view
from interfaces.web.views.needs import Asked, Problem, needs_view

PAGE, MEANT = "needs/files.html", "needs/file.html"
MOST_FILES = 50
"""Files of one form."""
MOST_BYTES = 2_000_000_000
"""Bytes of one form."""
LOOKING_SECONDS = 25.0
"""How long a request looks into files; what is left then is looked into when the person asks for it."""
CHOICE, NAME = "paper-", "name-"
"""Before the hash of a file: which paper it is, and what a person typed for it."""


async def many_files(request: WebRequest, container: NamedDependency[Container]) -> Form | SciPaperLoaderError:
    """The request's form with its files, or what is wrong with it."""
    limit = min(MOST_BYTES, MOST_FILES * container.settings.max_file_bytes)
    try:
        return await read_form(request, container.dropped, limit, most=MOST_FILES)
    except SciPaperLoaderError as error:
        return error


class DroppedPage(Controller):
    """Files of which nobody has said yet which papers they are."""

    path = PATH

    @get(sync_to_thread=True)
    def show(self, container: NamedDependency[Container]) -> Template:
        """The files that wait, with the papers that they may be."""
        return html(PAGE, dropped_view(container))

    @get("/{sha256:str}", sync_to_thread=True)
    def ask(
        self, sha256: FromPath[str], container: NamedDependency[Container], back: FromQuery[str] = ""
    ) -> Response[Any]:
        """Ask whether a file is given to the paper that a person meant, which the check does not prove it to be."""
        view = meant_view(container, sha256, own_address(back, PATH))
        return html(MEANT, view) if view else Redirect(PATH)

    @get("/{sha256:str}/file", sync_to_thread=True, media_type=PDF)
    def file(self, request: WebRequest, sha256: FromPath[str], container: NamedDependency[Container]) -> Response[Any]:
        """A file that waits, to be looked at."""
        waiting = _waiting(container, sha256)
        path = container.dropped.path(waiting.sha256)
        return file_answer(request, path, name=waiting.name, sha256=waiting.sha256, inline=True)

    @get("/{sha256:str}/picture", sync_to_thread=True, media_type="image/png")
    def picture(
        self, request: WebRequest, sha256: FromPath[str], container: NamedDependency[Container]
    ) -> Response[Any]:
        """The first page of a file that waits, as a picture."""
        waiting = _waiting(container, sha256)
        return picture_of(request, waiting.sha256, lambda: container.dropped.path(waiting.sha256), container.pictures)

    @post(
        sync_to_thread=True,
        status_code=HTTP_200_OK,
        request_max_body_size=None,  # the form's reader has its own limit
        dependencies={"form": Provide(many_files)},
    )
    def take(
        self, request: WebRequest, form: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Let files wait, and look into them; nothing is given to a paper yet."""
        try:
            _take(container, form, person(request))
        except (BadForm, UploadTooLarge) as error:
            if wants_part(request):
                raise
            view = needs_view(container, Asked(need=Need.FETCH), Problem(paper="", message=str(error)))
            return html("needs/show.html", view, status=status_of(error))
        _look(container)
        return done(request, PATH)

    @post("/look", sync_to_thread=True, status_code=HTTP_200_OK)
    def look(self, request: WebRequest, container: NamedDependency[Container]) -> Response[Any]:
        """Look into the files that nobody has looked into."""
        _look(container)
        return done(request, PATH)

    @post("/confirm", **PLAIN)
    def confirm(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Give each file to the paper that was chosen for it. A fault of one is no hindrance to the others."""
        confirmed = _Confirmed(container=container, actor=person(request))
        chosen, named = _by_file(sent, CHOICE), _by_file(sent, NAME)
        for sha256 in filter(chosen.get, chosen):
            confirmed.give(sha256, chosen[sha256], named.get(sha256, ""))
        if confirmed.problems:
            typed = Typed(named=named, chosen=chosen, problems=confirmed.problems)
            return html(PAGE, dropped_view(container, typed), status=confirmed.status)
        rest = PATH if container.dropped.waiting() else Asked(need=Need.FETCH).address()
        where = own_address(one(sent, "back"), rest)
        return done(request, where, confirmed.position)

    @post("/discard", **PLAIN)
    def discard(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Let one file wait no more, or all of them."""
        wanted = one(sent, "discard")
        for waiting in container.dropped.waiting():
            if wanted in {waiting.sha256, "all"}:
                container.dropped.forget(waiting.sha256)
        return done(request, own_address(one(sent, "back"), PATH))


def _waiting(container: Container, sha256: str) -> Waiting:
    """One that waits. Raises NotWaiting."""
    if (found := container.dropped.find(sha256)) is None:
        raise NotWaiting
    return found


def _take(container: Container, form: Form | SciPaperLoaderError, actor: Actor) -> None:
    if not isinstance(form, Form):
        raise form
    if not form.files:
        raise BadForm("There is no file.", remedy="Choose one PDF, or several.")
    for sent in form.files:
        container.matching.take(sent.upload, sent.filename, actor)


def _look(container: Container) -> None:
    """Look into files, as many as the time allows; at least into one."""
    until = monotonic() + LOOKING_SECONDS
    for waiting in container.dropped.waiting():
        if waiting.looked:
            continue
        try:
            container.matching.look(waiting.sha256)
        except NotWaiting:
            continue
        except CheckerUnavailable:
            return
        if monotonic() > until:
            return


def _by_file(sent: Fields, prefix: str) -> dict[str, str]:
    """What the fields say whose names begin so, by the hashes of the files; also where that is nothing."""
    return {name.removeprefix(prefix): one(sent, name) for name in sent if name.startswith(prefix)}


@define
class _Confirmed:
    """What came of the files that a person confirmed."""

    container: Container
    actor: Actor
    position: int | None = None
    problems: dict[str, str] = field(factory=dict)
    status: int = HTTP_422_UNPROCESSABLE_ENTITY

    def give(self, sha256: str, choice: str, name: str) -> None:
        """Give one file."""
        try:
            self.position = self._given(sha256, choice, name) or self.position
        except NotWaiting:
            return  # it was given or discarded in another tab
        except SciPaperLoaderError as error:
            self.problems[sha256] = str(error)
            self.status = max(self.status, status_of(error))

    def _given(self, sha256: str, choice: str, name: str) -> int | None:
        wanted = name if choice == NAMED else choice.removeprefix(ALL_THE_SAME)
        row = paper_at(wanted, self.container.papers)
        anyway = choice.startswith(ALL_THE_SAME)
        return self.container.matching.give(sha256, row.id, self.actor, anyway=anyway).position
