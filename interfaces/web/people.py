"""On whose behalf a request acts. There are no accounts: it is the person whose computer this is."""

import getpass
from functools import cache

from application.handling import Actor
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
