"""Finding a title in the text of a page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum, IntEnum
from functools import lru_cache
from itertools import accumulate, islice

from infrastructure.library.text import ascii_only, compact, plain, weight, words

_TELLING_WEIGHT = 25
_TELLING_WORDS = 3
_SHORT_WEIGHT = 12
_SITE_PART = re.compile(r"\s+[|•]\s+")
_SITE_TAIL = re.compile(r"\s+(?:--?|[–—])\s+.*$|\s*\[[^\[\]]{1,30}\]\s*$")
_SITE_HEAD = re.compile(r"^PLOS [A-Z][\w ]{2,40}: ")
_DOI = re.compile(r"(?:https?://\S+/|doi:)?10\.\d{4,9}/\S+", re.IGNORECASE)

_CLOSE = 0.85
"""Share of a title's letters that must be found for the title to be similar."""
_SAME_WORD = 0.75
"""Similarity of two spellings of one word, as optical recognition makes them."""
_LIKELY = 0.6
"""Share of a title's words in a stretch of text that is worth a closer look."""
_COMPARED_WORDS = 60
_SEARCHED_WORDS = 600
_SEARCHED_LINES = 400


class Grade(Enum):
    """How much a title says by itself."""

    TELLING = "proves the paper wherever it is found"
    SHORT = "may be a phrase of any text, so it must stand on lines of its own"
    TINY = "many papers have it, so something else must be found beside it"


class Likeness(IntEnum):
    """How surely a text holds a title."""

    NONE = 0
    SIMILAR = 1
    EXACT = 2


def is_known(title: str | None) -> bool:
    """Whether there is a title at all: some catalogues give the DOI in its place."""
    return bool(title and compact(plain(title)) and not _DOI.fullmatch(title.strip()))


@lru_cache(maxsize=256)
def grade(title: str) -> Grade:
    """The grade of a title, by its letters and words."""
    letters, count = weight(compact(plain(title))), len(words(plain(title)))
    if letters >= _TELLING_WEIGHT and count >= _TELLING_WORDS:
        return Grade.TELLING
    if letters >= _TELLING_WEIGHT or (letters >= _SHORT_WEIGHT and count >= _TELLING_WORDS):
        return Grade.SHORT
    return Grade.TINY


@lru_cache(maxsize=256)
def spellings(title: str) -> tuple[str, ...]:
    """The title, and where enough is left of it, the title without what web sites put around it."""
    whole = " ".join(plain(title).split())
    core = _SITE_HEAD.sub("", max(_SITE_PART.split(whole), key=len))
    shorter = [core, _SITE_TAIL.sub("", core)]
    least = max(_TELLING_WEIGHT, weight(compact(whole)) / 2)
    telling = [form for form in shorter if weight(compact(form)) >= least and grade(form) is Grade.TELLING]
    return tuple(dict.fromkeys([whole, *telling]))


def likeness(title: str, text: str) -> Likeness:
    """How surely the text of a page holds the title."""
    telling = grade(title) is Grade.TELLING
    if _holds(text, spellings(title), anywhere=telling):
        return Likeness.EXACT
    found = telling and _is_similar(words(plain(title))[:_COMPARED_WORDS], words(text)[:_SEARCHED_WORDS])
    return Likeness.SIMILAR if found else Likeness.NONE


def is_same(title: str, other: str) -> bool:
    """Whether two titles are one, or the other contains this one and this one is telling."""
    others = compact(plain(other))
    forms = [compact(form) for form in spellings(title)]
    return others in forms or (grade(title) is Grade.TELLING and any(form in others for form in forms))


def _holds(text: str, forms: Sequence[str], *, anywhere: bool) -> bool:
    if not anywhere:
        return any(_on_lines(compact(form), text) for form in forms)
    page, bare = compact(text), ascii_only(text)
    return any(compact(form) in page or (_survives(form) and ascii_only(form) in bare) for form in forms)


def _survives(form: str) -> bool:
    """Whether enough is left of a title without its letters beyond ASCII."""
    return weight(ascii_only(form)) >= max(_TELLING_WEIGHT, 0.8 * weight(compact(form)))


def _on_lines(form: str, text: str) -> bool:
    """Whether consecutive whole lines make up the compact title, but for the digit of a footnote."""
    lines = [compact(line) for line in text.splitlines()[:_SEARCHED_LINES]]
    return any(_begins_with(form, islice(lines, start, None)) for start in range(len(lines)))


def _begins_with(form: str, lines: Iterable[str]) -> bool:
    read = ""
    for line in lines:
        read += line
        if read == form or (read[:-1] == form and read[-1:].isdigit()):
            return True
        if not form.startswith(read):
            break
    return False


def _is_similar(title: Sequence[str], page: Sequence[str]) -> bool:
    return any(_matches(title, window) for window in _likely_windows(title, page))


def _likely_windows(title: Sequence[str], page: Sequence[str]) -> Iterator[Sequence[str]]:
    """Stretches of the page, as long as the title, that consist of its words for the most part."""
    known, size = set(title), len(title)
    hits = [0, *accumulate(word in known for word in page)]
    for start in range(len(page)):
        window = page[start : start + size]
        # The first word may be misspelled; that the first two are is left out, since comparing is dear.
        if hits[start + len(window)] - hits[start] >= _LIKELY * size and not known.isdisjoint(window[:2]):
            yield window


def _matches(title: Sequence[str], window: Sequence[str]) -> bool:
    """Whether the words agree in order but for misspelled and a few missing ones; numbers must agree."""
    found = 0
    for kind, start, end, other_start, other_end in SequenceMatcher(None, title, window, autojunk=False).get_opcodes():
        ours, theirs = "".join(title[start:end]), "".join(window[other_start:other_end])
        if kind == "equal" or (kind == "replace" and _is_misspelling(ours, theirs)):
            found += len(ours)
        elif start == 0 or _tells_apart(ours, theirs, is_last=other_end == len(window)):
            return False
    return found >= _CLOSE * sum(map(len, title))


def _is_misspelling(ours: str, theirs: str) -> bool:
    digits = [[char for char in word if char.isdigit()] for word in (ours, theirs)]
    alike = SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= _SAME_WORD
    return alike and ours[0] == theirs[0] and digits[0] == digits[1]


def _tells_apart(ours: str, theirs: str, *, is_last: bool) -> bool:
    """Whether a difference makes it another title: other words, words added inside, a number missing."""
    if not ours:
        return not is_last
    return bool(theirs) or any(char.isdigit() for char in ours)
