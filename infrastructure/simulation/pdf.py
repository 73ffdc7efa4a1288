"""PDFs with real text, made up on the spot: what a publisher of the simulated web serves."""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 60
_LINES_A_PAGE = 50
_BODY = (
    "We describe the material and the method in the order in which they were used, and report every result "
    "that was planned. Measurements were repeated three times by two readers who did not know the groups. "
    "Differences are given with their intervals; what was seen only once is called so. "
)
_FIRST_PAGE = 8
_DESCENDANT = (
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Other/DW 600"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor"
    b"<</Type/FontDescriptor/FontName/Other/Flags 4/FontBBox[0 0 600 800]"
    b"/ItalicAngle 0/Ascent 800/Descent 0/CapHeight 700/StemV 80>>>>"
)
_FONTS = (
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    b"<</Type/Font/Subtype/Type0/BaseFont/Other/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
    _DESCENDANT,
)
"""Objects 4 to 6: Helvetica for Western text, and a font without glyphs for the rest, which can be extracted only."""


def paper_pdf(
    title: str,
    authors: Sequence[str] = (),
    doi: str | None = None,
    pages: int = 2,
    body: str = _BODY,
    pad_to: int | None = None,
) -> bytes:
    """A paper as a PDF 1.7 that opens without repair; the same arguments give the same bytes.

    Title, authors and DOI head the first page, `body` fills the pages. `pad_to` is the exact size in bytes, reached
    by an incompressible stream; a file that is larger without it stays as it is.
    """
    glyphs = _Glyphs()
    drawn = [_drawn(_page_lines(number, title, authors, doi, body), glyphs) for number in range(1, pages + 1)]
    objects = [*_trunk(pages, title, authors), *_FONTS, _stream(glyphs.to_unicode())]
    for content in drawn:
        objects += [_page(len(objects) + 2), _stream(content)]
    plain = _file(objects)
    return plain if pad_to is None or pad_to <= len(plain) else _padded(objects, pad_to, seed=plain)


def _trunk(pages: int, title: str, authors: Sequence[str]) -> list[bytes]:
    """Catalogue, page tree and document information: objects 1 to 3."""
    kids = b" ".join(b"%d 0 R" % number for number in range(_FIRST_PAGE, _FIRST_PAGE + 2 * pages, 2))
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Title %s/Author %s>>" % (_text(title), _text("; ".join(authors))),
    ]


def _padded(objects: list[bytes], size: int, seed: bytes) -> bytes:
    """The file with one more object, so large that the whole has `size` bytes, if the object fits."""
    room = size - len(_file([*objects, _stream(b"")]))
    return _file([*objects, _stream(hashlib.shake_256(seed).digest(max(0, room)))])


def _page_lines(number: int, title: str, authors: Sequence[str], doi: str | None, body: str) -> list[tuple[int, str]]:
    """The lines of a page as (font size, text)."""
    head = [] if number > 1 else list(_head(title, authors, doi))
    text = [(10, line) for line in textwrap.wrap(body, 90)]
    return [*head, *(text * (_LINES_A_PAGE // max(1, len(text)) + 1))[: _LINES_A_PAGE - len(head)], (8, f"{number}")]


def _head(title: str, authors: Sequence[str], doi: str | None) -> Iterator[tuple[int, str]]:
    yield from ((16, line) for line in textwrap.wrap(title, 55))
    yield from ((11, line) for line in textwrap.wrap(", ".join(authors), 85))
    if doi:
        yield 9, f"https://doi.org/{doi}"
    yield 10, ""


class _Glyphs:
    """Numbers for the characters that the Western font does not have, and the table that maps them back."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def shown(self, text: str) -> Iterator[bytes]:
        """Operators that show the text, each word in the font that has its characters."""
        # A blank ends every word, since pdfium drops a lone character that has no outline.
        for western, words in groupby(text.split(), key=_is_western):
            yield b"/W Tf" if western else b"/O Tf"
            yield self._string("".join(f"{word} " for word in words), western)

    def _string(self, run: str, western: bool) -> bytes:
        if western:
            return b"<%s> Tj" % run.encode("cp1252").hex().encode()
        numbers = (self._numbers.setdefault(char, len(self._numbers) + 1) for char in run)
        return b"<%s> Tj" % b"".join(b"%04x" % number for number in numbers)

    def to_unicode(self) -> bytes:
        """A ToUnicode CMap (ISO 32000-1, 9.10.3), at most 100 characters a block."""
        rows = [b"<%04x> <%s>" % (number, _utf16(char)) for char, number in self._numbers.items()]
        blocks = (rows[start : start + 100] for start in range(0, len(rows), 100))
        return (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Other def /CMapType 2 def\n"
            b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            + b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
            + b"endcmap end end"
        )


def _is_western(word: str) -> bool:
    try:
        word.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _drawn(lines: Iterable[tuple[int, str]], glyphs: _Glyphs) -> bytes:
    operators = [b"BT", b"%d %d Td" % (_MARGIN, _HEIGHT - _MARGIN)]
    for size, text in lines:
        operators.append(b"0 -%d Td" % (size + 4))
        operators += [part.replace(b" Tf", b" %d Tf" % size) for part in glyphs.shown(text)]
    return b"\n".join([*operators, b"ET"])


def _page(content: int) -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</W 4 0 R/O 5 0 R>>>>/Contents %d 0 R>>" % (
        _WIDTH,
        _HEIGHT,
        content,
    )


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass").hex().encode()


def _text(text: str) -> bytes:
    return b"<feff%s>" % _utf16(text)


def _stream(data: bytes) -> bytes:
    # The width of numbers is fixed, so that padding changes nothing but itself.
    return b"<</Length %010d>>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    """Header, objects numbered from 1 (the third is the document information), cross-reference table, trailer."""
    data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    identity = hashlib.sha256(data).hexdigest()[:32].encode()
    data += b"trailer\n<</Size %d/Root 1 0 R/Info 3 0 R/ID[<%s><%s>]>>\n" % (len(objects) + 1, identity, identity)
    data += b"startxref\n%010d\n%%%%EOF\n" % start
    return bytes(data)
