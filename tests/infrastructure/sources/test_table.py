"""The table of sources speaks of the adapters that there are."""

from typing import Any

import pytest

from domain.identifiers import Identifier, Scheme
from domain.sources import SOURCES
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.biorxiv import Biorxiv
from infrastructure.sources.core import Core
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.datacite import DataCite
from infrastructure.sources.doaj import Doaj
from infrastructure.sources.elsevier import Elsevier
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.openalex import OpenAlex
from infrastructure.sources.pmc import Pmc
from infrastructure.sources.semanticscholar import SemanticScholar
from infrastructure.sources.springer import Springer
from infrastructure.sources.unpaywall import Unpaywall
from infrastructure.sources.wiley import Wiley
from interfaces.settings_book import KEYS

NOBODY: Any = None
ADAPTERS = (
    Unpaywall(NOBODY, NOBODY, email="me@example.org"),
    Crossref(NOBODY, NOBODY),
    DataCite(NOBODY, NOBODY),
    Arxiv(NOBODY),
    EuropePmc(NOBODY),
    Pmc(NOBODY),
    Biorxiv(NOBODY),
    OpenAlex(NOBODY, key="k"),
    SemanticScholar(NOBODY),
    Core(NOBODY),
    Doaj(NOBODY),
    Elsevier(NOBODY),
    Wiley(),
    Springer(NOBODY, key="k"),
)
NAMED = (
    *(
        Identifier(Scheme.DOI, doi)
        for doi in ("10.48550/arxiv.2601.00001", "10.1101/2020.01.01.123456", "10.1016/x", "10.1002/x", "10.1007/x")
    ),
    Identifier(Scheme.PMID, "42"),
    Identifier(Scheme.PMCID, "PMC42"),
    Identifier(Scheme.ARXIV, "2601.00001"),
)


def test_every_source_is_in_the_table_and_none_besides() -> None:
    assert [adapter.name for adapter in ADAPTERS] == list(SOURCES)


def test_what_they_need_are_settings_that_can_be_set() -> None:
    needed = {name for service in SOURCES.values() for name in service.needs}
    assert needed <= {"contact_email", *KEYS}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
def test_it_serves_the_identifiers_that_the_table_names(adapter: Any) -> None:
    served = {identifier.scheme for identifier in NAMED if adapter.serves([identifier])}
    assert served == set(SOURCES[adapter.name].serves)
