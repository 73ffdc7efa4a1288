"""The web application: routes, dependencies, and what surrounds them."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from interfaces.container import Container
from interfaces.web import assets
from interfaces.web.api.acting import PaperActionsApi
from interfaces.web.api.bulk import BulkApi
from interfaces.web.api.events import EventsApi
from interfaces.web.api.files import PaperFilesApi
from interfaces.web.api.imports import CollectionsApi, ImportsApi
from interfaces.web.api.jobs import JobsApi
from interfaces.web.api.papers import ExportApi, PapersApi
from interfaces.web.api.publishers import PublishersApi
from interfaces.web.api.schedule import ModulesApi, ScheduleApi
from interfaces.web.api.scraper import ScraperApi
from interfaces.web.api.sources import SourcesApi
from interfaces.web.api.status import Health, StatusApi
from interfaces.web.ending import told_of_signals
from interfaces.web.filtering import query
from interfaces.web.job_filtering import choice
from interfaces.web.pages.about import AboutPage
from interfaces.web.pages.acting import ActingPage
from interfaces.web.pages.activity import ActivityPage
from interfaces.web.pages.bulk import BulkPage
from interfaces.web.pages.diagnostics import DiagnosticsPage
from interfaces.web.pages.dropped import DroppedPage
from interfaces.web.pages.help import HelpPage
from interfaces.web.pages.home import HomePage
from interfaces.web.pages.importing import FormPage
from interfaces.web.pages.imports import CollectionsPage, ImportPages
from interfaces.web.pages.jobs import JobsPage
from interfaces.web.pages.live import LivePage
from interfaces.web.pages.names import NamesPage
from interfaces.web.pages.needs import NeedsPage
from interfaces.web.pages.notices import NoticesPage
from interfaces.web.pages.papers import PaperPage, PapersPage
from interfaces.web.pages.publishers import PublishersPage
from interfaces.web.pages.saved_views import SavedViewsPage
from interfaces.web.pages.schedule import SchedulePage
from interfaces.web.pages.scraper import ScraperPage
from interfaces.web.pages.settings import SettingsPage
from interfaces.web.pages.switch import SwitchPage
from interfaces.web.problems import HANDLERS
from interfaces.web.rendering import template_config
from interfaces.web.tailing import Tailer
from interfaces.web.telling import look_up
from interfaces.web.wrapping import wrapped

MAX_BODY = 10_000_000
"""Bytes of a request, uploads of lists aside."""
THREADS = 16
"""Requests that are worked on at once: as many as the database has connections."""


def create_app(container: Container, *, debug: bool = False) -> Litestar:
    """The application over a container. `state.tailer.close()` ends its streams before a server waits for them."""
    tailer = Tailer(container.log)
    app = Litestar(
        route_handlers=[_pages(container), _api(), Health, assets.router()],
        dependencies={
            "container": Provide(lambda: container, sync_to_thread=False),
            "tailer": Provide(lambda: tailer, sync_to_thread=False),
            "wanted": Provide(query, sync_to_thread=False),
            "chosen": Provide(choice, sync_to_thread=False),
        },
        lifespan=[lambda _: _running(tailer)],
        template_config=template_config(container.book, debug=debug),
        openapi_config=_openapi(),
        exception_handlers=dict(HANDLERS),
        request_max_body_size=MAX_BODY,
        logging_config=None,
        debug=debug,
    )
    app.state.tailer = tailer
    app.asgi_handler = wrapped(app.asgi_handler)
    return app


def _pages(container: Container) -> Router:
    families = [HomePage, SwitchPage, PapersPage, SavedViewsPage, PaperPage, FormPage, ImportPages, LivePage]
    families += [NeedsPage, DroppedPage, SchedulePage, ScraperPage, PublishersPage, JobsPage, ActivityPage]
    families += [DiagnosticsPage, SettingsPage, NamesPage, HelpPage, AboutPage]
    families += [ActingPage, BulkPage, NoticesPage, CollectionsPage]
    return Router("/", route_handlers=families, include_in_schema=False, before_request=look_up(container))


def _api() -> Router:
    families = [PapersApi, PaperActionsApi, PaperFilesApi, ExportApi, ImportsApi, CollectionsApi, EventsApi, StatusApi]
    families += [BulkApi, ScraperApi, ScheduleApi, ModulesApi, SourcesApi, PublishersApi, JobsApi]
    return Router("/api/v1", route_handlers=families)


def _openapi() -> OpenAPIConfig:
    """The description as JSON only: the viewers that the framework offers load scripts from elsewhere."""
    return OpenAPIConfig(
        title="SciPaperLoader",
        version=version("scipaperloader"),
        description="Lists of papers in, legal copies out. Errors are problem details (RFC 9457).",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
    )


@asynccontextmanager
async def _running(tailer: Tailer) -> AsyncIterator[None]:
    """Threads for the handlers, and the tailer, for as long as the server runs."""
    with told_of_signals(tailer.close), ThreadPoolExecutor(THREADS, thread_name_prefix="web") as pool:
        asyncio.get_running_loop().set_default_executor(pool)
        watching = asyncio.create_task(tailer.run())
        try:
            yield
        finally:
            tailer.close()
            await watching
