"""What is known of a paper, each field with who told it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from attrs import frozen

from application.origins import Told, fields_told, identifiers_told
from application.ports.event_log import Recorded
from application.queries import ImportRow
from application.wording import SCHEMES
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import Paper
from domain.sources import SOURCES

ADDRESSES = {
    Scheme.DOI: "https://doi.org/",
    Scheme.PMID: "https://pubmed.ncbi.nlm.nih.gov/",
    Scheme.PMCID: "https://www.ncbi.nlm.nih.gov/pmc/articles/",
    Scheme.ARXIV: "https://arxiv.org/abs/",
}
SERVICES = {name: service.title for name, service in SOURCES.items()}
"""Sources as their makers write them."""
_FIELDS = {
    "title": "Title",
    "authors": "Authors",
    "journal": "Journal",
    "issn": "ISSN",
    "year": "Year",
    "publisher": "Publisher",
    "type": "Type",
    "url": "Web page",
}
_SEVERAL = {"authors": "; ", "issn": " "}


@frozen(kw_only=True)
class Origin:
    """Who told something, in words, and the address of the import if it was one."""

    text: str
    address: str | None
    moment: datetime | None


@frozen(kw_only=True)
class Field:
    """A field of the metadata; the address of a page is a link."""

    name: str
    value: str
    is_address: bool
    origin: Origin


@frozen(kw_only=True)
class Named:
    """An identifier, where it leads, and who added it."""

    scheme: str
    value: str
    address: str
    origin: Origin


@frozen(kw_only=True)
class MetadataView:
    """Fields and identifiers. `main` told most of them; `retracted` tells that a source calls the paper retracted."""

    fields: tuple[Field, ...]
    identifiers: tuple[Named, ...]
    main: Origin
    retracted: bool


def metadata_view(state: Paper, facts: Sequence[Recorded], imports: Sequence[ImportRow]) -> MetadataView:
    """What is known, and from where. `facts` are in order."""
    files = {row.id: row.filename for row in imports}
    tellers = identifiers_told(facts)
    named = tuple(_fields(state.metadata, fields_told(facts), files))
    identified = tuple(_named(one, tellers.get(one), files) for one in state.identifiers)
    return MetadataView(
        fields=named,
        identifiers=identified,
        main=_main([*(one.origin for one in identified), *(one.origin for one in named)]),
        retracted=_retracted(state.metadata),
    )


def _fields(known: Metadata, tellers: Mapping[str, Told], files: Mapping[str, str]) -> Iterator[Field]:
    for name, value in known.known().items():
        text = _SEVERAL[name].join(value) if isinstance(value, tuple) else str(value)
        yield Field(name=_FIELDS[name], value=text, is_address=name == "url", origin=_origin(tellers.get(name), files))


def _named(identifier: Identifier, teller: Told | None, files: Mapping[str, str]) -> Named:
    return Named(
        scheme=SCHEMES[identifier.scheme],
        value=identifier.value,
        address=ADDRESSES[identifier.scheme] + quote(identifier.value),
        origin=_origin(teller, files),
    )


def _origin(teller: Told | None, files: Mapping[str, str]) -> Origin:
    if teller is None:
        return Origin(text="", address=None, moment=None)
    if teller.import_id is None:
        return Origin(text=SERVICES.get(teller.by, teller.by), address=None, moment=teller.moment)
    file = files.get(teller.import_id, "an import")
    text = f"{file}, row {teller.row}" if teller.row else file
    return Origin(text=text, address=f"/imports/{teller.import_id}", moment=teller.moment)


def _main(origins: Sequence[Origin]) -> Origin:
    """Who told most; the first one where several told as much."""
    counts = Counter(one.text for one in origins if one.text)
    most = max(counts, key=lambda text: counts[text], default="")
    return next((one for one in origins if one.text == most), Origin(text="", address=None, moment=None))


def _retracted(known: Metadata) -> bool:
    """Publishers put it in front of the title, and services into the type."""
    title, kind = (known.title or "").casefold().lstrip(" [(*"), (known.type or "").casefold()
    return title.startswith(("retracted:", "retracted article", "retracted]")) or "retracted" in kind
