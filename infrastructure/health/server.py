"""The server: whether it answers at its address, is not there, or hangs."""

import http.client
import json
from ipaddress import ip_address

from application.health import Finding, error, ok, skipped, warning
from infrastructure.health.place import Place

SECONDS = 2.0
"""How long the server may take to answer that it lives."""
PATH = "/healthz"


def answers(place: Place) -> Finding:
    """Whether the server of this installation answers. Only this very machine is asked."""
    where = f"{place.host}, port {place.port}"
    if not _is_here(place.host):
        return skipped(f"Only a server on this machine is asked, not {place.host}.")
    try:
        status, body = _ask(place.host, place.port)
    except ConnectionRefusedError:
        return warning(f"Nothing listens on {where}: the server does not run.", "Start it: `scipaperloader run`.")
    except TimeoutError:
        told = f"Something listens on {where}, but did not answer within {SECONDS:g} seconds: it hangs."
        return error(told, _END_IT)
    except (OSError, http.client.HTTPException) as broken:
        return error(f"What listens on {where} does not speak HTTP ({type(broken).__name__}).", _ANOTHER)
    if status == http.client.OK and _lives(body):
        return ok(f"It answers on {where}.")
    return error(f"Another program answers on {where}.", _ANOTHER)


_END_IT = "`scipaperloader diagnose quick-fix` ends it, if it is ours; start the server anew then."
_ANOTHER = "End that program, or choose another port: the setting PORT."


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(host: str, port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        return answer.status, answer.read(1_000)
    finally:
        connection.close()


def _lives(body: bytes) -> bool:
    try:
        return bool(json.loads(body) == {"status": "ok"})
    except ValueError:
        return False
