"""The simulated world: papers with what happens to each, the list a researcher would upload, and the right outcomes."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from attrs import evolve, frozen

from domain.pipeline import Status
from infrastructure.simulation import files, upload
from infrastructure.simulation.papers import Paper, Spot, arxiv_id, invented, pmcid
from infrastructure.simulation.scenarios import GOOD_FILES, SCENARIOS, SITES, Place, Scenario, drawn

_CLOSED = Place(at="publisher", answers=("login",), by="nobody")
_IMPOSTORS_FROM = 5_000_000


@frozen(kw_only=True)
class Expected:
    """The right outcome of a paper; `sha256` is that of its file where the outcome is done."""

    outcome: Status
    scenario: str
    sha256: str | None = None


class World:
    """Papers that the same seed makes again, in an order that tells nothing.

    `file_size` makes every good file exactly that large, in bytes; `folder` keeps the files on disk.
    """

    def __init__(
        self,
        seed: int = 1,
        papers: int = 200,
        *,
        scenarios: Sequence[Scenario] = SCENARIOS,
        file_size: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self.seed = seed
        self.papers = _papers(seed, drawn(scenarios, papers))
        self._by_doi = {paper.doi.lower(): paper for paper in self.papers}
        self._files = files.Files(size=file_size, folder=folder)

    @classmethod
    def files_of(cls, size: int, papers: int = 500, *, seed: int = 1, folder: Path | None = None) -> "World":
        """A world of nothing but good files of `size` bytes, made in advance where a folder keeps them."""
        world = cls(seed, papers, scenarios=GOOD_FILES, file_size=size, folder=folder)
        if folder is not None:
            for paper in world.papers:
                world.pdf(paper)
        return world

    def find(self, doi: str) -> Paper | None:
        """The paper of the DOI in any case, or None."""
        return self._by_doi.get(doi.lower())

    def pdf(self, paper: Paper) -> bytes:
        """The right file."""
        return self._files.pdf(paper)

    def impostor(self, paper: Paper) -> bytes:
        """The file of another paper, of another field, that is nobody's in this world."""
        for attempt in range(100):
            rng = _random(self.seed, f"impostor {paper.number} {attempt}")
            other = invented(rng, _IMPOSTORS_FROM + paper.number, paper.scenario, paper.home)
            if other.field != paper.field:
                break
        return self._files.pdf(other)

    def expected(self) -> dict[str, Expected]:
        """The right outcome of each paper by its DOI in lower case."""
        return {doi: self._expected(paper) for doi, paper in self._by_doi.items()}

    def csv(self) -> str:
        """The list as a researcher has it: DOIs in many spellings, some rows twice, a few that are no paper."""
        return upload.written(self.papers, _random(self.seed, "upload"))

    def counts(self) -> dict[str, int]:
        """What an import of `csv` should count: rows, papers, duplicates and rejected."""
        return upload.counts(len(self.papers))

    def _expected(self, paper: Paper) -> Expected:
        outcome = paper.scenario.outcome
        sha256 = hashlib.sha256(self.pdf(paper)).hexdigest() if outcome is Status.DONE else None
        return Expected(outcome=outcome, scenario=paper.scenario.name, sha256=sha256)


def _random(seed: int, purpose: str) -> Random:
    return Random(f"{seed} {purpose}")  # noqa: S311 - reproducible on purpose


def _papers(seed: int, scenarios: list[Scenario]) -> tuple[Paper, ...]:
    rng = _random(seed, "papers")
    rng.shuffle(scenarios)
    used: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    made = []
    for number, scenario in enumerate(scenarios, start=1):
        spots = [_spot(place, number, used) for place in scenario.places]
        paper = invented(rng, number, scenario, _home(spots, number, used), spots)
        titles[paper.title] += 1
        made.append(_told_apart(paper, titles[paper.title]))
    return tuple(made)


def _told_apart(paper: Paper, times: int) -> Paper:
    """No two papers have the same title."""
    return paper if times == 1 else evolve(paper, title=f"{paper.title} (part {times})")


def _spot(place: Place, number: int, used: Counter[str]) -> Spot:
    """Hosts of a kind are given out in turn."""
    site = SITES[place.at]
    turn = used[place.at] % site.hosts + 1
    used[place.at] += 1
    numbers = {"number": number, "arxiv_id": arxiv_id(number), "pmcid": pmcid(number)}
    return Spot(
        host=place.at if site.hosts == 1 else f"{place.at}-{turn}",
        page=site.page.format(**numbers),
        file=site.file.format(**numbers),
        place=place,
    )


def _home(spots: Sequence[Spot], number: int, used: Counter[str]) -> Spot:
    """The publisher's page: that of the copy which lies there, else one that is closed."""
    at_publisher = (spot for spot in spots if spot.place.at in ("publisher", "troubled", "restricted"))
    return next(at_publisher, None) or _spot(_CLOSED, number, used)
