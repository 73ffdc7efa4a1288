"""Drawing the first page of a PDF with pdfium; runs in the child process only."""

from contextlib import closing
from pathlib import Path

import pypdfium2

from infrastructure.library.facts import Unreadable
from infrastructure.library.pixels import HEIGHT, WIDTH, Pixels


def draw(path: Path) -> Pixels | Unreadable:
    """The first page on white, as large as a picture may be; forms and scripts are not run."""
    try:
        with pypdfium2.PdfDocument(path) as document, closing(document[0]) as page:
            return _drawn(page)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the bindings raise whatever a broken file makes them raise
        return Unreadable(cause="bad_pdf", detail=str(error)[:300])


def _drawn(page: pypdfium2.PdfPage) -> Pixels | Unreadable:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return Unreadable(cause="bad_pdf", detail="its first page has no size")
    scale = min((WIDTH - 1) / width, (HEIGHT - 1) / height)  # pdfium rounds up
    with closing(page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)) as bitmap:
        return _packed(bitmap)


def _packed(bitmap: pypdfium2.PdfBitmap) -> Pixels:
    """The pixels without what pdfium puts after each line."""
    data, line = bytes(bitmap.buffer), bitmap.width * 3
    lines = (data[start : start + line] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride))
    return Pixels(width=bitmap.width, height=bitmap.height, data=b"".join(lines))
