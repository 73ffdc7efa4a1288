"""Every platform, and how one is told: by the host, by the page, by the DOI."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from infrastructure.publishers.platforms.atypon import ATYPON
from infrastructure.publishers.platforms.hosted import HIGHWIRE, SILVERCHAIR
from infrastructure.publishers.platforms.houses import HOUSES
from infrastructure.publishers.platforms.left_alone import LEFT_ALONE
from infrastructure.publishers.platforms.platform import Platform
from infrastructure.publishers.platforms.preprints import PREPRINTS
from infrastructure.publishers.platforms.repositories import REPOSITORIES

PLATFORMS: tuple[Platform, ...] = (*HOUSES, *PREPRINTS, *ATYPON, *SILVERCHAIR, *HIGHWIRE, *REPOSITORIES, *LEFT_ALONE)

_BY_PREFIX: Mapping[str, Platform] = {prefix: one for one in PLATFORMS for prefix in one.prefixes}
_BY_DOMAIN: Mapping[str, Platform] = {host: one for one in PLATFORMS for host in one.hosts}
_BY_SIGN = tuple((sign, one) for one in PLATFORMS for sign in one.signs)
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
READ = 300_000
"""Characters of a page in which signs are looked for."""
_MOST_LABELS = 12


def platform_of(doi: str | None = None, url: str | None = None, page: str | None = None) -> Platform | None:
    """The platform of a paper or a page: by its host, else by its page, else by its DOI."""
    return (url and of_address(url)) or (page and of_page(page)) or (doi and of_doi(doi)) or None


def of_doi(doi: str) -> Platform | None:
    """The platform for which a DOI was registered."""
    return _BY_PREFIX.get(doi.partition("/")[0])


@lru_cache(maxsize=10_000)
def of_site(site: str) -> Platform | None:
    """The platform that a site belongs to, by its host."""
    labels = site.lower().partition(":")[0].strip(".").split(".")[-_MOST_LABELS:]
    places = range(len(labels))
    whole = (_BY_DOMAIN.get(".".join(labels[place:])) for place in places)
    named = (_BY_DOMAIN.get(f"{labels[place]}.*") for place in places)
    return next(filter(None, (*whole, *named)), None)


def of_address(url: str) -> Platform | None:
    """The platform that an address leads to; that of a resolver by the DOI in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    return of_doi(unquote(parts.path).lstrip("/")) if host in _RESOLVERS else of_site(host)


def of_page(page: str) -> Platform | None:
    """The platform that a page's source gives away."""
    return next(platforms_of_page(page), None)


def platforms_of_page(page: str) -> Iterator[Platform]:
    """Every platform that a page's source gives away."""
    read = page[:READ]
    yield from dict.fromkeys(one for sign, one in _BY_SIGN if sign.search(read))
