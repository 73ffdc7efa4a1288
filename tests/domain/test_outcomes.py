"""What outcomes say of the sites that were asked."""

import pytest

from domain.causes import CAUSES, GOOD
from domain.outcomes import GOOD_ANSWERS, NO_LINK, NOT_ASKED, Answer, answer_of


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        ("ok", Answer.FILE),
        ("page", Answer.PAGE),
        ("forbidden", Answer.WALL),
        ("login_or_paywall", Answer.WALL),
        ("rate_limited", Answer.LATER),
        ("timeout", Answer.LATER),
        ("not_found", Answer.USELESS),
        ("no_pdf_link", Answer.USELESS),
        ("a cause of later times", Answer.USELESS),
        ("no_internet", None),
        ("host_resting", None),
    ],
)
def test_what_an_outcome_says_of_the_site(outcome: str, answer: Answer | None) -> None:
    assert answer_of(outcome) is answer


def test_every_outcome_is_good_bad_or_nothing_of_the_site() -> None:
    assert {name for name in GOOD if answer_of(name) in GOOD_ANSWERS} == set(GOOD)
    assert {name for name in CAUSES if answer_of(name) is None} == set(NOT_ASKED)
    assert set(CAUSES) >= NO_LINK
