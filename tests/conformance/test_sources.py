"""Real answers of the services: every one is read, and every open copy that it names is found."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from application.ports.fetcher import Fetched, FetchFailed
from application.ports.sources import Finding, Source, SourceUnavailable
from domain.copies import CopyKind
from domain.identifiers import Identifier, Scheme, parse_arxiv, parse_doi
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.biorxiv import Biorxiv
from infrastructure.sources.core import Core
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.datacite import DataCite
from infrastructure.sources.doaj import Doaj
from infrastructure.sources.elsevier import Elsevier
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.openalex import OpenAlex
from infrastructure.sources.pmc import Pmc
from infrastructure.sources.semanticscholar import SemanticScholar
from infrastructure.sources.springer import Springer
from infrastructure.sources.unpaywall import Unpaywall
from tests.conformance.scores import count as counted

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")


SERVICES = (
    *("unpaywall", "crossref", "arxiv", "europepmc", "datacite", "openalex", "semanticscholar"),
    *("pubmed_pmc", "doi_org", "fatcat"),
)
"""Folders of services' answers."""


class Recorded:
    """A fetcher that gives one recorded answer to every request."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        if self.status != 200:
            cause = "not_found" if self.status == 404 else "bad_response"
            raise FetchFailed(cause, url, f"status {self.status}", status=self.status, body=self.body)
        fetched = Fetched(url=url, status=200, content_type="", size=len(self.body), seconds=0.0, head=self.body[:4096])
        return fetched, self.body

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        raise NotImplementedError


class Today:
    def now(self) -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError


def answers(folder: str) -> Iterator[tuple[str, int, bytes]]:
    """Every recorded answer of a service: name, status, body."""
    for path in sorted((RECORDINGS / folder).rglob("*")):
        if not path.is_file() or path.name.endswith(".http.json"):
            continue
        named = re.search(r"_HTTP(\d{3})", path.name)
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = body.splitlines() if ".jsonl" in path.name else [body]
        for number, line in enumerate(lines):
            yield f"{path.name}:{number}", int(named[1]) if named else 200, line


def objects(folder: str) -> Iterator[tuple[str, int, bytes, dict[str, Any]]]:
    """The recorded answers that are JSON objects."""
    for name, status, body in answers(folder):
        try:
            value = json.loads(body)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield name, status, body, value


def asked(source: Source, *identifiers: Identifier) -> Finding | None:
    """What the source makes of the answer; None where it takes it for none."""
    try:
        return source.find(identifiers)
    except SourceUnavailable:
        return None


def doi(value: object) -> Identifier:
    return Identifier(Scheme.DOI, parse_doi(str(value)) or "10.1000/none")


def place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url.strip().replace(" ", "%20"))
    return parts.netloc.lower(), parts.path.rstrip("/"), parts.query


def is_web(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://")) and len(url) <= 2000


def test_no_recorded_answer_of_any_service_crashes_a_source():
    values = ("10.1000/x", "10.1101/2020.01.01.123456", "10.1016/x", "10.1007/x")
    identifiers = (
        *map(doi, values),
        Identifier(Scheme.ARXIV, "2101.00001"),
        Identifier(Scheme.PMID, "1"),
        Identifier(Scheme.PMCID, "PMC1"),
    )
    count = 0
    for folder in SERVICES:
        for _, status, body in answers(folder):
            count += 1
            fetcher = Recorded(status, body)
            asked(Unpaywall(fetcher, Today(), email="a@b.org"), *identifiers)
            asked(Crossref(fetcher, Today()), *identifiers)
            asked(Arxiv(fetcher), *identifiers)
            asked(EuropePmc(fetcher), *identifiers)
            asked(DataCite(fetcher, Today()), *identifiers)
            asked(OpenAlex(fetcher, key="k"), *identifiers)
            asked(Springer(fetcher, key="k"), *identifiers)
            for source in (Pmc, Biorxiv, SemanticScholar, Core, Doaj, Elsevier):
                asked(source(fetcher), *identifiers)
    assert count > 1000


def unpaywall_answers() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    for name, status, body, value in objects("unpaywall"):
        if status == 200 and isinstance(value.get("results"), list):
            for result in value["results"]:
                yield name, json.dumps(result["response"]).encode(), result["response"]
        elif status == 200 and not value.get("error"):
            yield name, body, value


def test_every_url_of_an_open_location_that_unpaywall_names_is_a_copy():
    checked = copies = 0
    for name, body, value in unpaywall_answers():
        identifier = doi(value.get("doi") or "10.1000/none")
        finding = asked(Unpaywall(Recorded(200, body), Today(), email="a@b.org"), identifier)
        assert finding is not None, name
        assert finding.known, name
        locations = value.get("oa_locations") or []
        files = {place(at["url_for_pdf"]) for at in locations if is_web(at.get("url_for_pdf"))}
        pages = {place(at["url_for_landing_page"]) for at in locations if is_web(at.get("url_for_landing_page"))}
        assert {place(copy.url) for copy in finding.copies if copy.kind is CopyKind.PDF} == files, name
        assert {place(copy.url) for copy in finding.copies} == files | pages, name
        assert (finding.metadata.title or "") == (value.get("title") or "")[:32_768].strip(), name
        assert finding.metadata.year == value.get("year"), name
        counted("unpaywall", right=True)
        checked, copies = checked + 1, copies + len(finding.copies)
    assert checked > 2000
    assert copies > 2000


def test_what_unpaywall_does_not_know_is_unknown():
    missing = [(name, body) for name, _, body, value in objects("unpaywall") if value.get("HTTP_status_code") == 404]
    assert missing
    for name, body in missing:
        assert asked(Unpaywall(Recorded(404, body), Today(), email="a@b.org"), doi("10.1000/x")) == Finding(), name


def works() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every work that Crossref described, alone or in a list."""
    for name, status, _, value in objects("crossref"):
        message = value.get("message")
        if status == 200 and value.get("message-type") == "work" and isinstance(message, dict):
            yield name, message
        elif status == 200 and value.get("message-type") == "work-list" and isinstance(message, dict):
            yield from ((name, item) for item in message.get("items") or [] if item.get("DOI"))
        elif "DOI" in value and isinstance(value.get("title"), list):
            yield name, value


