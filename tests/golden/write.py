"""Writes the golden files that are missing: `python -m tests.golden.write`."""

from infrastructure.log.codec import encode
from tests.golden.expected import FOLDER, NEWEST, path_of


def write_missing() -> None:
    """Leave every file alone that is there."""
    FOLDER.mkdir(exist_ok=True)
    for event in NEWEST.values():
        path = path_of((event.TYPE, event.VERSION))
        if not path.exists():
            path.write_text(encode(event) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
