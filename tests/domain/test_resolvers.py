"""Resolvers that a user describes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.copies import CopyKind, Version
from domain.errors import InvalidValue
from domain.identifiers import Identifier, Scheme
from domain.resolvers import MOST, Kind, Resolver, resolvers_of, steps_of, values_at

ENTRY = {"name": "library", "url": "https://repository.example/api?doi={doi}", "path": "results[*].url"}
PAGE = {"name": "page", "url": "https://repository.example/{doi}", "kind": "html", "selector": "a.pdf"}


def read(*entries: Any) -> tuple[Resolver, ...]:
    return resolvers_of(json.dumps(list(entries)))


def test_a_few_words_are_enough() -> None:
    (resolver,) = read(ENTRY)
    assert (resolver.kind, resolver.where, resolver.leads_to) == (Kind.JSON, "results[*].url", CopyKind.PDF)
    assert (resolver.version, resolver.licence, resolver.wants) == (Version.UNKNOWN, None, (Scheme.DOI,))
    assert (resolver.source, resolver.service.title) == ("resolver-library", "library")
    assert resolver.service.knows == "Your own: repository.example."


def test_everything_can_be_told() -> None:
    (resolver,) = read({**PAGE, "leads_to": "page", "version": "accepted", "licence": "cc-by"})
    assert (resolver.kind, resolver.where, resolver.leads_to) == (Kind.HTML, "a.pdf", CopyKind.LANDING_PAGE)
    assert (resolver.version, resolver.licence) == (Version.ACCEPTED, "cc-by")


@pytest.mark.parametrize("text", ["", "  ", "[]"])
def test_there_need_not_be_any(text: str) -> None:
    assert resolvers_of(text) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "My Library"}, "“name”"),
        ({"name": "x" * 31}, "“name”"),
        ({"url": "ftp://a.example/{doi}"}, "begins with https"),
        ({"url": "https://{doi}/x"}, "begins with https"),
        ({"url": "https://[/{doi}"}, "begins with https"),
        ({"url": "https://a.example/x"}, "{doi}"),
        ({"url": "https://a.example/{title}/{doi}"}, "{doi}"),
        ({"kind": "xml"}, "“kind” one of json, html"),
        ({"kind": "html"}, "“selector”"),
        ({"selector": "a"}, "“path”"),
        ({"path": "a..b"}, "“path”"),
        ({"path": "a[b]"}, "“path”"),
        ({"path": 7}, "“path” a text"),
        ({"path": "x" * 501}, "at most 500"),
        ({"version": "final"}, "“version” one of published, accepted, submitted"),
        ({"leads_to": "file"}, "“leads_to” one of pdf, page"),
        ({"header": "x"}, "nothing beside name, url"),
    ],
)
def test_what_is_wrong_is_told_with_its_entry(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(PAGE, {**ENTRY, **change})
    assert refused.value.field == "resolvers"
    assert "entry 2" in refused.value.expected
    assert expected in refused.value.expected


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '"x"', "[" * 100_000])
def test_what_is_no_list_of_objects_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        resolvers_of(text)


def test_names_come_once_and_there_is_an_end() -> None:
    with pytest.raises(InvalidValue) as twice:
        read(ENTRY, ENTRY)
    assert "name of its own" in twice.value.expected
    with pytest.raises(InvalidValue):
        read(*({**ENTRY, "name": f"n{number}"} for number in range(MOST + 1)))


def test_identifiers_are_encoded_and_the_slash_of_a_doi_stays() -> None:
    (resolver,) = read(ENTRY)
    asked = resolver.address([Identifier(Scheme.DOI, "10.1000/a b?&#{pmid}")])
    assert asked == "https://repository.example/api?doi=10.1000/a%20b%3F%26%23%7Bpmid%7D"


def test_without_an_identifier_that_it_wants_it_is_not_asked() -> None:
    (resolver,) = read({**ENTRY, "url": "https://a.example/{pmid}/{doi}"})
    assert resolver.wants == (Scheme.DOI, Scheme.PMID)
    assert resolver.address([Identifier(Scheme.DOI, "10.1000/x")]) is None
    both = [Identifier(Scheme.DOI, "10.1000/x"), Identifier(Scheme.PMID, "7")]
    assert resolver.address(both) == "https://a.example/7/10.1000/x"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", ["1"]),
        ("$.a.b", ["1"]),
        ("list[*].url", ["x", "y"]),
        ("list[1].url", ["y"]),
        ("list[9].url", []),
        ("list.url", []),
        ("a[*]", []),
        ("nested[*][0]", ["p", "r"]),
        ("no.such.thing", []),
    ],
)
def test_paths_lead_to_values(path: str, found: list[str]) -> None:
    data = {"a": {"b": "1"}, "list": [{"url": "x"}, {"url": "y"}], "nested": [["p", "q"], ["r"]]}
    steps = steps_of(path)
    assert steps is not None
    assert list(values_at(data, steps)) == found


def test_a_list_may_be_the_whole_answer() -> None:
    assert list(values_at([{"url": "x"}], steps_of("[*].url") or ())) == ["x"]


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_none(text: str) -> None:
    steps = steps_of(text)
    assert steps is None or list(values_at({}, steps)) in ([], [{}])
