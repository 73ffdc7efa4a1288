"""Names of authors as catalogues write them."""

import re

_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:group|consortium|collaboration|committee|organi[sz]ation|society|institute|university|network|team)\b",
    re.IGNORECASE,
)


def family_name(author: str) -> str:
    """The family name in "Berg, Ada van den", "Ada van den Berg", "van den Berg A.", "Berg AB" or "Plato"."""
    before, comma, _ = author.partition(",")
    if comma and before.strip():
        return before.strip()
    words = author.split()
    while len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        words.pop()
    if len(words) > 1 and _is_initials(words[-1]):
        return " ".join(word for word in words if not _is_initials(word)) or words[0]
    return " ".join(_with_particles(words))


def _is_initials(word: str) -> bool:
    return word.isupper() and _INITIALS.fullmatch(word) is not None


def _with_particles(words: list[str]) -> list[str]:
    """The last word and the lower-case words directly before it: "van der Berg"."""
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return words[max(start, 0) :]


def given_names(author: str) -> str:
    """What a name has beside the family name; "" for a body ("WHO", "The Sleep Group") and for a single name."""
    before, comma, after = author.partition(",")
    if comma and before.strip():
        return " ".join(after.split())
    family = family_name(author)
    if _BODY.search(author) or not family:
        return ""
    rest = author.split()[::-1]
    for word in family.split():
        rest.remove(word)
    return " ".join(rest[::-1])
