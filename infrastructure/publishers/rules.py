"""What single platforms' addresses tell about the address of the file: data, tried after a page's own words.

A page rule leads from the address of a landing page to the file, a viewer rule from the address of a page that only
shows the file to the file itself. Sources: the platforms' own links, as described in their help pages and seen on them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from attrs import frozen

from infrastructure.publishers.addresses import absolute


@frozen
class Rule:
    """`pattern` is matched against a whole address; `target` is the file's, with the groups of the match."""

    name: str
    pattern: re.Pattern[str]
    target: str
    sites: re.Pattern[str]
    """Matched against the site alone."""


_DOI = r"(?P<doi>10\.\d{4,9}(?:/|%2f)[^?#]+?)"
_END = r"/?(?:[?#].*)?"


def _rule(name: str, address: str, target: str) -> Rule:
    """`address` has no scheme; {doi} stands for a DOI, and a slash, parameters and a fragment may follow."""
    pattern = r"https?://" + address.replace("{doi}", _DOI) + _END
    site = address.partition("/")[0]
    return Rule(name, re.compile(pattern, re.IGNORECASE), target, _sites(site))


def _sites(pattern: str) -> re.Pattern[str]:
    """The part of an address's pattern before its first slash; for viewers, which may be anywhere, it is no pattern."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return re.compile(r"(?!)")


PAGE_RULES = (
    _rule(
        "Springer",
        r"link\.springer\.com/(?:article|chapter)/{doi}",
        r"https://link.springer.com/content/pdf/\g<doi>.pdf",
    ),
    _rule(
        "BMC and SpringerOpen",
        r"((?:[\w-]+\.)+(?:biomedcentral|springeropen)\.com)/articles/{doi}",
        r"https://\g<1>/counter/pdf/\g<doi>.pdf",
    ),
    _rule(
        "Nature",
        r"www\.nature\.com/articles/((?!d\d)[\w.-]*\d[\w-]*)",
        r"https://www.nature.com/articles/\g<1>.pdf",
    ),
    _rule(
        "Wiley",
        r"((?:[\w-]+\.)*onlinelibrary\.wiley\.com)/doi/(?:(?:abs|full|e?pdf)/)?{doi}(?:/(?:abstract|full|e?pdf))?",
        r"https://\g<1>/doi/pdfdirect/\g<doi>?download=true",
    ),
    _rule("MDPI", r"www\.mdpi\.com/(\d{4}-\d{3}[\dx]/\d+/\d+/\d+)(?:/htm)?", r"https://www.mdpi.com/\g<1>/pdf"),
    _rule(
        "PLOS",
        r"journals\.plos\.org/(\w+)/article\?(?:[^#]*&)?id=(?:info:doi/)?(?P<doi>10\.1371/[^&#]+)(?:&[^#]*)?",
        r"https://journals.plos.org/\g<1>/article/file?id=\g<doi>&type=printable",
    ),
    _rule(
        "Frontiers",
        r"www\.frontiersin\.org/(?:journals/[\w-]+/)?articles/{doi}(?<!/pdf)(?:/full|/abstract)?",
        r"https://www.frontiersin.org/articles/\g<doi>/pdf",
    ),
    _rule(
        "arXiv",
        r"(?:www\.|export\.)?arxiv\.org/abs/([a-z.-]+/\d{7}(?:v\d+)?|\d{4}\.\d{4,5}(?:v\d+)?)",
        r"https://arxiv.org/pdf/\g<1>",
    ),
    _rule(
        "bioRxiv and medRxiv",
        r"(?:www\.)?(biorxiv|medrxiv)\.org/content/(10\.\d+/[\d.]+v\d+)(?:\.(?:abstract|full|full-text))?",
        r"https://www.\g<1>.org/content/\g<2>.full.pdf",
    ),
    _rule(
        "NBER",
        r"(?:www\.)?nber\.org/papers/(w\d+)",
        r"https://www.nber.org/system/files/working_papers/\g<1>/\g<1>.pdf",
    ),
    _rule(
        "J-STAGE",
        r"www\.jstage\.jst\.go\.jp/article/([^?#]+)/_article(?:/-char/\w+)?",
        r"https://www.jstage.jst.go.jp/article/\g<1>/_pdf",
    ),
    _rule("PeerJ", r"peerj\.com/(articles|preprints)/([\w.-]*\d)(?:\.html)?", r"https://peerj.com/\g<1>/\g<2>.pdf"),
    _rule(
        "ACL Anthology",
        r"aclanthology\.org/([a-z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)",
        r"https://aclanthology.org/\g<1>.pdf",
    ),
    _rule(
        "Europe PMC",
        r"europepmc\.org/(?:articles?|abstract)/(?:PMC/)?(PMC\d+)",
        r"https://europepmc.org/articles/\g<1>?pdf=render",
    ),
    _rule(
        "IOP",
        r"iopscience\.iop\.org/article/{doi}(?<!/pdf)(?:/meta)?",
        r"https://iopscience.iop.org/article/\g<doi>/pdf",
    ),
)

PDF_JS = _rule("PDF.js", r"[^?#]+/viewer(?:\.html?)?\?(?:[^#]*&)?file=([^&#]+)(?:&[^#]*)?", r"\g<1>")
"""The viewer that many sites show files with; the address in it may be relative, and is percent-encoded."""

VIEWER_RULES = (
    _rule("OJS", r"([^?#]+/article)/view(/[\w.-]+/\d+)", r"//\g<1>/download\g<2>"),
    _rule("Atypon", r"([^/?#]+/doi)/(?:reader|epdf)/{doi}", r"//\g<1>/pdf/\g<doi>"),
    _rule("Embedded", r"([^?#]+)\?embed=true", r"//\g<1>"),
    PDF_JS,
)


@lru_cache(maxsize=10_000)
def rule_of(site: str) -> str | None:
    """The name of the page rule for a site, None where there is none."""
    return next((rule.name for rule in PAGE_RULES if rule.sites.fullmatch(site)), None)


class PublisherRules:
    """Adapter of application.hosts.Rules."""

    def names(self) -> Sequence[str]:
        """See the port."""
        return [rule.name for rule in PAGE_RULES]

    def rule_of(self, site: str) -> str | None:
        """See the port."""
        return rule_of(site)


def files_of_page(url: str) -> Iterator[tuple[str, str]]:
    """The rules that fit a landing page's address: their names, each with the address of the file."""
    for rule in PAGE_RULES:
        if match := rule.pattern.fullmatch(url):
            yield rule.name, match.expand(rule.target)


def behind_viewer(url: str) -> str | None:
    """The address of the file that the page at `url` only shows, None where `url` is no such page."""
    for rule in VIEWER_RULES:
        if match := rule.pattern.fullmatch(url):
            target = match.expand(rule.target)
            return absolute(url, unquote(target) if rule is PDF_JS else target)
    return None
