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
    """It was proved with recorded answers only: nobody could ask it while it was built."""


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
)
SOURCES: Mapping[str, Service] = {service.name: service for service in _ALL}


def in_order(names: Collection[str], order: Sequence[str]) -> tuple[str, ...]:
    """The names in an order; those that it does not know come last, as they are given."""
    known = [name for name in order if name in names]
    return (*known, *(name for name in names if name not in known))
