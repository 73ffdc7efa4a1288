"""Downloading: which copy is tried, what a file or a page leads to, and what is left when it ends early."""

import hashlib
from datetime import timedelta

import pytest

from application.downloading import MAX_DEPTH, MAX_TRIES, POOR, UNNAMED_PAUSE, attempt_of, paper_of
from application.ports.library import Verdict
from application.ports.pages import Leads
from application.tallies import SiteTally
from domain.causes import CAUSES, WALLS
from domain.copies import Version, site_of
from domain.outcomes import Answer
from domain.paper_commands import BlockCopy, Reopen, SettleDoubt
from domain.paper_events import CandidateBlocked, Deferred, Doubted, Downloaded, Failed
from domain.pipeline import Status
from tests.application.desk import Desk, copy
from tests.application.lists import PERSON
from tests.fakes.fetcher import failing

A, B, C = (f"https://{host}.example/1.pdf" for host in "abc")
PAGE = "https://publisher.example/article/1"


def test_the_right_file_is_stored_and_told(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE
    told = desk.events(name)[-1]
    assert isinstance(told, Downloaded)
    assert told.copy == copy(A)
    assert told.checks == ("it is right",)
    assert told.file.pages == 3
    assert desk.library.open(told.file.path).stat().st_size == told.file.size
    assert desk.tries(name) == [(A, "ok")]


def test_the_best_version_is_tried_first(desk: Desk) -> None:
    name = desk.located(copy(A, version=Version.SUBMITTED), copy(B, version=Version.PUBLISHED))
    desk.fetcher.web = {A: desk.file(Verdict.RIGHT), B: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE
    assert desk.fetcher.asked == [B]


@pytest.mark.parametrize(("misses", "first"), [(POOR, B), (POOR - 1, A)])
def test_a_site_that_gave_nothing_many_times_is_asked_after_the_others(desk: Desk, misses: int, first: str) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: desk.file(Verdict.RIGHT), B: desk.file(Verdict.RIGHT)}
    site = site_of(A)
    desk.sites[site] = SiteTally(
        site=site, answers=dict.fromkeys(Answer, misses), no_link=0, size=0, milliseconds=0, misses=misses, recent=(),
        last_outcome="forbidden", last_at=desk.clock.now(), good_at=None, led_at=None,
    )  # fmt: skip
    assert desk.download(name) is Status.DONE
    assert desk.fetcher.asked == [first]


def test_the_next_copy_is_tried_where_one_is_gone(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {B: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE
    assert desk.tries(name) == [(A, "not_found"), (B, "ok")]


@pytest.mark.case("H53")
def test_a_wrong_document_is_blocked_and_the_next_copy_tried(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: desk.file(Verdict.WRONG, "wrong_document"), B: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE
    assert desk.events(name, CandidateBlocked) == [CandidateBlocked(url=A, cause="wrong_document")]


def test_a_file_that_cannot_be_judged_is_a_bad_one(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: desk.file(Verdict.WRONG)}
    assert desk.download(name) is Status.FAILED
    assert desk.paper(name).cause == "bad_pdf"


def test_a_file_that_was_damaged_on_its_way_is_refused_by_its_checksum_and_fetched_again_later(desk: Desk) -> None:
    content = desk.file(Verdict.RIGHT)
    right, other = (hashlib.md5(one, usedforsecurity=False).hexdigest() for one in (content, b"other"))
    desk.fetcher.web = {A: content}
    name = desk.located(copy(A, md5=other))
    assert desk.download(name) is Status.FAILED
    assert desk.tries(name) == [(A, "truncated")]
    assert desk.paper(name).not_before is not None
    assert desk.events(name, CandidateBlocked) == []
    assert desk.download(desk.located(copy(A, md5=right.upper()))) is Status.DONE


def test_the_checksum_is_that_of_the_copys_own_file_and_not_of_what_a_page_leads_to(desk: Desk) -> None:
    desk.fetcher.web = {PAGE: b"<html>", A: desk.file(Verdict.RIGHT)}
    desk.pages.leads = {PAGE: Leads(pdf_urls=(A,))}
    assert desk.download(desk.located(copy(PAGE, md5="0" * 32))) is Status.DONE


def test_a_doubtful_file_is_kept_only_where_no_better_one_comes(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: desk.file(Verdict.DOUBTFUL), B: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE
    assert desk.tries(name) == [(A, "ok"), (B, "ok")]
    assert desk.paper(name).file_url == B


def test_the_first_doubtful_file_is_kept_for_a_person(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B), copy(C))
    desk.fetcher.web = {
        A: desk.file(Verdict.DOUBTFUL, content=b"first"),
        B: desk.file(Verdict.DOUBTFUL, content=b"second"),
    }
    assert desk.download(name) is Status.DOUBTFUL
    told = desk.events(name)[-1]
    assert isinstance(told, Doubted)
    assert told.copy == copy(A)
    assert b"first" in desk.library.open(told.file.path).read_bytes()


def test_a_rejected_file_is_not_fetched_again(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: desk.file(Verdict.DOUBTFUL), B: failing("server_error", B)}
    desk.download(name)
    (path,) = desk.library.files()
    desk.do(name, SettleDoubt(accepted=False))
    desk.library.remove(path)
    desk.fetcher.web[B] = desk.file(Verdict.RIGHT)
    desk.fetcher.asked.clear()
    assert desk.download(name) is Status.DONE
    assert desk.fetcher.asked == [B]


@pytest.mark.case("H52")
def test_a_page_leads_to_its_file(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True))
    desk.fetcher.web = {PAGE: b"<html>", A: desk.file(Verdict.RIGHT)}
    desk.pages.leads = {PAGE: Leads(pdf_urls=(A,))}
    assert desk.download(name) is Status.DONE
    assert desk.tries(name) == [(PAGE, "page"), (A, "ok")]
    assert desk.fetcher.referers == {PAGE: None, A: PAGE}
    assert desk.events(name)[-1].copy == copy(PAGE, page=True)


def test_every_lead_of_a_page_is_tried_before_the_next_copy(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True), copy(C, version=Version.SUBMITTED))
    desk.fetcher.web = {PAGE: b"<html>", C: desk.file(Verdict.RIGHT)}
    desk.pages.leads = {PAGE: Leads(pdf_urls=(A,), continue_at=B)}
    assert desk.download(name) is Status.DONE
    assert desk.fetcher.asked == [PAGE, A, B, C]


def test_pages_that_lead_to_pages_come_to_an_end(desk: Desk) -> None:
    name = desk.located(copy(f"{PAGE}/0", page=True))
    desk.fetcher.web = {f"{PAGE}/{number}": b"<html>" for number in range(9)}
    desk.pages.leads = {f"{PAGE}/{number}": Leads(continue_at=f"{PAGE}/{number + 1}") for number in range(9)}
    assert desk.download(name) is Status.FAILED
    assert desk.fetcher.asked == [f"{PAGE}/{number}" for number in range(MAX_DEPTH + 1)]
    assert desk.paper(name).cause == "html_instead_of_pdf"


def test_a_page_that_leads_to_itself_is_read_once(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True))
    desk.fetcher.web = {PAGE: b"<html>"}
    desk.pages.leads = {PAGE: Leads(pdf_urls=(f"{PAGE}/",), continue_at=PAGE)}
    assert desk.download(name) is Status.FAILED
    assert desk.fetcher.asked == [PAGE]


def test_one_attempt_has_its_limit(desk: Desk) -> None:
    name = desk.located(*(copy(f"https://host.example/{number}") for number in range(MAX_TRIES + 5)))
    assert desk.download(name) is Status.FAILED
    assert len(desk.fetcher.asked) == MAX_TRIES


def test_a_page_without_a_file_is_told_so(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True))
    desk.fetcher.web = {PAGE: b"<html>"}
    assert desk.download(name) is Status.FAILED
    assert desk.tries(name) == [(PAGE, "no_pdf_link")]


