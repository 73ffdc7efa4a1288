"""Libraries' reports in our own log."""

import logging

import pytest
from structlog.testing import capture_logs

from interfaces.library_log import libraries_logged

LIBRARY = logging.getLogger("a_library.pool")


def test_what_a_library_reports_is_in_our_log_and_not_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logged, libraries_logged():
        LIBRARY.warning("connection %d was lost", 7)
        LIBRARY.info("not worth a line")
        LIBRARY.error("while it was reset", exc_info=OSError("the line is dead"))
    assert logged == [
        {"event": "connection 7 was lost", "library": "a_library.pool", "log_level": "warning"},
        {
            "event": "while it was reset",
            "library": "a_library.pool",
            "error": "the line is dead",
            "log_level": "error",
        },
    ]
    assert capsys.readouterr().err == ""


def test_afterwards_nothing_of_it_is_left() -> None:
    before = list(logging.getLogger().handlers)
    with libraries_logged():
        assert len(logging.getLogger().handlers) == len(before) + 1
    assert logging.getLogger().handlers == before
