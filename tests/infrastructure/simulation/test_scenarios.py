"""Every scenario over real sockets: an honest visitor comes to the outcome that the table states."""

import http.client
import time
from email.utils import parsedate_to_datetime

import pytest

from infrastructure.simulation import pages
from infrastructure.simulation.papers import Paper
from infrastructure.simulation.scenarios import SCENARIOS
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from tests.infrastructure.simulation.visitor import PATIENCE, Answer, followed, get, outcome

ENDLESS = ("stalled", "slow")


def paper_of(web: ScholarlyWeb, scenario: str) -> Paper:
    return next(paper for paper in web.world.papers if paper.scenario.name == scenario)


def file_url(web: ScholarlyWeb, scenario: str) -> str:
    spot = paper_of(web, scenario).spots[0]
    return web.url(spot.host, spot.file)


def first_answer(web: ScholarlyWeb, scenario: str) -> Answer:
    return get(file_url(web, scenario))


@pytest.mark.parametrize("scenario", [scenario.name for scenario in SCENARIOS])
def test_an_honest_visitor_comes_to_the_stated_outcome(web: ScholarlyWeb, scenario: str) -> None:
    paper = paper_of(web, scenario)
    expected = web.world.expected()[paper.doi.lower()]
    patience = 0.2 if scenario in ENDLESS else PATIENCE
    assert outcome(web, paper, patience) == (expected.outcome, expected.sha256)


def test_pages_name_their_file_in_every_way() -> None:
    pages_only = [scenario for scenario in SCENARIOS if scenario.name == "good landing page"]
    world = World(seed=1, papers=len(pages.LINKS), scenarios=pages_only)
    with ScholarlyWeb(world) as web:
        assert [outcome(web, paper)[0] for paper in world.papers] == ["done"] * len(pages.LINKS)


def test_a_rate_limit_names_seconds_and_works_later(web: ScholarlyWeb) -> None:
    assert (first_answer(web, "rate limited").status, first_answer(web, "rate limited").status) == (429, 200)
    web.reset()
    assert first_answer(web, "rate limited").headers["retry-after"] == "1"


def test_a_rate_limit_names_a_moment(web: ScholarlyWeb) -> None:
    moment = parsedate_to_datetime(first_answer(web, "rate limited until a moment").headers["retry-after"])
    assert 0 < moment.timestamp() - time.time() <= 3


def test_a_busy_host_works_later_and_forgets_on_reset(web: ScholarlyWeb) -> None:
    assert [first_answer(web, "busy once").status for _ in range(3)] == [503, 200, 200]
    web.reset()
    assert first_answer(web, "busy once").status == 503


def test_walls_look_like_walls(web: ScholarlyWeb) -> None:
    challenge = first_answer(web, "challenge page")
    assert (challenge.status, challenge.headers["cf-mitigated"]) == (403, "challenge")
    assert b"Just a moment" in challenge.body
    assert first_answer(web, "forbidden").status == 403
    login = followed(file_url(web, "login wall"))
    assert (login.status, b'type="password"' in login.body) == (200, True)


def test_a_web_page_and_an_empty_file_say_they_are_pdfs(web: ScholarlyWeb) -> None:
    page, empty = first_answer(web, "web page as PDF"), first_answer(web, "empty file")
    assert page.headers["content-type"] == empty.headers["content-type"] == "application/pdf"
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert (empty.status, empty.body) == (200, b"")


def test_a_long_way_ends_and_a_loop_does_not(web: ScholarlyWeb) -> None:
    assert followed(file_url(web, "redirect chain"), hops=5).status == 200
    with pytest.raises(OSError, match="too many redirects"):
        followed(file_url(web, "redirect loop"), hops=30)


def test_robots_are_kept_from_the_restricted_file_only(web: ScholarlyWeb) -> None:
    url = file_url(web, "closed to robots")
    assert "Disallow: /restricted/" in get(url.split("/restricted")[0] + "/robots.txt").body.decode()
    assert get(url).status == 200


def test_a_cut_off_file_is_shorter_than_promised(web: ScholarlyWeb) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        first_answer(web, "cut off")
    assert len(caught.value.partial) > 0


def test_a_reset_breaks_the_connection_once(web: ScholarlyWeb) -> None:
    with pytest.raises(ConnectionResetError):
        first_answer(web, "reset once")
    assert first_answer(web, "reset once").status == 200


@pytest.mark.parametrize("scenario", ENDLESS)
def test_a_slow_host_begins_but_does_not_end(web: ScholarlyWeb, scenario: str) -> None:
    host, _, path = file_url(web, scenario).removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=0.2)
    connection.request("GET", f"/{path}")
    response = connection.getresponse()
    assert response.status == 200
    assert response.read(1) == b"%"
    with pytest.raises(TimeoutError):
        response.read()
    connection.close()


def test_garbage_is_no_http(web: ScholarlyWeb) -> None:
    with pytest.raises(http.client.BadStatusLine):
        first_answer(web, "garbage")
