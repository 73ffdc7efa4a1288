"""Real landing pages: the file is found, walls are told from pages, and no page leads to another paper's file."""

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from attrs import frozen

from application.publishers import Proof
from infrastructure.publishers.landing import read_page
from infrastructure.publishers.platforms.catalogue import PLATFORMS, of_address, platform_of
from infrastructure.publishers.platforms.platform import Platform
from infrastructure.publishers.walls import classify
from tests.conformance.known_misses import settle

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
WORLD = RECORDINGS.parent / "replay" / "world"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")


@frozen(kw_only=True)
class Gold:
    """A recorded page and what is known of it."""

    name: str
    url: str
    kind: str
    file: str
    doi: str

    @property
    def body(self) -> bytes:
        return (RECORDINGS / "landing_pages" / self.name).read_bytes()

    @property
    def platform(self) -> Platform | None:
        """Whose page it is; some were recorded without their address."""
        return of_address(self.file) or platform_of(url=self.url, page=self.body.decode("utf-8", "replace"))


def gold() -> Iterator[Gold]:
    with (RECORDINGS / "landing_pages" / "gold.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield Gold(
                name=Path(row["file"]).name,
                url=row["page_url"] or "https://publisher.example.org/article",
                kind=row["class"],
                file=row["expected_pdf_url"],
                doi=row["doi"].lower(),
            )


GOLD = list(gold()) if RECORDINGS.is_dir() else []


@cache
def miss(page: Gold) -> str | None:
    """What is wrong with how a page is read; None where the first candidate is the file, and only walls are walls."""
    wall = classify(page.url, 200, {}, page.body, "text/html")
    if page.kind.startswith("BLOCKED"):
        return None if wall == "bot_challenge" else f"a wall was taken for {wall or 'a page'}"
    if wall not in (None, "not_found") or (page.file and wall):
        return f"a page was taken for {wall}"
    first = read_page(page.body, page.url).pdf_urls[:1]
    return None if not page.file or first == (page.file,) else f"{first} instead of {page.file}"


@pytest.mark.parametrize("page", GOLD, ids=lambda page: page.name)
def test_a_page_yields_exactly_its_file_and_a_wall_is_told(page: Gold) -> None:
    settle("landing_pages", page.name, miss(page))


def test_there_are_many_pages() -> None:
    assert len(GOLD) > 80


def test_what_is_called_proved_is_proved_by_a_recorded_page() -> None:
    right = {platform.name for page in GOLD if page.file and not miss(page) and (platform := page.platform)}
    assert {one.name for one in PLATFORMS if one.proof is Proof.PROVED} == right


def test_pages_that_name_no_file_never_yield_that_of_another_paper():
    """The candidates of such a page carry an identifier of the page: its DOI, its number, or its own place."""
    for page in GOLD:
        if page.file or page.kind.startswith("BLOCKED"):
            continue
        read = read_page(page.body, page.url)
        source = unquote(page.body.decode("utf-8", "replace")).lower()
        for url in read.pdf_urls:
            tail = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).lower()
            assert tail in source, (page.name, url)
        assert len(read.pdf_urls) <= 1, (page.name, read.pdf_urls)


def test_pages_name_their_own_doi():
    checked = 0
    for page in GOLD:
        read = read_page(page.body, page.url)
        if page.doi.startswith("10.") and read.dois:
            assert read.is_about(page.doi), (page.name, read.dois)
            checked += 1
    assert checked > 30


def test_no_recorded_page_crashes_the_reader_or_the_classifier():
    pages = sorted((RECORDINGS / "landing_pages").glob("*.html"))
    assert len(pages) > 100
    for path in pages:
        read_page(path.read_bytes(), "https://publisher.example.org/article")
        classify("https://publisher.example.org/article", 200, {}, path.read_bytes(), "text/html")


def key_of(url: str) -> str:
    """An address without scheme and order of parameters."""
    parts = urlsplit(url)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{(parts.hostname or '').lower()}{unquote(parts.path or '/')}?{query}"


@frozen(kw_only=True)
class Response:
    """A recorded answer of the world; the last of its address."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes


def world() -> dict[str, Response]:
    responses = {}
    for line in (WORLD / "responses.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        responses[key_of(entry["url"])] = Response(
            url=entry["url"],
            status=entry.get("status", 200),
            headers={name.lower(): value for name, value in entry.get("headers", {}).items()},
            body=(WORLD / entry["body"]).read_bytes() if entry.get("body") else b"",
        )
    return responses


def followed(responses: dict[str, Response], url: str) -> Response | None:
    for _ in range(8):
        response = responses.get(key_of(url))
        if response is None or "location" not in response.headers:
            return response
        url = response.headers["location"]
    return None


@pytest.mark.skipif(not WORLD.is_dir(), reason="the recorded internet is not here")
def test_the_first_file_that_a_landing_page_leads_to_is_the_right_one():
    responses = world()
    with (WORLD / "expected.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["scenario"].startswith("landing page")]
    assert rows
    for row in rows:
        landing = followed(responses, f"https://doi.org/{row['doi']}")
        assert landing is not None, row["doi"]
        assert classify(landing.url, landing.status, landing.headers, landing.body, "text/html") is None, row["doi"]
        page = read_page(landing.body, landing.url)
        answers = (followed(responses, url) for url in page.pdf_urls)
        files = [answer.body for answer in answers if answer and answer.body.startswith(b"%PDF-")]
        assert files, (row["doi"], page.candidates)
        assert hashlib.sha256(files[0]).hexdigest() == row["sha256"], (row["doi"], page.candidates)


@pytest.mark.skipif(not WORLD.is_dir(), reason="the recorded internet is not here")
def test_the_walls_of_the_recorded_internet_are_told():
    told: dict[str, set[str | None]] = {}
    for response in world().values():
        for name in ("challenge", "login", "missing"):
            if response.body and response.body == (WORLD / "bodies" / f"{name}.html").read_bytes():
                found = classify(response.url, response.status, response.headers, response.body, "text/html")
                told.setdefault(name, set()).add(found)
    assert told == {"challenge": {"bot_challenge"}, "login": {"login_or_paywall"}, "missing": {"not_found"}}
