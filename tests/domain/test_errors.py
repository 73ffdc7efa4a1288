"""Errors say what is wrong and what to do."""

import pytest

from domain import errors
from domain.errors import (
    AlreadyExists,
    CommandRefused,
    DoesNotExist,
    InvalidValue,
    InvalidValues,
    NotAllowed,
    SciPaperLoaderError,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SciPaperLoaderError("It broke."), "It broke. Look into the log for details."),
        (SciPaperLoaderError("It broke.", remedy="Mend it."), "It broke. Mend it."),
        (SciPaperLoaderError("It broke.", remedy=""), "It broke."),
        (
            NotAllowed("queue", "the paper", "done"),
            "“queue” is not possible: the paper is done. Nothing was changed.",
        ),
        (
            NotAllowed("undo", "the import", "undone", remedy="Relax."),
            "“undo” is not possible: the import is undone. Relax.",
        ),
        (AlreadyExists("This paper"), "This paper exists already. Nothing was changed."),
        (DoesNotExist("This paper"), "This paper does not exist. Check the id; nothing was changed."),
        (InvalidValue("volume", -1, "0 to 9"), "volume is -1. Expected: 0 to 9."),
        (InvalidValues((InvalidValue("volume", -1, "0 to 9"),)), "volume is -1. Expected: 0 to 9."),
        (
            InvalidValues((*(InvalidValue(name, -1, "0 to 9") for name in "ab"), InvalidValue("c", 2, "a letter"))),
            "a is -1. b is -1. c is 2. Expected: 0 to 9; a letter.",
        ),
    ],
)
def test_an_error_names_its_remedy(error: SciPaperLoaderError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("kind", [NotAllowed, AlreadyExists, DoesNotExist, InvalidValue, InvalidValues])
def test_what_deciders_raise_is_a_refusal(kind: type[Exception]) -> None:
    assert issubclass(kind, CommandRefused)
    assert issubclass(kind, SciPaperLoaderError)


def test_a_refusal_carries_what_it_is_about() -> None:
    refusal = NotAllowed("queue", "the paper", "done")
    assert (refusal.command, refusal.subject, refusal.state) == ("queue", "the paper", "done")
    invalid = InvalidValue("volume", -1, "0 to 9")
    assert (invalid.field, invalid.value, invalid.expected) == ("volume", -1, "0 to 9")


def test_all_faults_are_carried_but_not_all_are_spoken_of() -> None:
    error = InvalidValues(tuple(InvalidValue(f"weights[{hour}]", -1, "more") for hour in range(168)))
    assert len(error.faults) == 168
    assert "weights[23] is -1. And 144 more." in error.message


def test_the_tree_at_the_top_of_the_module_names_every_class() -> None:
    names = [name for name, value in vars(errors).items() if isinstance(value, type)]
    assert all(name in (errors.__doc__ or "") for name in names)
