"""Server-sent events (WHATWG HTML, 9.2): every event of the log for programs, and “the log moved” for pages.

Lines end with LF alone: a client that gets CR and LF in two pieces takes them for two ends of a line. The id of a
message is a position of the log, so a client that comes back with `Last-Event-ID` misses nothing.
"""

import asyncio
import json
from collections.abc import AsyncGenerator

from litestar.response import ServerSentEvent, ServerSentEventMessage

from application.activity import Activity, ActivityFilter, ActivityPage, told
from application.ports.event_log import EventLog, Recorded
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


async def events(
    activity: Activity, which: ActivityFilter, tailer: Tailer, after: int, heartbeat: float = HEARTBEAT
) -> Messages:
    """Every event after the position that matches, as JSON, and then each new one.

    Where nothing matches, a comment brings the position that was reached as its id, at least once in a heartbeat.
    """
    yield _comment("events follow", retry=RETRY)
    now = asyncio.get_running_loop().time
    known, spoke = after, now()
    while not tailer.closed:
        seen = tailer.position
        page = await _page(activity, which, after)
        for recorded in page.events:
            yield _message(recorded)
            known, spoke = recorded.position, now()
        after = page.reached
        silent = not page.events if page.more else not await tailer.wait(max(after, seen), heartbeat)
        if silent or now() - spoke >= heartbeat:
            yield _comment("still here", position=after if after > known else None)
            known, spoke = after, now()


async def _page(activity: Activity, which: ActivityFilter, after: int) -> ActivityPage:
    try:
        return await asyncio.to_thread(activity.page, which, limit=PAGE, after=after)
    except SciPaperLoaderError as error:
        if not error.transient:
            raise
        return ActivityPage(events=(), reached=after, more=False)


async def moves(tailer: Tailer, after: int, heartbeat: float = HEARTBEAT, rest: float = REST) -> Messages:
    """A message each time the log has moved, not more often than pages can follow.

    Silence is broken by messages that pages see, not by comments: where none comes through, a page asks by itself.
    """
    yield _comment("moves of the log follow", retry=RETRY)
    while not tailer.closed:
        if await tailer.wait(after, heartbeat):
            after = tailer.position
            yield ServerSentEventMessage(event="log-moved", id=after, data=json.dumps({"position": after}), sep="\n")
            await asyncio.sleep(rest)
        else:
            yield ServerSentEventMessage(event="still-here", data="{}", sep="\n")


def _message(recorded: Recorded) -> ServerSentEventMessage:
    data = json.dumps(told(recorded), ensure_ascii=False)
    return ServerSentEventMessage(event=recorded.event.TYPE, id=recorded.position, data=data, sep="\n")


def _comment(text: str, *, position: int | None = None, retry: int | None = None) -> ServerSentEventMessage:
    """A comment. With a position clients take it as the last id, though no message comes."""
    return ServerSentEventMessage(data=None, comment=text, id=position, retry=retry, sep="\n")
