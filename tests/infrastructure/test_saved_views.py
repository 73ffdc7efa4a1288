"""Saved views, on both databases: one name is one view, whatever its case."""

from datetime import timedelta

import pytest

from application.ports.saved_views import MAX_NAME, SavedViews
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue
from infrastructure.database import Database
from infrastructure.saved_views import SqlSavedViews
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def views(database: Database, clock: FakeClock) -> SavedViews:
    return SqlSavedViews(database, clock)


def test_a_view_is_kept_under_its_name(views: SavedViews, clock: FakeClock) -> None:
    saved = views.save("  Failed   ones ", "status=failed&sort=-year", "anna")
    assert (saved.name, saved.query, saved.actor, saved.saved_at) == (
        "Failed ones", "status=failed&sort=-year", "anna", clock.now(),
    )  # fmt: skip
    assert views.find(saved.id) == saved
    assert views.all() == [saved]


def test_the_same_name_replaces_what_had_it(views: SavedViews, clock: FakeClock) -> None:
    first = views.save("Failed", "status=failed", "anna")
    clock.advance(timedelta(minutes=1))
    again = views.save("FAILED", "", "bert")
    assert again.id == first.id
    assert views.all() == [again]
    assert (again.name, again.query, again.actor, again.saved_at) == ("FAILED", "", "bert", clock.now())


def test_views_come_by_name(views: SavedViews) -> None:
    for name in ("beta", "Alpha", "Über", "gamma"):
        views.save(name, "", "anna")
    assert [view.name for view in views.all()] == ["Alpha", "beta", "gamma", "Über"]


def test_a_view_gets_another_name(views: SavedViews) -> None:
    view, other = views.save("One", "q=a", "anna"), views.save("Two", "q=b", "anna")
    assert views.rename(view.id, "ONE").name == "ONE", "its own name in another case"
    with pytest.raises(AlreadyExists, match="The view “two” exists already"):
        views.rename(view.id, "two")
    renamed = views.rename(view.id, "Three")
    assert {one.name: one.query for one in views.all()} == {"Three": "q=a", "Two": "q=b"}
    assert views.find(view.id) == renamed
    assert views.find(other.id) == other


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1)])
def test_a_name_that_is_none_is_refused(views: SavedViews, name: str) -> None:
    view = views.save("One", "", "anna")
    with pytest.raises(InvalidValue, match="name is"):
        views.save(name, "", "anna")
    with pytest.raises(InvalidValue, match="name is"):
        views.rename(view.id, name)
    assert views.all() == [view]


def test_a_view_is_deleted_and_may_be_gone_already(views: SavedViews) -> None:
    view = views.save("One", "", "anna")
    views.delete(view.id)
    views.delete(view.id)
    assert views.all() == []
    assert views.find(view.id) is None
    with pytest.raises(DoesNotExist, match="This view does not exist"):
        views.rename(view.id, "Two")


def test_text_that_no_database_can_keep_is_cleaned(views: SavedViews) -> None:
    saved = views.save("a\0\udcff", "q=\0", "b\0")
    assert "\0" not in saved.name + saved.query + saved.actor
    assert views.find("\0") is None
