"""Collections."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.collection import DECIDER, MAX_NAME, Collection, Create, Created, Rename, Renamed, id_of, stream_of, tidy
from domain.errors import AlreadyExists, CommandRefused, DoesNotExist, InvalidValue
from tests.domain import spec
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.strategies import HOSTILE_TEXT

NAMES = st.sampled_from(("Review", " review ", "Übersicht", "x" * MAX_NAME, "x" * (MAX_NAME + 1), "", " \t", "a\0b"))
CREATED = spec.given(DECIDER, Created(name="Review"))
BLANKS = st.text(" \t\n\u00a0\u2003", min_size=1, max_size=3)


class TestId:
    @given(
        words=st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), min_size=1),
        blank=BLANKS,
    )
    def test_case_and_blanks_do_not_matter(self, words: list[str], blank: str) -> None:
        name = " ".join(words)
        assert id_of(name) == id_of(name.upper()) == id_of(name.lower()) == id_of(blank + blank.join(words) + blank)

    @pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("Ødegård", "ØDEGÅRD"), ("ΣΊΣΥΦΟΣ", "σίσυφος")])
    def test_case_does_not_matter_in_other_scripts(self, one: str, other: str) -> None:
        assert id_of(one) == id_of(other)

    @given(name=st.text())
    def test_composed_and_decomposed_letters_are_the_same(self, name: str) -> None:
        assert id_of(unicodedata.normalize("NFD", name)) == id_of(unicodedata.normalize("NFC", name))

    def test_other_names_have_other_ids(self) -> None:
        assert len({id_of(name) for name in ("Review", "Review 2", "Reviews", "Re view")}) == 4

    def test_an_id_is_for_ever(self) -> None:
        assert stream_of(id_of("Review")) == "collection-" + REVIEW_ID


REVIEW_ID = "cb3281f3-ae0b-5fa7-9316-346630c70024"


@given(name=HOSTILE_TEXT)
def test_a_tidy_name_stays(name: str) -> None:
    assert tidy(tidy(name)) == tidy(name)


class TestCollection:
    def test_is_created_under_a_tidy_name(self) -> None:
        spec.given(DECIDER).when(Create(name="  My \t review ")).then(Created(name="My review"))

    def test_is_created_once(self) -> None:
        assert "Review" in str(CREATED.when(Create(name="review")).refused(AlreadyExists))

    def test_gets_another_name(self) -> None:
        CREATED.when(Rename(name=" Overview ")).then(Renamed(name="Overview"))

    def test_is_not_renamed_to_the_name_it_has(self) -> None:
        CREATED.when(Rename(name=" Review")).then()

    def test_cannot_be_renamed_before_it_is_created(self) -> None:
        spec.given(DECIDER).when(Rename(name="Overview")).refused(DoesNotExist)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\0b", "a\x1bb", "a\u202eb", "\ud800", "x" * 1_000_000])
    def test_needs_a_name_that_can_be_shown(self, name: str) -> None:
        refusal = spec.given(DECIDER).when(Create(name=name)).refused(InvalidValue)
        assert len(str(refusal.value)) <= MAX_NAME

    def test_may_have_a_name_of_the_full_length_in_any_script(self) -> None:
        assert spec.given(DECIDER).when(Create(name="综" * MAX_NAME)).state.name == "综" * MAX_NAME


class CollectionMachine(AggregateMachine):
    """One collection."""

    decider = DECIDER

    @rule(command=st.builds(Create, name=NAMES | HOSTILE_TEXT) | st.builds(Rename, name=NAMES | HOSTILE_TEXT))
    def is_named(self, command: Create | Rename) -> None:
        before: Collection = self.state
        outcome = self.send(command)
        if (before.name is None) != isinstance(command, Create):
            assert isinstance(outcome, (AlreadyExists, DoesNotExist, InvalidValue))
        if not isinstance(outcome, CommandRefused):
            assert self.state.name == tidy(command.name)

    @invariant()
    def has_a_name_that_can_be_shown(self) -> None:
        assert self.state.name is None or (self.state.name.isprintable() and 0 < len(self.state.name) <= MAX_NAME)


TestCollectionMachine = CollectionMachine.TestCase
TestCollectionMachine.settings = FEW_STEPS
