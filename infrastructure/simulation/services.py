"""The sources' interfaces: which request gets which answer."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, unquote

from infrastructure.simulation.answers import At, arxiv, crossref, europepmc, openalex, pmc, unpaywall
from infrastructure.simulation.papers import Paper
from infrastructure.simulation.reply import ATOM, XML, Reply, data, pdf, redirect, text
from infrastructure.simulation.world import World

Service = Callable[[World, At, str, Mapping[str, str]], Reply]
"""Answers a request for a path, decoded, with its parameters."""

_PLACEHOLDERS = frozenset({"you", "youremail", "your_email", "email", "yourname"})
_ARXIV_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(v\d+)?")
_EUROPEPMC_TERM = re.compile(r'\b(?:DOI|EXT_ID|PMCID):(?:"([^"]+)"|(\S+))')


def answered(service: str, world: World, at: At, target: str) -> Reply | None:
    """The answer of a source, or None where it has nothing at this address."""
    path, _, query = target.partition("?")
    prefix, serve = SERVICES[service]
    decoded = unquote(path)
    if not decoded.startswith(prefix):
        return None
    return serve(world, at, decoded.removeprefix(prefix), dict(parse_qsl(query)))


def _known(world: World, doi: str) -> Paper | None:
    paper = world.find(doi)
    return paper if paper is not None and paper.scenario.registered else None


def _unpaywall(world: World, at: At, doi: str, parameters: Mapping[str, str]) -> Reply:
    name, at_sign, domain = parameters.get("email", "").lower().partition("@")
    if not at_sign or domain == "example.com" or name in _PLACEHOLDERS:
        return _unpaywall_error(422, "Please use your own email address in API calls.")
    paper = _known(world, doi)
    return data(unpaywall.record(paper, at)) if paper else _unpaywall_error(404, f"'{doi}' isn't in Unpaywall.")


def _unpaywall_error(status: int, message: str) -> Reply:
    return data({"HTTP_status_code": status, "error": True, "message": message}, status)


def _crossref(world: World, at: At, doi: str, parameters: Mapping[str, str]) -> Reply:
    polite = "mailto" in parameters
    headers = {
        "X-Rate-Limit-Limit": "10" if polite else "5",
        "X-Rate-Limit-Interval": "1s",
        "X-Concurrency-Limit": "3" if polite else "1",
        "X-Api-Pool": "polite" if polite else "public",
    }
    paper = _known(world, doi)
    return data(crossref.work(paper, at), headers=headers) if paper else text("Resource not found.", 404, headers)


def _arxiv(world: World, at: At, _path: str, parameters: Mapping[str, str]) -> Reply:
    asked = parameters.get("id_list", "")
    matches = [(part, _ARXIV_ID.fullmatch(part)) for part in asked.split(",") if part]
    wrong = next((part for part, match in matches if match is None), None)
    if wrong is not None:
        return Reply(400, ATOM, arxiv.error(wrong).encode())
    ids = [match[1] for _, match in matches if match]
    papers = [paper for paper in world.papers if paper.arxiv_id in ids]
    return Reply(200, ATOM, arxiv.feed(asked, (arxiv.entry(paper, at) for paper in papers)).encode())


def _europepmc(world: World, at: At, _path: str, parameters: Mapping[str, str]) -> Reply:
    query = parameters.get("query", "")
    asked = {(quoted or bare).lower() for quoted, bare in _EUROPEPMC_TERM.findall(query)}
    known = (paper for paper in world.papers if paper.pmid and paper.scenario.registered)
    found = [paper for paper in known if asked & _ids(paper)]
    return data(europepmc.found(query, found, at))


def _ids(paper: Paper) -> set[str]:
    return {value.lower() for value in (paper.doi, paper.pmid, paper.pmcid) if value}


def _pmc(world: World, _at: At, path: str, parameters: Mapping[str, str]) -> Reply:
    """The list of an article's versions, the description of one, or its file."""
    if not path:
        prefix = parameters.get("prefix", "")
        return Reply(200, XML, pmc.versions(prefix, _in_cloud(world, prefix.removesuffix("."))).encode())
    folder, _, name = path.partition("/")
    paper = _in_cloud(world, folder.removesuffix(".1"))
    if paper is None or name not in (f"{folder}.json", f"{folder}.pdf"):
        return Reply(404, XML, b"<Error><Code>NoSuchKey</Code></Error>")
    return data(pmc.description(paper, world.pdf(paper))) if name.endswith(".json") else pdf(world.pdf(paper))


def _in_cloud(world: World, pmcid: str) -> Paper | None:
    return next((paper for paper in world.papers if pmcid and paper.pmcid == pmcid), None)


def _openalex(world: World, at: At, path: str, parameters: Mapping[str, str]) -> Reply:
    if not parameters.get("api_key"):
        return data({"error": "API key required"}, 401)
    paper = _known(world, path.removeprefix("doi:"))
    return data(openalex.work(paper, at)) if paper else data({"error": "Not found"}, 404)


def _unknown(_world: World, _at: At, _path: str, _parameters: Mapping[str, str]) -> Reply:
    """The answer of a source that has never heard of any paper of this world."""
    return data({"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}, 404)


def _doi_org(world: World, at: At, path: str, _parameters: Mapping[str, str]) -> Reply:
    for prefix, describe in (("api/handles/", _handle), ("doiRA/", _agency)):
        if path.startswith(prefix):
            return describe(_known(world, path.removeprefix(prefix)), path.removeprefix(prefix), at)
    paper = _known(world, path)
    return redirect(at(paper.home.host, paper.home.page)) if paper else text("DOI Not Found", 404)


def _handle(paper: Paper | None, doi: str, at: At) -> Reply:
    if paper is None:
        return data({"responseCode": 100, "handle": doi}, 404)
    value = {"index": 1, "type": "URL", "data": {"format": "string", "value": at(paper.home.host, paper.home.page)}}
    return data({"responseCode": 1, "handle": doi, "values": [value]})


def _agency(paper: Paper | None, doi: str, _at: At) -> Reply:
    return data([{"DOI": doi, "RA": "Crossref"} if paper else {"DOI": doi, "status": "DOI does not exist"}])


SERVICES: Mapping[str, tuple[str, Service]] = {
    "unpaywall": ("/v2/", _unpaywall),
    "crossref": ("/works/", _crossref),
    "arxiv": ("/api/query", _arxiv),
    "europepmc": ("/webservices/rest/search", _europepmc),
    "doi_org": ("/", _doi_org),
    "pmc_cloud": ("/", _pmc),
    "openalex": ("/works/", _openalex),
    **dict.fromkeys(
        ("datacite", "biorxiv", "semanticscholar", "core", "doaj", "elsevier", "wiley", "springer"), ("/", _unknown)
    ),
}
"""The sources by name: the path under which each answers, and how."""
