"""Made-up papers: what is printed on them, and the numbers that identify them."""

from collections.abc import Sequence
from datetime import date
from random import Random

from attrs import evolve, frozen

from infrastructure.simulation.scenarios import Place, Scenario
from infrastructure.simulation.words import (
    FAMILY_NAMES,
    FIELDS,
    GIVEN_NAMES,
    JOURNALS,
    PLACES,
    PUBLISHERS,
    TEMPLATES,
    Field,
)

# 10.5555 is the prefix that Crossref keeps for examples. The last form is a SICI (ANSI/NISO Z39.56) as in old DOIs.
_DOI_FORMS = (
    "10.5555/sim.{year}.{number:05d}",
    "10.5555/s{issn}({yy:02d}){number:05d}-{check}",
    "10.5555/SIM.{volume}.{issue}.{number}",
    "10.5555/jexample/v{volume}/{number:06d}",
    "10.5555/(SICI){issn}({year}{month:02d}){volume}:{issue}<{number}::AID-SIM{number}>3.0.CO;2-{check}",
)
_DOI_WEIGHTS = (40, 20, 20, 17, 3)


@frozen(kw_only=True)
class Spot:
    """A copy at its address: a host of the world, and there the page's and the file's path."""

    host: str
    page: str
    file: str
    place: Place


@frozen(kw_only=True)
class Paper:
    """A paper of the world. `home` is where its DOI leads, `spots` are the copies that some source tells of."""

    number: int
    doi: str
    title: str
    authors: tuple[tuple[str, str], ...]
    """Given and family names."""
    field: Field
    journal: str
    publisher: str
    issn: str
    published: date
    volume: int
    issue: int
    pages: int
    scenario: Scenario
    home: Spot
    spots: tuple[Spot, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The authors as they are printed."""
        return tuple(f"{given} {family}" for given, family in self.authors)

    @property
    def arxiv_id(self) -> str | None:
        """An arXiv-like id, where a copy lies there."""
        return arxiv_id(self.number) if self._lies_at("arxiv") else None

    @property
    def pmcid(self) -> str | None:
        """A PMCID-like id, where a copy lies there."""
        return pmcid(self.number) if self._lies_at("pmc") else None

    @property
    def pmid(self) -> str | None:
        """A PMID-like id, where the life-science index knows the paper."""
        return str(90_000_000 + self.number) if self.field.indexed or self._lies_at("pmc") else None

    def told_by(self, source: str) -> tuple[Spot, ...]:
        """The copies that the source knows, in its order."""
        return tuple(spot for spot in self.spots if spot.place.by == source)

    def _lies_at(self, site: str) -> bool:
        return any(spot.place.at == site for spot in self.spots)


def arxiv_id(number: int) -> str:
    """An id of a form that arXiv never gave: five digits came in 2015 only."""
    return f"{10 + number // 1_000_000 % 4}{1 + number // 100_000 % 9:02d}.{number % 100_000:05d}"


def pmcid(number: int) -> str:
    """An id far beyond those that PubMed Central gave."""
    return f"PMC{90_000_000 + number}"


def issn(number: int) -> str:
    """An ISSN with its check digit (ISO 3297), from a range of our own."""
    digits = f"{9_990_000 + number:07d}"
    check = -sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=True)) % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"


def invented(rng: Random, number: int, scenario: Scenario, home: Spot, spots: Sequence[Spot] = ()) -> Paper:
    """A paper that the same random numbers make again."""
    topic = rng.randrange(len(FIELDS))
    journal = rng.randrange(len(JOURNALS))
    published = date(rng.randint(2005, 2024), rng.randint(1, 12), rng.randint(1, 28))
    paper = Paper(
        number=number,
        doi="",
        title=_title(rng, FIELDS[topic]),
        authors=_authors(rng),
        field=FIELDS[topic],
        journal=JOURNALS[journal].format(field=FIELDS[topic].name),
        publisher=PUBLISHERS[(topic + journal) % len(PUBLISHERS)],
        issn=issn(topic * len(JOURNALS) + journal),
        published=published,
        volume=published.year - 1990,
        issue=published.month,
        pages=rng.randint(3, 9),
        scenario=scenario,
        home=home,
        spots=tuple(spots),
    )
    return evolve(paper, doi=_doi(rng, paper))


def _title(rng: Random, field: Field) -> str:
    text = rng.choice(TEMPLATES).format(
        factor=rng.choice(field.factors),
        thing=rng.choice(field.things),
        design=rng.choice(field.designs),
        place=rng.choice(PLACES),
    )
    return text[0].upper() + text[1:]


def _authors(rng: Random) -> tuple[tuple[str, str], ...]:
    families = rng.sample(FAMILY_NAMES, rng.randint(1, 5))
    return tuple((rng.choice(GIVEN_NAMES), family) for family in families)


def _doi(rng: Random, paper: Paper) -> str:
    (form,) = rng.choices(_DOI_FORMS, _DOI_WEIGHTS)
    return form.format(
        number=paper.number,
        issn=paper.issn,
        year=paper.published.year,
        yy=paper.published.year % 100,
        month=paper.published.month,
        volume=paper.volume,
        issue=paper.issue,
        check=paper.number % 10,
    )
