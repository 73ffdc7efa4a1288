"""Publishers and repositories, and how they fare: which papers are theirs, what rule there is, what came of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from application.tallies import SiteAnswers, Tallies


class Proof(StrEnum):
    """What shows that the pages of a platform are read rightly."""

    PROVED = "proved"
    """A recorded page of it."""
    UNPROVED = "unproved"
    """A page of our own that is made as its pages are known to be; nobody has seen it work."""


@frozen(kw_only=True)
class Publisher:
    """A platform that publishes papers or keeps them."""

    name: str
    prefixes: tuple[str, ...] = ()
    """Prefixes of its DOIs."""
    hosts: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    """How a file is found on its pages, besides what every page says, in words."""
    proof: Proof = Proof.UNPROVED
    left_alone: str = ""
    """Why nothing is fetched from it; "" where it may be asked."""


class Rules(Protocol):
    """What is known of single publishers."""

    def publishers(self) -> Sequence[Publisher]:
        """Every publisher that is known."""
        ...

    def of_site(self, site: str) -> Publisher | None:
        """The publisher that a site belongs to."""
        ...

    def of_doi(self, doi: str) -> Publisher | None:
        """The publisher for whom a DOI was registered."""
        ...

    def of_address(self, url: str) -> Publisher | None:
        """The publisher that an address leads to."""
        ...


class PaperCounts(Protocol):
    """How the papers are spread."""

    def by_prefix(self, prefixes: Sequence[str]) -> Mapping[str, int]:
        """How many DOIs of papers have each of these prefixes; those that none has are left out."""
        ...

    def dois(self) -> int:
        """How many DOIs the papers have."""
        ...

    def by_host(self) -> Mapping[str, int]:
        """Papers by the host of the copy that is tried first."""
        ...


@frozen(kw_only=True)
class PublisherState:
    """A publisher, and how it fares. `publisher` is None for all that are not known."""

    publisher: Publisher | None
    papers: int
    """Papers with a DOI of it."""
    copies: int
    """Papers whose first copy lies on one of its sites."""
    sites: int
    tried: int
    """How often its sites were asked."""
    files: int
    led: int
    """Pages that led on."""
    no_link: int
    """Pages on which no way to a file was found."""
    good_at: datetime | None
    """When a file came last, or a page that led on."""

    @property
    def share(self) -> float | None:
        """How many answers of its sites were of use, from 0 to 1; None where none was asked."""
        return (self.files + self.led) / self.tried if self.tried else None

    @property
    def is_met(self) -> bool:
        """Whether any paper has to do with it."""
        return bool(self.papers or self.copies or self.tried)


@frozen(kw_only=True)
class Publishers:
    """Answers questions about publishers."""

    rules: Rules
    counts: PaperCounts
    tallies: Tallies

    def states(self) -> Sequence[PublisherState]:
        """How each publisher fares, those with most papers first, and at last all that are not known."""
        known = self.rules.publishers()
        dois = self.counts.by_prefix([prefix for one in known for prefix in one.prefixes])
        copies, sites = Counter[str](), defaultdict[str, list[SiteAnswers]](list)
        for host, papers in self.counts.by_host().items():
            copies[self._name(host)] += papers
        for site in self.tallies.answers():
            sites[self._name(site.site)].append(site)
        states = [
            _state(one, sum(dois.get(prefix, 0) for prefix in one.prefixes), copies[one.name], sites[one.name])
            for one in known
        ]
        others = max(self.counts.dois() - sum(dois.values()), 0)
        return [*sorted(states, key=_order), _state(None, others, copies[_OTHER], sites[_OTHER])]

    def _name(self, site: str) -> str:
        found = self.rules.of_site(site)
        return found.name if found else _OTHER


_OTHER = ""


def _state(publisher: Publisher | None, papers: int, copies: int, sites: Sequence[SiteAnswers]) -> PublisherState:
    return PublisherState(
        publisher=publisher,
        papers=papers,
        copies=copies,
        sites=len(sites),
        tried=sum(site.tried for site in sites),
        files=sum(site.files for site in sites),
        led=sum(site.led for site in sites),
        no_link=sum(site.no_link for site in sites),
        good_at=max((site.good_at for site in sites if site.good_at), default=None),
    )


def _order(state: PublisherState) -> tuple[bool, int, int, int, str]:
    name = state.publisher.name.casefold() if state.publisher else ""
    return not state.is_met, -state.papers, -state.copies, -state.tried, name
