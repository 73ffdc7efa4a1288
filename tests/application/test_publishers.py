"""How publishers fare: their papers, and the answers of their sites."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from attrs import frozen

from application.publishers import Publisher, Publishers, PublisherState
from application.tallies import SiteAnswers

EARLY, LATE = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2))
BIG = Publisher(name="Big", prefixes=("10.1", "10.2"), hosts=("big.example",))
SMALL = Publisher(name="Small", prefixes=("10.3",), hosts=("small.example",))
UNMET = Publisher(name="A publisher that nobody met", hosts=("unmet.example",))


class Known:
    """Rules that know three publishers."""

    def publishers(self) -> Sequence[Publisher]:
        return [UNMET, SMALL, BIG]

    def of_site(self, site: str) -> Publisher | None:
        return next((one for one in self.publishers() if site.endswith(one.hosts)), None)

    def of_doi(self, doi: str) -> Publisher | None:
        return next((one for one in self.publishers() if doi.startswith(one.prefixes)), None)

    def of_address(self, url: str) -> Publisher | None:
        return self.of_site(url)


@frozen(kw_only=True)
class Spread:
    """Counts of papers."""

    prefixes: Mapping[str, int]
    all: int
    hosts: Mapping[str, int]

    def by_prefix(self, prefixes: Sequence[str]) -> Mapping[str, int]:
        return {prefix: count for prefix, count in self.prefixes.items() if prefix in prefixes}

    def dois(self) -> int:
        return self.all

    def by_host(self) -> Mapping[str, int]:
        return self.hosts


@frozen
class Answered:
    """Sites that were asked."""

    sites: Sequence[SiteAnswers]

    def answers(self) -> Sequence[SiteAnswers]:
        return self.sites


def site(name: str, files: int, led: int, no_link: int = 0, walls: int = 0, at: datetime | None = None) -> SiteAnswers:
    tried = files + led + no_link + walls
    return SiteAnswers(site=name, tried=tried, files=files, led=led, no_link=no_link, good_at=at)


def states(counts: Spread, *sites: SiteAnswers) -> list[PublisherState]:
    found = Publishers(rules=Known(), counts=counts, tallies=Answered(sites)).states()  # type: ignore[arg-type]
    return list(found)


def names(found: Sequence[PublisherState]) -> list[str]:
    return [state.publisher.name if state.publisher else "" for state in found]


def test_papers_and_answers_are_added_up_for_each_publisher() -> None:
    counts = Spread(
        prefixes={"10.1": 3, "10.2": 2, "10.3": 1, "10.9": 5},
        all=11,
        hosts={"www.big.example": 2, "small.example": 1, "elsewhere.example": 4},
    )
    found = states(
        counts,
        site("www.big.example", files=2, led=1, at=EARLY),
        site("old.big.example", files=0, led=1, walls=4, at=LATE),
        site("small.example", files=0, led=0, no_link=2),
        site("elsewhere.example", files=1, led=0, at=EARLY),
    )
    assert names(found) == ["Big", "Small", UNMET.name, ""]
    big, small, unmet, others = found
    assert (big.papers, big.copies, big.sites, big.tried) == (5, 2, 2, 8)
    assert (big.files, big.led, big.share, big.good_at) == (2, 2, 0.5, LATE)
    assert (small.papers, small.copies, small.no_link, small.share, small.good_at) == (1, 1, 2, 0.0, None)
    assert (unmet.papers, unmet.share, unmet.is_met) == (0, None, False)
    assert (others.papers, others.copies, others.sites, others.share) == (5, 4, 1, 1.0)


def test_those_with_most_papers_come_first_and_all_others_last() -> None:
    nothing = states(Spread(prefixes={}, all=0, hosts={}))
    assert names(nothing) == [UNMET.name, "Big", "Small", ""]
    assert not any(state.is_met for state in nothing)
    assert names(states(Spread(prefixes={"10.3": 1}, all=1, hosts={})))[0] == "Small"
    assert names(states(Spread(prefixes={}, all=0, hosts={"unmet.example": 1})))[0] == UNMET.name
    asked = states(Spread(prefixes={}, all=0, hosts={}), site("small.example", files=0, led=0, walls=1))
    assert names(asked)[0] == "Small"
