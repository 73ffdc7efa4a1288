"""An installation with three located papers, which tests bring out of order."""

from datetime import datetime, timedelta

from attrs import frozen

from application.handling import Actor, order
from application.ports.event_log import Origin, Write
from domain import schedule, scraper, settings
from domain.copies import Copy
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.paper_commands import Register
from domain.scraper import Action
from infrastructure.database import Database
from infrastructure.health.place import Place
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock
from tests.plans import Yard

NAMES = ("p0", "p1", "p2")
ADA = Actor(name="Ada", is_person=True)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@frozen(kw_only=True)
class Ward:
    """The place that the checks look at, and what happens there."""

    place: Place
    database: Database
    clock: FakeClock
    log: SqlEventLog
    yard: Yard

    @property
    def now(self) -> datetime:
        """The moment that the clock shows."""
        return self.clock.now()

    def use(self, action: Action, reason: str = "") -> None:
        """Use the switch, in the log alone."""
        command = scraper.Command(action=action, reason=reason)
        order(self.log, scraper.DECIDER, scraper.STREAM, (command,), ADA, f"scraper {action}")

    def paint(self, command: schedule.Command) -> None:
        """Change the schedule."""
        order(self.log, schedule.DECIDER, schedule.STREAM, (command,), ADA, "schedule set")

    def toggle(self, module: str, *, enabled: bool) -> None:
        """Switch a module on or off."""
        command = settings.ToggleModule(module=module, enabled=enabled)
        order(self.log, settings.DECIDER, settings.STREAM, (command,), ADA, "modules")

    def happen(self, stream: str, *events: Event, actor: str = "the tests") -> None:
        """Append events to any stream."""
        origin = Origin(command="try out", actor=actor, correlation="one run")
        self.log.append((Write(stream=stream, expected=None, events=events),), origin)

    def alter(self, *statements: str) -> None:
        """Change the tables behind the log's back."""
        with self.database.write() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def ward_of(place: Place, database: Database, clock: FakeClock) -> Ward:
    """The installation, with its papers."""
    log = SqlEventLog(database, clock, READ_MODELS)
    yard = Yard(log)
    yard.registered({name: Register(identifiers=(Identifier(Scheme.DOI, f"10.5555/{name}"),)) for name in NAMES})
    yard.located({name: Copy(url=f"https://a.example/{name}.pdf", source="a source") for name in NAMES})
    return Ward(place=place, database=database, clock=clock, log=log, yard=yard)
