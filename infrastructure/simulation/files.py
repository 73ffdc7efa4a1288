"""The files that hosts serve: the right one of each paper, and those that are not what they should be."""

import hashlib
import io
from pathlib import Path
from random import Random

import pikepdf

from infrastructure.simulation.papers import Paper
from infrastructure.simulation.pdf import paper_pdf

_SCAN_WIDTH, _SCAN_HEIGHT = 620, 877
_KEPT_IN_MEMORY = 64


class Files:
    """Makes files when they are asked for. With a folder they are made once and kept there, else only the last few."""

    def __init__(self, *, size: int | None = None, folder: Path | None = None) -> None:
        self._size, self._folder = size, folder
        self._recent: dict[str, bytes] = {}

    def pdf(self, paper: Paper) -> bytes:
        """The paper as a PDF of a common size, or of exactly the size that was wished."""
        name = f"{hashlib.sha256(paper.doi.encode()).hexdigest()[:16]}-{self._size_of(paper)}.pdf"
        return self._kept(name, paper) if self._folder is None else self._stored(self._folder / name, paper)

    def _kept(self, name: str, paper: Paper) -> bytes:
        if name not in self._recent:
            while len(self._recent) >= _KEPT_IN_MEMORY:
                del self._recent[next(iter(self._recent))]
            self._recent[name] = self._made(paper)
        return self._recent[name]

    def _stored(self, path: Path, paper: Paper) -> bytes:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._made(paper))
        return path.read_bytes()

    def _made(self, paper: Paper) -> bytes:
        return paper_pdf(paper.title, paper.names, paper.doi, pages=paper.pages, pad_to=self._size_of(paper))

    def _size_of(self, paper: Paper) -> int:
        return self._size or 60_000 + 20_000 * paper.pages + paper.number % 1000


def damaged(data: bytes) -> bytes:
    """The file without its last third: complete for HTTP, but nothing that opens without repair."""
    return data[: len(data) * 2 // 3]


def scanned(seed: int, pages: int = 2) -> bytes:
    """A PDF of pictures of lines: it opens, but holds no text, no title and no DOI. The same seed, the same bytes."""
    rng = Random(seed)  # noqa: S311 - a picture
    with pikepdf.new() as pdf, io.BytesIO() as buffer:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_picture(pdf, rng)))
            page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Scan Do Q")
        pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def _picture(pdf: pikepdf.Pdf, rng: Random) -> pikepdf.Stream:
    """Rows of black and white dots, in bands as lines of print are."""
    row = (_SCAN_WIDTH + 7) // 8
    rows = (rng.randbytes(row) if number % 14 < 8 else b"\xff" * row for number in range(_SCAN_HEIGHT))
    return pdf.make_stream(
        b"".join(rows),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=_SCAN_WIDTH,
        Height=_SCAN_HEIGHT,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=1,
    )
