"""What the run of the recordings came to, printed at its end."""

import pytest

from tests.conformance.scores import told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the right answers of each folder."""
    lines = list(told())
    if lines:
        terminalreporter.section("right answers by folder")
        for line in lines:
            terminalreporter.write_line(line)
