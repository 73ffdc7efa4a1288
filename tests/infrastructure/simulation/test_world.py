"""The made-up world: the same for a seed, in realistic shares, and never to be taken for the real one."""

import hashlib
import io
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pipeline import Status
from infrastructure.simulation import files
from infrastructure.simulation.hosts import ANSWERS
from infrastructure.simulation.papers import Paper, arxiv_id, issn, pmcid
from infrastructure.simulation.scenarios import SCENARIOS, SITES, drawn
from infrastructure.simulation.world import World

WORLD = World(seed=5)
EXPECTED = WORLD.expected()


def paper_of(scenario: str, world: World = WORLD) -> Paper:
    return next(paper for paper in world.papers if paper.scenario.name == scenario)


def test_the_same_seed_makes_the_same_world() -> None:
    again = World(seed=5)
    assert again.papers == WORLD.papers
    assert again.csv() == WORLD.csv()
    assert again.pdf(again.papers[0]) == WORLD.pdf(WORLD.papers[0])


def test_another_seed_makes_another_world() -> None:
    assert World(seed=6).papers != WORLD.papers


def test_shares_sum_to_a_thousand_and_names_are_unique() -> None:
    assert sum(scenario.share for scenario in SCENARIOS) == 1000
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


def test_the_tables_name_only_what_exists() -> None:
    places = [place for scenario in SCENARIOS for place in scenario.places]
    assert {place.at for place in places} <= SITES.keys()
    assert {answer for place in places for answer in place.answers} <= ANSWERS.keys()


def test_two_hundred_papers_meet_every_scenario_in_its_share() -> None:
    counts = Counter(paper.scenario.name for paper in WORLD.papers)
    assert counts == {scenario.name: round(scenario.share / 5) for scenario in SCENARIOS}


@given(st.integers(0, 3000))
def test_each_scenario_is_drawn_as_often_as_its_share_says(count: int) -> None:
    counts = Counter(scenario.name for scenario in drawn(SCENARIOS, count))
    assert counts.total() == count
    assert all(abs(counts[scenario.name] - scenario.share * count / 1000) <= 1 for scenario in SCENARIOS)


def test_expected_outcomes_follow_the_table() -> None:
    outcomes = Counter(expected.outcome for expected in EXPECTED.values())
    assert outcomes == {
        status: sum(scenario.share for scenario in SCENARIOS if scenario.outcome is status) / 5
        for status in (Status.DONE, Status.UNAVAILABLE, Status.FAILED, Status.DOUBTFUL)
    }


def test_what_is_done_has_the_digest_of_its_own_file() -> None:
    done = {doi: expected for doi, expected in EXPECTED.items() if expected.outcome is Status.DONE}
    assert len({expected.sha256 for expected in done.values()}) == len(done)
    doi, expected = next(iter(done.items()))
    paper = WORLD.find(doi.upper())
    assert paper is not None
    assert hashlib.sha256(WORLD.pdf(paper)).hexdigest() == expected.sha256
    assert all(expected.sha256 is None for doi, expected in EXPECTED.items() if doi not in done)


def test_dois_and_titles_are_unique() -> None:
    papers = World(seed=1, papers=3000).papers
    assert len({paper.doi.lower() for paper in papers}) == len(papers)
    assert len({paper.title for paper in papers}) == len(papers)


def test_nothing_bears_a_number_that_a_real_paper_could_have() -> None:
    assert all(paper.doi.startswith("10.5555/") for paper in WORLD.papers)
    assert all(re.fullmatch(r"1[0-3](0[1-9])\.\d{5}", arxiv_id(number)) for number in (1, 99_999, 1_234_567))
    assert pmcid(17) == "PMC90000017"


@given(st.integers(0, 9999))
def test_issns_have_their_check_digit(number: int) -> None:
    digits = issn(number).replace("-", "")
    values = [10 if digit == "X" else int(digit) for digit in digits]
    assert sum(value * weight for value, weight in zip(values, range(8, 0, -1), strict=True)) % 11 == 0


def test_papers_in_trouble_do_not_share_a_host() -> None:
    hosts = [spot.host for paper in WORLD.papers for spot in paper.spots if spot.place.at == "troubled"]
    assert len(hosts) == len(set(hosts))


def test_the_right_file_opens_without_repair_and_names_its_paper() -> None:
    paper = paper_of("good file")
    with pikepdf.open(io.BytesIO(WORLD.pdf(paper)), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == paper.pages
        assert str(pdf.docinfo["/Title"]) == paper.title


def test_the_impostor_is_another_paper_of_another_field() -> None:
    paper = paper_of("wrong paper")
    with pikepdf.open(io.BytesIO(WORLD.impostor(paper))) as pdf:
        title = str(pdf.docinfo["/Title"])
    assert SequenceMatcher(None, title.lower(), paper.title.lower()).ratio() < 0.7
    assert title not in {other.title for other in WORLD.papers}
    assert WORLD.impostor(paper) == World(seed=5).impostor(paper)


def test_a_damaged_file_does_not_open_without_repair() -> None:
    with pytest.raises(pikepdf.PdfError):
        pikepdf.open(io.BytesIO(files.damaged(WORLD.pdf(WORLD.papers[0]))), attempt_recovery=False)


def test_a_scan_opens_and_says_nothing() -> None:
    with pikepdf.open(io.BytesIO(files.scanned(9)), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == 2
        assert not pdf.docinfo
        assert all(b"Tj" not in page.Contents.read_bytes() for page in pdf.pages)
    assert files.scanned(9) == files.scanned(9) != files.scanned(10)


def test_files_of_a_size_are_made_once_and_kept(tmp_path: Path) -> None:
    world = World.files_of(100_000, papers=3, folder=tmp_path)
    stored = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert [path.stat().st_size for path in stored] == [100_000] * 3
    again = World.files_of(100_000, papers=3, folder=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == stored
    assert again.expected() == world.expected() == World.files_of(100_000, papers=3).expected()
    assert {expected.outcome for expected in world.expected().values()} == {Status.DONE}


def test_few_files_stay_in_memory() -> None:
    world = World(seed=2, papers=200)
    for paper in world.papers:
        world.pdf(paper)
    assert len(world._files._recent) <= 64