@pytest.mark.case("H41")
def test_a_page_in_place_of_a_file_is_told_so(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: b"<html>"}
    assert desk.download(name) is Status.FAILED
    assert desk.tries(name) == [(A, "html_instead_of_pdf")]


def test_a_file_that_was_blocked_is_not_fetched_by_way_of_its_page(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True))
    desk.do(name, BlockCopy(url=A, cause="wrong_document"))
    desk.fetcher.web = {PAGE: b"<html>", A: desk.file(Verdict.RIGHT)}
    desk.pages.leads = {PAGE: Leads(pdf_urls=(A,))}
    assert desk.download(name) is Status.FAILED
    assert desk.fetcher.asked == [PAGE]


@pytest.mark.parametrize("wall", sorted(WALLS))
@pytest.mark.case("H31")
def test_a_wall_makes_the_paper_open_but_blocked(desk: Desk, wall: str) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: failing(wall, A, status=403)}
    assert desk.download(name) is Status.FAILED
    assert desk.events(name)[-1] == Failed(
        cause="open_but_blocked", not_before=desk.clock.now() + CAUSES["open_but_blocked"].waits[0]
    )


def test_a_site_that_is_left_alone_is_told_and_the_next_copy_tried(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: failing("policy_skip", A), B: desk.file(Verdict.RIGHT)}
    desk.pages.walls = {b"": "login_or_paywall"}
    assert desk.download(name) is Status.DONE
    assert desk.tries(name) == [(A, "policy_skip"), (B, "ok")]


