"""From an answer to its body, or to the trouble that it means."""

from datetime import datetime

import httpx2
from attrs import frozen

from infrastructure.http.encoding import decoded
from infrastructure.http.retry_after import retry_after
from infrastructure.http.sinks import Sink
from infrastructure.http.statuses import AGAIN, REDIRECTS, cause_of
from infrastructure.http.trouble import Trouble

OPENING = 64 * 1024
"""Bytes of a refusal's body that are kept, for those who tell walls apart."""
DRAINED = 16 * 1024
"""Bytes of a redirect's body that are read, so that its connection can be used again."""


@frozen(kw_only=True)
class Answer:
    """An answer that was read. Headers have lower-case names."""

    status: int
    headers: dict[str, str]

    @property
    def is_redirect(self) -> bool:
        """Whether it sends elsewhere."""
        return self.status in REDIRECTS


@frozen(kw_only=True)
class Appetite:
    """How much of a body is wanted. With `cut`, the first `limit` bytes will do; otherwise more is too large."""

    limit: int
    cut: bool = False


def receive(response: httpx2.Response, sink: Sink, appetite: Appetite, now: datetime) -> Answer:
    """Read an answer: the body of a good one into the sink. Raises Trouble for all but good ones and redirects."""
    answer = Answer(status=response.status_code, headers=headers_of(response))
    _check_framing(response)
    if answer.is_redirect:
        _drain(response)
        return answer
    pause = retry_after(answer.headers.get("retry-after"), now)
    cause = cause_of(answer.status, answer.headers, told_to_wait=pause is not None)
    if cause is not None:
        raise Trouble(
            cause,
            f"it answered {answer.status}",
            again=cause in AGAIN,
            retry_after=pause,
            headers=answer.headers,
            body=_opening(response),
        )
    _take(response, sink, appetite)
    return answer


def headers_of(response: httpx2.Response) -> dict[str, str]:
    """The headers, lower-case names, without the cookies, which are nobody else's business."""
    return {name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"}


def _take(response: httpx2.Response, sink: Sink, appetite: Appetite) -> None:
    declared = _declared(response)
    if declared > appetite.limit and not appetite.cut:
        raise Trouble("too_large", f"it announces {declared} bytes, more than {appetite.limit}")
    for piece in decoded(response.iter_raw(), response.headers.get("content-encoding", "")):
        room = appetite.limit - sink.size
        sink.write(piece[:room])
        if len(piece) > room:
            if appetite.cut:
                break
            raise Trouble("too_large", f"it is larger than {appetite.limit} bytes")
    sink.finish()
    if not sink.size:
        raise Trouble("empty_body", "an empty body came")


def _declared(response: httpx2.Response) -> int:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _check_framing(response: httpx2.Response) -> None:
    """A length and chunks at once: one of them is a lie (RFC 9112, 6.3)."""
    if "content-length" in response.headers and "transfer-encoding" in response.headers:
        raise Trouble("bad_response", "its answer has two lengths")


def _drain(response: httpx2.Response) -> None:
    if _declared(response) > DRAINED or "content-length" not in response.headers:
        return
    try:
        for _ in response.iter_raw():
            pass
    except Trouble:
        return


def _opening(response: httpx2.Response) -> bytes:
    kept = bytearray()
    try:
        for piece in decoded(response.iter_raw(), response.headers.get("content-encoding", "")):
            kept += piece
            if len(kept) >= OPENING:
                break
    except Trouble:
        pass
    return bytes(kept[:OPENING])
