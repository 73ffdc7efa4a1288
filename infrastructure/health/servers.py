"""The servers that noted themselves in the data folder: which live, and whether they run the code that is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from application.formats import listed, moment, plural
from application.health import Finding, ok, skipped, warning
from application.ports.processes import Life, Role, ServerProcess
from infrastructure.health.place import Place
from infrastructure.living import DRIFT

QUICK_FIX = "`scipaperloader diagnose quick-fix` ends it in good order; start the server again then."


def noted(place: Place) -> Finding:
    """Which servers of this installation live. No database is asked."""
    found = place.processes.all()
    living = [one for one in found if one.lives]
    facts = [_facts(one) for one in found]
    if not living:
        return ok("No server of this installation runs on this machine.", processes=facts)
    told = f"{plural(len(living), 'process runs', 'processes run')}: {listed([named(one) for one in living])}."
    frozen = [one for one in living if one.life is Life.FROZEN]
    if frozen:
        halts = "is frozen: a signal stopped it" if len(frozen) == 1 else "are frozen: a signal stopped them"
        who = listed([f"process {one.pid}" for one in frozen])
        return warning(f"{told} {who[:1].upper()}{who[1:]} {halts}.", QUICK_FIX, processes=facts)
    servers = [one for one in living if one.role != Role.RELOADER]
    if len(servers) > 1:
        remedy = "That is allowed: one of them leads, and the others take over. End those that you do not want."
        return warning(f"{plural(len(servers), 'server')} serve this data folder. {told}", remedy, processes=facts)
    return ok(told, processes=facts)


def named(process: ServerProcess) -> str:
    """A process as people find it."""
    return f"process {process.pid} (scipaperloader {process.role}, port {process.port})"


def _facts(process: ServerProcess) -> dict[str, object]:
    names = ("pid", "host", "role", "port", "version")
    at = datetime.fromtimestamp(process.started, UTC).isoformat()
    return {name: getattr(process, name) for name in names} | {"started": at, "life": process.life}


def code(place: Place) -> Finding:
    """Whether the servers run the code that is there now."""
    living = [one for one in place.processes.all() if one.lives and one.role != Role.RELOADER]
    if not living:
        return skipped("No server runs.")
    changed = max((path.stat().st_mtime for folder in place.sources for path in _files(folder)), default=0.0)
    old = [one for one in living if one.version != place.version or one.started + DRIFT < changed]
    if not old:
        return ok("The servers run the code that is there.")
    began = f"{named(old[0])} began on {moment(datetime.fromtimestamp(old[0].started, UTC))}"
    if old[0].version != place.version:
        told = f"{began} with version {old[0].version}, and {place.version} is installed: it runs old code."
    else:
        told = f"{began}, and the code was changed after that: it runs old code."
    return warning(told[:1].upper() + told[1:], QUICK_FIX, processes=[one.pid for one in old])


def _files(folder: Path) -> Iterator[Path]:
    """The source files in a folder."""
    yield from folder.rglob("*.py")
