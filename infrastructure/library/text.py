"""Text out of PDFs and catalogues, made comparable.

What is computed from the same page or title many times is kept for a while.
"""

import html
import re
import unicodedata
from functools import lru_cache

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Latin letters that Unicode does not decompose."""
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_HYPHEN = re.compile("(?<=\\w)[-\u00ad\u0002\ufffe\u2010-\u2015\u2212]\\s*(?=\\w)")
_IDEOGRAPH = re.compile("[\u2e80-\U0003ffff]")
_WORD = re.compile("[^\\W_\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]")
_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """The text without the tags and entities in which catalogues deliver titles."""
    return html.unescape(_TAG.sub("", html.unescape(text)))


def fold(text: str) -> str:
    """The text without case, accents, ligatures and other forms of the same letters."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED))


@lru_cache(maxsize=256)
def compact(text: str) -> str:
    """Only the folded letters and digits: spaces, hyphens and line breaks make no difference."""
    return _NO_LETTERS.sub("", fold(text))


def words(text: str) -> list[str]:
    """The folded words; parts of hyphenated ones are joined, an ideograph is a word."""
    return _WORD.findall(_HYPHEN.sub("", fold(text)))


@lru_cache(maxsize=256)
def ascii_only(text: str) -> str:
    """The compact text as a PDF gives it whose font does not map the letters beyond ASCII."""
    return _NO_ASCII_LETTERS.sub("", unicodedata.normalize("NFKD", text).lower())


def weight(text: str) -> int:
    """How much a compact text says: its length in letters, an ideograph counting as three."""
    return len(text) + 2 * len(_IDEOGRAPH.findall(text))
