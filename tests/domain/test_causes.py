"""The list of causes, and the verdict on a paper."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import causes
from domain.causes import CAUSES, WALLS, Cause, Scope, verdict

OUTCOMES = st.lists(st.sampled_from([*CAUSES, "ok"]), max_size=6)


def test_names_are_unique() -> None:
    assert len(CAUSES) == len(causes._ALL)


def test_causes_of_tries_differ_in_rank_so_that_the_order_of_tries_does_not_matter() -> None:
    ranks = [cause.rank for cause in CAUSES.values() if cause.scope is Scope.TRY]
    assert len(set(ranks)) == len(ranks)


@pytest.mark.parametrize("cause", CAUSES.values(), ids=list(CAUSES))
class TestCause:
    def test_is_known_by_its_name(self, cause: Cause) -> None:
        assert CAUSES[cause.name] is cause
        assert cause.name.replace("_", "").isalpha()
        assert cause.name == cause.name.lower() != "ok"

    def test_says_what_happened_and_what_to_do_in_sentences(self, cause: Cause) -> None:
        for text in (cause.sentence, cause.action):
            assert text[0].isupper()
            assert text.endswith(".")
            assert text == " ".join(text.split())

    def test_waits_longer_each_time(self, cause: Cause) -> None:
        assert all(wait > timedelta() for wait in cause.waits)
        assert all(shorter < longer for shorter, longer in pairwise(cause.waits))

    def test_blocks_a_url_only_if_it_speaks_of_one_and_will_not_go_away(self, cause: Cause) -> None:
        assert not cause.blocks or (cause.scope is Scope.TRY and not cause.transient)


class TestVerdict:
    @given(tried=OUTCOMES)
    def test_is_always_a_known_cause(self, tried: list[str]) -> None:
        assert verdict(tried) in CAUSES

    @given(tried=st.lists(st.text(max_size=8)))
    def test_ignores_causes_of_other_versions(self, tried: list[str]) -> None:
        assert verdict([*tried, "not_found"]) == verdict([*(t for t in tried if t in CAUSES), "not_found"])

    @given(
        tried=OUTCOMES.filter(lambda tried: all(CAUSES[t].scope is Scope.TRY for t in tried if t != "ok")),
        data=st.data(),
    )
    def test_does_not_depend_on_the_order_of_tries(self, tried: list[str], data: st.DataObject) -> None:
        assert verdict(data.draw(st.permutations(tried))) == verdict(tried)

    @given(tried=OUTCOMES)
    def test_is_that_of_the_cause_that_tells_most(self, tried: list[str]) -> None:
        found = CAUSES[verdict(tried)]
        assert all(found.rank >= CAUSES[name].rank for name in tried if name != "ok")

    @pytest.mark.parametrize("wall", sorted(WALLS))
    def test_a_wall_makes_an_open_paper_open_but_blocked(self, wall: str) -> None:
        assert verdict(["not_found", wall, "timeout"]) == "open_but_blocked"

    def test_without_tries_there_was_no_copy(self) -> None:
        assert verdict([]) == verdict(["ok"]) == "no_open_copy"

    def test_a_paywall_tells_more_than_a_dead_link(self) -> None:
        assert verdict(["not_found", "login_or_paywall"]) == "login_or_paywall"
