"""On whose behalf a request acts. There are no accounts: it is the person whose computer this is."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from uuid_utils import uuid7

from application.handling import Actor, refused
from application.ports.event_log import EventLog, Origin
from domain.errors import CommandRefused
from interfaces.web.gate import API
from interfaces.web.problems import WebRequest


@cache
def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def person(request: WebRequest) -> Actor:
    """The person behind the request."""
    way = "interface" if request.scope["path"].startswith(API) else "browser"
    return Actor(name=f"{_user()} ({way})", is_person=True)


@contextmanager
def on_record(log: EventLog, command: str, subject: str, actor: Actor) -> Iterator[None]:
    """A command in the body that is refused becomes an event before its error goes on."""
    try:
        yield
    except CommandRefused as error:
        refused(log, error, subject, Origin(command=command, actor=actor.name, correlation=str(uuid7())))
        raise
