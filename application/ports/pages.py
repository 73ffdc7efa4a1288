"""Reading web pages: what a landing page leads to, and which wall a page is."""

from typing import Protocol

from attrs import frozen


@frozen(kw_only=True)
class Leads:
    """Where a landing page leads. `cause` is a name of domain.causes where the page is a wall or leads nowhere."""

    pdf_urls: tuple[str, ...] = ()
    continue_at: str | None = None
    """An address that the page sends its reader to at once."""
    dois: tuple[str, ...] = ()
    """The DOIs that the page calls its own, normalised."""
    cause: str | None = None


class Pages(Protocol):
    """Judges pages; never raises for what is in them."""

    def read(self, url: str, body: bytes, content_type: str, headers: dict[str, str]) -> Leads:
        """Where a page with status 200 leads. `url` is its final address.

        A page may call another DOI its own and still be right, a preprint's for one: the check of the file decides.
        """
        ...

    def wall(self, url: str, status: int, headers: dict[str, str], body: bytes) -> str | None:
        """The cause that a refusal's page names, None where it names none."""
        ...
