"""Server-sent events (WHATWG HTML, 9.2): every event of the log for programs, and “the log moved” for pages.

Lines end with LF alone: a client that gets CR and LF in two pieces takes them for two ends of a line. The id of a
message is a position of the log, so a client that comes back with `Last-Event-ID` misses nothing.
"""

import asyncio
import json
from collections.abc import AsyncGenerator

from litestar.response import ServerSentEvent, ServerSentEventMessage

from application.exporting import event_record
from application.ports.event_log import EventLog, Recorded
from application.wording import sentence
from domain.errors import SciPaperLoaderError
from interfaces.web.problems import WebRequest
from interfaces.web.tailing import Tailer

HEARTBEAT = 15.0
"""Seconds of silence before a comment tells proxies, and us, that the connection lives."""
PAGE = 200
REST = 1.0
"""Seconds between two messages to a page, however fast the log grows."""
RETRY = 2_000
"""Milliseconds before a client comes back."""

Messages = AsyncGenerator[ServerSentEventMessage, None]


def stream(messages: Messages) -> ServerSentEvent:
    """The answer that carries the messages."""
    return ServerSentEvent(messages)


def start_after(request: WebRequest, after: int | None, log: EventLog) -> int:
    """The position after which a stream begins: where the client was, where it asks for, or the end of the log."""
    last = request.headers.get("last-event-id", "")
    known = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else after
    head = log.head().position
    return head if known is None else min(max(known, 0), head)


async def events(log: EventLog, tailer: Tailer, after: int, heartbeat: float = HEARTBEAT) -> Messages:
    """Every event after the position, as JSON, and then each new one."""
    yield _comment("events follow", retry=RETRY)
    while not tailer.closed:
        records = await _read(log, after)
        for recorded in records:
            yield _message(recorded)
            after = recorded.position
        if not records and not await tailer.wait(after, heartbeat):
            yield _comment("still here")


async def _read(log: EventLog, after: int) -> list[Recorded]:
    try:
        return list(await asyncio.to_thread(log.read, after, PAGE))
    except SciPaperLoaderError as error:
        if not error.transient:
            raise
        return []


async def moves(tailer: Tailer, after: int, heartbeat: float = HEARTBEAT, rest: float = REST) -> Messages:
    """A message each time the log has moved, not more often than pages can follow."""
    yield _comment("moves of the log follow", retry=RETRY)
    while not tailer.closed:
        if await tailer.wait(after, heartbeat):
            after = tailer.position
            yield ServerSentEventMessage(event="log-moved", id=after, data=json.dumps({"position": after}), sep="\n")
            await asyncio.sleep(rest)
        else:
            yield _comment("still here")


def _message(recorded: Recorded) -> ServerSentEventMessage:
    data = {**event_record(recorded), "text": sentence(recorded)}
    return ServerSentEventMessage(
        event=recorded.event.TYPE, id=recorded.position, data=json.dumps(data, ensure_ascii=False), sep="\n"
    )


def _comment(text: str, retry: int | None = None) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=None, comment=text, retry=retry, sep="\n")
