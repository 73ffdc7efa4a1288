"""How the database is, in one word and one sentence that stands alone."""

import pytest

from application.condition import Condition, Headline, headline
from application.health import Check, Finding, Result, error, examine, ok, skipped, warning

FINE = {"database": ok("SQLite."), "schema": ok("0002."), "database-write": ok("It can.")}


def results(**found: Finding) -> tuple[Result, ...]:
    """What the checks found, those of the database first."""
    findings = {name: (found.pop(name.replace("-", "_"), fine)) for name, fine in FINE.items()} | found
    needs = {"schema": "database", "database-write": "schema"}
    checks = [
        Check(name=name, tested="Something", examine=lambda one=one: one, needs=needs.get(name, ""))  # type: ignore[misc]
        for name, one in findings.items()
    ]
    return examine(checks)


def test_one_that_is_in_order() -> None:
    found = headline(results())
    assert found == Headline(condition=Condition.OK, sentence="The database is in order.")
    assert found.is_ok


def test_what_else_is_wrong_is_not_the_databases() -> None:
    assert headline(results(server=error("It hangs.", "End it."), backups=warning("None.", "Do."))).is_ok


@pytest.mark.parametrize(
    ("name", "found", "condition", "sentence"),
    [
        ("database", skipped("There is none yet: soon.", kind="none"), "none", "There is no database yet: soon."),
        ("database", error("It is damaged. (x)", "", "damaged"), "damaged", "The database is damaged. (x)"),
        (
            "database",
            error("Its server does not answer.", "", "silent"),
            "silent",
            "The database's server does not answer.",
        ),
        ("database", error("The database /x is missing.", "", "missing"), "missing", "The database /x is missing."),
        ("database", error("Something broke.", ""), "unusable", "The database: Something broke."),
        ("database", error("DATABASE_URL is none.", ""), "unusable", "DATABASE_URL is none."),
        (
            "schema",
            error("0001, which is old.", "", "older"),
            "older",
            "The database is of the revision 0001, which is old.",
        ),
        ("schema", skipped("It has no tables yet.", kind="none"), "none", "The database has no tables yet."),
        ("database_write", error("It is locked by one.", "", "locked"), "locked", "The database is locked by one."),
    ],
)
def test_a_fault_is_a_sentence_that_stands_alone(name: str, found: Finding, condition: str, sentence: str) -> None:
    told = headline(results(**{name: found}))
    assert (told.condition, told.sentence) == (condition, sentence)
    assert not told.is_ok


def test_the_first_fault_counts_and_what_follows_from_it_does_not() -> None:
    told = headline(results(database=error("It is locked.", "Wait.", "locked"), schema=error("Old.", "", "older")))
    assert (told.condition, told.remedy) == (Condition.LOCKED, "Wait.")


def test_damage_counts_first_wherever_it_is_met() -> None:
    locked, damaged = error("It is locked.", "", "locked"), error("It is damaged.", "Restore.", "damaged")
    told = headline(results(database_write=locked, log=damaged))
    assert (told.condition, told.sentence) == (Condition.DAMAGED, "The database is damaged.")
