"""A resolver that the user described: see domain.resolvers."""

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, distinct
from domain.errors import InvalidValue
from domain.identifiers import Identifier
from domain.resolvers import FIELD, Kind, Resolver, resolvers_of, steps_of, values_at
from infrastructure.sources.asking import ask, refuse
from infrastructure.sources.reading import text, web_address

MOST_COPIES = 20
"""Addresses of one answer that are believed."""
_ATTRIBUTES = ("href", "content", "src", "data")
"""Where an element names its address; one without any is read as text."""


class OwnResolver:
    """A source of the user's own."""

    def __init__(self, fetcher: Fetcher, resolver: Resolver) -> None:
        self._fetcher, self._resolver, self.name = fetcher, resolver, resolver.source

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is every identifier that its address wants."""
        return self._resolver.address(tuple(identifiers)) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The copies that its answer names. Raises SourceUnavailable."""
        url = self._resolver.address(tuple(identifiers))
        is_page = self._resolver.kind is Kind.HTML
        body = ask(self._fetcher, self.name, url, page=is_page) if url else None
        if url is None or body is None:
            return Finding()
        told = self._in_page(body) if is_page else self._in_data(body)
        copies = distinct(islice(self._copies(told, url), MOST_COPIES))
        return Finding(known=bool(copies), copies=copies)

    def _in_data(self, body: bytes) -> Iterator[object]:
        try:
            data = json.loads(body.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError) as error:
            refuse(self.name, "the answer is no JSON", error)
        return values_at(data, steps_of(self._resolver.where) or ())

    def _in_page(self, body: bytes) -> Iterator[object]:
        for node in LexborHTMLParser(body).css(self._resolver.where):
            named = (node.attributes.get(name) for name in _ATTRIBUTES)
            yield next(filter(None, named), None) or node.text()

    def _copies(self, told: Iterable[object], base: str) -> Iterator[Copy]:
        """The copies; an address may be relative to that of the answer."""
        resolver = self._resolver
        for value in told:
            if url := _joined(base, text(value)):
                yield Copy(
                    url=url,
                    source=self.name,
                    kind=resolver.leads_to,
                    version=resolver.version,
                    licence=resolver.licence,
                )


def _joined(base: str, address: str | None) -> str | None:
    try:
        return web_address(urljoin(base, address)) if address else None
    except ValueError:
        return None


def check_resolvers(described: str) -> None:
    """Raise InvalidValue where a setting describes no resolvers, or has a selector that is none."""
    for resolver in resolvers_of(described):
        if resolver.kind is Kind.HTML:
            try:
                LexborHTMLParser("").css(resolver.where)
            except SelectolaxError:
                expected = f"a list in which “{resolver.name}” has a “selector” as in CSS, a.download for one"
                raise InvalidValue(FIELD, "what was given", expected) from None
