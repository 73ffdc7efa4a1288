"""Streams of events: nothing missed, nothing twice, and an end when the server ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.response import ServerSentEventMessage

from application.activity import ActivityFilter, ActivityPage
from application.ports.event_log import Write
from domain.errors import SciPaperLoaderError
from domain.schedule import VolumeChanged
from infrastructure.log.memory import MemoryEventLog
from interfaces.container import Container
from interfaces.web.app import create_app
from interfaces.web.streaming import PAGE, Messages, events, moves
from interfaces.web.tailing import Tailer
from tests.asynchronous import awaited
from tests.contract.making import origin, write
from tests.fakes.activity import MemoryActivity
from tests.fakes.clock import START, FakeClock

QUICK = 0.01
Step = Callable[[MemoryEventLog, Tailer], Awaitable[None]]


def ids(messages: list[ServerSentEventMessage]) -> list[int]:
    """Positions of the messages that are no comments."""
    return [int(message.id) for message in messages if message.id is not None]


async def taken(messages: Messages, count: int) -> list[ServerSentEventMessage]:
    """The next messages that are no comments, and the comments among them."""
    found: list[ServerSentEventMessage] = []
    while len(ids(found)) < count:
        found.append(await anext(messages))
    return found


def run(step: Step) -> None:
    """Run a step beside a log of three events and a tailer of it."""

    async def whole() -> None:
        log = MemoryEventLog(FakeClock())
        log.append((write("scraper", 3),), origin())
        tailer = Tailer(log, pause=QUICK)
        watching = asyncio.create_task(tailer.run())
        try:
            await asyncio.wait_for(step(log, tailer), 20)
        finally:
            tailer.close()
            await watching

    awaited(whole())


def test_a_stream_brings_what_was_and_what_comes() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 1)) as messages:
            assert ids(await taken(messages, 2)) == [2, 3]
            log.append((write("scraper", 2),), origin())
            assert ids(await taken(messages, 2)) == [4, 5]

    run(step)


def test_a_long_past_is_brought_page_by_page() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        log.append((write("scraper", 2 * PAGE),), origin())
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 0)) as messages:
            assert ids(await taken(messages, 2 * PAGE + 3)) == list(range(1, 2 * PAGE + 4))

    run(step)


def test_a_message_is_an_event_with_its_position() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 2)) as messages:
            message = (await taken(messages, 1))[-1]
        assert message.event == "scraper.paused"
        data = json.loads(str(message.data))
        assert (data["position"], data["type"], data["data"]) == (3, "scraper.paused", {"reason": "3"})
        assert data["text"] == "The scraper was paused: 3"

    run(step)


def test_lines_end_with_one_character() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 0)) as messages:
            sent = b"".join(message.encode() for message in await taken(messages, 3))
        assert b"\r" not in sent
        assert sent.endswith(b"\n\n")

    run(step)


def test_silence_is_broken_by_a_comment_for_programs_and_an_event_for_pages() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 3, heartbeat=QUICK)) as messages:
            assert (await anext(messages)).comment == "events follow"
            assert (await anext(messages)).comment == "still here"
        async with aclosing(moves(tailer, 3, heartbeat=QUICK, rest=0)) as messages:
            assert (await anext(messages)).comment
            silence = await anext(messages)
            assert (silence.event, silence.data, silence.id) == ("still-here", "{}", None)

    run(step)


def test_pages_hear_of_moves_and_not_of_each_event() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(moves(tailer, 0, rest=0)) as messages:
            assert ids(await taken(messages, 1)) == [3]
            log.append((write("scraper", 50),), origin())
            assert ids(await taken(messages, 1)) == [53]

    run(step)


def test_streams_share_one_look_at_the_log() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        looks = 0
        look = log.head

        def counted() -> Any:
            nonlocal looks
            looks += 1
            return look()

        log.head = counted  # type: ignore[method-assign]
        waiting = [asyncio.create_task(tailer.wait(3, 10)) for _ in range(20)]
        await asyncio.sleep(5 * QUICK)
        log.append((write("scraper", 1),), origin())
        assert await asyncio.gather(*waiting) == [True] * 20
        before = looks
        assert before < 20
        await asyncio.sleep(5 * QUICK)
        assert looks == before  # nobody waits, nobody looks

    run(step)


def test_a_stream_ends_when_the_server_does() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async def all_of(messages: Messages) -> int:
            return len([message async for message in messages])

        streams = [
            asyncio.create_task(all_of(events(MemoryActivity(log), ActivityFilter(), tailer, 3))),
            asyncio.create_task(all_of(moves(tailer, 3))),
        ]
        await asyncio.sleep(3 * QUICK)
        tailer.close()
        assert await asyncio.gather(*streams)

    run(step)


def test_a_stream_brings_only_what_matches() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        which = ActivityFilter(text="2")
        async with aclosing(events(MemoryActivity(log), which, tailer, 0, heartbeat=60)) as messages:
            assert ids(await taken(messages, 1)) == [2]
            log.append((write("scraper", 25),), origin())
            assert ids(await taken(messages, 8)) == [5, 15, 23, 24, 25, 26, 27, 28]

    run(step)


def test_the_id_goes_on_where_nothing_matches() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        which = ActivityFilter(kinds=("schedule",))
        async with aclosing(events(MemoryActivity(log), which, tailer, 1, heartbeat=QUICK)) as messages:
            await anext(messages)
            first, second = await anext(messages), await anext(messages)
            assert (first.comment, first.id, first.data) == ("still here", 3, None)
            assert first.encode() == b": still here\nid: 3\n\n"  # no data: clients take the id, and nothing happens
            assert (second.comment, second.id) == ("still here", None)

    run(step)


def test_a_heartbeat_comes_though_the_log_moves_all_the_time() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async def keep_writing() -> None:
            while not tailer.closed:
                log.append((write("scraper"),), origin())
                await asyncio.sleep(QUICK / 2)

        writing = asyncio.create_task(keep_writing())
        which = ActivityFilter(kinds=("schedule",))
        async with aclosing(events(MemoryActivity(log), which, tailer, 0, heartbeat=10 * QUICK)) as messages:
            await anext(messages)
            first, second = await anext(messages), await anext(messages)
            assert int(second.id or 0) > int(first.id or 0) > 3
        tailer.close()
        await writing

    run(step)


def test_a_search_that_takes_long_tells_how_far_it_is() -> None:
    class Slow:
        """Looks at one position at a time."""

        def page(self, which: ActivityFilter, *, after: int = 0, **_: Any) -> ActivityPage:
            return ActivityPage(events=(), reached=min(after + 1, 3), more=after + 1 < 3)

    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        async with aclosing(events(Slow(), ActivityFilter(), tailer, 0, heartbeat=60)) as messages:
            await anext(messages)
            assert [(await anext(messages)).id for _ in range(2)] == [1, 2]

    run(step)


def test_a_stream_that_has_an_end_rests_there() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        looks, past = 0, MemoryActivity(log)

        class Counted:
            def page(self, *given: Any, **named: Any) -> ActivityPage:
                nonlocal looks
                looks += 1
                return past.page(*given, **named)

        which = ActivityFilter(until=START - timedelta(days=1))
        async with aclosing(events(Counted(), which, tailer, 0, heartbeat=10 * QUICK)) as messages:
            for _ in range(3):
                assert ids([await anext(messages)]) == []
        assert looks <= 4

    run(step)


class Busy(SciPaperLoaderError):
    """A database that does not answer for a moment."""

    transient = True


def test_a_busy_database_delays_a_stream_and_does_not_end_it() -> None:
    async def step(log: MemoryEventLog, tailer: Tailer) -> None:
        faults = iter([True, True, False])
        read = log.read

        def unsteady(after: int = 0, limit: int = 1000) -> Any:
            if next(faults, False):
                raise Busy("busy")
            return read(after, limit)

        log.read = unsteady  # type: ignore[method-assign]
        async with aclosing(events(MemoryActivity(log), ActivityFilter(), tailer, 0, heartbeat=QUICK)) as messages:
            assert ids(await taken(messages, 3)) == [1, 2, 3]

    run(step)


@asynccontextmanager
async def opened(app: Litestar, address: str, **headers: str) -> AsyncIterator[asyncio.Queue[Any]]:
    """What the application sends to a request that stays open, until the client goes away at the end."""
    gone, sent = asyncio.Event(), asyncio.Queue[Any]()

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    path, _, query = address.partition("?")
    given = {"host": "127.0.0.1:5000", **headers}
    scope: Any = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 5000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }
    async with app.lifespan():
        answering = asyncio.create_task(app(scope, receive, sent.put))
        try:
            yield sent
        finally:
            gone.set()
            await asyncio.wait_for(answering, 10)


async def heard(sent: asyncio.Queue[Any], count: int) -> list[int]:
    """Ids of the first messages."""
    found: list[int] = []
    while len(found) < count:
        message = await asyncio.wait_for(sent.get(), 10)
        lines = message.get("body", b"").decode().split("\n")
        found += [int(line.removeprefix("id: ")) for line in lines if line.startswith("id: ")]
    return found


@pytest.mark.parametrize(
    ("address", "headers", "first"),
    [
        ("/api/v1/events/stream?after=0", {}, 1),
        ("/api/v1/events/stream?after=2", {}, 3),
        ("/api/v1/events/stream?after=0", {"last_event_id": "3"}, 4),  # where the client was counts more
        ("/api/v1/events/stream?after=1", {"last_event_id": "nonsense"}, 2),
        ("/api/v1/events/stream?after=-5", {}, 1),
    ],
)
def test_a_client_goes_on_where_it_was(container: Container, address: str, headers: dict[str, str], first: int) -> None:
    container.log.append((write("scraper", 5),), origin())

    async def whole() -> None:
        async with opened(create_app(container), address, **headers) as sent:
            start = await sent.get()
            kept = dict(start["headers"])
            assert kept[b"content-type"].startswith(b"text/event-stream")
            assert b"nosniff" in kept[b"x-content-type-options"]
            assert await heard(sent, 6 - first) == list(range(first, 6))

    awaited(whole())


def test_a_filtered_stream_goes_on_where_it_was(container: Container) -> None:
    container.log.append((write("scraper", 5),), origin())
    schedule = Write(stream="schedule", expected=0, events=(VolumeChanged(volume=7),))
    container.log.append((schedule, write("scraper", 3)), origin())

    async def whole() -> None:
        address = "/api/v1/events/stream?kind=schedule&text=volume"
        async with opened(create_app(container), address, last_event_id="2") as sent:
            assert (await sent.get())["status"] == 200
            assert await heard(sent, 1) == [6]

    awaited(whole())


@pytest.mark.parametrize("address", ["/api/v1/events/stream", "/api/v1/events/stream?after=999999", "/live"])
def test_a_stream_without_a_place_begins_at_the_end(container: Container, address: str) -> None:
    container.log.append((write("scraper", 5),), origin())

    async def whole() -> None:
        async with opened(create_app(container), address) as sent:
            assert (await sent.get())["status"] == 200
            await sent.get()  # the first comment
            container.log.append((write("scraper", 1),), origin())
            assert await heard(sent, 1) == [6]

    awaited(whole())
