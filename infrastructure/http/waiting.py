"""Waiting by the application's clock, and the end of waiting when the application stops."""

from datetime import UTC, datetime

from application.ports.clock import Clock
from infrastructure.http.trouble import Trouble

STEP = 0.5
"""The longest sleep at once, in seconds."""


def seconds_now(clock: Clock) -> float:
    """This moment in seconds since 1970."""
    return clock.now().timestamp()


def moment(seconds: float) -> datetime:
    """The moment so many seconds after 1970, aware, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def wait_until(clock: Clock, when: float) -> None:
    """Sleep until a moment. A sleep that ends much too early means that the application stops. Raises Trouble then."""
    while (left := when - seconds_now(clock)) > 0:
        before, step = seconds_now(clock), min(left, STEP)
        clock.sleep(step)
        if seconds_now(clock) - before < step / 2:
            raise Trouble("host_resting", "the application is stopping", until=moment(before))


def wait(clock: Clock, seconds: float) -> None:
    """Sleep for so many seconds. Raises Trouble when the application stops."""
    wait_until(clock, seconds_now(clock) + seconds)
