"""Is the file the paper? From facts to a verdict."""

import string
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from application.ports.library import Checked, Verdict, Wanted
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.library.facts import Facts
from infrastructure.library.identity import judge
from tests.infrastructure.library.papers import DOI, OTHER_DOI, OTHER_TITLE, TITLE, wanted

BODY = "We measured what there was to measure, twice. Nothing else was done, by nobody, in the years that followed. "
RIGHT, DOUBTFUL, WRONG = Verdict.RIGHT, Verdict.DOUBTFUL, Verdict.WRONG
MEBIBYTE = 1024 * 1024
WORDS = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=12), min_size=5, max_size=12, unique=True)


def first_page(*head: str, foot: str = "") -> str:
    return "\r\n".join([*head, BODY * 20, foot])


def facts(*head: str, foot: str = "", second: str = BODY, pages: int = 8, **fields: Any) -> Facts:
    texts = (first_page(*head, foot=foot), second, BODY)[:pages]
    return evolve(Facts(pages=pages, texts=texts), **fields)


def verdict(found: Facts, paper: Wanted | None = None, size: int = MEBIBYTE) -> Verdict:
    return judge(found, paper or wanted(), size=size).verdict


class TestTheRightPaper:
    @pytest.mark.parametrize(
        "found",
        [
            facts(TITLE, "Ada Berg", f"https://doi.org/{DOI}"),
            facts(TITLE, "Ada Berg"),
            facts("Titel in einer anderen Sprache", foot=f"doi:{DOI.upper()}"),
            facts("Etwas", metadata={"subject": f"Drift 1, doi:{DOI}"}),
            facts("Etwas", metadata={"xmp:doi": DOI}),
            facts("Etwas", metadata={"title": TITLE}),
            facts("Etwas", metadata={"xmp:title": TITLE}),
            facts(TITLE.replace("sediments", "sedirnents")),
        ],
    )
    def test_is_known_by_its_doi_or_title_in_text_or_metadata(self, found: Facts) -> None:
        assert verdict(found) is RIGHT

    def test_is_known_by_the_doi_alone_where_the_title_is_unknown(self) -> None:
        for title in (None, DOI, ""):
            assert verdict(facts("A title", f"doi:{DOI}"), wanted(title=title)) is RIGHT

    @pytest.mark.parametrize(
        ("scheme", "value", "line"),
        [
            (Scheme.ARXIV, "2101.00001", "arXiv:2101.00001v3 [q-bio]"),
            (Scheme.PMCID, "PMC1234567", "Published in final form as PMC1234567"),
            (Scheme.PMID, "1234567", "PMID: 1234567"),
        ],
    )
    def test_is_known_by_its_other_identifiers(self, scheme: Scheme, value: str, line: str) -> None:
        paper = Wanted(identifiers=(Identifier(scheme, value),), metadata=Metadata())
        assert verdict(facts("A title", line), paper) is RIGHT

    def test_is_known_without_text_where_the_metadata_name_it(self) -> None:
        assert verdict(Facts(pages=5, texts=("", "", ""), metadata={"subject": f"doi:{DOI}"})) is RIGHT

    def test_is_known_behind_a_cover_page(self) -> None:
        cover = Facts(pages=9, texts=("Repository of a university\nThis is a copy.", first_page(TITLE), BODY))
        assert verdict(cover) is RIGHT

    def test_is_known_as_a_preprint_under_another_registrant(self) -> None:
        checked = judge(facts(TITLE, "https://doi.org/10.48550/arxiv.2101.00001"), wanted(), size=MEBIBYTE)
        assert checked.verdict is RIGHT
        assert "it names another DOI: 10.48550/arxiv.2101.00001" in checked.evidence

    def test_may_name_its_data_funders_and_parts(self) -> None:
        found = facts(TITLE, f"doi:{DOI}", f"{DOI}.g001", "10.5281/zenodo.12", "10.13039/501100000780")
        assert judge(found, wanted(), size=MEBIBYTE).evidence == (
            "the DOI is on the first page",
            "the title is at the top of the first page",
        )

    @pytest.mark.parametrize("phrase", ["You may also like", "Articles you may be interested in"])
    def test_is_not_confused_by_the_other_papers_on_a_cover_page(self, phrase: str) -> None:
        found = facts(TITLE, f"doi:{DOI}", phrase, OTHER_TITLE, f"doi:{OTHER_DOI}")
        assert verdict(found) is RIGHT
        assert verdict(found, wanted(OTHER_TITLE, OTHER_DOI)) is WRONG


