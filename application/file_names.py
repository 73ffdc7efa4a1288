"""Names of files: those that strangers gave, and what is a name on every disk."""

import re
import unicodedata

MAX_NAME = 150
LONGEST = 150
"""Bytes in UTF-8 of a file's or folder's name; disks take 255, backups and other systems' encodings less."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\u2044\u2215\uff0f\uff3c]')
"""What Windows forbids, and signs that look like a slash."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Names of devices on Windows, with any extension (Microsoft, "Naming Files, Paths, and Namespaces")."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of controls, of formats such as right-to-left overrides, and of what is no character."""


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


def safe(text: str, longest: int = LONGEST) -> str:
    """The text as one component of a path on any system, in NFC, at most `longest` bytes."""
    visible = "".join(" " if char in "\t\r\n" else char for char in text if _is_visible(char))
    tidy = " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", visible)).split())
    short = _cut(tidy.strip(" .~-"), longest - 1).rstrip(" .")
    if not short:
        return "_"
    return f"_{short}" if _RESERVED.fullmatch(short.partition(".")[0].rstrip()) else short


def _is_visible(char: str) -> bool:
    return char in "\t\r\n" or unicodedata.category(char) not in _INVISIBLE


def _cut(text: str, longest: int) -> str:
    return text.encode()[:longest].decode("utf-8", "ignore")
