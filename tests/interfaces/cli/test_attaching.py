"""`attach`, `accept`, `reject`: a paper's file from a person's hands."""

from pathlib import Path

from domain.copies import Copy
from domain.metadata import Metadata
from domain.paper_events import CopiesLocated, Doubted, File, ProcessingStarted
from infrastructure.simulation.pdf import paper_pdf
from tests.interfaces.cli.conftest import Terminal, opened
from tests.interfaces.web.world import happen

DOI = "10.5555/one"
RIGHT = paper_pdf("First title", ("Ada Berg",), DOI)
WRONG = paper_pdf("A survey of lichens on the roofs of village churches", ("Ole Lind",), "10.5555/lichen.2019.4")


def written(terminal: Terminal, body: bytes, name: str = "mine.pdf") -> Path:
    path = terminal.folder / name
    path.write_bytes(body)
    return path


def test_a_file_is_given_and_stays_where_it_was(filled: Terminal) -> None:
    path = written(filled, RIGHT)
    told = filled.json("attach", DOI, str(path))
    assert (told["status"], told["checked"][0]) == ("done", "the DOI is on the first page")
    assert path.read_bytes() == RIGHT
    assert (filled.data / "library" / told["file"]).read_bytes() == RIGHT
    assert "It had this very file already." in filled("attach", DOI, str(path)).stdout
    assert filled.json("verify")["faults"] == []
    assert filled.lines("events", "--json")[-1]["data"]["note"].startswith("“mine.pdf”. The check found it right")


def test_another_paper_is_taken_only_if_that_is_said(filled: Terminal) -> None:
    path = written(filled, WRONG)
    assert "another document" in filled.refusal("attach", DOI, str(path))
    assert "First title: done." in filled("attach", DOI, str(path), "--anyway").stdout


def test_what_cannot_be_given_is_refused(filled: Terminal) -> None:
    assert "no readable PDF" in filled.refusal("attach", DOI, str(written(filled, b"MZ", "program.exe")))
    assert "does not exist" in filled.refusal("attach", "10.9999/nothing", str(written(filled, RIGHT)))
    filled("attach", DOI, str(filled.folder / "missing.pdf"), code=2)


def test_a_doubtful_file_is_judged(filled: Terminal) -> None:
    with opened(filled) as container:
        for doi in (DOI, "10.5555/two"):
            row = container.papers.find(doi)
            assert row is not None
            staged = container.library.staging(f"{row.id}_a")
            staged.write_bytes(RIGHT)
            stored = container.library.store(staged, f"{row.id}_a", Metadata(title=doi))
            copy = Copy(url=f"https://a.example/{doi}", source="unpaywall")
            file = File(path=stored.path, sha256=stored.sha256, size=stored.size, pages=2)
            happen(
                container,
                row.id,
                ProcessingStarted(module="locate", worker="w", attempt="l"),
                CopiesLocated(copies=(copy,)),
                ProcessingStarted(module="download", worker="w", attempt=f"{row.id}_a"),
                Doubted(file=file, copy=copy),
            )
            container.library.settle(f"{row.id}_a")
    assert filled.json("accept", DOI)["status"] == "done"
    assert filled.json("reject", "10.5555/two") | {"id": ""} == {
        "id": "",
        "status": "failed",
        "cause": "wrong_document",
        "file": None,
    }
    for command in ("accept", "reject"):
        assert "not possible" in filled.refusal(command, DOI)
        assert "does not exist" in filled.refusal(command, "10.9999/nothing")
    assert len(list((filled.data / "library").glob("*.pdf"))) == 1
    assert filled.json("verify")["faults"] == []
