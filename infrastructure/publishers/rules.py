"""What the platforms' rules make of an address: the file that belongs to a page, or that a page only shows."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from application.publishers import Publisher
from infrastructure.publishers.addresses import absolute
from infrastructure.publishers.platforms.catalogue import (
    PLATFORMS,
    of_address,
    of_doi,
    of_site,
    platforms_of_page,
)
from infrastructure.publishers.platforms.platform import Platform, rule

EMBEDDED = rule(r"([^?#]+)\?embed=true", r"//\g<1>")
PDF_JS = rule(r"[^?#]+/viewer(?:\.html?)?\?(?:[^#]*&)?file=([^&#]+)(?:&[^#]*)?", r"\g<1>")
"""The viewer that many sites show files with; the address in it may be relative, and is percent-encoded."""

VIEWER_RULES = (*(viewer for one in PLATFORMS for viewer in one.viewers), EMBEDDED, PDF_JS)


def files_of_page(url: str, page: str = "") -> Iterator[tuple[str, str]]:
    """The rules that fit a landing page's address: the names of their platforms, each with the file's address.

    Rules of a platform that is known by its pages count only where `page`, the source, gives it away.
    """
    own = of_address(url)
    elsewhere = platforms_of_page(page) if page else ()
    for platform in dict.fromkeys((*([own] if own else ()), *elsewhere)):
        for each in platform.pages:
            if match := each.pattern.fullmatch(url):
                yield platform.name, match.expand(each.target)


def behind_viewer(url: str) -> str | None:
    """The address of the file that the page at `url` only shows, None where `url` is no such page."""
    for each in VIEWER_RULES:
        if match := each.pattern.fullmatch(url):
            target = match.expand(each.target)
            return absolute(url, unquote(target) if each is PDF_JS else target)
    return None


def left_alone(url: str) -> str:
    """Why nothing is fetched from an address; "" where it may be asked."""
    platform = of_address(url)
    return f"{platform.name}: {platform.left_alone}" if platform and platform.left_alone else ""


class PublisherRules:
    """Adapter of application.publishers.Rules."""

    def publishers(self) -> Sequence[Publisher]:
        """See the port."""
        return list(_PUBLISHERS.values())

    def of_site(self, site: str) -> Publisher | None:
        """See the port."""
        return _told(of_site(site))

    def of_doi(self, doi: str) -> Publisher | None:
        """See the port."""
        return _told(of_doi(doi))

    def of_address(self, url: str) -> Publisher | None:
        """See the port."""
        return _told(of_address(url))


def _told(platform: Platform | None) -> Publisher | None:
    return _PUBLISHERS[platform.name] if platform else None


def _ways(platform: Platform) -> Iterator[str]:
    if platform.left_alone:
        return
    if platform.data:
        yield "data in the page"
    if platform.pages:
        yield "the page's address"
    if platform.viewers:
        yield "the address of its viewer"
    if platform.marks:
        yield "a marked link"
    if platform.signs:
        yield "known by its pages"


_PUBLISHERS = {
    one.name: Publisher(
        name=one.name,
        prefixes=one.prefixes,
        hosts=one.hosts,
        ways=tuple(_ways(one)),
        proof=one.proof,
        left_alone=one.left_alone,
    )
    for one in PLATFORMS
}
