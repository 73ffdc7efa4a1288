"""Static files: found beside this module, wherever it is installed, and named by the hash of their content."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from attrs import frozen
from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

FOLDER = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600


@frozen(kw_only=True)
class Asset:
    """A static file: its address, which changes with its content, and its digest for Subresource Integrity."""

    url: str
    integrity: str


@cache
def asset(name: str) -> Asset:
    """The static file with this name, relative to the folder. Raises FileNotFoundError."""
    digest = hashlib.sha384((FOLDER / name).read_bytes()).digest()
    return Asset(
        url=f"/static/{name}?v={digest.hex()[:16]}", integrity=f"sha384-{base64.b64encode(digest).decode('ascii')}"
    )


def router() -> Router:
    """Serves the files. They never change under one address, so browsers keep them."""
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
    )
