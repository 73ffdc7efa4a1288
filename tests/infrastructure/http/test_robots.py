"""robots.txt, as RFC 9309 has it."""

from datetime import timedelta

import httpx2
import pytest

from infrastructure.http.robots import KEPT_FAILURE_SECONDS, KEPT_ORIGINS, Robots, means_no_rules
from infrastructure.http.trouble import Trouble
from infrastructure.http.waiting import moment
from tests.fakes.clock import FakeClock

RULES = b"User-agent: *\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 30\n"


class Site:
    """Answers with one robots.txt, or one trouble, for every origin."""

    def __init__(self, clock: FakeClock, answer: bytes | Trouble) -> None:
        self.answer, self.asked, self.delays = answer, list[str](), list[float]()
        self.robots = Robots(self._read, clock, lambda _, delay: self.delays.append(delay))

    def _read(self, url: str) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, Trouble):
            raise self.answer
        return self.answer

    def verdict(self, url: str) -> str:
        try:
            self.robots.check(httpx2.URL(url))
        except Trouble as trouble:
            return trouble.cause
        return "allowed"


@pytest.mark.case("H63")
def test_rules_are_obeyed(clock: FakeClock) -> None:
    site = Site(clock, RULES)
    assert site.verdict("https://a.org/article") == "allowed"
    assert site.verdict("https://a.org/private/x.pdf") == "robots_disallowed"
    assert site.verdict("https://a.org/private/open") == "allowed"
    assert site.asked == ["https://a.org/robots.txt"]


def test_rules_for_us_by_name_win(clock: FakeClock) -> None:
    site = Site(clock, b"User-agent: *\nDisallow:\n\nUser-agent: SciPaperLoader\nDisallow: /\n")
    assert site.verdict("https://a.org/x") == "robots_disallowed"


def test_each_origin_has_its_own(clock: FakeClock) -> None:
    site = Site(clock, RULES)
    for url in ("https://a.org/", "http://a.org/", "https://a.org:8443/", "https://b.org/"):
        site.verdict(url)
    assert len(site.asked) == 4
    assert site.asked[2] == "https://a.org:8443/robots.txt"


def test_rules_are_read_once_a_day(clock: FakeClock) -> None:
    site = Site(clock, RULES)
    site.verdict("https://a.org/x")
    clock.advance(timedelta(hours=23))
    site.verdict("https://a.org/x")
    assert len(site.asked) == 1
    clock.advance(timedelta(hours=2))
    site.answer = b""
    assert site.verdict("https://a.org/private/x") == "allowed"
    assert len(site.asked) == 2


@pytest.mark.case("H63")
@pytest.mark.parametrize("cause", ["server_error", "timeout", "network_error"])
def test_rules_that_cannot_be_read_keep_us_out_for_now(clock: FakeClock, cause: str) -> None:
    site = Site(clock, Trouble(cause, "it answered 500"))
    for _ in range(2):
        with pytest.raises(Trouble, match=r"robots\.txt") as caught:
            site.robots.check(httpx2.URL("https://a.org/x"))
        assert caught.value.cause == cause
        assert caught.value.until == moment(clock.now().timestamp() + KEPT_FAILURE_SECONDS)
    assert len(site.asked) == 1
    clock.advance(timedelta(seconds=KEPT_FAILURE_SECONDS))
    site.answer = b""
    assert site.verdict("https://a.org/x") == "allowed"


def test_having_no_turn_is_not_remembered(clock: FakeClock) -> None:
    site = Site(clock, Trouble("rate_limited", "later", until=clock.now()))
    site.verdict("https://a.org/x")
    site.answer = b""
    assert site.verdict("https://a.org/x") == "allowed"


def test_a_site_that_cannot_be_asked_at_all_is_not_blamed_on_its_robots(clock: FakeClock) -> None:
    site = Site(clock, Trouble("address_refused", "its address is not on the public internet"))
    with pytest.raises(Trouble) as caught:
        site.robots.check(httpx2.URL("https://a.org/x"))
    assert "robots" not in caught.value.detail


@pytest.mark.case("H63")
@pytest.mark.parametrize(
    ("trouble", "free"),
    [
        (Trouble("not_found", "", status=404), True),
        (Trouble("forbidden", "", status=403), True),
        (Trouble("bot_challenge", "", status=403), True),
        (Trouble("empty_body", ""), True),
        (Trouble("redirect_loop", ""), True),
        (Trouble("rate_limited", "", status=429), False),
        (Trouble("server_error", "", status=500), False),
        (Trouble("timeout", ""), False),
    ],
    ids=lambda value: getattr(value, "cause", str(value)),
)
def test_what_means_that_there_are_no_rules(trouble: Trouble, free: bool) -> None:
    assert means_no_rules(trouble) == free


@pytest.mark.parametrize(
    "text",
    [b"<html><body>404</body></html>", b"\xff\xfe\x00garbage", b"\xef\xbb\xbf", b"Crawl-delay: nan", b"Disallow: /"],
)
def test_what_is_no_robots_txt_forbids_nothing(clock: FakeClock, text: bytes) -> None:
    assert Site(clock, text).verdict("https://a.org/x") == "allowed"


def test_a_byte_order_mark_hides_no_rule(clock: FakeClock) -> None:
    assert Site(clock, b"\xef\xbb\xbf" + RULES).verdict("https://a.org/private/") == "robots_disallowed"


@pytest.mark.case("H63")
def test_the_crawl_delay_is_handed_on(clock: FakeClock) -> None:
    site = Site(clock, RULES)
    site.verdict("https://a.org/x")
    assert site.delays == [30.0]


def test_interfaces_for_programs_have_no_robots_txt(clock: FakeClock) -> None:
    site = Site(clock, b"User-agent: *\nDisallow: /\n")
    assert site.verdict("https://export.arxiv.org/pdf/2101.00001") == "allowed"
    assert site.asked == []


def test_memory_is_bounded(clock: FakeClock) -> None:
    site = Site(clock, b"")
    for number in range(KEPT_ORIGINS + 1):
        site.verdict(f"https://host-{number}.org/")
    site.verdict("https://host-0.org/")
    site.verdict(f"https://host-{KEPT_ORIGINS}.org/")
    assert len(site.asked) == KEPT_ORIGINS + 2
