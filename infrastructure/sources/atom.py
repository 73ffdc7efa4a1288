"""Atom feeds (RFC 4287) read without a way for entities, external or nested, to do harm."""

import xml.parsers.expat as expat
from collections.abc import Mapping

from attrs import define, field, frozen

MOST_ENTRIES = 1_000


class NotAtom(ValueError):
    """The document is no feed, or declares entities."""


@frozen(kw_only=True)
class Element:
    """An element inside an entry, whatever its depth. `name` has no namespace; `text` is that of the element alone."""

    name: str
    attributes: Mapping[str, str]
    text: str


Entry = tuple[Element, ...]


def entries(document: bytes) -> tuple[Entry, ...]:
    """The entries of a feed, each as the flat list of its elements in the order of their ends. Raises NotAtom."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError) as error:
        raise NotAtom("the answer is no Atom feed") from error
    if reader.root != "feed":
        raise NotAtom("the answer is no Atom feed")
    return tuple(reader.entries)


def _refuse_doctype(*_: object) -> None:
    """Entities can only be declared in a document type declaration, and a feed has none."""
    raise NotAtom("the answer declares a document type")


@define
class _Reader:
    root: str | None = None
    entries: list[Entry] = field(factory=list)
    _open: list[tuple[str, Mapping[str, str], list[str]]] = field(factory=list)
    _elements: list[Element] = field(factory=list)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.root = self.root or name
        self._open.append((name, attributes, []))

    def characters(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)

    def end(self, _tag: str) -> None:
        name, attributes, pieces = self._open.pop()
        if len(self._open) > 1:
            self._elements.append(Element(name=name, attributes=attributes, text="".join(pieces)))
        elif name == "entry" and len(self.entries) < MOST_ENTRIES:
            self.entries.append(tuple(self._elements))
        if len(self._open) <= 1:
            self._elements = []
