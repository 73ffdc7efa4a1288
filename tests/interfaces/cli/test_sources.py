"""`sources`: listed, switched, ordered."""

from domain.sources import SOURCES
from tests.interfaces.cli.conftest import Terminal


def listed(terminal: Terminal) -> list[tuple[str, bool]]:
    return [(one["name"], one["on"]) for one in terminal.json("sources", "list")["sources"]]


def test_they_are_listed_in_the_order_of_asking(terminal: Terminal) -> None:
    assert listed(terminal) == [(name, True) for name in SOURCES]
    first, *_ = terminal("sources", "list").stdout.splitlines()
    assert first == "1. unpaywall        on  skipped: CONTACT_EMAIL is not set"


def test_one_is_switched_off_and_on(terminal: Terminal) -> None:
    assert "4. arxiv            off" in terminal("sources", "off", "arxiv").stdout
    assert ("arxiv", False) in listed(terminal)
    assert terminal.json("sources", "on", "arxiv")["sources"][3]["on"] is True


def test_the_order_is_changed(terminal: Terminal) -> None:
    terminal("sources", "order", "europepmc", "arxiv")
    names = [name for name, _ in listed(terminal)]
    assert names == ["europepmc", "arxiv", *(name for name in SOURCES if name not in ("europepmc", "arxiv"))]


def test_the_last_one_stays_on(terminal: Terminal) -> None:
    for name in list(SOURCES)[1:]:
        terminal("sources", "off", name)
    assert "is the only source that is on" in terminal.refusal("sources", "off", "unpaywall")
