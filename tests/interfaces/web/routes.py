"""The routes of the application, and an address of each."""

from uuid import UUID

from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.interfaces.web.world import World

ENDLESS = {"/live", "/api/v1/events/stream"}
NO_PAGES = ("/api/", "/schema", "/static", "/healthz", "/readyz", "/metrics")


def routes(app: Litestar) -> set[tuple[str, str]]:
    """Every path with each of its methods."""
    found = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return {(route.path, method) for route in found for method in route.methods}


def filled_in(path: str, world: World) -> str:
    """An address of the route."""
    values = {"{name:str}": world.done, "{import_id:str}": world.import_id, "{job_id:int}": "1"}
    values |= {"{paper_id:str}": world.done, "{verdict:str}": "accept", "{position:int}": "1"}
    values |= {"{sha256:str}": "0" * 64}
    values |= {
        "{file_path:path}": "/app.css",
        "{path:str}": "openapi.json",
        "{action:str}": "start",
        "{position:int}": "1",
        "{bulk_id:uuid}": str(UUID(int=7)),
        "{section:str}": "contact",
    }
    for parameter, value in values.items():
        path = path.replace(parameter, value)
    return path


def looked_at(app: Litestar, world: World) -> list[str]:
    """An address of every route that people, not programs, look at."""
    paths = {path for path, method in routes(app) if method == "GET" and path not in ENDLESS}
    return sorted(filled_in(path, world) for path in paths if not path.startswith(NO_PAGES))
