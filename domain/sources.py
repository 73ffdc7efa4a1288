"""The services that can be asked for copies, in the order in which they are asked at first."""

from collections.abc import Collection, Mapping, Sequence

from attrs import frozen

from domain.identifiers import Scheme


@frozen(kw_only=True)
class Service:
    """A source, as people know it.

    `needs` are the settings without which it is not asked, `daily` the requests that it allows in a day (UTC).
    """

    name: str
    title: str
    knows: str
    serves: tuple[Scheme, ...]
    needs: tuple[str, ...] = ()
    daily: int | None = None
    by_recordings: bool = False
    """It was tested with prepared answers only: nobody could ask it while it was built."""


_ALL = (
    Service(
        name="unpaywall",
        title="Unpaywall",
        knows="Every open place of a DOI.",
        serves=(Scheme.DOI,),
        needs=("contact_email",),
        daily=100_000,
    ),
    Service(
        name="crossref",
        title="Crossref",
        knows="What publishers register for a DOI; files where a licence makes them open.",
        serves=(Scheme.DOI,),
    ),
    Service(
        name="datacite",
        title="DataCite",
        knows="What repositories register for a DOI; pages and files that their rights make open.",
        serves=(Scheme.DOI,),
    ),
    Service(
        name="arxiv",
        title="arXiv",
        knows="Preprints, by their arXiv id or the DOI that holds it.",
        serves=(Scheme.ARXIV, Scheme.DOI),
    ),
    Service(
        name="europepmc",
        title="Europe PMC",
        knows="Free files of the life sciences, and a paper's other identifiers.",
        serves=(Scheme.DOI, Scheme.PMID, Scheme.PMCID),
    ),
    Service(
        name="pmc",
        title="PubMed Central",
        knows="Open files of the life sciences, made for programs, each with its checksum.",
        serves=(Scheme.PMCID,),
    ),
    Service(
        name="biorxiv",
        title="bioRxiv and medRxiv",
        knows="The newest version of their preprints.",
        serves=(Scheme.DOI,),
    ),
    Service(
        name="openalex",
        title="OpenAlex",
        knows="Open places of a DOI, and a paper's other identifiers.",
        serves=(Scheme.DOI,),
        needs=("openalex_key",),
    ),
    Service(
        name="semanticscholar",
        title="Semantic Scholar",
        knows="An open file of a paper, and its other identifiers. Without a key it answers seldom, and nobody waits.",
        serves=(Scheme.DOI, Scheme.ARXIV, Scheme.PMID, Scheme.PMCID),
    ),
    Service(
        name="core",
        title="CORE",
        knows="Files that repositories hold.",
        serves=(Scheme.DOI,),
        needs=("core_key",),
        daily=10_000,
        by_recordings=True,
    ),
    Service(
        name="doaj",
        title="DOAJ",
        knows="Articles of open access journals.",
        serves=(Scheme.DOI,),
    ),
    Service(
        name="elsevier",
        title="Elsevier",
        knows="The published version of its articles, where your key entitles to them.",
        serves=(Scheme.DOI,),
        needs=("elsevier_key",),
        daily=7_000,
        by_recordings=True,
    ),
    Service(
        name="wiley",
        title="Wiley",
        knows="The published version of its articles, where your token entitles to them.",
        serves=(Scheme.DOI,),
        needs=("wiley_token",),
        by_recordings=True,
    ),
    Service(
        name="springer",
        title="Springer Nature",
        knows="The published version of its open articles.",
        serves=(Scheme.DOI,),
        needs=("springer_key",),
        daily=500,
        by_recordings=True,
    ),
)
SOURCES: Mapping[str, Service] = {service.name: service for service in _ALL}
OWN = "resolver-"
"""Before the name of a source that the user described."""


def title_of(name: str) -> str:
    """What people call a source."""
    return SOURCES[name].title if name in SOURCES else name.removeprefix(OWN)


def in_order(names: Collection[str], order: Sequence[str]) -> tuple[str, ...]:
    """The names in an order; those that it does not know come last, as they are given."""
    known = [name for name in order if name in names]
    return (*known, *(name for name in names if name not in known))
