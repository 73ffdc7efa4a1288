"""Copies: full texts that a source says exist, and the order in which they are tried."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from attrs import frozen

from domain.records import storable


class Version(StrEnum):
    """Version of an article (NISO RP-8-2008, in the words of Unpaywall's data format)."""

    PUBLISHED = "publishedVersion"
    ACCEPTED = "acceptedVersion"
    SUBMITTED = "submittedVersion"
    UNKNOWN = "unknown"


class CopyKind(StrEnum):
    """What the URL of a copy leads to."""

    PDF = "pdf"
    LANDING_PAGE = "landing page"


@frozen(kw_only=True, field_transformer=storable)
class Copy:
    """A full text at a URL. `source` is the name of the source that told of it.

    `md5` is the MD5 of the file, in hexadecimal, where the source names it: a file that has another was damaged.
    """

    url: str
    source: str
    kind: CopyKind = CopyKind.PDF
    version: Version = Version.UNKNOWN
    licence: str | None = None
    md5: str | None = None

    @property
    def host(self) -> str:
        """The host's name in lower case, or "" where the URL has none."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""


MACHINE_FRIENDLY = (
    "pmc-oa-opendata.s3.amazonaws.com",
    "export.arxiv.org",
    "arxiv.org",
    "europepmc.org",
    "zenodo.org",
    "hal.science",
    "journals.plos.org",
)
"""Hosts that are made for programs: tried first among copies of the same version."""

_VERSION_ORDER = (Version.PUBLISHED, Version.ACCEPTED, Version.SUBMITTED, Version.UNKNOWN)


def same_place(url: str) -> str:
    """The URL without what does not tell copies apart: scheme, case of the host, final slash, fragment."""
    try:
        parts = urlsplit(url)
        host = (parts.netloc or "").lower()
    except ValueError:
        return url
    path = parts.path.rstrip("/")
    return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"


def site_of(url: str) -> str:
    """Whom a URL leads to: the host in lower case, with its port where that is unusual; "" where it has none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return f"{host}:{port}" if host and port not in (None, usual) else host


def distinct(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies without repetitions of a place; the one with a known version stays, else the first."""
    kept: dict[str, Copy] = {}
    for copy in copies:
        place = same_place(copy.url)
        present = kept.get(place)
        if present is None or (present.version is Version.UNKNOWN and copy.version is not Version.UNKNOWN):
            kept[place] = copy
    return tuple(kept.values())


def ranked(
    copies: Iterable[Copy], *, blocked: Collection[str] = (), last: Collection[str] = (), poor: Collection[str] = ()
) -> tuple[Copy, ...]:
    """The copies in the order of trying: by version, direct files before landing pages, friendly hosts first.

    `blocked` are URLs that are never tried again; copies on the hosts in `last` go to the end. Sites in `poor` have
    given nothing lately: others with the same version are tried before them.
    """
    blocked_places = {same_place(url) for url in blocked}

    def rank(numbered: tuple[int, Copy]) -> tuple[bool, int, bool, bool, bool, int]:
        number, copy = numbered
        return (
            copy.host in last,
            _VERSION_ORDER.index(copy.version),
            site_of(copy.url) in poor,
            copy.kind is CopyKind.LANDING_PAGE,
            copy.host not in MACHINE_FRIENDLY,
            number,
        )

    candidates = [copy for copy in distinct(copies) if same_place(copy.url) not in blocked_places]
    return tuple(copy for _, copy in sorted(enumerate(candidates), key=rank))
