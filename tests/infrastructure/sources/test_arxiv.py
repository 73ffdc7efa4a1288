"""arXiv: the file of a preprint, out of an Atom feed."""

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.arxiv import Arxiv
from tests.infrastructure.sources.fakes import Answering, Failing, doi

ENTRY = """<entry>
  <id>http://arxiv.org/abs/{id}</id><published>2002-01-18T15:08:05Z</published>
  <title>A title
    in two lines</title>
  <author><name>Ana Ruiz</name><arxiv:affiliation>A University</arxiv:affiliation></author>
  <author><name>Bo Li</name></author>
  <arxiv:doi>10.1000/JOURNAL</arxiv:doi>
</entry>"""


def feed(*entries: str) -> bytes:
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    return f"<?xml version='1.0'?><feed {spaces}><id>x</id><title>Feed</title>{''.join(entries)}</feed>".encode()


def asked(body: bytes, *identifiers: Identifier) -> Finding:
    return Arxiv(Answering(body)).find(identifiers or [Identifier(Scheme.ARXIV, "2101.00001")])


def test_the_file_and_the_metadata_of_a_preprint_are_found():
    finding = asked(feed(ENTRY.format(id="2101.00001v3")))
    (copy,) = finding.copies
    assert copy.url == "https://export.arxiv.org/pdf/2101.00001"
    assert (copy.kind, copy.version, copy.source) == (CopyKind.PDF, Version.SUBMITTED, "arxiv")
    known = finding.metadata
    assert (known.title, known.authors, known.year) == ("A title in two lines", ("Ana Ruiz", "Bo Li"), 2002)
    assert finding.identifiers == (Identifier(Scheme.ARXIV, "2101.00001"), doi("10.1000/journal"))


def test_the_doi_of_a_preprint_serves_as_its_id():
    fetcher = Answering(feed(ENTRY.format(id="2101.00001")))
    source = Arxiv(fetcher, base="http://127.0.0.1:9", pdf_base="http://127.0.0.1:8/")
    identifiers = [doi("10.1000/x"), doi("10.48550/arxiv.2101.00001")]
    assert source.serves(identifiers)
    assert not source.serves([doi("10.1000/x")])
    assert source.find(identifiers).copies[0].url == "http://127.0.0.1:8/pdf/2101.00001"
    assert fetcher.asked == ["http://127.0.0.1:9/api/query?id_list=2101.00001"]


def test_old_ids_with_a_slash_work():
    finding = asked(feed(ENTRY.format(id="quant-ph/0201082v1")), Identifier(Scheme.ARXIV, "quant-ph/0201082"))
    assert finding.copies[0].url == "https://export.arxiv.org/pdf/quant-ph/0201082"


def test_errors_and_other_papers_are_not_the_preprint():
    error = "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title></entry>"
    assert asked(feed(error)) == Finding()
    assert asked(feed(ENTRY.format(id="2101.00002"))) == Finding()
    assert asked(feed()) == Finding()


def test_an_id_that_arxiv_refuses_is_unknown():
    fetcher = Failing("bad_response", status=400)
    assert Arxiv(fetcher).find([Identifier(Scheme.ARXIV, "2101.00001")]) == Finding()


BOMB = b'<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><feed>&b;</feed>'
EXTERNAL = b'<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed/>'


@pytest.mark.case("H64")
@pytest.mark.parametrize("body", [BOMB, EXTERNAL, b"<feed>", b"", b"<html/>", b"\xff\xfe\x00", feed()[:-8]])
def test_documents_that_are_no_feed_or_declare_entities_are_no_answer(body: bytes):
    with pytest.raises(SourceUnavailable):
        asked(body)


def test_a_feed_nested_without_end_is_survived():
    assert asked(feed("<entry>" + "<x>" * 50_000 + "</x>" * 50_000 + "</entry>")) == Finding()
