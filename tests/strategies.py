"""Hypothesis strategies that the suites share."""

import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from domain import paper_commands
from domain.catalogue import REGISTRY
from domain.causes import CAUSES
from domain.copies import Copy, CopyKind, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_events import KNEW, SourceAnswer

HOSTILE_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
"""Any text, with NUL, lone surrogates and controls."""

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
MOMENTS = st.builds(
    lambda naive, zone, fold: naive.replace(tzinfo=ZoneInfo(zone), fold=fold),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001 (made aware above)
    st.sampled_from(ZONES),
    st.sampled_from((0, 1)),
)
"""Moments with a zone, those of skipped and repeated hours among them."""

IDENTIFIERS = st.sampled_from(
    (
        Identifier(Scheme.DOI, "10.1234/a"),
        Identifier(Scheme.DOI, "10.1234/b"),
        Identifier(Scheme.PMID, "42"),
        Identifier(Scheme.ARXIV, "2601.00001"),
    )
)
URLS = st.sampled_from(
    (
        "https://arxiv.org/pdf/2601.00001",
        "http://ArXiv.org/pdf/2601.00001/",
        "https://journal.example/article/7.pdf",
        "https://repository.example/files?id=7",
        "https://repository.example/files?id=8",
        "http://[broken",
    )
)
"""Few URLs, so that some of them lead to one place."""

COPIES = st.builds(
    Copy,
    url=URLS,
    source=st.sampled_from(("unpaywall", "openalex")),
    kind=st.sampled_from(CopyKind),
    version=st.sampled_from(Version),
    licence=st.none() | st.just("cc-by"),
)

_LEAVES: Mapping[Any, st.SearchStrategy[Any]] = {
    types.NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(min_value=0, max_value=2**31 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: HOSTILE_TEXT,
    datetime: MOMENTS,
    Identifier: IDENTIFIERS,
    Copy: COPIES,
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold: records are filled field by field."""
    if kind in _LEAVES:
        return _LEAVES[kind]
    parts = get_args(kind)
    if isinstance(kind, types.UnionType):
        return st.one_of(*(values(part) for part in parts))
    if get_origin(kind) is tuple:
        variadic = parts[-1] is Ellipsis
        return st.lists(values(parts[0]), max_size=3).map(tuple) if variadic else st.tuples(*map(values, parts))
    return st.sampled_from(kind) if issubclass(kind, Enum) else records(kind)


def records(kind: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Instances of an attrs class; fields that are in `given` have their own strategy."""

    def strategy(field: "attrs.Attribute[Any]") -> st.SearchStrategy[Any]:
        return given[field.name] if field.name in given else values(field.type)

    return st.builds(kind, **{field.name: strategy(field) for field in attrs.fields(kind)})


METADATA: st.SearchStrategy[Metadata] = records(Metadata)
EVENTS: st.SearchStrategy[Event] = st.sampled_from(sorted(REGISTRY)).flatmap(lambda form: records(REGISTRY[form]))
"""Any event of any aggregate."""

_KNOWN_OR_NOT = st.sampled_from((*sorted(CAUSES), "ok", "page", "bad luck"))
_POOLS: Mapping[str, st.SearchStrategy[Any]] = {
    "identifiers": st.lists(IDENTIFIERS, max_size=2).map(tuple),
    "module": st.sampled_from(("locate", "download", "print")),
    "url": URLS,
    "cause": _KNOWN_OR_NOT,
    "outcome": _KNOWN_OR_NOT,
    "answers": st.lists(
        st.builds(SourceAnswer, source=st.just("arxiv"), said=st.sampled_from((*KNEW, "timeout", "bad luck"))),
        max_size=2,
    ).map(tuple),
}
PAPER_COMMAND_TYPES = tuple(
    kind
    for kind in vars(paper_commands).values()
    if isinstance(kind, type) and issubclass(kind, paper_commands.Command) and kind is not paper_commands.Command
)
PAPER_COMMANDS: Mapping[str, st.SearchStrategy[paper_commands.Command]] = {
    kind.NAME: records(kind, **_POOLS) for kind in PAPER_COMMAND_TYPES
}
"""Commands on a paper by name, with fields from small pools: some are possible, some never."""
