"""Where a paper stands, in words."""

import pytest

from application.standing import LABELS, MEANINGS, Next, standing
from domain.causes import CAUSES
from domain.pipeline import Status
from domain.scraper import ScraperStatus
from tests.application.papers import MOMENT, paper_row


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_label_a_meaning_and_a_sentence(status: Status) -> None:
    assert LABELS[status]
    assert MEANINGS[status]
    assert standing(paper_row(status=status)).sentence.endswith(".")


@pytest.mark.parametrize("cause", CAUSES)
def test_a_failure_is_told_with_its_reason_and_what_to_do(cause: str) -> None:
    told = standing(paper_row(status=Status.FAILED, cause=cause, not_before=MOMENT))
    assert CAUSES[cause].sentence in told.sentence
    assert told.action == CAUSES[cause].action
    assert told.again == MOMENT


def test_a_copy_is_told_with_its_place() -> None:
    told = standing(paper_row(status=Status.LOCATED, copies=2, host="x.example"))
    assert told.sentence == "2 copies are known, the best one at x.example. The download waits for its turn."


def test_a_paper_that_was_put_off_tells_why() -> None:
    told = standing(paper_row(status=Status.NEW, cause="rate_limited", not_before=MOMENT))
    assert "slow down" in told.sentence


def test_a_file_is_told_with_its_size() -> None:
    told = standing(paper_row(status=Status.DONE, file_path="a.pdf", file_pages=1, file_size=2_000_000))
    assert told.sentence == "The file is in your library: 1 page, 2.0 MB."


def test_a_failure_tells_where_a_copy_is_left() -> None:
    def sentence(*places: str) -> str:
        row = paper_row(status=Status.FAILED, cause="login_or_paywall")
        return standing(row, places=places).sentence.rpartition("payment. ")[2]

    assert sentence() == "No copy is left to try."
    assert sentence("arxiv.org") == sentence("arxiv.org", "arxiv.org") == "A copy is known at arxiv.org."
    assert sentence("a.example", "b.example") == "A copy is known at a.example and b.example."
    assert sentence(*"abcd") == "A copy is known at a, b and 2 other places."


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.NEW, "The sources are asked after"),
        (Status.LOCATED, "The schedule may draw it after"),
        (Status.UNAVAILABLE, "The sources are asked again after"),
        (Status.FAILED, "It is tried again after"),
    ],
)
def test_what_comes_next_is_told_with_its_moment(status: Status, text: str) -> None:
    told = standing(paper_row(status=status, cause="timeout", not_before=MOMENT)).next
    assert told == Next(text=text, moment=MOMENT)


def test_a_planned_paper_tells_when_its_job_begins() -> None:
    planned = paper_row(status=Status.PENDING, module="download")
    assert standing(planned, due=MOMENT).next == Next(text="It begins at", moment=MOMENT)
    assert standing(planned).next == Next(text="It begins within its hour.")


@pytest.mark.parametrize("status", [Status.DONE, Status.EXCLUDED, Status.PROCESSING])
def test_nothing_comes_next_where_nothing_does(status: Status) -> None:
    assert standing(paper_row(status=status), switch=ScraperStatus.STOPPED).next is None


@pytest.mark.parametrize("switch", [switch for switch in ScraperStatus if switch is not ScraperStatus.RUNNING])
@pytest.mark.parametrize("status", [Status.NEW, Status.LOCATED, Status.PENDING])
def test_a_switch_that_is_off_holds_up_what_comes_next(status: Status, switch: ScraperStatus) -> None:
    told = standing(paper_row(status=status), switch=switch).next
    assert told
    assert "nothing happens by itself until" in told.held_up
    running = standing(paper_row(status=status), switch=ScraperStatus.RUNNING).next
    assert running
    assert running.held_up == ""


def test_a_paper_that_is_set_aside_tells_how() -> None:
    row = paper_row(status=Status.EXCLUDED)
    for aside in ("Excluded: no article", "Excluded: no article."):
        assert standing(row, aside=aside).sentence.endswith("leaves this paper alone. Excluded: no article.")
    assert standing(paper_row(status=Status.NEW), aside="Excluded.").sentence == standing(paper_row()).sentence


def test_what_a_person_asked_for_elsewhere_is_told() -> None:
    told = standing(paper_row(status=Status.FAILED, cause="timeout", requested=True)).next
    assert told
    assert told.asked == "A person asked for it elsewhere."


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNAVAILABLE, Status.DOUBTFUL])
def test_nothing_holds_up_what_does_not_come_by_itself(status: Status) -> None:
    told = standing(paper_row(status=status, cause="not_an_article"), switch=ScraperStatus.STOPPED).next
    assert told
    assert (told.moment, told.held_up) == (None, "")
