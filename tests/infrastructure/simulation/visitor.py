"""A small honest client: what a careful program would make of the simulated web, written with the standard library."""

import hashlib
import http.client
import io
import json
import re
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pikepdf
from attrs import frozen

from infrastructure.simulation.papers import Paper
from infrastructure.simulation.server import ScholarlyWeb

EMAIL = "reader@university.test"
PATIENCE = 5.0
"""Seconds without a byte."""
_LINK = re.compile(
    r'<(?:meta (?:name|property)="(?:\w+_pdf_url|eprints\.document_url)" content'
    r'|link rel="alternate" type="application/pdf"[^>]* href)="([^"]+)"'
)


@frozen
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    url: str


def get(url: str, *, method: str = "GET", patience: float = PATIENCE) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=patience)
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request(method, target)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read(), url)
    finally:
        connection.close()


def get_json(url: str) -> Any:
    return json.loads(get(url).body)


def followed(url: str, hops: int = 8, patience: float = PATIENCE) -> Answer:
    for _ in range(hops + 1):
        answer = get(url, patience=patience)
        if answer.status not in (301, 302, 303, 307, 308):
            return answer
        url = urljoin(url, answer.headers["location"])
    raise OSError("too many redirects")


def unpaywall_url(web: ScholarlyWeb, doi: str) -> str:
    return f"{web.settings()['unpaywall']}/v2/{quote(doi, safe='/')}?email={EMAIL}"


def europepmc_url(web: ScholarlyWeb, doi: str) -> str:
    query = quote(f'DOI:"{doi}"')
    return f"{web.settings()['europepmc']}/webservices/rest/search?query={query}&resultType=core&format=json"


def outcome(web: ScholarlyWeb, paper: Paper, patience: float = PATIENCE) -> tuple[str, str | None]:
    """The outcome of a paper, and the sha256 of its file if it is done."""
    results = [tried(url, paper, patience) for url in copies(web, paper)]
    done = next((result for result in results if result[0] == "done"), None)
    return done or max(results, default=("unavailable", None), key=lambda result: result[0] == "doubtful")


def copies(web: ScholarlyWeb, paper: Paper) -> list[str]:
    known = get_json(unpaywall_url(web, paper.doi)).get("oa_locations", [])
    urls = [place["url_for_pdf"] or place["url_for_landing_page"] for place in known]
    for result in get_json(europepmc_url(web, paper.doi))["resultList"]["result"]:
        urls += [
            place["url"]
            for place in result["fullTextUrlList"]["fullTextUrl"]
            if place["documentStyle"] == "pdf" and place["availabilityCode"] == "OA"
        ]
    return urls


def tried(url: str, paper: Paper, patience: float, attempts: int = 2) -> tuple[str, str | None]:
    if not allowed(url):
        return "failed", None
    try:
        answer = followed(url, patience=patience)
    except ConnectionResetError:
        return tried(url, paper, patience, attempts - 1) if attempts > 1 else ("failed", None)
    except (OSError, http.client.HTTPException):
        return "failed", None
    if answer.status in (429, 503) and attempts > 1:
        return tried(url, paper, patience, attempts - 1)
    if answer.status != 200:
        return "failed", None
    link = _LINK.search(answer.body.decode("latin-1")) if b"<html" in answer.body[:100] else None
    return tried(urljoin(answer.url, link[1]), paper, patience) if link else judged(answer.body, paper)


def allowed(url: str) -> bool:
    robots = RobotFileParser()
    robots.parse(get(urljoin(url, "/robots.txt")).body.decode().splitlines())
    return robots.can_fetch("SciPaperLoader", url)


def judged(body: bytes, paper: Paper) -> tuple[str, str | None]:
    try:
        with pikepdf.open(io.BytesIO(body), attempt_recovery=False) as pdf:
            title = str(pdf.docinfo.get("/Title", ""))
    except pikepdf.PdfError:
        return "failed", None
    if title and title != paper.title:
        return "failed", None
    return ("done", hashlib.sha256(body).hexdigest()) if title else ("doubtful", None)
