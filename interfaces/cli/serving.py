"""`run` and `demo`: the server, for real and against a simulated web."""

import os
import tempfile
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click
import structlog
from attrs import asdict, evolve

from application.importing import Request
from application.ports.processes import Role
from application.queries import PaperFilter
from application.working import Working, keep_working
from domain.importing import OnDuplicate
from domain.pipeline import IN_TRANSIT, TAKEN
from domain.scraper import Action
from interfaces.cli.shared import application, give, is_given, loaded, person, with_data_dir
from interfaces.container import Container
from interfaces.names import former_in_words, in_use
from interfaces.settings import Settings

logger = structlog.get_logger(__name__)

DEMO_PAPERS = 120
HOURS = 24
DEMO = "demo"
"""The origin of the settings that lead to the simulated web."""
DEMO_PAUSE = 1.0
"""Seconds between two looks for work."""


@click.command()
@click.option("--host", help="Address to listen on; default: the setting HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: the setting PORT.")
@with_data_dir
@click.option("--reload", is_flag=True, help="Start anew when the source changes, for developers.")
@click.pass_context
def run(ctx: click.Context, host: str | None, port: int | None, reload: bool) -> None:
    """Serve the web pages and the API, and work through imports in the background."""
    from interfaces import serving

    for name, value in (("host", host), ("port", port)):
        if value is not None:
            give(ctx, name, value)
    settings = loaded().settings
    _tell_former_names()
    serving.check_host(settings)
    serving.check_port(settings)
    if reload:
        click.echo(_where(settings))
        serving.serve_reloading(settings)
        return
    with serving.noted(settings, Role.RUN), application() as app:
        click.echo(_where(settings))
        serving.serve(app)


@click.command()
@click.option("--papers", default=DEMO_PAPERS, show_default=True, help="Papers of the simulated library.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same library.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: the setting PORT.")
@click.option("--data-dir", metavar="FOLDER", help="Keep the demo's data here; default: a temporary folder.")
@click.option("--schedule", is_flag=True, help="Leave a third of the papers to the schedule, with the scraper started.")
@click.pass_context
def demo(ctx: click.Context, papers: int, seed: int, port: int | None, data_dir: str | None, schedule: bool) -> None:
    """Try everything out against a simulated scholarly web: no internet is needed, and none is used."""
    from interfaces import bootstrap, serving

    for name, value in (("data_dir", data_dir), ("port", port)):
        if value is not None:
            give(ctx, name, value)
    found = loaded()
    with ExitStack() as stack:
        folder = found.settings.data if is_given("data_dir") else Path(stack.enter_context(_for_a_while()))
        addresses, upload = stack.enter_context(bootstrap.simulated_web(seed, papers))
        settings = _demo_settings(found.settings, folder, addresses)
        changed = [name for name, value in asdict(settings).items() if value != getattr(found.settings, name)]
        origins = found.origins.said_by(DEMO, changed)
        serving.check_port(settings)
        stack.enter_context(serving.noted(settings, Role.DEMO))
        app = stack.enter_context(bootstrap.container(settings, origins, {}))
        _import(app, upload)
        click.echo(f"{papers} papers of a simulated library. Data: {folder}")
        click.echo(_where(settings))
        work = partial(_work_and_schedule, app, papers) if schedule else partial(_work, app.working)
        serving.serve(app, during=work)


def _for_a_while() -> AbstractContextManager[str]:
    return tempfile.TemporaryDirectory(prefix="scipaperloader-demo-")


def _work(working: Working) -> None:
    keep_working(working, DEMO_PAUSE, _report)


def _work_and_schedule(app: Container, papers: int) -> None:
    """Work through most papers at once, and let the schedule take the others within the hour."""
    _work(evolve(app.working, stop=lambda: app.working.stop() or _dealt_with(app) >= papers - papers // 3))
    if not app.working.stop():
        app.scheduling.change({"volume": papers * HOURS}, person())
        app.controlling.use(Action.START, "", person())


def _dealt_with(app: Container) -> int:
    """How many papers the pipeline takes no further."""
    counts = app.papers.by_status(PaperFilter())
    return sum(count for status, count in counts.items() if status not in TAKEN | IN_TRANSIT)


def _tell_former_names() -> None:
    """One line on standard error, where settings of the former application are given."""
    if told := former_in_words(in_use(os.environ, Path.cwd())):
        click.echo(told, err=True)


def _report(error: BaseException) -> None:
    logger.error("work was interrupted", exc_info=error)


def _demo_settings(settings: Settings, folder: Path, addresses: dict[str, Any]) -> Settings:
    """Settings that lead to the simulated web, and nowhere else; impatient, so that slow hosts show soon."""
    folder = folder.absolute()
    return evolve(
        settings,
        **addresses,
        data_dir=str(folder),
        library_dir=str(folder / "library"),
        database_url=f"sqlite:///{folder / 'scipaperloader.db'}",
        contact_email="demo@scipaperloader.invalid",
        disk_reserve_bytes=50_000_000,
        local_gap=0.2,
        page_seconds=8.0,
        file_seconds=10.0,
    )


def _import(app: Container, upload: bytes) -> None:
    request = Request(filename="demo.csv", collection="Demonstration", on_duplicate=OnDuplicate.FILL, actor=person())
    app.importing.accept(app.uploads.keep([upload]), request)


def _where(settings: Settings) -> str:
    return f"Open http://{settings.host}:{settings.port}/ in your browser. Ctrl-C ends the server."


COMMANDS = (run, demo)
