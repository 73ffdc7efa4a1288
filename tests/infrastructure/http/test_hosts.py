"""The gate's contract, kept by the gate in memory and by those on a database."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from infrastructure.database import Database, DatabaseBusy, metadata, sqlite_url
from infrastructure.http.hosts import HostGate, HostStates, MemoryHostStates, SqlHostStates, hosts, sql_host_gate
from infrastructure.http.politeness import HostState, Outcome
from infrastructure.http.trouble import Trouble
from infrastructure.http.waiting import seconds_now
from tests.databases import KINDS, Databases
from tests.fakes.clock import FakeClock
from tests.infrastructure.http.fakes import StoppedClock

HOST = "publisher.example.org"


@pytest.fixture(params=["memory", *KINDS])
def states(request: pytest.FixtureRequest, databases: Databases) -> Iterator[HostStates]:
    if request.param == "memory":
        yield MemoryHostStates()
        return
    with databases.fresh(request.param) as database:
        hosts.create(database.engine, checkfirst=True)
        yield SqlHostStates(database)


@pytest.fixture
def gate(states: HostStates, clock: FakeClock) -> HostGate:
    return HostGate(states, clock, patience=30.0)


def refused(gate: HostGate, host: str = HOST) -> Trouble:
    with pytest.raises(Trouble) as caught:
        gate.acquire(host, gap=1.0, hold=70.0)
    return caught.value


def ask(
    gate: HostGate, outcome: Outcome = Outcome.ANSWERED, retry_after: float | None = None, gap: float = 1.0
) -> None:
    gate.release(gate.acquire(HOST, gap=gap, hold=70.0), outcome, retry_after)


class TestGate:
    def test_the_first_request_to_a_host_does_not_wait(self, gate: HostGate, clock: FakeClock) -> None:
        before = clock.now()
        ask(gate)
        assert clock.now() == before

    def test_the_gap_is_kept_between_two_requests(self, gate: HostGate, clock: FakeClock) -> None:
        ask(gate, gap=3.0)
        before = clock.now()
        ask(gate)
        assert clock.now() - before == timedelta(seconds=3)

    def test_hosts_do_not_wait_for_each_other(self, gate: HostGate, clock: FakeClock) -> None:
        ask(gate, Outcome.REFUSED, 3600.0)
        before = clock.now()
        gate.acquire("other.example.org", gap=1.0, hold=70.0)
        assert clock.now() == before

    def test_one_request_at_a_time(self, gate: HostGate, clock: FakeClock) -> None:
        gate.acquire(HOST, gap=1.0, hold=70.0)
        trouble = refused(gate)
        assert trouble.cause == "rate_limited"
        assert trouble.until is not None
        assert trouble.until > clock.now() - timedelta(seconds=1)

    def test_a_lease_that_was_never_given_back_ends_by_itself(self, gate: HostGate, clock: FakeClock) -> None:
        gate.acquire(HOST, gap=1.0, hold=70.0)
        clock.advance(timedelta(seconds=71))
        ask(gate)

    def test_a_long_pause_is_not_waited_for(self, gate: HostGate, clock: FakeClock) -> None:
        ask(gate, Outcome.REFUSED, 120.0)
        asked_at = clock.now()
        trouble = refused(gate)
        assert (trouble.cause, trouble.until) == ("rate_limited", asked_at + timedelta(seconds=120))
        assert clock.now() == asked_at

    def test_a_short_pause_is_waited_for(self, gate: HostGate, clock: FakeClock) -> None:
        ask(gate, Outcome.REFUSED, 20.0)
        before = clock.now()
        ask(gate)
        assert clock.now() - before == timedelta(seconds=20)

    def test_refusals_in_a_row_make_the_host_rest(self, gate: HostGate, clock: FakeClock) -> None:
        for _ in range(5):
            ask(gate, Outcome.REFUSED)
        rested_at = clock.now()
        trouble = refused(gate)
        assert (trouble.cause, trouble.until) == ("host_resting", rested_at + timedelta(seconds=60))
        clock.advance(timedelta(seconds=60))
        ask(gate)

    def test_a_report_counts_without_a_lease(self, gate: HostGate) -> None:
        gate.report(HOST, Outcome.CHALLENGED)
        gate.report(HOST, Outcome.CHALLENGED)
        assert refused(gate).cause == "host_resting"

    def test_a_report_does_not_end_a_lease(self, gate: HostGate) -> None:
        gate.acquire(HOST, gap=1.0, hold=70.0)
        gate.report(HOST, Outcome.REFUSED)
        assert refused(gate).cause == "rate_limited"

    @pytest.mark.case("T07")
    def test_a_clock_set_back_does_not_block_a_host(self, gate: HostGate, clock: FakeClock) -> None:
        ask(gate)
        clock.advance(timedelta(hours=-2))
        before = clock.now()
        ask(gate)
        assert clock.now() - before == timedelta(seconds=1)

    def test_without_patience_a_free_host_is_leased_all_the_same(self, states: HostStates, clock: FakeClock) -> None:
        ask(HostGate(states, clock, patience=0.0))

    def test_a_stopping_application_waits_no_longer_and_leaves_no_lease(self, states: HostStates) -> None:
        clock = StoppedClock()
        gate = HostGate(states, clock)
        ask(gate, gap=5.0)
        trouble = refused(gate)
        assert (trouble.cause, trouble.detail) == ("host_resting", "the application is stopping")
        clock.advance(timedelta(seconds=11))
        ask(gate)

    def test_many_threads_never_overlap(self, states: HostStates, clock: FakeClock) -> None:
        gate = HostGate(states, clock, patience=1e6)
        inside, worst, turns = 0, 0, []

        def work() -> None:
            nonlocal inside, worst
            lease = gate.acquire(HOST, gap=1.0, hold=1e6)
            inside += 1
            worst = max(worst, inside)
            turns.append(seconds_now(clock))
            inside -= 1
            gate.release(lease, Outcome.ANSWERED)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert worst == 1
        assert all(later - earlier >= 0.99 for earlier, later in itertools.pairwise(turns))


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = sqlite_url(tmp_path / "hosts.db")
    with closing(Database(address)) as database:
        metadata.create_all(database.engine, tables=[hosts])
    return address


class TestSharing:
    @pytest.mark.case("I06")
    def test_two_gates_on_one_file_share_turns_and_gaps(self, url: str, clock: FakeClock) -> None:
        with closing(Database(url)) as one, closing(Database(url)) as other:
            first, second = sql_host_gate(one, clock), sql_host_gate(other, clock, patience=0.0)
            lease = first.acquire(HOST, gap=1.0, hold=70.0)
            assert refused(second).cause == "rate_limited"
            first.release(lease, Outcome.ANSWERED)
            assert refused(second).cause == "rate_limited"
            clock.advance(timedelta(seconds=1))
            ask(second)

    def test_pauses_and_rests_survive_a_restart(self, url: str, clock: FakeClock) -> None:
        with closing(Database(url)) as database:
            ask(sql_host_gate(database, clock), Outcome.REFUSED, 3600.0)
        clock.advance(timedelta(minutes=5))
        with closing(Database(url)) as database:
            assert refused(sql_host_gate(database, clock)).cause == "rate_limited"

    def test_what_a_crash_left_leased_is_free_after_the_hold(self, url: str, clock: FakeClock) -> None:
        with closing(Database(url)) as database:
            sql_host_gate(database, clock).acquire(HOST, gap=1.0, hold=70.0)
        with closing(Database(url)) as database:
            gate = sql_host_gate(database, clock)
            assert refused(gate).cause == "rate_limited"
            clock.advance(timedelta(seconds=70))
            ask(gate)

    def test_a_turn_costs_two_writes(self, url: str, clock: FakeClock) -> None:
        with closing(Database(url)) as database:
            writes = 0

            @sa.event.listens_for(database.engine, "before_cursor_execute")
            def count(_c: object, _k: object, statement: str, *_: object) -> None:
                nonlocal writes
                writes += statement.startswith(("INSERT", "UPDATE"))

            ask(sql_host_gate(database, clock))
            assert writes == 2

    @pytest.mark.case("B01")
    def test_a_busy_database_puts_the_request_off(self, url: str, clock: FakeClock) -> None:
        class Busy(MemoryHostStates):
            def look(self, host: str) -> HostState:
                raise DatabaseBusy("The database is busy.")

        trouble = refused(HostGate(Busy(), clock))
        assert (trouble.cause, trouble.until) == ("host_resting", clock.now() + timedelta(seconds=30))

    @pytest.mark.case("B01")
    def test_a_database_that_fails_does_not_lose_the_answer_that_was_fetched(
        self, url: str, clock: FakeClock, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with closing(Database(url)) as database:
            gate = sql_host_gate(database, clock)
            lease = gate.acquire(HOST, gap=1.0, hold=70.0)
            with database.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE hosts RENAME TO elsewhere")
            gate.release(lease, Outcome.ANSWERED)
        assert "host_not_released" in capsys.readouterr().out


def test_unknown_hosts_are_in_the_initial_state(states: HostStates) -> None:
    assert states.look(HOST) == HostState()


def test_nothing_is_written_where_nothing_changes(states: HostStates) -> None:
    changed = states.change(HOST, lambda state: HostState(next_at=5.0, failures=state.failures + 1))
    assert states.change(HOST, lambda state: state) == changed == states.look(HOST)
