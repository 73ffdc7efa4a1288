"""Putting an attempt off for a fault that is none of the paper's."""

from datetime import datetime

from domain.causes import next_try
from domain.paper_commands import Defer


def put_off(cause: str, now: datetime) -> Defer:
    """The command that puts an attempt off for the first pause of the cause; nothing is counted."""
    return Defer(until=next_try(cause, 0, now) or now, cause=cause)
