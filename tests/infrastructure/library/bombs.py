"""PDFs that somebody made to do harm, or that went wrong on their way."""

import io
import zlib
from collections.abc import Callable

import pikepdf

from infrastructure.simulation.pdf import paper_pdf
from tests.infrastructure.library.papers import AUTHORS, DOI, TITLE

PAPER = paper_pdf(TITLE, AUTHORS, DOI, pages=5)


def saved(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options: object) -> bytes:
    """The paper after a change, as pikepdf saves it."""
    with pikepdf.open(io.BytesIO(PAPER)) as pdf, io.BytesIO() as out:
        change(pdf)
        pdf.save(out, **options)  # type: ignore[arg-type]
        return out.getvalue()


def with_content(data: bytes, *filters: str) -> bytes:
    """The paper with this stream as the content of its first page."""

    def change(pdf: pikepdf.Pdf) -> None:
        names = pikepdf.Array([pikepdf.Name(name) for name in filters])
        pdf.pages[0].obj.Contents = pdf.make_indirect(pikepdf.Stream(pdf, data, Filter=names))

    return saved(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def nested_deflate(size: int) -> bytes:
    """A page whose content is so many bytes of blanks, deflated twice."""
    block = b" " * 2**20
    once = zlib.compressobj(9)
    data = b"".join(once.compress(block) for _ in range(size // len(block))) + once.flush()
    return with_content(zlib.compress(data, 9), "/FlateDecode", "/FlateDecode")


def chained_run_lengths(times: int) -> bytes:
    """A page whose content grows by 64 with each of its run-length filters."""
    data = b"\x81 " * 1000 + b"\x80"
    return with_content(data, *["/RunLengthDecode"] * times)


def with_xmp(xml: str) -> bytes:
    """The paper with this XMP packet."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pdf.make_indirect(pikepdf.Stream(pdf, xml.encode(), Type=pikepdf.Name.Metadata))

    return saved(change)


def with_script(pdf: pikepdf.Pdf) -> None:
    """Let the paper run a script when it is opened."""
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch(pdf: pikepdf.Pdf) -> None:
    """Let the paper start a program when it is opened."""
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def with_attachment(pdf: pikepdf.Pdf) -> None:
    """Put a program into the paper."""
    pdf.attachments["setup.exe"] = b"MZ"


def without_pages(pdf: pikepdf.Pdf) -> None:
    """Take all pages out."""
    del pdf.pages[:]


def with_page_loop(pdf: pikepdf.Pdf) -> None:
    """Let the page tree contain itself."""
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def with_many_pages_promised(pdf: pikepdf.Pdf) -> None:
    """Promise more pages than there are."""
    pdf.Root.Pages.Count = 999_999_999


def deep(depth: int) -> bytes:
    """The paper with an array in an array in an array."""
    return PAPER.replace(b"/Catalog", b"/Catalog/Deep " + b"[" * depth + b"]" * depth, 1)
