"""`diagnose quick-fix` asks where somebody can answer."""

import pytest

from interfaces.cli import fixing
from tests.interfaces.cli.conftest import Terminal


def test_somebody_at_a_terminal_is_asked_first(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixing, "somebody_answers", lambda: True)
    filled("diagnose", "quick-fix", answer="n\n", code=1)
    assert filled.json("status")["scraper"] == "stopped"
    filled("diagnose", "quick-fix", "--yes")
    assert filled.json("status")["scraper"] == "emergency-stopped"
