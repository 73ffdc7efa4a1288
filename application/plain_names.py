"""Names that programs use for settings, fields and commands, as people say them. Pure."""

import re
from collections.abc import Mapping

from application.act_wording import ACT_WORDS
from application.formats import shortened

SETTING_NAMES: Mapping[str, str] = {
    "contact_email": "contact address",
    "host_gap": "pause between two requests",
    "hands": "number of papers worked on at once",
    "page_seconds": "deadline of a page",
    "file_seconds": "deadline of a file",
    "check_seconds": "deadline of the check of a file",
    "max_file_bytes": "largest size of a file",
    "disk_reserve_bytes": "space that stays free on the disk",
    "max_upload_bytes": "largest size of a list",
    "max_rows": "most rows of a list",
    "name_pattern": "pattern of file names",
    "unpaywall_url": "address of Unpaywall",
    "crossref_url": "address of Crossref",
    "arxiv_url": "address of arXiv",
    "europepmc_url": "address of Europe PMC",
    "europepmc_files_url": "address of Europe PMC's files",
    "secret_key": "key that signs sessions",
}
"""Settings that can be changed while the program runs; they follow “the”."""
_FIELD_NAMES: Mapping[str, str] = {
    "volume": "the daily volume",
    "weights": "the weights of the hours",
    "timezone": "the time zone",
    "order": "the order of the papers",
    "module": "the module",
    "source": "the source",
    "reason": "the reason",
    "note": "the note",
    "name": "the name",
    "right": "the right identifier",
    "wrong": "the wrong identifier",
    "papers": "the number of papers",
}
_WEIGHT = "the weight of an hour"
_COMMAND_NAMES: Mapping[str, str] = {
    "set schedule": "Changing the schedule",
    "switch module": "Switching a module",
    "switch source": "Switching a source",
    "order sources": "Ordering the sources",
    "change settings": "Changing the settings",
    "scraper start": "Starting the scraper",
    "scraper pause": "Pausing the scraper",
    "scraper resume": "Resuming the scraper",
    "scraper stop": "Stopping the scraper",
    "scraper emergency-stop": "The emergency stop",
    "scraper reset": "Lifting the emergency stop",
    "run job": "Running a job now",
    "revoke job": "Revoking a job",
    "revoke jobs": "Revoking jobs",
    "revert paper": "Taking a paper back",
    "process": "Processing a paper now",
    "attach": "Giving a file by hand",
    "remove file": "Taking a file back",
    "accept": "Accepting a file",
    "reject": "Rejecting a file",
    "import": "The import",
    "cancel import": "Cancelling an import",
    "undo import": "Undoing an import",
    "undo": "Taking something back",
}
_IMPOSSIBLE = re.compile(r"“[^”]*” is not possible: (.+)", re.DOTALL)
_WRONG = re.compile(r"([a-z_]+)(\[\d+\])? is ('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s'\"]+)\.(?= |$)")
LONGEST = 60
"""Characters of a wrong value that are told."""


def setting_name(name: str) -> str:
    """What people call a setting."""
    return SETTING_NAMES.get(name, name.replace("_", " "))


def command_name(command: str) -> str:
    """What people call that somebody asked for, as the beginning of a sentence."""
    if (found := _COMMAND_NAMES.get(command)) is not None:
        return found
    labels = {f"{bulk}{action}": words.label for action, words in ACT_WORDS.items() for bulk in ("", "bulk ")}
    return f"“{labels.get(command, command)}”"


def reason_in_words(reason: str) -> str:
    """Why something was refused, without the names that programs use, as it follows a colon."""
    if (impossible := _IMPOSSIBLE.fullmatch(reason)) is not None:
        return impossible[1]
    return _WRONG.sub(_wrong_in_words, reason)


def _wrong_in_words(found: "re.Match[str]") -> str:
    """What is wrong with a field in words, or as it is where the field has no other name."""
    field, place, value = found.groups()
    called = _WEIGHT if place and field == "weights" else _FIELD_NAMES.get(field)
    if not called:
        return found[0]
    plain = value[1:-1] if value[:1] in {"'", '"'} else value
    start = called[:1].upper() + called[1:] if found.start() else called
    return f"{start} cannot be “{shortened(plain, LONGEST)}”."
