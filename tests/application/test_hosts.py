"""How pages are read, by the rules of publishers."""

from datetime import UTC, datetime

from application.hosts import OTHER_SITES, rule_states
from application.tallies import PageTally
from infrastructure.publishers.rules import PAGE_RULES, PublisherRules

EARLY, LATE = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2))


def pages(site: str, led: int, no_link: int, led_at: datetime | None = None) -> PageTally:
    return PageTally(site=site, led=led, no_link=no_link, led_at=led_at)


def test_sites_are_told_by_the_rule_that_knows_them() -> None:
    met = [
        pages("link.springer.com", 3, 1, EARLY),
        pages("genomebiology.biomedcentral.com", 1, 0, EARLY),
        pages("bmcpublichealth.biomedcentral.com", 1, 2, LATE),
        pages("somewhere.example", 0, 4),
    ]
    found = {state.name: state for state in rule_states(PublisherRules(), met)}
    assert list(found) == [*(rule.name for rule in PAGE_RULES), OTHER_SITES]
    assert (found["Springer"].sites, found["Springer"].share, found["Springer"].led_at) == (1, 0.75, EARLY)
    bmc = found["BMC and SpringerOpen"]
    assert (bmc.sites, bmc.led, bmc.no_link, bmc.share, bmc.led_at) == (2, 2, 2, 0.5, LATE)
    assert (found[OTHER_SITES].sites, found[OTHER_SITES].share) == (1, 0.0)
    assert (found["NBER"].sites, found["NBER"].share, found["NBER"].led_at) == (0, None, None)
