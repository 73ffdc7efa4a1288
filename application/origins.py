"""Who told what is known of a paper: the origin of each field and of each identifier. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from application.ports.event_log import Recorded
from domain import paper_events as happened
from domain.identifiers import Identifier

_IMPORT = "import "


@frozen(kw_only=True)
class Told:
    """Who told something, and when: an import and its row, or a service, or a person."""

    by: str
    """A source's name, or the person who corrected it; "" where an import told it."""
    import_id: str | None = None
    row: int | None = None
    moment: datetime


def fields_told(facts: Iterable[Recorded]) -> Mapping[str, Told]:
    """Who told each known field of the metadata, by its name. The events are given in order."""
    found: dict[str, Told] = {}
    for one in facts:
        if isinstance(one.event, happened.Registered | happened.MetadataUpdated):
            found |= dict.fromkeys(one.event.metadata.known(), told(one))
    return found


def identifiers_told(facts: Iterable[Recorded]) -> Mapping[Identifier, Told]:
    """Who told each identifier that the paper ever had. The events are given in order."""
    return {
        identifier: told(one) for one in facts for identifier, taken in happened.identifier_changes(one.event) if taken
    }


def told(one: Recorded) -> Told:
    """Who told what an event says."""
    event = one.event
    if isinstance(event, happened.Registered):
        return Told(
            by="" if event.import_id else one.actor, import_id=event.import_id, row=event.row, moment=one.recorded_at
        )
    source: str = getattr(event, "source", "")
    if source.startswith(_IMPORT):
        return Told(by="", import_id=source.removeprefix(_IMPORT), moment=one.recorded_at)
    return Told(by=source or one.actor, moment=one.recorded_at)
