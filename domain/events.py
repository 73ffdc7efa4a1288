"""What every event has in common: a stored name, a version, and a place in the registry."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, TypeVar, dataclass_transform

import attrs

from domain.records import storable


class Event:
    """Something that happened. Subclasses are frozen records, declared with `@event`."""

    __slots__ = ()
    TYPE: ClassVar[str]
    VERSION: ClassVar[int]


E = TypeVar("E", bound=Event)
_registry: dict[tuple[str, int], type[Event]] = {}
REGISTRY: Mapping[tuple[str, int], type[Event]] = MappingProxyType(_registry)
"""Every event class by its stored name and version, once its module is imported."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field,))
def event(name: str, version: int = 1) -> Callable[[type[E]], type[E]]:
    """Declare a frozen event stored as `name` (dotted, past tense, never changed) in form `version`.

    Its fields are made storable: see `domain.records`.
    """

    def declare(cls: type[E]) -> type[E]:
        if (name, version) in _registry:
            raise TypeError(f"the event {name} v{version} is declared twice")
        declared = attrs.frozen(kw_only=True, field_transformer=storable)(cls)
        declared.TYPE, declared.VERSION = name, version
        _registry[name, version] = declared
        return declared

    return declare
