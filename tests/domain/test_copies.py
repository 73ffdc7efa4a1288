"""Copies: which are the same, and in which order they are tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.copies import MACHINE_FRIENDLY, Copy, CopyKind, Version, distinct, ranked, same_place
from tests.strategies import COPIES, HOSTILE_TEXT, URLS

MANY = st.lists(COPIES, max_size=8)
HOSTS = st.frozensets(st.sampled_from(("arxiv.org", "journal.example", "repository.example")))
ORDER = list(Version)


def at(url: str, version: Version = Version.PUBLISHED, kind: CopyKind = CopyKind.PDF) -> Copy:
    """A copy at a URL."""
    return Copy(url=url, source="unpaywall", version=version, kind=kind)


class TestSamePlace:
    @pytest.mark.parametrize(
        "url",
        [
            "http://journal.example/a/b.pdf",
            "https://JOURNAL.example/a/b.pdf",
            "https://journal.example/a/b.pdf/",
            "https://journal.example/a/b.pdf#page=2",
            "https://journal.example/a/b.pdf?",
        ],
    )
    def test_spellings_of_one_place(self, url: str) -> None:
        assert same_place(url) == same_place("https://journal.example/a/b.pdf")

    @pytest.mark.parametrize(
        "url",
        [
            "https://journal.example/a/B.pdf",
            "https://journal.example/a/b.pdf?v=2",
            "https://www.journal.example/a/b.pdf",
            "https://journal.example:8443/a/b.pdf",
        ],
    )
    def test_other_places(self, url: str) -> None:
        assert same_place(url) != same_place("https://journal.example/a/b.pdf")

    @given(url=URLS | HOSTILE_TEXT)
    def test_takes_any_text(self, url: str) -> None:
        assert same_place(url) == same_place(url)


class TestCopy:
    @pytest.mark.parametrize(
        ("url", "host"),
        [("https://ArXiv.org:443/pdf/1", "arxiv.org"), ("http://[broken", ""), ("no url", ""), ("", "")],
    )
    def test_knows_its_host(self, url: str, host: str) -> None:
        assert at(url).host == host

    def test_holds_only_text_that_can_be_stored(self) -> None:
        assert at("https://journal.example/a\0b\ud800").url == "https://journal.example/ab?"


class TestDistinct:
    def test_a_known_version_wins_over_an_unknown_one_of_the_same_place(self) -> None:
        unknown, known = at("http://journal.example/a", Version.UNKNOWN), at("https://journal.example/a")
        assert distinct([unknown, known]) == distinct([known, unknown]) == (known,)

    @given(copies=MANY)
    def test_leaves_one_of_each_place(self, copies: list[Copy]) -> None:
        left = distinct(copies)
        assert [same_place(copy.url) for copy in left] == list(dict.fromkeys(same_place(copy.url) for copy in copies))
        assert set(left) <= set(copies)


class TestRanked:
    @given(copies=MANY, blocked=st.frozensets(URLS, max_size=2), last=HOSTS)
    def test_is_an_order_of_the_distinct_copies_that_are_not_blocked(
        self, copies: list[Copy], blocked: frozenset[str], last: frozenset[str]
    ) -> None:
        places = {same_place(url) for url in blocked}
        open_ones = {copy for copy in distinct(copies) if same_place(copy.url) not in places}
        order = ranked(copies, blocked=blocked, last=last)
        assert set(order) == open_ones
        assert len(order) == len(open_ones)

    @given(copies=MANY, blocked=st.frozensets(URLS, max_size=2), last=HOSTS)
    def test_ranking_again_changes_nothing(
        self, copies: list[Copy], blocked: frozenset[str], last: frozenset[str]
    ) -> None:
        order = ranked(copies, blocked=blocked, last=last)
        assert ranked(order, blocked=blocked, last=last) == order

    @given(copies=MANY, last=HOSTS)
    def test_hosts_that_rest_come_last_and_better_versions_first(
        self, copies: list[Copy], last: frozenset[str]
    ) -> None:
        keys = [(copy.host in last, ORDER.index(copy.version)) for copy in ranked(copies, last=last)]
        assert keys == sorted(keys)

    def test_versions_go_from_published_to_unknown(self) -> None:
        copies = [at(f"https://journal.example/{version.name}", version) for version in reversed(Version)]
        assert [copy.version for copy in ranked(copies)] == ORDER

    def test_of_one_version_files_go_before_pages(self) -> None:
        page = at("https://arxiv.org/abs/1", kind=CopyKind.LANDING_PAGE)
        file = at("https://journal.example/1.pdf")
        assert ranked([page, file]) == (file, page)

    def test_of_one_version_sites_that_gave_nothing_lately_go_last(self) -> None:
        poor, good = at("https://arxiv.org/pdf/1"), at("https://journal.example/1", kind=CopyKind.LANDING_PAGE)
        worse = at("https://other.example/1", Version.SUBMITTED)
        assert ranked([poor, good, worse], poor={"arxiv.org"}) == (good, poor, worse)

    @pytest.mark.parametrize("host", MACHINE_FRIENDLY)
    def test_of_one_kind_hosts_that_are_made_for_programs_go_first(self, host: str) -> None:
        friendly, other = at(f"https://{host}/1.pdf"), at("https://journal.example/1.pdf")
        assert ranked([other, friendly]) == (friendly, other)

    def test_else_the_order_of_the_sources_stays(self) -> None:
        copies = tuple(at(f"https://journal.example/{number}.pdf") for number in (3, 1, 2))
        assert ranked(copies) == copies
