"""Names of files that strangers gave."""

import unicodedata

MAX_NAME = 150


def shown_name(name: str) -> str:
    """A stranger's file name, fit to be shown: no folders, no invisible or bidirectional characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if not visible.strip(". "):
        return "unnamed"
    stem, dot, suffix = visible.rpartition(".")
    if len(visible) <= MAX_NAME or not dot or len(suffix) > 10:
        return visible[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
