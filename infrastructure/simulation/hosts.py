"""The hosts of pages and files: which request gets which answer, good or bad."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from email.utils import formatdate
from urllib.parse import parse_qs

from attrs import frozen

from infrastructure.simulation import files, pages, services
from infrastructure.simulation.answers import At
from infrastructure.simulation.papers import Paper, Spot
from infrastructure.simulation.reply import PDF, Reply, page, pdf, redirect, text
from infrastructure.simulation.world import World

RETRY_AFTER = 1
"""Seconds that a host which limits its rate asks for."""
HOPS = (301, 302, 303, 307, 308)
"""The redirects of a long way."""
_ROBOTS = "User-agent: *\nDisallow: /restricted/\nDisallow: /login\n"


@frozen
class Visit:
    """A request for the file at one of a paper's places."""

    world: World
    paper: Paper
    spot: Spot
    query: str
    at: At

    def step(self) -> int:
        """How far the visitor has come on a way of redirects."""
        return int(parse_qs(self.query).get("step", ["0"])[0])


class Hosts:
    """Every host of a world, with the memory of what was asked before."""

    def __init__(self, world: World, at: At) -> None:
        self._world, self._at = world, at
        self._asked: Counter[tuple[str, str]] = Counter()
        spots = [(paper, spot) for paper in world.papers for spot in {paper.home, *paper.spots}]
        self._files = {(spot.host, spot.file): (paper, spot) for paper, spot in spots}
        self._pages = {(spot.host, spot.page): (paper, spot) for paper, spot in spots}

    def reset(self) -> None:
        """Forget what was asked: what works at the second request fails again at the next one."""
        self._asked.clear()

    def reply(self, host: str, target: str) -> Reply:
        """The answer to a GET."""
        if host in services.SERVICES:
            answer = services.answered(host, self._world, self._at, target)
            if answer is not None:
                return answer
        return self._file(host, target) or self._page(host, target) or _common(target)

    def _file(self, host: str, target: str) -> Reply | None:
        path, _, query = target.partition("?")
        key = next((key for key in ((host, target), (host, _unversioned(path))) if key in self._files), None)
        if key is None:
            return None
        paper, spot = self._files[key]
        turn = min(self._asked[key], len(spot.place.answers) - 1)
        self._asked[key] += 1
        return ANSWERS[spot.place.answers[turn]](Visit(self._world, paper, spot, query, self._at))

    def _page(self, host: str, target: str) -> Reply | None:
        found = self._pages.get((host, _unversioned(target.partition("?")[0])))
        return page(pages.landing(*found, self._at)) if found else None


def names(world: World) -> tuple[str, ...]:
    """The names of all hosts of a world."""
    used = {spot.host for paper in world.papers for spot in (paper.home, *paper.spots)}
    return (*services.SERVICES, *sorted(used - services.SERVICES.keys()))


def _unversioned(path: str) -> str:
    """An arXiv address without its version."""
    return path.removesuffix("v1") if path.startswith(("/abs/", "/pdf/")) else path


def _common(target: str) -> Reply:
    path = target.partition("?")[0]
    return _COMMON.get(path) or page(pages.message("Page not found"), 404)


_COMMON: Mapping[str, Reply] = {
    "/robots.txt": text(_ROBOTS),
    "/login": page(pages.login()),
    "/terms": page(pages.message("Terms and conditions")),
}


def _right(visit: Visit) -> bytes:
    return visit.world.pdf(visit.paper)


def _faulty(fault: str) -> Callable[[Visit], Reply]:
    return lambda visit: pdf(_right(visit), fault)


def _refused(status: int, message: str, headers: Mapping[str, str] | None = None) -> Callable[[Visit], Reply]:
    return lambda _visit: page(pages.message(message), status, headers)


def _later(_visit: Visit) -> Reply:
    """The other form of Retry-After: a moment (RFC 9110, 10.2.3), here the next full second but one."""
    moment = formatdate(int(time.time()) + 1 + RETRY_AFTER, usegmt=True)
    return page(pages.message("Too many requests"), 429, {"Retry-After": moment})


def _login(visit: Visit) -> Reply:
    return redirect(f"/login?return={visit.spot.page}")


def _challenge(_visit: Visit) -> Reply:
    return page(pages.challenge(), 403, {"cf-mitigated": "challenge", "Server": "cloudflare"})


def _chain(visit: Visit) -> Reply:
    step = visit.step()
    if step >= len(HOPS):
        return pdf(_right(visit))
    onward = f"{visit.spot.file}?step={step + 1}"
    return redirect(visit.at(visit.spot.host, onward) if step % 2 else onward, HOPS[step])


def _loop(visit: Visit) -> Reply:
    return redirect(f"{visit.spot.file}?step={1 - visit.step()}")


ANSWERS: Mapping[str, Callable[[Visit], Reply]] = {
    "pdf": lambda visit: pdf(_right(visit)),
    "forbidden": _refused(403, "Access denied"),
    "missing": _refused(404, "Page not found"),
    "slow down": _refused(429, "Too many requests", {"Retry-After": str(RETRY_AFTER)}),
    "slow down until": _later,
    "busy": _refused(503, "The service is busy"),
    "challenge": _challenge,
    "login": _login,
    "chain": _chain,
    "loop": _loop,
    "web page": lambda visit: Reply(200, PDF, pages.viewer(visit.paper).encode()),
    "other paper": lambda visit: pdf(visit.world.impostor(visit.paper)),
    "damaged": lambda visit: pdf(files.damaged(_right(visit))),
    "empty": lambda _visit: pdf(b""),
    "scan": lambda visit: pdf(files.scanned(visit.paper.number)),
    "cut off": _faulty("cut off"),
    "reset": _faulty("reset"),
    "stall": _faulty("stall"),
    "trickle": _faulty("trickle"),
    "garbage": _faulty("garbage"),
}
"""How a file's address may answer."""
