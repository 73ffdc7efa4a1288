"""Headings of columns and what they mean, and the databases that give themselves away by them: data.

Compared in lower case with nothing but letters and digits. Collected from exports of Scopus, Web of Science, PubMed,
OpenAlex, Zotero, Dimensions, Lens, Crossref, IEEE Xplore, SpringerLink, Retraction Watch, Unpaywall, OpenAPC, ASReview.
"""

import re
from collections.abc import Mapping, Sequence

_SYNONYMS: Mapping[str, str] = {  # best first
    "doi": (
        "doi di itemdoi articledoi digitalobjectidentifier digitalobjectidentifierdoi doinumber originalpaperdoi "
        "prismdoi origindoi publicationdoi dois doilink doiurl"
    ),
    "pmid": "pmid pubmedid idspmid pm originalpaperpubmedid pubmed pmids",
    "pmcid": "pmcid idspmcid pmc pmcids pubmedcentralid",
    "arxiv": "arxivid arxiv arxivnumber eprint",
    "title": ("title articletitle documenttitle itemtitle displayname ti primarytitle papertitle titleofarticle titel"),
    "journal": (
        "sourcetitle publicationtitle journal journalbook journaltitle journalname journalfulltitle "
        "containertitle so primarylocationsourcedisplayname jo t2 publicationname source zeitschrift"
    ),
    "issn": (
        "issn eissn issns journalissns sn ei issnl journalissnl primarylocationsourceissnl "
        "primarylocationsourceissn issnprint issnelectronic printissn electronicissn"
    ),
    "year": (
        "publicationyear year pubyear py yearofpublication publicationdate datepublished date issued "
        "publishedonline publishedprint onlinedate publicationdateonline publicationdateprint coverdate "
        "publishtime pd period"
    ),
    "authors": (
        "authors author authorfullnames authorship af au authorstring authornames authorshipsauthordisplayname"
    ),
    "publisher": "publisher pu primarylocationsourcehostorganizationname verlag",
    "type": "documenttype publicationtype itemtype type dt contenttype articletype genre",
    "url": (
        "url link landingpageurl primarylocationlandingpageurl externalurl sourceurls sourcelinkout urls openurllink"
    ),
    "extra": "extra",
}
_FIELDS: Mapping[str, tuple[str, int]] = {
    heading: (field, rank) for field, headings in _SYNONYMS.items() for rank, heading in enumerate(headings.split())
}
IDENTIFYING = frozenset({"doi", "pmid", "pmcid", "arxiv"})
"""Fields of which one must be there."""

_VENDORS: Sequence[tuple[str, frozenset[str]]] = (
    ("Scopus", frozenset({"eid", "sourcetitle"})),
    ("Web of Science", frozenset({"utuniquewosid"})),
    ("Web of Science", frozenset({"pt", "au", "ti", "so", "di", "ut"})),
    ("PubMed", frozenset({"nihmsid", "pmid"})),
    ("Dimensions", frozenset({"dimensionsurl"})),
    ("Lens", frozenset({"lensid"})),
    ("Zotero", frozenset({"itemtype", "dateadded", "key"})),
    ("IEEE Xplore", frozenset({"documentidentifier", "pdflink"})),
    ("SpringerLink", frozenset({"itemdoi", "itemtitle"})),
    ("Retraction Watch", frozenset({"retractiondoi", "originalpaperdoi"})),
    ("OpenAlex", frozenset({"primarylocationsourcedisplayname"})),
    ("OpenAlex", frozenset({"displayname", "publicationyear", "citedbycount"})),
    ("Unpaywall", frozenset({"doi", "bestoalocationurl"})),
    ("Crossref", frozenset({"containertitle", "isreferencedbycount"})),
    ("Europe PMC", frozenset({"pmcid", "journaltitle", "authorstring"})),
    ("Embase", frozenset({"emtreedrugindexterms"})),
)
_NOT_THE_WORK = frozenset(
    {
        "book",
        "retraction",
        "data",
        "dataset",
        "reference",
        "references",
        "cited",
        "citing",
        "parent",
        "series",
        "related",
    }
)
_NO_TITLE = frozenset(
    {
        "abstract",
        "address",
        "addresses",
        "affiliation",
        "affiliations",
        "comment",
        "comments",
        "funding",
        "keyword",
        "keywords",
        "note",
        "notes",
        "publisher",
        "reason",
        "source",
        "tags",
        "text",
    }
)
_WORD = re.compile(r"[a-z]+")
_NOISE = re.compile(r"[^a-z0-9]+")
_LONGEST_HEADING = 80


def normal_heading(heading: str) -> str:
    """A heading as it is compared."""
    return _NOISE.sub("", heading.lower()) if len(heading) <= _LONGEST_HEADING else ""


def meaning(heading: str) -> tuple[str, int] | None:
    """The field that a heading names, and how well: 0 is best. None where it names none that is used."""
    if found := _FIELDS.get(normal_heading(heading)):
        return found
    words = _WORD.findall(heading.lower()) if len(heading) <= _LONGEST_HEADING else []
    return ("doi", 99) if "doi" in words and "10." not in heading and not _NOT_THE_WORK.intersection(words) else None


def may_hold_dois(heading: str) -> bool:
    """Whether a column may be taken for the DOIs of the papers because of its content."""
    return (
        not _NOT_THE_WORK.intersection(_WORD.findall(heading[:_LONGEST_HEADING].lower()))
        and normal_heading(heading) != "d2"
    )


def may_hold_titles(heading: str) -> bool:
    """Whether a column may be taken for the titles of the papers because of its content."""
    words = set(_WORD.findall(heading[:_LONGEST_HEADING].lower()))
    return not words & (_NO_TITLE | _NOT_THE_WORK)


def vendor_of(headings: Sequence[str]) -> str | None:
    """The database that writes such headings."""
    present = set(map(normal_heading, headings))
    return next((vendor for vendor, marks in _VENDORS if marks <= present), None)
