"""How much, how long and how often: the limits of what is fetched."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from attrs import field, frozen

PRODUCT = "SciPaperLoader"
"""The name in the User-Agent, and the one that a robots.txt can address."""


@frozen(kw_only=True)
class FetchSettings:
    """Times are in seconds, sizes in bytes."""

    contact: str = ""
    """The e-mail address that the User-Agent shows, so that an operator can complain."""
    max_file_bytes: int = 256_000_000
    page_seconds: float = 60.0
    """Deadline for a page or an interface's answer with all its redirects, waiting for turns not counted."""
    file_seconds: float = 600.0
    """The same for a file."""
    connect_seconds: float = 10.0
    silence_seconds: float = 30.0
    """The longest time without a byte."""
    resolve_seconds: float = 10.0
    minimum_rate: float = 500.0
    """Bytes a second, on average, that must come in once `grace_seconds` have passed."""
    grace_seconds: float = 20.0
    retries: int = 2
    longest_retry_wait: float = 10.0
    """A longer wait is not waited for: the caller is told when to ask again."""
    gap: float = 1.0
    """Between two requests to a host for which services.py knows no limit of its own."""
    credentials: Mapping[str, Mapping[str, str]] = field(factory=dict, repr=False)
    """Headers with keys, by the origin that gets them, as `https://host`: it alone is sent them."""
    local_gap: float | None = None
    """The gap for hosts inside of ALLOWED_NETWORKS; 0 switches all politeness off for them; None treats them alike."""


def user_agent(contact: str) -> str:
    """An honest name: the program, its version, and whom to write to."""
    try:
        number = version("scipaperloader")
    except PackageNotFoundError:
        number = "0"
    shown = "".join(sign for sign in contact if sign.isascii() and sign.isprintable() and sign not in " ()<>")
    return f"{PRODUCT}/{number} (+mailto:{shown})" if shown else f"{PRODUCT}/{number}"