def open_files(work: dict[str, Any]) -> set[tuple[str, str, str]]:
    """The files that a work names for programs, if any of its licences is Creative Commons."""
    if not any("creativecommons.org/" in str(licence.get("URL")) for licence in work.get("license") or []):
        return set()
    return {
        place(link["URL"])
        for link in work.get("link") or []
        if link.get("content-type") == "application/pdf"
        and link.get("intended-application") in ("text-mining", "unspecified")
    }


def test_crossref_gives_the_metadata_and_only_openly_licensed_files():
    checked = with_files = 0
    for name, work in works():
        body = json.dumps({"status": "ok", "message-type": "work", "message": work}).encode()
        finding = asked(Crossref(Recorded(200, body), Today()), doi(work["DOI"]))
        assert finding is not None, name
        assert finding.known, name
        files = {place(copy.url) for copy in finding.copies if copy.kind is CopyKind.PDF}
        assert files == open_files(work), name
        titles = [title for title in work.get("title") or [] if title and title.strip()]
        assert finding.metadata.title == (titles[0].strip() if titles else None), name
        assert finding.metadata.type == work.get("type"), name
        parts = ((work.get("issued") or {}).get("date-parts") or [[None]])[0]
        assert not parts or not parts[0] or finding.metadata.year == parts[0], name
        people = [person for person in work.get("author") or [] if person.get("family") or person.get("name")]
        assert len(finding.metadata.authors) == len(people), name
        counted("crossref", right=True)
        checked, with_files = checked + 1, with_files + bool(files)
    assert checked > 500
    assert with_files > 5


def test_arxiv_finds_the_file_of_every_entry_of_every_feed():
    found = 0
    for name, status, body in answers("arxiv"):
        for address in re.findall(rb"<id>\s*(https?://arxiv\.org/abs/[^<]+)</id>", body):
            arxiv_id = parse_arxiv(address.decode().strip())
            assert arxiv_id, address
            finding = asked(Arxiv(Recorded(status, body)), Identifier(Scheme.ARXIV, arxiv_id))
            assert finding is not None, (name, arxiv_id)
            assert finding.known, (name, arxiv_id)
            assert [copy.url for copy in finding.copies] == [f"https://export.arxiv.org/pdf/{arxiv_id}"]
            assert all((finding.metadata.title, finding.metadata.authors, finding.metadata.year)), (name, arxiv_id)
            counted("arxiv", right=True)
            found += 1
    assert found > 20


def test_feeds_without_the_entry_asked_for_mean_that_arxiv_does_not_know_it():
    feeds = [(name, status, body) for name, status, body in answers("arxiv") if b"<feed" in body[:400]]
    assert feeds
    for name, status, body in feeds:
        assert asked(Arxiv(Recorded(status, body)), Identifier(Scheme.ARXIV, "0704.99999")) == Finding(), name


def europepmc_results() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, _, _, value in objects("europepmc"):
        listed = (value.get("resultList") or {}).get("result") or []
        yield from ((name, result) for result in (listed or [value]) if result.get("doi"))


def test_every_free_pdf_that_europe_pmc_names_is_a_copy():
    checked = copies = 0
    for name, result in europepmc_results():
        body = json.dumps({"hitCount": 1, "resultList": {"result": [result]}}).encode()
        finding = asked(EuropePmc(Recorded(200, body)), doi(result["doi"]))
        assert finding is not None, name
        assert finding.known, name
        named = (result.get("fullTextUrlList") or {}).get("fullTextUrl") or []
        free = {
            place(at["url"]) for at in named if at["documentStyle"] == "pdf" and at["availabilityCode"] in ("OA", "F")
        }
        assert free <= {place(copy.url) for copy in finding.copies}, name
        assert all((finding.metadata.title, finding.metadata.authors, finding.metadata.year)), name
        identifiers = {identifier.value for identifier in finding.identifiers}
        assert {result[key] for key in ("pmid", "pmcid") if result.get(key)} <= identifiers, name
        counted("europepmc", right=True)
        checked, copies = checked + 1, copies + len(free)
    assert checked > 30
    assert copies > 30


