"""Web pages: those that lead to a file, and those that do not."""

from html import escape
from posixpath import relpath

from infrastructure.simulation.answers import At
from infrastructure.simulation.papers import Paper, Spot

LINKS = (
    '<meta name="citation_pdf_url" content="{url}">',
    '<meta name="citation_pdf_url" content="{path}">',
    '<meta name="citation_pdf_url" content="{relative}">',
    '<meta property="citation_pdf_url" content="{url}">',
    '<meta name="bepress_citation_pdf_url" content="{url}">',
    '<meta name="eprints.document_url" content="{url}">',
    '<link rel="alternate" type="application/pdf" title="Full Text PDF" href="{path}">',
)
"""The ways in which the platforms name the file in a page's head; a paper's number decides which its page uses."""


def landing(paper: Paper, spot: Spot, at: At) -> str:
    """The page of a paper at one of its places."""
    head = _bibliography(paper) + (_file_link(paper, spot, at) if spot.place.tagged else "")
    supplement = f'<a href="{escape(spot.page)}/supplement.pdf">Supplementary material (PDF)</a>'
    return _document(paper.title, f"<h1>{escape(paper.title)}</h1><p>A simulated article.</p><p>{supplement}</p>", head)


def challenge() -> str:
    """The page that asks for a proof of being human."""
    return _document("Just a moment...", "<p>Checking that you are human. Enable JavaScript and cookies.</p>")


def login() -> str:
    """The page that asks for a password or a payment."""
    form = '<form action="/login" method="post"><input name="user"><input type="password" name="password"></form>'
    return _document("Sign in", f"<h1>Sign in</h1><p>Access through your institution, or buy this article.</p>{form}")


def viewer(paper: Paper) -> str:
    """The page that some platforms send under the address of the file."""
    return _document(paper.title, "<p>Your browser has no viewer for this document.</p>")


def message(title: str) -> str:
    """A page that says one thing."""
    return _document(title, f"<h1>{escape(title)}</h1>")


def _document(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n{head}</head>\n'
        f"<body>{body}</body></html>\n"
    )


def _bibliography(paper: Paper) -> str:
    """The tags by which Google Scholar and others read a page."""
    tags = [
        ("citation_title", paper.title),
        *(("citation_author", f"{family}, {given}") for given, family in paper.authors),
        ("citation_doi", paper.doi),
        ("citation_journal_title", paper.journal),
        ("citation_issn", paper.issn),
        ("citation_publication_date", f"{paper.published:%Y/%m/%d}"),
    ]
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in tags)


def _file_link(paper: Paper, spot: Spot, at: At) -> str:
    form = LINKS[paper.number % len(LINKS)]
    relative = relpath(spot.file, spot.page.rpartition("/")[0])
    return form.format(url=escape(at(spot.host, spot.file)), path=escape(spot.file), relative=escape(relative)) + "\n"
