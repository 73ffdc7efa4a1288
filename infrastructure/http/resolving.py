"""Names to addresses, once for a connection, and in bounded time."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from infrastructure.http.addresses import Address, literal_address
from infrastructure.http.trouble import Trouble

Resolve = Callable[[str, int], Sequence[str]]
"""From a name and a port to addresses, best first. May block; raises OSError."""

TRIED_ADDRESSES = 4


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the operating system."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


def resolve_within(resolve: Resolve, host: str, port: int, seconds: float) -> Sequence[str]:
    """Resolve in a helper thread, because the operating system's resolver knows no time limit. Raises Trouble."""
    literal = literal_address(host)
    if literal is not None:
        return (str(literal),)
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_answer, args=(answers, resolve, host, port), name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise Trouble("network_error", "its name was not resolved in time") from None
    if isinstance(answer, Exception):
        raise Trouble("network_error", f"its name could not be resolved ({answer})") from answer
    if not answer:
        raise Trouble("network_error", "its name has no address")
    return answer


def _answer(answers: "queue.SimpleQueue[Sequence[str] | Exception]", resolve: Resolve, host: str, port: int) -> None:
    try:
        answers.put(resolve(host, port))
    except (OSError, UnicodeError) as error:
        answers.put(error)


def spread(addresses: Sequence[Address]) -> list[Address]:
    """The addresses to try, few, both families in turn, so that one broken family costs one try only."""
    first = [address for address in addresses if address.version == addresses[0].version]
    second = [address for address in addresses if address.version != addresses[0].version]
    turns = [address for pair in zip(first, second, strict=False) for address in pair]
    shorter = min(len(first), len(second))
    return (turns + first[shorter:] + second[shorter:])[:TRIED_ADDRESSES]
