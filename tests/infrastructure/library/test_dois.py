"""Identifiers in text: found however they are broken, never taken for longer ones."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import Identifier, Scheme
from infrastructure.library.dois import names, other_dois, prepared

SUFFIX = string.ascii_lowercase + string.digits + "-._;()/"
REGISTRANTS = st.integers(1000, 999_999_999).map("10.{}".format)
SUFFIXES = st.tuples(st.text(SUFFIX, max_size=30), st.sampled_from(string.ascii_lowercase + string.digits)).map("".join)
DOIS = st.tuples(REGISTRANTS, SUFFIXES).map("/".join)
BREAKS = st.sampled_from(["", "", "", " ", "\n", "\r\n", " \n", "\u00ad", "\ufffe"])
BEFORE = st.sampled_from(["", "doi:", "DOI ", "https://doi.org/", "(", "[", "<", "x "])
AFTER = st.sampled_from(
    ["", " ", "\n", ".", ". The", ", ", ")", "]", "\nwww", " 2020", "#sec1", "?download=1", "/pdf", "/full"]
)


def doi(value: str) -> Identifier:
    return Identifier(Scheme.DOI, value)


def holds(text: str, identifier: Identifier) -> bool:
    return names(prepared(text), identifier)


@given(value=DOIS, data=st.data(), before=BEFORE, after=AFTER)
def test_a_doi_is_found_in_any_case_with_breaks_and_blanks_inside(
    value: str, data: st.DataObject, before: str, after: str
) -> None:
    prefix, _, suffix = value.partition("/")
    broken = "".join(char + data.draw(BREAKS) for char in suffix[:-1]) + suffix[-1]
    printed = f"{prefix}/{broken}"
    assert holds(f"Some text {before}{printed.upper()}{after}", doi(value))


@given(value=DOIS, longer=st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=5),
       joint=st.sampled_from(["", ".", "-", "/", "_", ";", "(", ".s", "/v"]))  # fmt: skip
def test_a_longer_doi_is_another_one(value: str, longer: str, joint: str) -> None:
    text = f"doi:{value}{joint}{longer}"
    if not text.endswith(("/pdf", "/epdf", "/full")) and longer[:3] != "www":
        assert not holds(text, doi(value))


@given(value=DOIS, digit=st.sampled_from("0123456789."))
def test_a_doi_is_not_found_inside_a_number(value: str, digit: str) -> None:
    assert not holds(f"{digit}{value}", doi(value))


@given(st.text(max_size=300), DOIS)
def test_no_text_is_too_odd_to_search(text: str, value: str) -> None:
    assert names(prepared(text), doi(value)) in {True, False}
    assert all(found.startswith("10.") and found.isascii() for found in other_dois(prepared(text), (value,)))


@pytest.mark.parametrize(
    "text",
    [
        "https://doi.org/10.5555/jour.nal-12",
        "10.5555/jour.nal\u201312",
        "10.5555/jour.nal-\n12",
        "10.5555/jour.-\nnal-12",
        "10.5555/jour.nal\ufffe12",
        "10.5555/jour.nal-12www.example.org",
        "10.5555/jour.nal-12https://example.org",
        "10.5555/jour.nal-12/full",
    ],
)
def test_a_doi_is_found_as_pdfs_print_it(text: str) -> None:
    assert holds(text, doi("10.5555/jour.nal-12"))


@pytest.mark.parametrize(
    "text",
    ["10.5555/jour.nal-12/\nsupp1", "10.5555/jour.nal-12-\n3", "10.5555/jour.nal-12/full.1", "10.5555/jour.nal-1"],
)
def test_a_doi_that_goes_on_in_the_next_line_is_another_one(text: str) -> None:
    assert not holds(text, doi("10.5555/jour.nal-12"))


@pytest.mark.parametrize(
    ("scheme", "value", "text"),
    [
        (Scheme.ARXIV, "2101.00001", "arXiv:2101.00001v2 [cs.CL] 1 Jan 2021"),
        (Scheme.ARXIV, "2101.00001", "https://arxiv.org/abs/2101.00001"),
        (Scheme.ARXIV, "2101.00001", "https://doi.org/10.48550/arXiv.2101.00001"),
        (Scheme.ARXIV, "hep-th/9901001", "arXiv:hep-th/9901001v1"),
        (Scheme.PMCID, "PMC1234567", "Author manuscript; available in PMC: PMC1234567."),
        (Scheme.PMID, "1234567", "PMID: 1234567"),
    ],
)
def test_other_identifiers_are_found(scheme: Scheme, value: str, text: str) -> None:
    assert holds(text, Identifier(scheme, value))


@pytest.mark.parametrize(
    ("scheme", "value", "text"),
    [
        (Scheme.ARXIV, "2101.0000", "arXiv:2101.00001"),
        (Scheme.ARXIV, "2101.00001", "version 2101.00001"),
        (Scheme.PMCID, "PMC123", "PMC1234"),
        (Scheme.PMID, "123", "123 patients"),
        (Scheme.PMID, "123", "PMID 1234"),
    ],
)
def test_numbers_that_only_look_like_it_are_none(scheme: Scheme, value: str, text: str) -> None:
    assert not holds(text, Identifier(scheme, value))


def others(text: str, *ours: str) -> list[str]:
    return list(other_dois(prepared(text), ours))


def test_other_dois_are_told_without_punctuation() -> None:
    assert others("See doi:10.5555/AAA.1, and (10.5555/bbb(2)).", "10.5555/ccc") == ["10.5555/aaa.1", "10.5555/bbb(2"]


@pytest.mark.parametrize(
    "text",
    [
        "10.5555/ccc",
        "10.5555/ccc.g001",
        "10.5555/ccc/v2",
        "10.13039/501100000780",
        "10.5281/zenodo.1234",
        "10.5061/dryad.ab12",
        "10.1002/(ISSN)1097-0142",
        "10.5555/",
        "110.5555/ccd",
    ],
)
def test_parts_versions_funders_data_and_journals_are_no_other_papers(text: str) -> None:
    assert others(text, "10.5555/ccc") == []


def test_a_doi_that_was_cut_at_a_joint_proves_nothing() -> None:
    assert others("doi:10.5555/jour.\nnal", "10.5555/jour.2020.7") == []


@pytest.mark.parametrize("text", ["10.5555/ccc1", "10.5555/cc", "10.5555/cccd/v2"])
def test_a_doi_with_one_character_more_or_less_is_of_another_paper(text: str) -> None:
    assert others(text, "10.5555/ccc") == [text]


def test_a_version_of_ours_with_another_number_is_ours() -> None:
    assert others("10.5555/ccc/v2", "10.5555/ccc/v1") == []
