"""What the interfaces work with: handlers and ports, put together by interfaces.bootstrap."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from attrs import frozen

from application.acting import Acting
from application.activity import Activity
from application.archiving import Archiving
from application.attaching import Attaching
from application.bulk import ActingInBulk
from application.checkup import Checkup
from application.choosing_jobs import Choosing
from application.conducting import Conducting
from application.controlling import Controlling
from application.divisions import Divisions, PaperNames
from application.forecasting import Forecasting
from application.health import Readiness
from application.hosts import Hosts, Politeness
from application.importing import Importing
from application.judging import Judging
from application.matching import Matching
from application.needs import Needs
from application.notices import Notices
from application.planning import Planning
from application.ports.clock import Clock
from application.ports.dropped import Dropped
from application.ports.event_log import EventLog
from application.ports.library import Library
from application.ports.maintenance import Maintenance
from application.ports.pictures import Pictures
from application.ports.saved_views import SavedViews
from application.ports.tasks import Tasks
from application.ports.uploads import Uploads
from application.processing import Processing
from application.proving import Proving
from application.publishers import Publishers
from application.queries import Imports, Jobs, Papers
from application.recovering import Recovering
from application.rehearsing import Rehearsing
from application.renaming import Renaming
from application.running_jobs import RunningJobs
from application.scheduling import Scheduling
from application.sourcing import Sourcing
from application.tallies import Tallies
from application.undoing import Undoing
from application.undoing_imports import UndoingImports
from application.working import Working
from interfaces.settings import Origins, Settings
from interfaces.settings_book import SettingsBook


class Background(Protocol):
    """Work outside of requests."""

    def start_import(self, import_id: str) -> None:
        """Work through an import in the background; one that is being worked on is left alone."""
        ...

    def start_undo(self, import_id: str) -> None:
        """Take an import back in the background, from where that stands."""
        ...


@frozen(kw_only=True)
class Container:
    """The application, ready to use."""

    book: SettingsBook
    clock: Clock
    log: EventLog
    papers: Papers
    imports: Imports
    jobs: Jobs
    tallies: Tallies
    hosts: Hosts
    politeness: Politeness
    publishers: Publishers
    choosing: Choosing
    saved_views: SavedViews
    tasks: Tasks
    activity: Activity
    divisions: Divisions
    names: PaperNames
    importing: Importing
    planning: Planning
    scheduling: Scheduling
    sourcing: Sourcing
    forecasting: Forecasting
    controlling: Controlling
    running_jobs: RunningJobs
    processing: Processing
    archiving: Archiving
    renaming: Renaming
    acting: Acting
    bulks: ActingInBulk
    undoing: Undoing
    undoing_imports: UndoingImports
    notices: Notices
    needs: Needs
    judging: Judging
    attaching: Attaching
    matching: Matching
    conducting: Conducting
    working: Working
    recovering: Recovering
    library: Library
    pictures: Pictures
    uploads: Uploads
    dropped: Dropped
    background: Background
    by_hand: Callable[[Callable[[], object]], None]
    """Does what a person wants at once, outside of the request."""
    in_bulk: Callable[[Callable[[], object]], None]
    """The same for what is done with many papers: downloads by hand are not in its way."""
    maintenance: Maintenance
    proving: Proving
    readiness: Readiness
    checkup: Checkup
    glance: Checkup
    """The few checks of readiness, for pages that are looked at all the time."""
    rests: Callable[[], datetime | None]
    """When something out there is asked again, where nothing answers at present."""
    rehearsing: Callable[[], Rehearsing]
    """Makes what tries out one stop in memory."""
    at_work: Callable[[], AbstractContextManager[object]]
    """Enter it to be a living worker of this database: before `working` and `background` are used."""
    in_charge: Callable[[], AbstractContextManager[object]]
    """Enter it within `at_work` to keep the schedule: servers do, single commands do not."""
    stop: Callable[[], None]
    """Ask everything that runs in this process to end soon."""

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.book.settings

    @property
    def origins(self) -> Origins:
        """Where each of them came from."""
        return self.book.origins