def datacite_attributes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every DOI that DataCite described, alone or in a list."""
    for name, status, _, value in objects("datacite"):
        told = value.get("data")
        for one in told if isinstance(told, list) else [told]:
            attributes = one.get("attributes") if isinstance(one, dict) and status == 200 else None
            if isinstance(attributes, dict) and attributes.get("doi"):
                yield name, attributes


def named_files(attributes: dict[str, Any]) -> set[tuple[str, str, str]]:
    """The PDFs that a DOI names, if any of its rights is Creative Commons or open access."""
    stated = " ".join(str(value).lower() for one in attributes.get("rightsList") or [] for value in one.values())
    is_open = any(word in stated for word in ("creativecommons.org/licenses", "openaccess", "open access", "cc-by"))
    kind = (attributes.get("types") or {}).get("resourceTypeGeneral")
    told = attributes.get("contentUrl") or []
    urls = [told] if isinstance(told, str) else told
    is_text = kind in (None, "Text", "JournalArticle", "Preprint", "Report", "ConferencePaper", "Dissertation", "Other")
    return {place(url) for url in urls if is_open and is_text and url.lower().partition("?")[0].endswith(".pdf")}


def test_datacite_gives_the_metadata_and_only_open_copies():
    checked = with_copies = 0
    for name, attributes in datacite_attributes():
        body = json.dumps({"data": {"attributes": attributes}}).encode()
        finding = asked(DataCite(Recorded(200, body), Today()), doi(attributes["doi"]))
        assert finding is not None, name
        assert finding.known, name
        titles = [one["title"].strip() for one in attributes.get("titles") or [] if one.get("title")]
        assert finding.metadata.title in (titles or [None]), name
        year = attributes.get("publicationYear")
        assert finding.metadata.year == (year if year and year < 2200 else None), name  # some count from another era
        assert len(finding.metadata.authors) == len(
            [one for one in attributes.get("creators") or [] if any(one.get(field) for field in ("name", "familyName"))]
        ), name
        files = {place(copy.url) for copy in finding.copies if copy.kind is CopyKind.PDF}
        assert files == named_files(attributes), name
        if finding.copies:
            rights = json.dumps(attributes.get("rightsList")).lower()
            assert re.search("creativecommons|open ?access|cc-by|cc0", rights), name
            with_copies += 1
        checked += 1
    assert checked > 50
    assert with_copies > 3


def openalex_works() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, status, _, value in objects("openalex"):
        listed = value.get("results")
        for one in listed if isinstance(listed, list) else [value]:
            if status == 200 and one.get("doi"):
                yield name, one


def test_every_open_place_that_openalex_names_is_a_copy():
    checked = copies = 0
    for name, work in openalex_works():
        finding = asked(OpenAlex(Recorded(200, json.dumps(work).encode()), key="k"), doi(work["doi"]))
        assert finding is not None, name
        assert finding.known, name
        places = [*(work.get("locations") or []), work.get("best_oa_location") or {}]
        open_places = [at for at in places if at.get("is_oa")]
        files = {place(at["pdf_url"]) for at in open_places if is_web(at.get("pdf_url"))}
        pages = {place(at["landing_page_url"]) for at in open_places if is_web(at.get("landing_page_url"))}
        assert {place(copy.url) for copy in finding.copies if copy.kind is CopyKind.PDF} == files, name
        assert {place(copy.url) for copy in finding.copies} == files | pages, name
        assert finding.metadata.title == work.get("title"), name
        assert finding.metadata.year == work.get("publication_year"), name
        pmid = (work.get("ids") or {}).get("pmid", "").rpartition("/")[2]
        assert pmid in {"", *(one.value for one in finding.identifiers)}, name
        checked, copies = checked + 1, copies + len(finding.copies)
    assert checked > 10
    assert copies > 10


def semanticscholar_papers() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, status, _, value in objects("semanticscholar"):
        listed = value.get("data")
        for one in listed if isinstance(listed, list) else [value]:
            if (
                status == 200
                and isinstance(one, dict)
                and "paperId" in one
                and (one.get("externalIds") or {}).get("DOI")
            ):
                yield name, one


def test_the_open_file_that_semantic_scholar_names_is_a_copy():
    checked = copies = 0
    for name, told in semanticscholar_papers():
        asked_for = doi(told["externalIds"]["DOI"])
        finding = asked(SemanticScholar(Recorded(200, json.dumps(told).encode())), asked_for)
        assert finding is not None, name
        assert finding.known, name
        url = (told.get("openAccessPdf") or {}).get("url")
        assert [place(copy.url) for copy in finding.copies] == ([place(url)] if is_web(url) else []), name
        assert (finding.metadata.title or "") == (told.get("title") or ""), name
        ids = {"PubMed": "", "PubMedCentral": "PMC", "ArXiv": ""}
        expected = {f"{ids[key]}{value}" for key, value in told["externalIds"].items() if key in ids}
        assert expected <= {one.value for one in finding.identifiers}, name
        checked, copies = checked + 1, copies + len(finding.copies)
    assert checked > 5
    assert copies > 2
