"""Pages, judged: the walls first, then where an article's page leads."""

from application.ports.pages import Leads
from infrastructure.publishers.isolated import read_isolated
from infrastructure.publishers.landing import read_page
from infrastructure.publishers.walls import classify, offers_for_money

HARMLESS = 50_000
"""Bytes of a page that no trick makes slow to parse; larger ones are read in a process of their own."""
MOST_LEADS = 4
OK = 200


class PublisherPages:
    """Adapter of application.ports.pages.Pages."""

    def read(self, url: str, body: bytes, content_type: str, headers: dict[str, str]) -> Leads:
        """See the port."""
        if cause := classify(url, OK, headers, body, content_type):
            return Leads(cause=cause)
        page = read_page(body, url) if len(body) <= HARMLESS else read_isolated(body, url)
        leads = page.pdf_urls[:MOST_LEADS]
        if not leads and page.continue_at is None and offers_for_money(body):
            return Leads(dois=page.dois, cause="login_or_paywall")
        return Leads(pdf_urls=leads, continue_at=page.continue_at, dois=page.dois)

    def wall(self, url: str, status: int, headers: dict[str, str], body: bytes) -> str | None:
        """See the port."""
        return classify(url, status, headers, body, headers.get("content-type", ""))
