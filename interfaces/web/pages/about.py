"""About: what the program is, how it works, and with what."""

import platform
from importlib.metadata import version

from attrs import frozen
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from interfaces.container import Container
from interfaces.web.rendering import html

LIBRARIES = ("litestar", "sqlalchemy", "alembic", "apscheduler", "attrs", "httpx2", "pikepdf", "pypdfium2")


@frozen(kw_only=True)
class AboutView:
    """The program, and what it runs on."""

    version: str
    python: str
    database: str
    data: str
    library: str
    libraries: tuple[tuple[str, str], ...]


class AboutPage(Controller):
    """What this program is."""

    path = "/about"

    @get(sync_to_thread=True)
    def show(self, container: NamedDependency[Container]) -> Template:
        """The page."""
        settings = container.settings
        view = AboutView(
            version=version("scipaperloader"),
            python=platform.python_version(),
            database="SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL",
            data=settings.data_dir,
            library=settings.library_dir,
            libraries=tuple((name, version(name)) for name in LIBRARIES),
        )
        return html("about/show.html", view)
