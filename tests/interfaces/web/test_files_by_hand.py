"""Papers' files over HTTP: given by hand, accepted, rejected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from litestar.testing import TestClient

from application.handling import PROGRAM
from application.importing import Request
from domain.pipeline import Status
from domain.refusals import Refused
from infrastructure.simulation.pdf import paper_pdf
from interfaces.container import Container
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.test_uploading import TYPE, form, part
from tests.interfaces.web.world import NAME, World, populated

TITLE = "Slow drift of tidal sediments in sheltered northern estuaries"
DOI = "10.5555/drift.2021.117"
RIGHT = paper_pdf(TITLE, ("Ada Berg",), DOI)
BETTER = paper_pdf(TITLE, ("Ada Berg",), DOI, pages=5)
WRONG = paper_pdf("A survey of lichens on the roofs of village churches", ("Ole Lind",), "10.5555/lichen.2019.4")
UNRELATED = paper_pdf("Sourdough for beginners", ("Ole Lind",), "")
"""Of something quite different, which it does not say."""
PDF = {"content-type": "application/pdf"}


@frozen
class Place:
    """A library that may be changed, and a program that talks to it."""

    world: World
    browser: TestClient[Any]

    @property
    def container(self) -> Container:
        return self.world.container

    def wanted(self) -> str:
        """A paper that is wanted, with a title and a DOI."""
        upload = self.container.uploads.keep([f"DOI,Title\n{DOI},{TITLE}\n".encode()])
        accepted = self.container.importing.accept(upload, Request(filename="l.csv", collection="L", actor=PROGRAM))
        self.container.importing.run(accepted.import_id)
        found = self.container.papers.find(DOI)
        assert found is not None
        return found.id

    def put(self, name: str, body: bytes, **query: str) -> Any:
        return self.browser.put(f"/api/v1/papers/{name}/file", content=body, headers=PDF, params=query)

    def post(self, name: str, verdict: str, **body: str) -> Any:
        return self.browser.post(f"/api/v1/papers/{name}/file/{verdict}", json=body)

    def status(self, name: str) -> Status:
        found = self.container.papers.find(name)
        assert found is not None
        return found.status

    def left(self) -> list[str]:
        """Dropped files that nobody took."""
        folder = self.container.settings.data / "dropped"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with application(tmp_path, max_file_bytes=400_000) as container, visitor(container) as browser:
        yield Place(populated(container), browser)


class TestGiven:
    def test_a_body_is_taken_checked_and_served(self, place: Place) -> None:
        name = place.wanted()
        answer = place.put(name, RIGHT, filename="../a\u202eb.pdf")
        assert answer.status_code == 201
        assert (answer.json()["status"], answer.json()["source"]) == ("done", "by hand")
        assert answer.json()["file"]["bytes"] == len(RIGHT)
        assert place.browser.get(f"/api/v1/papers/{name}/file").content == RIGHT
        history = place.browser.get(f"/api/v1/papers/{name}/events").json()["events"]
        assert history[-1]["type"] == "paper.file_attached"
        assert "“ab.pdf”. The check found it right" in history[-1]["data"]["note"]
        assert place.left() == []
        assert list(place.container.library.unsettled()) == []

    def test_a_form_is_taken_and_a_doi_names_the_paper(self, place: Place) -> None:
        place.wanted()
        body = form(part(RIGHT, filename="mine.pdf"))
        answer = place.browser.put(f"/api/v1/papers/{DOI}/file", content=body, headers=TYPE)
        assert answer.status_code == 201
        assert place.status(DOI) is Status.DONE

    def test_the_same_again_is_the_same_and_another_takes_its_place(self, place: Place) -> None:
        name = place.wanted()
        assert [place.put(name, body).status_code for body in (RIGHT, RIGHT, BETTER)] == [201, 200, 201]
        files = [path for path in place.container.library.files() if "drift" in path]
        assert len(files) == 1
        assert place.browser.get(f"/api/v1/papers/{name}/file").content == BETTER

    def test_another_paper_is_refused_unless_it_is_wanted_all_the_same(self, place: Place) -> None:
        name = place.wanted()
        answer = place.put(name, WRONG)
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["cause"] == "wrong_document"
        assert "it names another DOI: 10.5555/lichen.2019.4" in answer.json()["evidence"]
        assert (place.status(name), place.left()) == (Status.NEW, [])
        assert place.put(name, WRONG, anyway="true").status_code == 201
        assert place.status(name) is Status.DONE

    def test_one_that_is_not_proven_is_refused_unless_it_is_wanted_all_the_same(self, place: Place) -> None:
        name = place.wanted()
        answer = place.put(name, UNRELATED)
        assert answer.status_code == 409
        assert "anyway=true" in answer.json()["detail"]
        assert answer.json()["evidence"]
        assert (place.status(name), place.left()) == (Status.NEW, [])
        assert place.put(name, UNRELATED, anyway="true").status_code == 201

    def test_a_file_that_a_person_gave_is_taken_back(self, place: Place) -> None:
        name = place.wanted()
        place.put(name, RIGHT)
        assert place.browser.delete(f"/api/v1/papers/{name}/file", params={"sha256": "0" * 64}).status_code == 409
        answer = place.browser.delete(f"/api/v1/papers/{name}/file")
        assert (answer.status_code, answer.json()["status"], answer.json()["file"]) == (200, "new", None)
        assert place.browser.delete(f"/api/v1/papers/{name}/file").status_code == 409

    @pytest.mark.parametrize(
        ("body", "cause"),
        [
            (b"", "empty_body"),
            (b"<html><script>alert(1)</script></html>", "html_instead_of_pdf"),
            (b"MZ\x90\x00 not a paper", "bad_pdf"),
            (RIGHT[:-300], "truncated"),
        ],
    )
    def test_what_is_no_pdf_is_refused_whatever_is_said(self, place: Place, body: bytes, cause: str) -> None:
        name = place.wanted()
        answer = place.put(name, body, anyway="true", filename="<img src=x>.pdf")
        assert (answer.status_code, answer.json()["cause"]) == (422, cause)
        assert (place.status(name), place.left()) == (Status.NEW, [])
        refused = [one.event for one in place.container.log.read(0, 1_000) if isinstance(one.event, Refused)]
        assert [event.command for event in refused] == ["attach"]

    def test_a_file_over_the_limit_is_refused_and_leaves_nothing(self, place: Place) -> None:
        name = place.wanted()
        for body in (b"%PDF-1.7" + b"x" * 400_000, iter([b"%PDF-1.7", b"x" * 400_000])):
            answer = place.browser.put(f"/api/v1/papers/{name}/file", content=body, headers=PDF)
            assert answer.status_code == 413
            assert "MAX_FILE_BYTES" in answer.json()["detail"] or "larger than" in answer.json()["detail"]
        assert place.left() == []

    def test_nothing_is_given_to_a_paper_that_is_set_aside_or_unknown(self, place: Place) -> None:
        assert place.put(place.world.papers[Status.EXCLUDED], RIGHT).status_code == 409
        assert place.put("10.9999/nothing", RIGHT).status_code == 404
        assert place.left() == []

    def test_a_form_without_a_file_is_told_so(self, place: Place) -> None:
        name = place.wanted()
        answer = place.browser.put(
            f"/api/v1/papers/{name}/file", content=form(part(b"yes", "anyway", None)), headers=TYPE
        )
        assert answer.status_code == 400


class TestJudged:
    def test_an_accepted_file_is_the_papers(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        answer = place.post(name, "accept", sha256="ab" * 32)
        assert (answer.status_code, answer.json()["status"]) == (200, "done")
        assert answer.json()["file"]["path"] == NAME
        assert place.post(name, "accept").status_code == 409

    def test_a_rejected_file_is_removed(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        answer = place.post(name, "reject")
        assert (answer.status_code, answer.json()["status"], answer.json()["file"]) == (200, "located", None)
        assert not (place.container.settings.library / NAME).exists()

    def test_a_file_that_was_not_looked_at_is_not_judged(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        for verdict in ("accept", "reject"):
            assert place.post(name, verdict, sha256="0" * 64).status_code == 409
        assert place.status(name) is Status.DOUBTFUL

    @pytest.mark.parametrize("verdict", ["accept", "reject"])
    def test_a_wrong_field_is_refused(self, place: Place, verdict: str) -> None:
        answer = place.post(place.world.papers[Status.DOUBTFUL], verdict, colour="red")
        assert answer.status_code == 422
        assert "sha256" in answer.json()["detail"]
