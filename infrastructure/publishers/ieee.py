"""IEEE Xplore: the file's address is in the data of the page's own program."""

import re
from collections.abc import Iterator

_PATH = re.compile(r'"pdfPath"\s*:\s*"(/[\w./-]{1,300}\.pdf)"', re.IGNORECASE)


def files(page: str) -> Iterator[str]:
    """The file's address, relative to the host."""
    yield from (found[1] for found in _PATH.finditer(page))
