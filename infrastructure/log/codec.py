"""Events as JSON text and back. Old forms are lifted by upcasters; what was stored is never rewritten."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from domain.catalogue import REGISTRY
from domain.errors import SciPaperLoaderError
from domain.events import Event

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("import.started", 1): lambda fields: fields | {"mapping": ()},
    ("paper.reinstated", 1): lambda fields: fields | {"not_before": None},
    ("paper.reinstated", 2): lambda fields: fields | {"cause": None},
    ("hour.planned", 1): lambda fields: fields | {"minutes": 60, "begins": fields["start"]},
    ("paper.sources_asked", 1): lambda fields: fields,
    ("paper.copies_located", 1): lambda fields: fields,
    ("paper.downloaded", 1): lambda fields: fields,
    ("paper.doubted", 1): lambda fields: fields,
}
"""For each outdated form (name, version), how its data become the data of the next version."""

_NEWEST = dict(sorted(REGISTRY))
_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS = {form: msgspec.json.Decoder(cls) for form, cls in REGISTRY.items()}


class UnknownEvent(SciPaperLoaderError):
    """The log holds an event that this version of the program does not know, or whose data it cannot read."""

    remedy = "The log was written by a newer version: install that version."

    def __init__(self, name: str, version: int, detail: str = "") -> None:
        super().__init__(f"The event {name} v{version} cannot be read{': ' + detail if detail else ''}.")
        self.name, self.version = name, version


def encode(event: Event) -> str:
    """The event's fields as JSON, sorted by name."""
    return _ENCODER.encode(event).decode()


def decode(name: str, version: int, data: str) -> Event:
    """The event. Raises UnknownEvent."""
    decoder = _DECODERS.get((name, version))
    try:
        if decoder is not None and version == _NEWEST[name]:
            return decoder.decode(data)
        return _lift(name, version, data)
    except msgspec.MsgspecError as error:
        raise UnknownEvent(name, version, str(error)) from error


def _lift(name: str, version: int, data: str) -> Event:
    fields = msgspec.json.decode(data)
    while (upcast := UPCASTS.get((name, version))) is not None:
        fields, version = upcast(fields), version + 1
    if (name, version) not in REGISTRY:
        raise UnknownEvent(name, version)
    return msgspec.convert(fields, REGISTRY[name, version])


def stamp(moment: datetime) -> str:
    """A moment as it is stored: UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(stamped: str) -> datetime:
    """The moment that was stored."""
    return datetime.fromisoformat(stamped)
