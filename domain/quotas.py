"""How many papers each hour takes, and when: the arithmetic of the schedule. Pure; chance comes as a seed."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from random import Random
from types import MappingProxyType

from attrs import frozen

from domain.local_hours import LocalHour, shares_of
from domain.schedule import HOURS_OF_DAY, Schedule

PUNCTUAL = timedelta(minutes=2)
"""An hour that is planned no later than so long after its start gets all of its quota."""


@lru_cache(maxsize=64)
def quotas_of(day: date, schedule: Schedule) -> Mapping[LocalHour, int]:
    """The quota of each hour of a local day: the volume, divided by the weights (largest remainder).

    The sum is the volume exactly, on days of 23, 24 and 25 hours alike; 0 where every weight is 0.
    """
    weights = _weights(day, schedule)
    whole = sum(weights.values())
    if not whole:
        return MappingProxyType(dict.fromkeys(weights, 0))
    exact = {hour: schedule.volume * weight / whole for hour, weight in weights.items()}
    quotas = {hour: math.floor(share) for hour, share in exact.items()}
    left = schedule.volume - sum(quotas.values())
    by_remainder = sorted(exact, key=lambda hour: (quotas[hour] - exact[hour], hour.start))
    for hour in by_remainder[:left]:
        quotas[hour] += 1
    return MappingProxyType(quotas)


def _weights(day: date, schedule: Schedule) -> Mapping[LocalHour, Fraction]:
    """The weight of each hour of the day. Where the clocks leave out every hour that has one, the next hour gets it."""
    painted = [Fraction(weight) for weight in weights_of(day, schedule)]
    weights = {hour: share * painted[hour.hour] for hour, share in shares_of(day, schedule.timezone).items()}
    if weights and not any(weights.values()):
        for clock, weight in enumerate(painted):
            instead = next((hour for hour in weights if hour.hour >= clock), max(weights, key=lambda one: one.start))
            weights[instead] += weight
    return weights


def weights_of(day: date, schedule: Schedule) -> Sequence[float]:
    """The 24 weights of a day."""
    first = HOURS_OF_DAY * day.weekday() if len(schedule.weights) != HOURS_OF_DAY else 0
    return schedule.weights[first : first + HOURS_OF_DAY]


@frozen(kw_only=True)
class Turn:
    """What an hour may take from a moment on: at most `quota` papers, at moments between `begins` and its end."""

    hour: LocalHour
    begins: datetime
    quota: int


def turn_at(hour: LocalHour, schedule: Schedule, now: datetime, taken_until: datetime | None = None) -> Turn:
    """The turn of an hour that is planned now: all of its quota at its start, the share of the rest later on.

    `taken_until` is the end of the hour planned before: after a change of the time zone it may reach into this one.
    """
    whole = quotas_of(hour.day, schedule)[hour]
    free = max(hour.start, taken_until or hour.start)
    begins = max(now, free)
    if free == hour.start and begins - hour.start <= PUNCTUAL:
        return Turn(hour=hour, begins=begins, quota=whole)
    return Turn(hour=hour, begins=min(begins, hour.end), quota=math.floor(whole * hour.rest_after(begins) + 0.5))


def room(quota: int, begins: datetime, end: datetime, now: datetime, *, queued: int, pending: int) -> int:
    """How many more papers a planned hour takes now, of which `queued` were planned and `pending` are to come still.

    Never more than its quota, and in the rest of the hour no more than its share of it: what was missed is not made
    up in a burst.
    """
    rest = max(0.0, (end - max(now, begins)) / (end - begins))
    return max(0, min(quota - queued, math.floor(quota * rest + 0.5) - pending))


def moments(turn: Turn, count: int, seed: int) -> tuple[datetime, ...]:
    """So many moments within the turn, in order, each as likely as any other."""
    chance, length = Random(seed), (turn.hour.end - turn.begins).total_seconds()  # noqa: S311 (no secret)
    offsets = sorted(chance.random() * length for _ in range(count))
    latest = turn.hour.end - timedelta(microseconds=1)
    return tuple(min(turn.begins + timedelta(seconds=offset), latest) for offset in offsets)
