"""The words, marks and places by which a link to the paper's file is told from the other links of a page: data."""

import re
from collections.abc import Iterable


def _any(lines: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(lines), re.IGNORECASE)


_ANYWHERE_IN_A_NAME = (
    r"references?",
    r"ref-?list",
    r"bibliography",
    r"cited-?(?:by|in|references)?",
    r"citing\S*",
    r"related\S*",
    r"recommend\S*",
    r"similar\S*",
    r"suggest\S*",
    r"also-?(?:read|viewed)",
    r"most-?(?:read|cited|viewed|downloaded)",
    r"suppl\S*",
    r"supporting\S*",
    r"table-?of-?contents",
    r"footnotes?",
    r"author-?guidelines?",
    r"instructions?",
    r"advert\S*",
    r"cookie\S*",
    r"appendix",
    r"further-?reading",
    r"book-?contents",
    r"other-?articles",
)
_AT_THE_START_OF_A_NAME = r"toc|footer|banner|comments?|site-?nav\w*|global-?nav\w*"
ELSEWHERE = _any(
    (
        rf"(?:^|[\s_-])(?:{'|'.join(_ANYWHERE_IN_A_NAME)})(?:$|[\s_-])",
        rf"(?:^|\s)(?:{_AT_THE_START_OF_A_NAME})(?:$|[\s_-])",
    )
)
"""Names, in class or id, of the parts of a page that are about other things than the paper."""

BAD_ADDRESS = _any(
    (
        r"/suppl(?:_file)?/",
        r"/getaccess/",
        r"/citations?(?:/|$)",
        r"//scholar\.google\.",
        r"//crossmark\.",
        r"/citmgr",
        r"readcube\.com",
        r"//(?:www\.)?(?:facebook|twitter|x|linkedin)\.com",
    )
)
"""Addresses that are never the paper."""

BAD_WORDS = _any(
    (
        r"suppl",
        r"supporting",
        r"suppinfo",
        r"appendi[xc]",
        r"figures?\b",
        r"(?:\b|_)tables?(?:\b|_)",
        r"(?:\b|_)checklist",
        r"(?:\b|_)guide(?:lines?)?(?:\b|_)",
        r"licen[cs]e",
        r"agreement",
        r"copyright",
        r"purchase",
        r"first[-_ ]?page",
        r"preview",
        r"(?:\b|_)issue\.pdf",
        r"(?:\b|_)toc(?:\b|_)",
        r"(?:front|back)[-_ ]?matter",
        r"(?:\b|_)cover(?:\b|_)",
        r"\.zip\b",
        r"call[-_ ]for[-_ ]papers",
        r"template",
        r"instruction",
        r"polic(?:y|ies)",
        r"brochure|flyer|newsletter",
        r"subscri",
        r"order[-_ ]?form",
        r"reprint|permission",
        r"(?:\b|_)poster(?:\b|_)|slides",
        r"media[-_ ]?kit|advert",
        r"editorial[-_ ]?board|reviewer",
        r"(?:\b|_)terms(?:\b|_)|privacy",
        r"erratum|corrigendum",
        r"(?:\b|_)author\.pdf|author[-_ ]?(?:info|response)",
    )
)
"""Words in the last part of an address, or in a label, that say: not the paper."""

MARKS = (
    "a#pdfLink",
    "a#downloadPdf",
    "a.pdf-download",
    "a.article-pdf-link",
)
"""How many sites mark the link to the file of the article: CSS selectors. Those of single platforms are theirs."""

_ENGLISH = (
    "pdf pdfs download view open get read show see full text fulltext article paper papers thesis dissertation "
    "document file the this a as in of for free access complete original main version print printable "
    "publisher published accepted manuscript epub and link icon button size final revised here click to online"
)
_OTHER_LANGUAGES = (
    "télécharger le fichier texte intégral article au format herunterladen volltext als datei descargar texto "
    "completo artículo en baixar artigo scarica testo"
)
WORDS = frozenset(f"{_ENGLISH} {_OTHER_LANGUAGES}".split())
"""A label of these words alone that has `pdf` among them means the file of the page's paper."""

ASIDES = _any(
    (
        r"[(\[]?\s*\b[\d.,]+\s*(?:bytes|[kmg]i?b?|ko|mo)\b\s*[)\]]?",
        r"[(\[][^()\[\]]{0,20}[)\]]",
        r"\bopens? in (?:a )?new (?:tab|window)\b",
    )
)
"""Sizes and remarks in a label, which change nothing."""

FILE_NAME = re.compile(r"\S[^/\\]{0,150}\.pdf", re.IGNORECASE)
FULL_TEXT = _any(
    (
        r"full\s?-?text",
        r"download",
        r"(?:final|revised) (?:revised )?(?:paper|version)",
        r"manuscript",
        r"volltext",
        r"t[ée]l[ée]charger",
        r"descargar",
        r"text[eo] (?:completo|int[ée]gral)",
        r"^(?:the )?(?:paper|article|thesis|dissertation|document)$",
    )
)
"""Labels that promise the whole paper."""