class TestAnotherPaper:
    @pytest.mark.parametrize(
        "found",
        [
            facts(OTHER_TITLE, f"doi:{OTHER_DOI}"),
            facts(OTHER_TITLE, foot=f"https://doi.org/{OTHER_DOI}"),
            facts(OTHER_TITLE, metadata={"subject": f"doi:{OTHER_DOI}"}),
            facts(TITLE.replace("northern", "southern"), f"doi:{OTHER_DOI}"),
            facts(OTHER_TITLE, f"doi:{DOI}4"),
            facts(OTHER_TITLE, f"doi:{DOI[:-1]}"),
        ],
    )
    def test_is_wrong_where_it_names_itself_and_not_ours(self, found: Facts) -> None:
        checked = judge(found, wanted(), size=MEBIBYTE)
        assert (checked.verdict, checked.cause) == (WRONG, "wrong_document")

    def test_is_wrong_too_where_our_title_is_unknown(self) -> None:
        assert verdict(facts(OTHER_TITLE, f"doi:{OTHER_DOI}"), wanted(title=None)) is WRONG

    def test_is_doubtful_where_our_doi_is_unknown_and_may_be_the_one_that_it_names(self) -> None:
        assert verdict(facts(OTHER_TITLE, f"doi:{OTHER_DOI}"), wanted(doi=None)) is DOUBTFUL
        nothing = Wanted(identifiers=(), metadata=Metadata())
        assert verdict(facts(OTHER_TITLE, f"doi:{OTHER_DOI}"), nothing) is DOUBTFUL

    def test_is_doubtful_where_it_names_nothing(self) -> None:
        checked = judge(facts(OTHER_TITLE), wanted(), size=MEBIBYTE)
        assert (checked.verdict, checked.cause) == (DOUBTFUL, None)
        assert checked.evidence == ("neither its identifiers nor its title were found",)

    @pytest.mark.parametrize(
        "found",
        [
            facts(OTHER_TITLE, f"doi:{OTHER_DOI}", BODY * 20, f"[1] A. Berg, {TITLE}, doi:{DOI}"),
            facts(OTHER_TITLE, f"doi:{OTHER_DOI}", second=f"[1] A. Berg, {TITLE}, doi:{DOI}"),
            facts(OTHER_TITLE, second=f"[1] doi:{DOI}"),
            facts(OTHER_TITLE, last=f"[1] doi:{DOI}"),
        ],
    )
    def test_is_not_right_because_it_cites_ours(self, found: Facts) -> None:
        assert verdict(found) is DOUBTFUL

    def test_references_at_the_foot_of_a_short_text_name_no_other_paper(self) -> None:
        assert verdict(facts(OTHER_TITLE, foot=f"[1] doi:{OTHER_DOI}", pages=2)) is DOUBTFUL


class TestOneOfManyWithTheSameTitle:
    EDITORIAL = wanted(title="Editorial")

    def test_proves_nothing_by_its_title(self) -> None:
        assert verdict(facts("Editorial", "Somebody Else"), self.EDITORIAL) is DOUBTFUL
        assert verdict(facts("Some words", metadata={"title": "Editorial"}), self.EDITORIAL) is DOUBTFUL

    def test_is_right_with_its_author(self) -> None:
        assert verdict(facts("Editorial", "Ada Berg"), self.EDITORIAL) is RIGHT

    def test_is_right_where_page_and_metadata_agree(self) -> None:
        assert verdict(facts("Editorial", metadata={"title": "Editorial"}), self.EDITORIAL) is RIGHT

    def test_is_doubtful_under_another_doi(self) -> None:
        assert verdict(facts("Editorial", "Ada Berg", f"doi:{OTHER_DOI}"), self.EDITORIAL) is DOUBTFUL
        assert verdict(facts(TITLE, f"doi:{OTHER_DOI}")) is DOUBTFUL


