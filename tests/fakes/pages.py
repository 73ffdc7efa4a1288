"""Web pages whose meaning is known."""

from attrs import define, field

from application.ports.pages import Leads


@define
class FakePages:
    """Stand-in for application.ports.pages.Pages: `leads` by address, `walls` by the body of a refusal."""

    leads: dict[str, Leads] = field(factory=dict)
    walls: dict[bytes, str] = field(factory=dict)

    def read(self, url: str, body: bytes, content_type: str, headers: dict[str, str]) -> Leads:
        """Where the page leads; nowhere, where nothing was said of it."""
        return self.leads.get(url, Leads())

    def wall(self, url: str, status: int, headers: dict[str, str], body: bytes) -> str | None:
        """The wall that the body is."""
        return self.walls.get(body)
