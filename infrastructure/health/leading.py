"""Who leads: keeps the schedule, and hands out the jobs."""

from application.controlling import switch
from application.formats import plural
from application.health import Finding, error, ok, warning
from domain.scraper import ScraperStatus
from infrastructure.health.place import Place
from infrastructure.leases import Lease, leader
from infrastructure.workers import Process

START = "Start the server: `scipaperloader run`."
HANGS = "Look again in 30 seconds. If it stays so the server hangs: `scipaperloader diagnose quick-fix` ends it."


def leads(place: Place) -> Finding:
    """Whether a living process leads; while the scraper runs, one should."""
    lease, processes = leader(place.opening.database), place.workers.processes()
    if lease is not None and lease.seconds > 0:
        return _held(lease, next((one for one in processes if one.worker == lease.holder), None))
    status = switch(place.log).status
    if status is not ScraperStatus.RUNNING or place.stop_file.present():
        return ok("Nobody leads, and nobody needs to: the scraper does not run.", leader=None)
    if any(process.lives for process in processes):
        told = "The scraper is running, and processes are at work, but none of them leads: nothing is planned."
        return error(told, HANGS, leader=None)
    told = "The scraper is running, but no server is: nothing is planned or downloaded."
    return error(told, START, leader=None)


def _held(lease: Lease, process: Process | None) -> Finding:
    facts = {"leader": lease.holder, "epoch": lease.epoch, "seconds": round(lease.seconds, 1)}
    if process is not None:
        facts |= {"pid": process.pid, "host": process.host, "lives": process.lives}
    who = f"Process {process.pid} on {process.host}" if process else "A process"
    if process and process.lives:
        return ok(f"{who} leads.", **facts)
    left = plural(max(1, round(lease.seconds)), "second")
    told = f"{who} leads, but has ended; its lease ends in {left}, and then another process takes over."
    return warning(told, START, **facts)
