"""Needs you: what waits for a person, and what a person does about it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template
from litestar.status_codes import HTTP_200_OK

from application.attaching import FileNotTaken, NeedsWord
from application.handling import Actor
from application.needs import Need, request_lines
from application.ports.uploads import UploadTooLarge
from application.queries import collection_named
from domain.errors import DoesNotExist, SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.downloads import download
from interfaces.web.finding import paper_at
from interfaces.web.forms import PLAIN, Fields, one
from interfaces.web.giving import give_for_page, sent_file
from interfaces.web.people import person
from interfaces.web.problems import BadForm, WebRequest, status_of
from interfaces.web.rendering import html, wants_part
from interfaces.web.uploading import Form
from interfaces.web.views.dropped import confirm_address
from interfaces.web.views.needs import Asked, Problem, needs_view, opened, tabs_view

PAGE, TABS, PROBLEM = "needs/show.html", "needs/_tabs.html", "needs/_problem.html"
VERDICTS = ("accept", "reject")
FROM_PAPER = "paper"
"""Where a verdict was given: on the paper's own page."""


def asked(
    tab: FromQuery[str] = "",
    collection: FromQuery[str] = "",
    after: FromQuery[str] = "",
    before: FromQuery[str] = "",
    paper: FromQuery[str] = "",
) -> Asked:
    """What of the page a request is about; files to judge where it names no tab."""
    return asked_for({"tab": tab, "collection": collection, "after": after, "before": before, "paper": paper})


def asked_for(fields: dict[str, str]) -> Asked:
    """The same from the fields of a form. Raises DoesNotExist."""
    try:
        need = Need(fields.get("tab") or Need.CHECK)
    except ValueError as error:
        raise DoesNotExist("This tab", remedy="Choose one of the tabs of the page.") from error
    texts = {name: fields.get(name, "").strip() for name in ("collection", "after", "before", "paper")}
    return Asked(need=need, **texts)


ASKED = {"asked": Provide(asked, sync_to_thread=False)}


async def uploaded(request: WebRequest, container: NamedDependency[Container]) -> Form | SciPaperLoaderError:
    """The request's form, or what is wrong with it: the page says so."""
    try:
        return await sent_file(request, container)
    except SciPaperLoaderError as error:
        return error


class NeedsPage(Controller):
    """What waits for a person."""

    path = "/needs"

    @get(sync_to_thread=True, dependencies=ASKED)
    def show(
        self, request: WebRequest, container: NamedDependency[Container], asked: NamedDependency[Asked]
    ) -> Template:
        """One tab of the page; the first that has something, where the address names none."""
        is_named = request.query_params.get("tab") or asked.paper
        return html(PAGE, needs_view(container, asked if is_named else opened(container, asked)))

    @get("/tabs", sync_to_thread=True, dependencies=ASKED)
    def tabs(self, container: NamedDependency[Container], asked: NamedDependency[Asked]) -> Template:
        """The tabs with fresh numbers; what a person looks at stays as it is."""
        return html(TABS, tabs_view(container, asked))

    @get("/requested.csv", sync_to_thread=True, media_type="text/csv")
    def requested(self, container: NamedDependency[Container], collection: FromQuery[str] = "") -> Stream:
        """What was asked for elsewhere, for the loan desk."""
        chosen = collection_named(collection, container.imports).id if collection else None
        rows = container.needs.all(Need.REQUESTED, collection=chosen)
        return download(request_lines(rows, container.log), "requested-papers.csv", "text/csv")

    @post("/{paper_id:str}/{verdict:str}", **PLAIN)
    def judge(
        self,
        request: WebRequest,
        paper_id: FromPath[str],
        verdict: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Accept or reject a doubtful file, and go on to the next one."""
        if verdict not in VERDICTS:
            raise DoesNotExist("This verdict", remedy="There are accept and reject.")
        row, actor = paper_at(paper_id, container.papers), person(request)
        position = _settle(container, row.id, verdict, one(sent, "sha256"), actor)
        if one(sent, "from") == FROM_PAPER:
            return done(request, f"/papers/{row.id}", position)
        return done(request, _asked(sent).at(after=row.id).address(), position)

    @post(
        "/{paper_id:str}/file",
        sync_to_thread=True,
        status_code=HTTP_200_OK,
        request_max_body_size=None,  # the form's reader has its own limit
        dependencies={"form": Provide(uploaded)},
    )
    def give(
        self,
        request: WebRequest,
        paper_id: FromPath[str],
        form: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Give a paper its file. One that the check does not prove to be it waits until the person has decided."""
        fields = dict(form.fields) if isinstance(form, Form) else {}
        back = f"/papers/{paper_id}" if fields.get("from") == FROM_PAPER else asked_for(fields).address()
        try:
            attached = give_for_page(container, paper_id, form, person(request))
        except NeedsWord:
            return done(request, confirm_address(_sha256(form), back))
        except (FileNotTaken, BadForm, UploadTooLarge) as error:
            return _refused(request, container, fields, Problem(paper=paper_id, message=str(error)), error)
        return done(request, back, attached.position)

    @post("/{paper_id:str}/file/remove", **PLAIN)
    def remove(
        self,
        request: WebRequest,
        paper_id: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Take back the file that a person gave to a paper."""
        row = paper_at(paper_id, container.papers)
        removed = container.attaching.take_back(row.id, person(request), sha256=one(sent, "sha256"))
        return done(request, f"/papers/{row.id}", removed.last)


def _sha256(form: object) -> str:
    """The hash of the file that was sent."""
    return form.upload.sha256 if isinstance(form, Form) and form.upload else ""


def _asked(sent: Fields) -> Asked:
    return asked_for({name: one(sent, name) for name in ("tab", "collection")})


def _settle(container: Container, paper_id: str, verdict: str, sha256: str, actor: Actor) -> int:
    decide = container.judging.accept if verdict == "accept" else container.judging.reject
    return decide(paper_id, actor, sha256=sha256).last


def _refused(
    request: WebRequest, container: Container, fields: dict[str, str], problem: Problem, error: SciPaperLoaderError
) -> Template:
    """What was wrong: beside the field for htmx, else with the whole page. Raises what was wrong on a paper's page."""
    status = status_of(error)
    if wants_part(request):
        return html(PROBLEM, problem, status=status)
    if fields.get("from") == FROM_PAPER:
        raise error
    return html(PAGE, needs_view(container, asked_for(fields), problem), status=status)