@pytest.mark.case("H54")
class TestSomethingAboutThePaper:
    @pytest.mark.parametrize(
        "line",
        ["Erratum", "Author Correction:", "Correction to:", "Retraction:", "Comment on:", "Reply to the comment on",
         "Supplementary Information", "Supplemental material for", "SUPPORTING INFORMATION"],
    )  # fmt: skip
    def test_is_doubtful(self, line: str) -> None:
        checked = judge(facts(line, TITLE, f"doi:{DOI}"), wanted(), size=MEBIBYTE)
        assert checked.verdict is DOUBTFUL
        assert any("about the paper" in sentence for sentence in checked.evidence)

    @pytest.mark.parametrize(
        "line",
        ["Supplementary information is available in the online version.", "Journal of Correction Studies",
         "Supplement 1 (2020)"],
    )  # fmt: skip
    def test_is_not_every_page_with_such_a_word(self, line: str) -> None:
        assert verdict(facts(line, TITLE, f"doi:{DOI}")) is RIGHT

    def test_is_right_where_it_was_asked_for(self) -> None:
        title = f"Correction to: {TITLE}"
        assert verdict(facts("Correction to:", TITLE, f"doi:{DOI}"), wanted(title=title)) is RIGHT

    @pytest.mark.case("H49")
    def test_or_a_preview_of_it_is_doubtful(self) -> None:
        assert verdict(facts("First page preview", TITLE, f"doi:{DOI}")) is DOUBTFUL
        assert verdict(facts(TITLE, f"doi:{DOI}", pages=1), size=50_000) is DOUBTFUL
        assert verdict(facts(TITLE, f"doi:{DOI}", pages=1), size=500_000) is RIGHT
        assert verdict(facts(TITLE, f"doi:{DOI}", pages=2), size=50_000) is RIGHT


def test_pages_without_text_are_told() -> None:
    checked = judge(Facts(pages=3, texts=("", " 1 ", "")), wanted(), size=MEBIBYTE)
    assert (checked.verdict, checked.evidence) == (DOUBTFUL, ("its pages hold hardly any text",))


@pytest.mark.case("P05")
@pytest.mark.case("P14")
def test_oddities_are_told_and_no_reason_to_doubt() -> None:
    found = facts(TITLE, f"doi:{DOI}", trailing=1234, active=("a script",))
    checked = judge(found, wanted(), size=MEBIBYTE)
    assert checked.verdict is RIGHT
    assert checked.evidence[-2:] == ("1,234 bytes follow its end", "it contains a script")


def invariants(checked: Checked) -> None:
    assert (checked.cause == "wrong_document") is (checked.verdict is WRONG)
    assert checked.evidence or checked.verdict is RIGHT


@given(
    texts=st.lists(st.text(max_size=300), max_size=3).map(tuple),
    metadata=st.dictionaries(st.sampled_from(["title", "subject", "xmp:doi"]), st.text(max_size=80)),
    title=st.none() | st.text(max_size=80),
    doi=st.none() | st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9.()-]{1,30}", fullmatch=True),
    pages=st.integers(1, 20),
    size=st.integers(0, 10**9),
)
def test_any_facts_have_a_verdict_that_tells_why(
    texts: tuple[str, ...], metadata: dict[str, str], title: str | None, doi: str | None, pages: int, size: int
) -> None:
    invariants(judge(Facts(pages=pages, texts=texts, metadata=metadata), wanted(title, doi), size=size))


@given(ours=WORDS, theirs=WORDS, numbers=st.lists(st.integers(1000, 9999), min_size=2, max_size=2, unique=True))
def test_a_file_is_right_for_its_own_paper_and_for_no_other(
    ours: list[str], theirs: list[str], numbers: list[int]
) -> None:
    assume(not set(ours) & set(theirs))
    mine = wanted(" ".join(ours), f"10.5555/x.{numbers[0]}")
    other = wanted(" ".join(theirs), f"10.5555/x.{numbers[1]}")
    for named in (True, False):
        found = facts(" ".join(ours), "Ada Berg", *([f"doi:10.5555/x.{numbers[0]}"] if named else []))
        assert verdict(found, mine) is RIGHT
        assert verdict(found, other) is (WRONG if named else DOUBTFUL)
