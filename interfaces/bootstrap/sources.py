"""The sources that the settings allow, and the keys that their hosts are shown."""

from collections.abc import Iterator, Mapping

from application.ports.clock import Clock
from application.ports.sources import Source
from domain.resolvers import resolvers_of
from domain.sources import SOURCES, Service, in_order
from infrastructure.http.fetcher import HttpFetcher
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
from infrastructure.sources.resolver import OwnResolver
from infrastructure.sources.semanticscholar import SemanticScholar
from infrastructure.sources.springer import Springer
from infrastructure.sources.unpaywall import Unpaywall
from infrastructure.sources.wiley import Wiley
from interfaces.settings import Settings


def sources_of(settings: Settings, fetcher: HttpFetcher, clock: Clock) -> tuple[Source, ...]:
    """Every source that can be asked: those that want a key are left out where there is none."""
    found = {source.name: source for source in (*_open(settings, fetcher, clock), *_keyed(settings, fetcher))}
    own = (OwnResolver(fetcher, resolver) for resolver in resolvers_of(settings.resolvers))
    return (*(found[name] for name in in_order(found, tuple(SOURCES))), *own)


def services_of(settings: Settings) -> Mapping[str, Service]:
    """What there is to choose from: the services that the program knows, and the user's own."""
    return {**SOURCES, **{one.source: one.service for one in resolvers_of(settings.resolvers)}}


def _open(settings: Settings, fetcher: HttpFetcher, clock: Clock) -> Iterator[Source]:
    email, keyed = settings.contact_email, bool(settings.semanticscholar_key)
    yield Unpaywall(fetcher, clock, email=email, base=settings.unpaywall_url)
    yield Crossref(fetcher, clock, email=email, base=settings.crossref_url)
    yield DataCite(fetcher, clock, base=settings.datacite_url)
    yield Arxiv(fetcher, base=settings.arxiv_url, pdf_base=settings.arxiv_url)
    yield EuropePmc(fetcher, base=settings.europepmc_url, pdf_base=settings.europepmc_files_url)
    yield Pmc(fetcher, base=settings.pmc_url)
    yield Biorxiv(fetcher, base=settings.biorxiv_url)
    yield SemanticScholar(fetcher, keyed=keyed, base=settings.semanticscholar_url)
    yield Doaj(fetcher, base=settings.doaj_url)


def _keyed(settings: Settings, fetcher: HttpFetcher) -> Iterator[Source]:
    if key := settings.openalex_key:
        yield OpenAlex(fetcher, key=key, base=settings.openalex_url)
    if settings.core_key:
        yield Core(fetcher, base=settings.core_url)
    if settings.elsevier_key:
        yield Elsevier(fetcher, base=settings.elsevier_url)
    if settings.wiley_token:
        yield Wiley(base=settings.wiley_url)
    if key := settings.springer_key:
        yield Springer(fetcher, key=key, base=settings.springer_url)


def credentials_of(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """The headers with keys, by the address of the service that gets them."""
    core = settings.core_key
    headers: Mapping[str, Mapping[str, str]] = {
        settings.semanticscholar_url: {"x-api-key": settings.semanticscholar_key},
        settings.core_url: {"Authorization": f"Bearer {core}" if core else ""},
        settings.elsevier_url: {
            "X-ELS-APIKey": settings.elsevier_key,
            "X-ELS-Insttoken": settings.elsevier_token,
        },
        settings.wiley_url: {"Wiley-TDM-Client-Token": settings.wiley_token},
    }
    return {url: {name: value for name, value in shown.items() if value} for url, shown in headers.items()}
