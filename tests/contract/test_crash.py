"""What was acknowledged is there after a kill, and what was not is there as a whole or not at all."""

import time
from multiprocessing.connection import Connection
from random import Random

import pytest

from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.contract.making import origin
from tests.contract.processes import append_for_ever, channel, started
from tests.databases import address

SIZE = 50
"""Events of an append: some milliseconds, in which the kill falls."""


@pytest.mark.parametrize("kills", [10, pytest.param(150, marks=pytest.mark.slow)])
def test_a_writer_killed_at_any_moment_leaves_all_or_nothing(database: Database, kills: int) -> None:
    random, log, interrupted = Random(kills), SqlEventLog(database, SystemClock(), READ_MODELS), 0
    for number in range(kills):
        before = log.head().position
        told = _killed(database, f"writer {number}", random)
        log.append([], origin())  # takes the lock, so that whatever the server still had to do is done
        began, done = told.count(None), [position for position in told if position is not None]
        assert log.head().position - before in {len(done) * SIZE, began * SIZE}
        assert done == [before + SIZE * (batch + 1) for batch in range(len(done))]
        interrupted += began - len(done)
    assert interrupted > 0, "no kill fell into an append"
    assert verify_chain(database).faults == ()
    assert [differences(database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


def _killed(database: Database, name: str, random: Random) -> list[int | None]:
    """Let a process append, kill it in the middle; returns what it told until then."""
    receiving, sending = channel()
    with receiving:
        with started(append_for_ever, address(database), name, SIZE, sending):
            sending.close()
            told = [receiving.recv() for _ in range(random.choice((1, 3, 5)))]
            time.sleep(random.random() * 0.015)  # the moment of the kill is the point of this test
        return told + list(_rest(receiving))


def _rest(receiving: Connection) -> "list[int | None]":
    rest = []
    try:
        while True:
            rest.append(receiving.recv())
    except EOFError:
        return rest