def test_a_paper_that_is_only_on_sites_left_alone_waits_for_a_person(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: failing("policy_skip", A)}
    assert desk.download(name) is Status.FAILED
    assert desk.events(name)[-1] == Failed(cause="policy_skip", not_before=None)
    assert desk.fetcher.reported == []


@pytest.mark.case("H42")
def test_the_page_of_a_refusal_tells_which_wall_it_is(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: failing("forbidden", A, status=403, body=b"are you human?")}
    desk.pages.walls = {b"are you human?": "bot_challenge"}
    assert desk.download(name) is Status.FAILED
    assert desk.tries(name) == [(A, "bot_challenge")]
    assert desk.fetcher.reported == [(A, "bot_challenge")]


def test_a_challenge_in_a_page_is_reported_to_the_host(desk: Desk) -> None:
    name = desk.located(copy(PAGE, page=True))
    desk.fetcher.web = {PAGE: b"<html>"}
    desk.pages.leads = {PAGE: Leads(cause="bot_challenge")}
    assert desk.download(name) is Status.FAILED
    assert desk.fetcher.reported == [(PAGE, "bot_challenge")]


@pytest.mark.case("H24")
def test_a_rate_limit_puts_off_and_fails_nothing(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    soon, late = (desk.clock.now() + timedelta(minutes=minutes) for minutes in (10, 60))
    desk.fetcher.web = {A: failing("rate_limited", A, until=late), B: failing("host_resting", B, until=soon)}
    assert desk.download(name) is Status.LOCATED
    assert desk.events(name)[-1] == Deferred(to=Status.LOCATED, until=soon, cause="rate_limited")
    assert desk.paper(name).setbacks == 0


@pytest.mark.case("H28")
@pytest.mark.parametrize("cause", ["rate_limited", "host_resting", "budget_exhausted"])
def test_a_site_that_names_no_moment_is_waited_for_all_the_same(desk: Desk, cause: str) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: failing(cause, A)}
    assert desk.download(name) is Status.LOCATED
    assert desk.paper(name).not_before == desk.clock.now() + UNNAMED_PAUSE


def test_a_good_copy_is_taken_where_another_asks_for_patience(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: failing("rate_limited", A), B: desk.file(Verdict.RIGHT)}
    assert desk.download(name) is Status.DONE


def test_a_doubtful_file_is_kept_rather_than_waited_for_a_better_one(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))
    desk.fetcher.web = {A: failing("rate_limited", A), B: desk.file(Verdict.DOUBTFUL)}
    assert desk.download(name) is Status.DOUBTFUL


def test_each_failure_waits_longer_until_the_pauses_end(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: failing("server_error", A, status=500)}
    waits = CAUSES["server_error"].waits
    for wait in (*waits, None):
        assert desk.download(name) is Status.FAILED
        assert desk.paper(name).not_before == (wait and desk.clock.now() + wait)
        desk.do(name, Reopen(why="retry"))


def test_where_every_copy_is_blocked_there_is_no_open_copy(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.do(name, BlockCopy(url=A, cause="bad_pdf"))
    assert desk.download(name) is Status.FAILED
    assert desk.paper(name).cause == "no_open_copy"
    assert not desk.fetcher.asked


def test_who_asked_is_in_the_log(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.downloading().download(name, by_hand=True, actor=PERSON)
    events = desk.log.stream(f"paper-{name}")[3:]
    assert {event.actor for event in events} == {PERSON.name}
    assert len({event.correlation for event in events}) == 1


def test_an_attempt_tells_its_paper() -> None:
    name = "01890000-0000-7000-8000-000000000000"
    assert paper_of(attempt_of(name)) == name
    assert attempt_of(name) != attempt_of(name)
