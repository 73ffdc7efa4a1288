"""Rows of papers for tests."""

from datetime import UTC, datetime
from typing import Any

from application.queries import PaperRow
from domain.pipeline import Status

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def paper_row(**fields: Any) -> PaperRow:
    """A paper of which only the given fields are known."""
    nothing = dict.fromkeys(attribute.name for attribute in PaperRow.__attrs_attrs__)
    known = {
        "id": "p1",
        "status": Status.NEW,
        "attempts": 0,
        "copies": 0,
        "requested": False,
        "registered_at": MOMENT,
        "updated_at": MOMENT,
        "position": 1,
    }
    return PaperRow(**(nothing | known | fields))  # type: ignore[arg-type]
