"""One question to a service: its answer, or why there is none, in the words of the port."""

from collections.abc import Collection, Mapping
from typing import Any, NoReturn
from urllib.parse import quote

from application.ports.fetcher import Fetcher, FetchFailed
from application.ports.sources import SourceUnavailable
from application.reach import UNREACHED
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.reading import Unreadable, parsed

LARGEST_ANSWER = 10_000_000
"""Bytes; an article with 5,000 authors and their affiliations stays below it."""
UNKNOWN = frozenset({404, 410})
"""Statuses with which a service says that it has never heard of the paper."""
KEY_REFUSED: Mapping[int, str] = {401: "missing_credential", 403: "missing_credential"}
"""What the refusal of a key means."""
_PASSED_ON = frozenset({"rate_limited", "budget_exhausted", "host_resting", "missing_credential"})
_NONE: Mapping[int, str] = {}


def ask(
    fetcher: Fetcher,
    source: str,
    url: str,
    *,
    unknown: Collection[int] = UNKNOWN,
    causes: Mapping[int, str] = _NONE,
    page: bool = False,
) -> bytes | None:
    """The body of the answer, None where the service does not know the paper. Raises SourceUnavailable.

    `causes` tells the cause of a status that means something special with this service, `page` that it answers with
    pages for people.
    """
    try:
        _, body = fetcher.get(url, limit=LARGEST_ANSWER, page=page)
    except FetchFailed as failure:
        if failure.status in unknown or failure.cause == "not_found":
            return None
        raise _unavailable(source, failure, causes) from failure
    return body


def ask_json(
    fetcher: Fetcher, source: str, url: str, *, unknown: Collection[int] = UNKNOWN, causes: Mapping[int, str] = _NONE
) -> Mapping[str, Any] | None:
    """The same where the answer is a JSON object."""
    body = ask(fetcher, source, url, unknown=unknown, causes=causes)
    if body is None:
        return None
    try:
        return parsed(body)
    except Unreadable as error:
        refuse(source, str(error), error)


def refuse(source: str, detail: str, reason: Exception | None = None) -> NoReturn:
    """Say that an answer was none: a web page, half a document, another service. Nothing may be concluded from it."""
    raise SourceUnavailable(source, "source_unreachable", detail, unreached=True) from reason


def _unavailable(source: str, failure: FetchFailed, causes: Mapping[int, str]) -> SourceUnavailable:
    known = failure.cause if failure.cause in _PASSED_ON else "source_unreachable"
    cause = causes.get(failure.status or 0, known)
    unreached = failure.status is None and failure.cause in UNREACHED
    return SourceUnavailable(source, cause, failure.detail, until=failure.until, unreached=unreached)


def value_of(identifiers: Collection[Identifier], scheme: Scheme, prefixes: tuple[str, ...] = ("",)) -> str | None:
    """The identifier of a scheme, begun with one of the prefixes; None where there is none, of several the first."""
    own = (identifier.value for identifier in identifiers if identifier.scheme is scheme)
    return min((value for value in own if value.startswith(prefixes)), default=None)


def in_path(doi: str) -> str:
    """A DOI as part of a path: its first slash stays, all else that means something in a URL is encoded."""
    prefix, _, suffix = doi.partition("/")
    return f"{quote(prefix, safe='')}/{quote(suffix, safe='')}"
