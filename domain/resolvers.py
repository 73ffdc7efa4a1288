"""Resolvers that a user describes: sources of their own, without code.

Each is an address with the paper's identifiers in it, and the place in its answer at which files are named:

    [{"name": "library", "url": "https://repository.example/api?doi={doi}", "path": "results[*].file.url"}]
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote, urlsplit

from attrs import frozen

from domain.copies import CopyKind, Version
from domain.errors import InvalidValue
from domain.identifiers import Identifier, Scheme
from domain.sources import OWN, Service

T = TypeVar("T")
FIELD = "resolvers"
MOST = 20
LONGEST = 500
"""Characters of one value."""
PLACEHOLDERS: Mapping[str, Scheme] = {
    "doi": Scheme.DOI,
    "pmid": Scheme.PMID,
    "pmcid": Scheme.PMCID,
    "arxiv": Scheme.ARXIV,
}
_VERSIONS = {"published": Version.PUBLISHED, "accepted": Version.ACCEPTED, "submitted": Version.SUBMITTED}
_LEADS = {"pdf": CopyKind.PDF, "page": CopyKind.LANDING_PAGE}
_KEYS = ("name", "url", "kind", "path", "selector", "leads_to", "version", "licence")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_STEP = re.compile(r"\.?([^.\[\]\s]+)|\[(\*|\d{1,4})\]")


class Kind(StrEnum):
    """What a resolver answers with."""

    JSON = "json"
    HTML = "html"


Step = str | int | None
"""A name, a place in a list that counts from 0, or None for every entry of a list."""


@frozen(kw_only=True)
class Resolver:
    """A source that a user described. `where` is a path in JSON, or a CSS selector in a page."""

    name: str
    url: str
    kind: Kind
    where: str
    leads_to: CopyKind = CopyKind.PDF
    version: Version = Version.UNKNOWN
    licence: str | None = None

    @property
    def source(self) -> str:
        """Its name among the sources."""
        return f"{OWN}{self.name}"

    @property
    def wants(self) -> tuple[Scheme, ...]:
        """The identifiers that its address holds."""
        named = _PLACEHOLDER.findall(self.url)
        return tuple(scheme for name, scheme in PLACEHOLDERS.items() if name in named)

    @property
    def service(self) -> Service:
        """What the list of the sources shows of it."""
        host = urlsplit(self.url).hostname or ""
        return Service(name=self.source, title=self.name, knows=f"Your own: {host}.", serves=self.wants)

    def address(self, identifiers: Sequence[Identifier]) -> str | None:
        """Its address for a paper, None where the paper has not every identifier that it wants."""
        values = {one.scheme: one.value for one in sorted(identifiers, key=lambda one: one.value, reverse=True)}
        if not all(scheme in values for scheme in self.wants):
            return None
        return _PLACEHOLDER.sub(lambda found: quote(values[PLACEHOLDERS[found[1]]], safe="/"), self.url)


def resolvers_of(text: str) -> tuple[Resolver, ...]:
    """The resolvers that a setting describes; none where it is empty. Raises InvalidValue with what is expected."""
    if not text.strip():
        return ()
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong("a list in JSON, in square brackets") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("a list of objects, each in braces")
    if len(entries) > MOST:
        raise _wrong(f"a list of at most {MOST} resolvers")
    found = tuple(
        _resolver(entry, f"a list in which entry {number} has") for number, entry in enumerate(entries, start=1)
    )
    if len({one.name for one in found}) < len(found):
        raise _wrong("a list in which each has a name of its own")
    return found


def steps_of(path: str) -> tuple[Step, ...] | None:
    """The steps of a path like `results[*].links[0].url`; None where it is no path."""
    found: list[Step] = []
    rest = path.strip().removeprefix("$")
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return None
        found.append(step[1] or (None if step[2] == "*" else int(step[2])))
        rest = rest[step.end() :]
    return tuple(found)


def values_at(data: object, steps: Sequence[Step]) -> Iterator[object]:
    """The values in JSON data to which the steps lead."""
    if not steps:
        yield data
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        inside = [data[step]] if isinstance(data, dict) and step in data else []
    elif not isinstance(data, list):
        inside = []
    else:
        inside = data if step is None else data[step : step + 1]
    for value in inside:
        yield from values_at(value, rest)


def _wrong(expected: str) -> InvalidValue:
    return InvalidValue(FIELD, "what was given", expected)


def _resolver(entry: Mapping[str, object], which: str) -> Resolver:
    """One entry. Raises InvalidValue."""
    for key, value in entry.items():
        if key not in _KEYS:
            raise _wrong(f"{which} nothing beside {', '.join(_KEYS)}")
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
            raise _wrong(f"{which} for “{key}” a text of at most {LONGEST} characters")
    texts = {key: str(value).strip() for key, value in entry.items()}
    kind = _chosen(texts, "kind", {"json": Kind.JSON, "html": Kind.HTML}, "json", which)
    return Resolver(
        name=_name(texts.get("name", ""), which),
        url=_url(texts.get("url", ""), which),
        kind=kind,
        where=_where(texts, kind, which),
        leads_to=_chosen(texts, "leads_to", _LEADS, "pdf", which),
        version=_chosen(texts, "version", _VERSIONS | {"": Version.UNKNOWN}, "", which),
        licence=texts.get("licence"),
    )


def _chosen(texts: Mapping[str, str], key: str, choices: Mapping[str, T], default: str, which: str) -> T:
    value = texts.get(key, default)
    if value not in choices:
        raise _wrong(f"{which} for “{key}” one of {', '.join(filter(None, choices))}")
    return choices[value]


def _name(name: str, which: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > 30:
        raise _wrong(f"{which} a “name” of at most 30 small letters, digits and hyphens")
    return name


def _url(url: str, which: str) -> str:
    named = _PLACEHOLDER.findall(url)
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "{" not in parts.netloc
    except ValueError:
        is_web = False
    if not is_web or " " in url:
        raise _wrong(f"{which} a “url” that begins with https:// or http:// and a host")
    if not named or not set(named) <= PLACEHOLDERS.keys():
        raise _wrong(f"{which} a “url” with one of {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)} in it")
    return url


def _where(texts: Mapping[str, str], kind: Kind, which: str) -> str:
    key, other = ("path", "selector") if kind is Kind.JSON else ("selector", "path")
    if key not in texts or other in texts:
        raise _wrong(f"{which} a “{key}” and no “{other}”, because its kind is {kind}")
    if kind is Kind.JSON and not steps_of(texts[key]):
        raise _wrong(f"{which} a “path” of names with dots, [*] and [0] in it, results[*].url for one")
    return texts[key]
