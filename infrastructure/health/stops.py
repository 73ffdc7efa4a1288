"""The switch and its stop file, and whether they agree."""

from application.controlling import misplaced, switch
from application.formats import moment, plural
from application.health import Finding, ok, warning
from domain import scraper
from domain.scraper import EmergencyStopped, ScraperStatus
from infrastructure.health.place import Place

RESET = "Nothing leaves the machine until `scipaperloader scraper reset`."
RESET_HERE = ("Nothing leaves the machine until you press “Reset”.", "/scraper")
TELL = "A server tells the log as soon as it can; `scipaperloader diagnose emergency-stop` tells it now."
ANEW = "`scipaperloader diagnose emergency-stop` makes the file again; `scipaperloader scraper reset` ends the stop."


def position(place: Place) -> Finding:
    """Where the switch of the scraper stands."""
    status = switch(place.log).status
    records = place.log.stream(scraper.STREAM)
    if not records:
        return ok(f"The scraper is {status}.", status=status, since=None, by=None)
    last = records[-1]
    facts = {"status": status, "since": last.recorded_at.isoformat(), "by": last.actor}
    reason = getattr(last.event, "reason", "")
    if isinstance(last.event, EmergencyStopped):
        told = f"Emergency stop since {moment(last.recorded_at)}, by {last.actor}{f': {reason}' if reason else ''}."
        return warning(told, RESET, **facts).on_page(*RESET_HERE)
    told = f"The scraper is {status} since {moment(last.recorded_at)}, by {last.actor}"
    return ok(f"{told}{f': {reason}' if reason else ''}.", **facts)


def file(place: Place) -> Finding:
    """Whether there is a stop file. No database is asked."""
    order = place.stop_file.order()
    if order is None:
        return ok("There is none.", present=False)
    reason = f": {order.reason}" if order.reason else ""
    facts = {"present": True, "by": order.actor, "at": order.at.isoformat(), "reason": order.reason}
    told = f"It is there since {moment(order.at)}, by {order.actor}{reason}."
    return warning(told, RESET, **facts).on_page(*RESET_HERE)


def agreement(place: Place) -> Finding:
    """Whether the stop file and the log say the same."""
    stopped, present = switch(place.log).status is ScraperStatus.EMERGENCY_STOPPED, place.stop_file.present()
    if stopped is present:
        return ok("Both say that there is an emergency stop." if present else "Neither says that there is one.")
    if present:
        return warning("There is a stop file, and the log says nothing of an emergency: the file holds.", TELL)
    return warning("The log has an emergency stop, and there is no stop file: it holds by the log alone.", ANEW)


def open_jobs(place: Place) -> Finding:
    """Whether jobs are open that may not be while the switch is as it is."""
    status = _status(place)
    jobs = misplaced(status, place.jobs)
    if not jobs:
        return ok("None that should not be.")
    told = f"{plural(len(jobs), 'job is', 'jobs are')} open although the scraper is {status}."
    remedy = "A server takes them back within a second, and `scipaperloader diagnose emergency-stop` does at once."
    return warning(told, remedy, jobs=[job.id for job in jobs])


def _status(place: Place) -> ScraperStatus:
    return ScraperStatus.EMERGENCY_STOPPED if place.stop_file.present() else switch(place.log).status
