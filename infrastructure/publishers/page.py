"""What a landing page tells: where the file may be, and which paper the page is about."""

from attrs import frozen

RULE = "rule"
"""First word of `found_by` where a rule of this program gave the address, not the page."""


@frozen(kw_only=True)
class Candidate:
    """An address that may be the file. `found_by` is the tag, the word or the rule that gave it."""

    url: str
    found_by: str


@frozen(kw_only=True)
class LandingPage:
    """A page as it was read; empty where it could not be."""

    candidates: tuple[Candidate, ...] = ()
    """Best first, each address once."""
    continue_at: str | None = None
    """Where the page itself sends a browser on, None where it stays."""
    dois: tuple[str, ...] = ()
    """The DOIs that the page calls its own, in normal form."""
    title: str | None = None

    @property
    def pdf_urls(self) -> tuple[str, ...]:
        """The candidates' addresses."""
        return tuple(candidate.url for candidate in self.candidates)

    def is_about(self, doi: str) -> bool | None:
        """Whether the page is about a DOI, None where it does not say what it is about."""
        return doi.lower() in self.dois if self.dois else None
