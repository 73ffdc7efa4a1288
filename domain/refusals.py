"""Commands of people that were refused: events too, so that nothing that was asked is lost."""

from domain.events import Event, event

STREAM = "refusals"


@event("command.refused")
class Refused(Event):
    """A person's command was not carried out. `subject` is the stream it was meant for."""

    command: str
    subject: str
    reason: str
