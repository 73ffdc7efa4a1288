"""Every route: looking changes nothing, and what changes something is a POST that the gate guards."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from interfaces.web.app import create_app
from tests.interfaces.web.routes import ENDLESS, filled_in, routes
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import World

Browser = TestClient[Any]
ACTIONS = ("undo", "cancel")
"""What can be done with an import."""
CHANGES = {
    ("/import", "POST"),
    ("/import/check", "POST"),
    ("/views", "POST"),
    ("/views/{view:str}/rename", "POST"),
    ("/views/{view:str}/delete", "POST"),
    ("/api/v1/imports", "POST"),
    *((f"{root}/imports/{{import_id:str}}/{action}", "POST") for root in ("", "/api/v1") for action in ACTIONS),
    ("/scraper/{action:str}", "POST"),
    ("/schedule", "POST"),
    ("/jobs/revoke", "POST"),
    ("/jobs/{job_id:int}/revoke", "POST"),
    ("/jobs/{job_id:int}/run", "POST"),
    ("/settings/{section:str}", "POST"),
    ("/settings/names/rename", "POST"),
    ("/steps/{name:str}", "POST"),
    ("/causes/{name:str}/retry", "POST"),
    ("/diagnostics/{name:str}", "POST"),
    ("/api/v1/scraper/{action:str}", "POST"),
    ("/api/v1/schedule", "PUT"),
    ("/api/v1/modules/{name:str}", "PUT"),
    ("/api/v1/sources", "PUT"),
    ("/scraper/modules/{name:str}", "POST"),
    ("/scraper/sources/{name:str}", "POST"),
    ("/api/v1/jobs", "DELETE"),
    ("/api/v1/jobs/{job_id:int}", "DELETE"),
    ("/api/v1/jobs/{job_id:int}/run", "POST"),
    ("/needs/{paper_id:str}/{verdict:str}", "POST"),
    ("/needs/{paper_id:str}/file", "POST"),
    ("/needs/files", "POST"),
    *((f"/needs/files/{action}", "POST") for action in ("look", "confirm", "discard")),
    ("/api/v1/papers/{name:str}/file", "PUT"),
    ("/api/v1/papers/{name:str}/file", "DELETE"),
    ("/needs/{paper_id:str}/file/remove", "POST"),
    ("/api/v1/papers/{name:str}/file/accept", "POST"),
    ("/api/v1/papers/{name:str}/file/reject", "POST"),
    *((f"/api/v1/papers/{{name:str}}/{action}", "POST") for action in ("process", "retry", "revert")),
    *((f"/api/v1/papers/{{name:str}}/{action}", "POST") for action in ("exclude", "reinstate")),
    *((f"/api/v1/papers/{{name:str}}/{action}", "POST") for action in ("unavailable", "requested")),
    ("/papers/{name:str}/{action:str}", "POST"),
    ("/notices/{position:int}/undo", "POST"),
    ("/papers/actions/confirm", "POST"),
    ("/papers/actions", "POST"),
    ("/api/v1/papers/actions", "POST"),
    ("/api/v1/papers/actions/{bulk_id:uuid}/undo", "POST"),
}


@pytest.fixture(scope="module")
def app(world: World) -> Litestar:
    return create_app(world.container)


def test_only_these_routes_change_something(app: Litestar) -> None:
    safe = {"GET", "HEAD", "OPTIONS"}
    assert {(path, method) for path, method in routes(app) if method not in safe} == CHANGES


@pytest.mark.case("W03")
def test_looking_at_everything_changes_nothing(app: Litestar, reader: Browser, world: World) -> None:
    before = world.container.log.head()
    for path, method in routes(app):
        if method in {"GET", "HEAD", "OPTIONS"} and path not in ENDLESS:
            address = filled_in(path, world)
            assert reader.request(method, address).status_code < 500, address
    assert world.container.log.head() == before


@pytest.mark.parametrize(("path", "method"), sorted(CHANGES))
def test_a_change_is_not_a_link(reader: Browser, world: World, path: str, method: str) -> None:
    before = world.container.log.head()
    assert reader.get(filled_in(path, world)).status_code in {200, 404, 405}
    assert world.container.log.head() == before


@pytest.mark.case("W03")
@pytest.mark.parametrize(("path", "method"), sorted(CHANGES))
@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_other_sites_change_nothing(world: World, path: str, method: str, headers: dict[str, str]) -> None:
    before = world.container.log.head()
    with visitor(world.container, headers=headers) as stranger:
        assert stranger.request(method, filled_in(path, world)).status_code == 403
    assert world.container.log.head() == before


def test_two_applications_may_share_a_container(world: World) -> None:
    assert routes(create_app(world.container)) == routes(create_app(world.container))
