"""Where a paper stands, in words."""

import pytest

from application.standing import LABELS, MEANINGS, standing
from domain.causes import CAUSES
from domain.pipeline import Status
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
