"""From the fields of one entry, whatever its format, to a record: identifiers, metadata, or the reason why not."""

from collections.abc import Sequence
from functools import lru_cache

from application.ports.tabular import Record
from domain.identifiers import (
    Identifier,
    Scheme,
    arxiv_of,
    find_dois,
    identify,
    parse_arxiv,
    parse_doi,
    parse_issns,
    parse_pmcid,
    parse_pmid,
)
from domain.metadata import Metadata
from domain.records import clean
from infrastructure.tabular import reasons
from infrastructure.tabular.cells import MOST_AUTHORS, cleaned, first_of, split_authors, year_of
from infrastructure.tabular.entries import Entry, Fields

RAW = 2000
"""Characters kept of an entry as it stood."""
_LONGEST_URL = 2000
_LONGEST_TEXT = 10_000
"""Characters of a cell that are searched for identifiers."""
_ORDER = tuple((scheme.value, scheme) for scheme in Scheme)  # plain strings: to hash a member of an enum is slow
_BARE = (("pmid", parse_pmid), ("pmcid", parse_pmcid), ("arxiv", parse_arxiv))
_NOTHING: tuple[str, ...] = ()
_ISSNS_REMEMBERED = 4096
_LONGEST_ISSNS = 100


def to_record(row: int, entry: Entry) -> Record:
    """The record of the entry number `row`."""
    line, raw, fields, reason = entry
    raw = raw[:RAW].rstrip("\n")
    if reason is not None:
        return Record(row=row, line=line, raw=clean(raw), reason=reason)
    identifiers, reason = _identifiers(fields)
    return Record(row=row, line=line, identifiers=identifiers, metadata=_metadata(fields), raw=raw, reason=reason)


def _identifiers(fields: Fields) -> tuple[tuple[Identifier, ...], str | None]:
    found: dict[str, str] = {}
    dois, reason = _read_dois(fields.get("doi", _NOTHING), found)
    if len(dois) > 1:
        return (), reasons.TWO_DOIS.format(dois=", ".join(dois[:3]))
    if dois:
        found["doi"] = dois[0]
    for field, parse in _BARE:
        for cell in fields.get(field, _NOTHING):
            if field not in found and (text := cleaned(cell)) and (value := parse(text)):
                found[field] = value
    if "extra" in fields:
        _from_text(fields["extra"], found)
    if not found:
        _from_text(fields.get("url", _NOTHING), found)
    if dois and (arxiv := arxiv_of(dois[0])):
        found["arxiv"] = arxiv
    if not found:
        return (), reason or reasons.NO_IDENTIFIER
    return tuple([Identifier(scheme, found[name]) for name, scheme in _ORDER if name in found]), None


def _read_dois(cells: Sequence[str], found: dict[str, str]) -> tuple[tuple[str, ...], str | None]:
    """The DOIs of the first cell that has any, else why there is none; what stands in their place goes to `found`."""
    reason = None
    for cell in cells:
        if not (text := cleaned(cell)):
            continue
        if doi := parse_doi(text):
            return (doi,), None
        text = text[:_LONGEST_TEXT]
        if len(several := find_dois(text)) > 1:
            return several, None
        found.update({other.scheme.value: other.value for other in identify(text) if other.scheme is not Scheme.DOI})
        reason = reason or reasons.bad_doi(text)
    return (), reason


def _from_text(cells: Sequence[str], found: dict[str, str]) -> None:
    """Add identifiers of schemes that are not known yet, where the cells name exactly one."""
    for cell in cells:
        if not cell:
            continue
        named = identify(cell[:_LONGEST_TEXT])
        for name, scheme in _ORDER:
            values = [identifier.value for identifier in named if identifier.scheme is scheme]
            if len(values) == 1:
                found.setdefault(name, values[0])


def _metadata(fields: Fields) -> Metadata:
    get = fields.get
    url = first_of(get("url", _NOTHING))
    return Metadata(
        title=first_of(get("title", _NOTHING)),
        authors=_authors(fields),
        journal=first_of(get("journal", _NOTHING)),
        issn=_issns(" ".join(get("issn", _NOTHING))[:_LONGEST_ISSNS]),
        year=year_of(get("year", _NOTHING)),
        publisher=first_of(get("publisher", _NOTHING)),
        type=first_of(get("type", _NOTHING)),
        url=url if url and url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL else None,
    )


@lru_cache(_ISSNS_REMEMBERED)
def _issns(text: str) -> tuple[str, ...]:
    """The ISSNs in a text; few journals fill a list of papers."""
    return parse_issns(text)


def _authors(fields: Fields) -> tuple[str, ...]:
    if each := fields.get("author"):
        return tuple([name for cell in each[:MOST_AUTHORS] if (name := cleaned(cell))])
    cell = first_of(fields.get("authors", _NOTHING))
    return split_authors(cell) if cell else ()
