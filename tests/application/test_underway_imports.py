"""The imports that are being worked through: those that were broken off are known by their silence."""

from datetime import timedelta

import pytest

from application.underway_imports import SILENCE, running_imports, silent_imports
from tests.application.lists import REQUEST, Library, doi, row
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize("later", [SILENCE, timedelta(days=-3650)])
def test_an_import_of_which_nothing_was_heard_for_a_while_was_broken_off(
    sql_library: Library, clock: FakeClock, later: timedelta
) -> None:
    name = sql_library.handler.accept(sql_library.file(row(doi(1))), REQUEST).import_id
    clock.advance(SILENCE - timedelta(seconds=1))
    sql_library.handler.run(name, stop=lambda: True)
    assert [one.id for one in running_imports(sql_library.imports)] == [name]
    clock.advance(SILENCE - timedelta(seconds=1))
    assert silent_imports(sql_library.imports, clock.now()) == [], "it was heard of not long ago"
    clock.advance(later)
    assert silent_imports(sql_library.imports, clock.now()) == [name]


def test_an_import_that_has_ended_is_left_alone(sql_library: Library, clock: FakeClock) -> None:
    sql_library.take(row(doi(1)))
    clock.advance(SILENCE)
    assert silent_imports(sql_library.imports, clock.now()) == []
