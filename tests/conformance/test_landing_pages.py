"""Real landing pages: the file is found, walls are told from pages, and no page leads to another paper's file.

`landing_misses.txt` lists the pages where we are not right yet. It may only shrink: a page in it that is right fails
too.
"""

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from attrs import frozen

from infrastructure.publishers.landing import read_page
from infrastructure.publishers.walls import classify

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
WORLD = RECORDINGS.parent / "replay" / "world"
MISSES = Path(__file__).with_name("landing_misses.txt")
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


def misses() -> set[str]:
    lines = MISSES.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def is_right(page: Gold) -> bool:
    """Whether the first candidate is the file, where one is known; walls, and only they, are told."""
    wall = classify(page.url, 200, {}, page.body, "text/html")
    if page.kind.startswith("BLOCKED"):
        return wall == "bot_challenge"
    if page.file:
        return wall is None and read_page(page.body, page.url).pdf_urls[:1] == (page.file,)
    return wall in (None, "not_found")


def test_every_page_is_right_but_those_that_are_known_not_to_be():
    pages = list(gold())
    wrong = {page.name for page in pages if not is_right(page)}
    assert wrong == misses(), f"{len(pages) - len(wrong)} of {len(pages)} pages are right"
    assert len(pages) > 80


def test_pages_that_name_no_file_never_yield_that_of_another_paper():
    """The candidates of such a page carry an identifier of the page: its DOI, its number, or its own place."""
    for page in gold():
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
    for page in gold():
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
