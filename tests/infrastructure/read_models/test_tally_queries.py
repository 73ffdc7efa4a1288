"""What is counted of sources, ends of attempts and sites, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from application.tallies import CauseTally, Last, SiteAnswers, SourceTally, midnights
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.outcomes import Answer
from domain.paper_commands import (
    AttachFile,
    Command,
    Defer,
    RecordAnswers,
    RecordCopies,
    RecordDoubt,
    RecordDownload,
    RecordFailure,
    RecordNoCopy,
    RecordTry,
    Register,
    StartProcessing,
)
from domain.paper_events import File, SourceAnswer
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.tallies import RECENT
from infrastructure.read_models.tally_queries import SqlTallies
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock
from tests.plans import Yard

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FILE = File(path="a.pdf", sha256="0" * 64, size=1_000, pages=1)
LATER = NOON + timedelta(days=9)


def copy(source: str, host: str = "site.example") -> Copy:
    return Copy(url=f"https://{host}/{source}.pdf", source=source)


def tried(url: str, outcome: str, source: str = "unpaywall", **fields: object) -> RecordTry:
    return RecordTry(url=url, source=source, outcome=outcome, **fields)  # type: ignore[arg-type]


class Counting:
    """A log whose papers are tried, and what has been counted."""

    def __init__(self, database: Database) -> None:
        self.clock = FakeClock(NOON)
        self.log = SqlEventLog(database, self.clock, READ_MODELS)
        self.tallies, self.yard, self._papers = SqlTallies(database), Yard(self.log), 0

    def located(self, *copies: Copy) -> str:
        """A new paper with these copies."""
        return self._located(RecordCopies(copies=copies))

    def located_after(self, said: Command) -> str:
        """A new paper without a copy, after what the sources said."""
        return self._located(said, RecordNoCopy(cause="no_open_copy"))

    def _located(self, *outcome: Command) -> str:
        self._papers += 1
        name = f"p{self._papers}"
        doi = Identifier(Scheme.DOI, f"10.5555/{name}")
        self.yard.registered({name: Register(identifiers=(doi,))})
        self.yard.do(name, StartProcessing(module="locate", worker="w", attempt=f"l{self._papers}"), *outcome)
        return name

    def not_located(self, cause: str) -> None:
        """A paper without a copy."""
        self._located(RecordNoCopy(cause=cause))

    def attempt(self, *commands: Command, name: str | None = None) -> int:
        """Download a paper, in one append; returns the position of the end."""
        paper = name or self.located(copy("unpaywall"))
        self.yard.begin(paper)
        self.yard.do(paper, *commands)
        return self.log.head().position

    def tries(self, url: str, *outcomes: str) -> None:
        """Attempts, one for each outcome, at one address."""
        for outcome in outcomes:
            self.attempt(tried(url, outcome), Defer(until=LATER, cause="rate_limited"))


@pytest.fixture
def counting(database: Database) -> Counting:
    return Counting(database)


def test_of_an_empty_log_nothing_is_counted(counting: Counting) -> None:
    tallies = counting.tallies
    assert tallies.sources(NOON) == {}
    assert tallies.causes(NOON) == []
    assert tallies.sites() == []
    assert tallies.site(["a.example"]) == {}
    assert tallies.answers() == []
    assert tallies.ends([NOON]) == ()
    (day,) = tallies.ends([NOON, LATER])
    assert (day.downloaded, day.by_hand, day.size, day.ended) == (0, 0, 0, {})


class TestSources:
    def test_a_source_is_told_with_its_copies_its_files_and_its_last_failure(self, counting: Counting) -> None:
        one, other = copy("unpaywall"), copy("crossref", "other.example")
        paper = counting.located(one, other)
        counting.clock.advance(timedelta(minutes=5))
        counting.attempt(
            tried(one.url, "forbidden"),
            tried(other.url, "page", "crossref"),
            tried(other.url, "ok", "crossref"),
            RecordDownload(file=FILE, copy=other),
            name=paper,
        )
        found = counting.tallies.sources(NOON)
        assert list(found) == ["crossref", "unpaywall"]
        crossref, unpaywall = found.values()
        assert (crossref.copies, crossref.tried, crossref.files, crossref.papers) == (1, 1, 1, 1)
        assert (crossref.share, crossref.size, crossref.last_failure) == (1.0, 1_000, None)
        assert crossref.last_file == Last(at=NOON + timedelta(minutes=5), outcome="ok", position=7)
        assert (unpaywall.copies, unpaywall.tried, unpaywall.files, unpaywall.papers) == (1, 1, 0, 0)
        assert unpaywall.share == 0.0
        assert unpaywall.last_failure == Last(at=NOON + timedelta(minutes=5), outcome="forbidden", position=5)

    def test_what_sources_said_is_counted(self, counting: Counting) -> None:
        said = ("copies", "known", "unknown", "rate_limited")
        for answer in said:
            answers = (SourceAnswer(source="arxiv", said=answer),)
            counting.located_after(RecordAnswers(answers=answers))
            counting.clock.advance(timedelta(minutes=1))
        source = counting.tallies.sources(NOON)["arxiv"]
        assert (source.asked, source.answered, source.knew) == (4, 3, 1)
        assert source.last_answer is not None
        assert (source.last_answer.outcome, source.last_answer.at) == ("unknown", NOON + timedelta(minutes=2))
        assert source.last_silence is not None
        assert source.last_silence.outcome == "rate_limited"

    def test_how_long_answers_take_is_told_on_average(self, counting: Counting) -> None:
        for said, seconds in (("copies", 1.0), ("unknown", 2.0), ("rate_limited", 60.0)):
            answers = (SourceAnswer(source="arxiv", said=said, seconds=seconds),)
            counting.located_after(RecordAnswers(answers=answers))
        source = counting.tallies.sources(NOON)["arxiv"]
        assert (source.milliseconds, source.seconds) == (3_000, 1.5)
        assert SourceTally(name="arxiv").seconds is None

    def test_how_often_sources_were_asked_is_told_of_one_day(self, counting: Counting) -> None:
        for said in ("copies", "rate_limited", "budget_exhausted", "missing_credential", "host_resting"):
            answers = tuple(SourceAnswer(source=source, said=said) for source in ("arxiv", "crossref"))
            counting.located_after(RecordAnswers(answers=answers))
        assert counting.tallies.asked(NOON) == {"arxiv": 2, "crossref": 2}
        counting.clock.advance(timedelta(days=1))
        assert counting.tallies.asked(counting.clock.now()) == {}
        counting.located_after(RecordAnswers(answers=(SourceAnswer(source="arxiv", said="known"),)))
        assert counting.tallies.asked(counting.clock.now()) == {"arxiv": 1}

    def test_what_was_not_asked_in_truth_is_no_try(self, counting: Counting) -> None:
        counting.tries("https://site.example/a", "host_resting", "no_internet", "page")
        (source,) = counting.tallies.sources(NOON).values()
        assert (source.tried, source.share, source.last_failure) == (0, None, None)

    def test_a_doubtful_file_is_told_apart(self, counting: Counting) -> None:
        counting.attempt(tried("https://site.example/a", "ok"), RecordDoubt(file=FILE, copy=copy("unpaywall")))
        (source,) = counting.tallies.sources(NOON).values()
        assert (source.papers, source.doubtful) == (0, 1)

    def test_only_the_days_of_the_window_count(self, counting: Counting) -> None:
        counting.tries("https://site.example/a", "forbidden")
        counting.clock.advance(timedelta(days=3))
        counting.tries("https://site.example/a", "ok")
        (source,) = counting.tallies.sources(NOON + timedelta(days=1)).values()
        assert (source.copies, source.tried, source.files, source.last_failure) == (1, 1, 1, None)


class TestEnds:
    def test_the_causes_are_told_most_frequent_first(self, counting: Counting) -> None:
        counting.not_located("no_open_copy")
        for _ in range(2):
            counting.attempt(RecordFailure(cause="not_found"))
        counting.clock.advance(timedelta(minutes=16))
        counting.attempt(Defer(until=LATER, cause="rate_limited"))
        later = NOON + timedelta(minutes=16)
        assert counting.tallies.causes(NOON) == [
            CauseTally(cause="not_found", count=2, last_at=NOON),
            CauseTally(cause="no_open_copy", count=1, last_at=NOON),
            CauseTally(cause="rate_limited", count=1, last_at=later),
        ]
        assert [one.cause for one in counting.tallies.causes(NOON, limit=1)] == ["not_found"]
        assert [one.cause for one in counting.tallies.causes(later)] == ["rate_limited"]

    def test_days_are_those_of_the_zone(self, counting: Counting) -> None:
        zone = "Asia/Kathmandu"  # 5:45 ahead: its days begin at a quarter past the hour of UTC
        bounds = midnights(NOON + timedelta(days=1), zone, days=2)
        assert [bound.isoformat()[:16] for bound in bounds] == [
            "2026-02-28T18:15",
            "2026-03-01T18:15",
            "2026-03-02T18:15",
        ]
        minute = timedelta(minutes=1)
        for moment in (bounds[1] - minute, bounds[1], bounds[2] - minute, bounds[2]):
            counting.clock.advance(moment - counting.clock.now())
            counting.attempt(RecordDownload(file=FILE, copy=copy("unpaywall")))
        first, second = counting.tallies.ends(bounds)
        assert (first.start, first.end, first.downloaded, first.size) == (bounds[0], bounds[1], 1, 1_000)
        assert (second.downloaded, second.size) == (2, 2_000)

    def test_files_of_a_persons_own_are_told_apart(self, counting: Counting) -> None:
        paper = counting.located(copy("unpaywall"))
        counting.yard.do(paper, AttachFile(file=FILE))
        counting.attempt(RecordDownload(file=FILE, copy=copy("unpaywall")))
        counting.attempt(RecordFailure(cause="not_found"))
        (day,) = counting.tallies.ends([NOON, LATER])
        assert (day.downloaded, day.by_hand, day.ended["done"], day.ended["failed"]) == (1, 1, 2, 1)


class TestSites:
    def test_a_site_is_told_with_its_last_answers(self, counting: Counting) -> None:
        counting.tries("https://Site.example/a", "page", "no_pdf_link", "bot_challenge", "timeout")
        (site,) = counting.tallies.sites()
        assert site.site == "site.example"
        assert site.recent == (Answer.LATER, Answer.WALL, Answer.USELESS, Answer.PAGE)
        assert (site.misses, site.no_link, site.tried, site.good, site.share) == (3, 1, 4, 1, 0.25)
        assert (site.last_outcome, site.good_at, site.led_at) == ("timeout", NOON, NOON)

    def test_a_good_answer_ends_the_misses(self, counting: Counting) -> None:
        counting.tries("https://site.example/a", "timeout", "ok")
        (site,) = counting.tallies.sites()
        assert (site.misses, site.good_at, site.led_at) == (0, NOON, None)

    def test_no_more_answers_are_remembered_than_are_shown(self, counting: Counting) -> None:
        counting.attempt(
            *(tried("https://site.example/a", "timeout") for _ in range(RECENT)), RecordFailure(cause="timeout")
        )
        counting.tries("https://site.example/a", "ok")
        (site,) = counting.tallies.sites()
        assert site.recent == (Answer.FILE, *(Answer.LATER,) * (RECENT - 1))
        assert site.tried == RECENT + 1

    def test_a_try_counts_where_its_redirects_ended(self, counting: Counting) -> None:
        passed = ("https://doi.org/10.1/a", "https://publisher.example:8443/a")
        counting.attempt(
            tried("https://doi.org/10.1/a", "forbidden", redirects=passed), RecordFailure(cause="forbidden")
        )
        assert [site.site for site in counting.tallies.sites()] == ["publisher.example:8443"]

    def test_the_worst_come_first_and_some_can_be_looked_for(self, counting: Counting) -> None:
        counting.tries("https://good.example/a", "ok", "ok")
        counting.tries("https://bad.example/a", "timeout", "timeout")
        counting.tries("https://busy.example/a", "ok", "ok", "ok")
        assert _names(counting.tallies.sites()) == ["bad.example", "busy.example", "good.example"]
        assert _names(counting.tallies.sites(limit=1)) == ["bad.example"]
        assert _names(counting.tallies.sites(" GOOD\0")) == ["good.example"]
        assert _names(counting.tallies.sites("%")) == []
        assert list(counting.tallies.site(["good.example", "unknown.example"])) == ["good.example"]

    def test_every_site_is_told_in_short(self, counting: Counting) -> None:
        counting.tries("https://files.example/a", "ok", "timeout")
        counting.tries("https://pages.example/a", "no_pdf_link")
        counting.tries("https://leads.example/a", "page")
        assert counting.tallies.answers() == [
            SiteAnswers(site="files.example", tried=2, files=1, led=0, no_link=0, good_at=NOON),
            SiteAnswers(site="leads.example", tried=1, files=0, led=1, no_link=0, good_at=NOON),
            SiteAnswers(site="pages.example", tried=1, files=0, led=0, no_link=1, good_at=None),
        ]

    @pytest.mark.parametrize("url", ["http://[broken", "mailto:somebody", ""])
    def test_what_leads_to_no_site_is_not_counted(self, counting: Counting, url: str) -> None:
        counting.tries(url, "timeout")
        assert counting.tallies.sites() == []

    def test_long_names_and_large_numbers_are_kept_within_bounds(self, counting: Counting) -> None:
        host = "a" * 5_000 + ".example"
        counting.attempt(
            tried(f"https://{host}/", "ok", "s" * 5_000, size=2**62, seconds=1e300), RecordFailure(cause="not_found")
        )
        (site,) = counting.tallies.sites()
        assert (len(site.site), site.size, site.milliseconds) == (300, 10**12, 10**12)


def _names(sites: "Sequence[object]") -> list[str]:
    return [site.site for site in sites]  # type: ignore[attr-defined]
