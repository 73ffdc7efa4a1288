"""The table of sources speaks of the adapters that there are."""

from typing import Any

import pytest

from domain.identifiers import Identifier, Scheme
from domain.sources import SOURCES
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.unpaywall import Unpaywall

NOBODY: Any = None
ADAPTERS = (
    Unpaywall(NOBODY, NOBODY, email="me@example.org"),
    Crossref(NOBODY, NOBODY),
    Arxiv(NOBODY),
    EuropePmc(NOBODY),
)
NAMED = (
    Identifier(Scheme.DOI, "10.48550/arxiv.2601.00001"),
    Identifier(Scheme.PMID, "42"),
    Identifier(Scheme.PMCID, "PMC42"),
    Identifier(Scheme.ARXIV, "2601.00001"),
)


def test_every_source_is_in_the_table_and_none_besides() -> None:
    assert [adapter.name for adapter in ADAPTERS] == list(SOURCES)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
def test_it_serves_the_identifiers_that_the_table_names(adapter: Any) -> None:
    served = {identifier.scheme for identifier in NAMED if adapter.serves([identifier])}
    assert served == set(SOURCES[adapter.name].serves)
