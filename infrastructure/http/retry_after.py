"""The Retry-After header, in both its forms (RFC 9110, 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 24 * 3600.0
"""Seconds; a server that asks for more is asked again after a day."""

_SECONDS = re.compile(r"[0-9]+", re.ASCII)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, at most a day, or None where the header is missing or makes no sense."""
    text = (value or "").strip()[:100]
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max((aware - now).total_seconds(), 0.0), LONGEST)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
