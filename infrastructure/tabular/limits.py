"""How much a file may hold, and the refusals when it holds more."""

from attrs import frozen

from application.ports.tabular import FileRefused


@frozen(kw_only=True)
class Limits:
    """Bounds of one file: `bytes` on disk, `rows` as records, `field`, `line` and `entry` in characters."""

    bytes: int = 2_000_000_000
    rows: int = 1_000_000
    field: int = 131_072
    line: int = 4_000_000
    entry: int = 1_000_000


def too_many_bytes(limits: Limits) -> FileRefused:
    """The refusal of a file that is larger than allowed."""
    return FileRefused(
        f"The file is larger than {limits.bytes:,} bytes.",
        remedy="Export fewer columns (abstracts and references are not needed), or split the file.",
    )


def too_many_rows(limits: Limits) -> FileRefused:
    """The refusal of a file with more records than allowed."""
    return FileRefused(f"The file has more than {limits.rows:,} entries.", remedy="Split it and upload the parts.")


def line_too_long(number: int, limits: Limits) -> FileRefused:
    """The refusal of a file that is hardly a text at all."""
    return FileRefused(
        f"Line {number} is longer than {limits.line:,} characters: this is no list of papers.",
        remedy="Export the list again as CSV, one paper a line.",
    )
