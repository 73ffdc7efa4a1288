"""What a work is called in the formats of reference managers. Pure data.

The keys are the types of Crossref, and what databases call the same, without case and signs.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

_SIGNS = re.compile(r"[\W_]+")


@frozen
class WorkType:
    """A type of work: the kind of a BibTeX entry, the TY of RIS, the type of CSL.

    `within` says that its journal is a book or a volume that it is a part of.
    """

    bibtex: str
    ris: str
    csl: str
    within: bool = False


ARTICLE = WorkType("article", "JOUR", "article-journal")
_PREPRINT = WorkType("unpublished", "UNPB", "article")
_CHAPTER = WorkType("incollection", "CHAP", "chapter", within=True)
_CONFERENCE = WorkType("inproceedings", "CPAPER", "paper-conference", within=True)
_PROCEEDINGS = WorkType("proceedings", "CONF", "book")
_BOOK = WorkType("book", "BOOK", "book")
_THESIS = WorkType("phdthesis", "THES", "thesis")
_REPORT = WorkType("techreport", "RPRT", "report")
_DATA = WorkType("misc", "DATA", "dataset")
_STANDARD = WorkType("misc", "STAND", "standard")
_SOFTWARE = WorkType("misc", "COMP", "software")
_OTHER = WorkType("misc", "GEN", "document")

TYPES: Mapping[str, WorkType] = {
    **dict.fromkeys(("journalarticle", "article", "articlejournal", "jour", "j", "review", "letter"), ARTICLE),
    **dict.fromkeys(("researcharticle", "reviewarticle", "editorial", "note", "shortsurvey"), ARTICLE),
    **dict.fromkeys(("postedcontent", "preprint", "unpublished", "unpb"), _PREPRINT),
    **dict.fromkeys(("bookchapter", "booksection", "bookpart", "chapter", "chap", "incollection"), _CHAPTER),
    **dict.fromkeys(("referenceentry", "booktrack", "inbook"), _CHAPTER),
    **dict.fromkeys(("proceedingsarticle", "conferencepaper", "paperconference", "inproceedings"), _CONFERENCE),
    **dict.fromkeys(("cpaper", "proceedingspaper", "conf"), _CONFERENCE),
    **dict.fromkeys(("proceedings", "proceedingsseries"), _PROCEEDINGS),
    **dict.fromkeys(("book", "monograph", "editedbook", "referencebook", "bookset", "bookseries", "b"), _BOOK),
    **dict.fromkeys(("dissertation", "thesis", "phdthesis", "thes"), _THESIS),
    **dict.fromkeys(("report", "reportcomponent", "reportseries", "techreport", "rprt"), _REPORT),
    **dict.fromkeys(("dataset", "database", "data", "datapaper"), _DATA),
    "standard": _STANDARD,
    **dict.fromkeys(("software", "computerprogram"), _SOFTWARE),
    **dict.fromkeys(("other", "misc", "component", "grant", "peerreview", "paratext", "webpage"), _OTHER),
}


@lru_cache(maxsize=256)
def work_type(told: str | None) -> WorkType:
    """The type of a work that is called so: an article where nothing is known of it, or the word is not."""
    return TYPES.get(_SIGNS.sub("", (told or "").casefold()), ARTICLE)
