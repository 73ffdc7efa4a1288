"""Every event in words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from application import wording
from application.ports.event_log import Recorded
from application.wording import cause_sentence, describe, place, sentence
from domain import bulk, settings
from domain import paper_events as paper
from domain.acts import Action
from domain.catalogue import REGISTRY
from domain.causes import CAUSES
from domain.copies import Copy, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.pipeline import Status
from tests.strategies import EVENTS

NEWEST = {name: cls for (name, _), cls in sorted(REGISTRY.items())}


@pytest.mark.parametrize("name", NEWEST)
def test_every_event_has_words(name: str) -> None:
    assert NEWEST[name] in wording._WORDS


@given(EVENTS)
def test_whatever_happened_there_is_a_sentence(event: Event) -> None:
    text = describe(event)
    assert text
    assert "object at 0x" not in text
    assert "{" not in text or "{" in repr(event)


MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COPY = Copy(url="https://www.x.example/a.pdf", source="unpaywall", version=Version.ACCEPTED, licence="cc-by")
CONTACT = "The contact address was changed to me@uni.example."
FILE = paper.File(path="a.pdf", sha256="ab", size=1_200_000, pages=12)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            paper.Registered(identifiers=(Identifier(Scheme.DOI, "10.1/x"),), row=12),
            "Added from row 12 of an import: DOI 10.1/x.",
        ),
        (
            paper.MetadataUpdated(source="crossref", metadata=Metadata(title="T", year=2020)),
            "Now known from crossref: title and year.",
        ),
        (
            paper.Downloaded(file=FILE, copy=COPY),
            "Downloaded from x.example: 12 pages, 1.2 MB (accepted manuscript, cc-by, by unpaywall).",
        ),
        (
            paper.CandidateTried(url=COPY.url, source="s", outcome="forbidden", http_status=403, seconds=1.5),
            "Tried x.example in 1.5 s: the site refused the request (HTTP 403).",
        ),
        (paper.CandidateTried(url=COPY.url, source="s", outcome="ok", size=2_000), "Tried x.example: 2.0 kB came."),
        (
            paper.Failed(cause="timeout", not_before=MOMENT),
            "Not retrieved: the site was too slow. Looked at again after 1 Mar 2026, 12:00 UTC.",
        ),
        (paper.Reverted(to=Status.NEW, why="crash"), "Back to “new”: the program had ended without finishing."),
        (paper.Excluded(reason=""), "Excluded."),
        (settings.Changed(name="contact_email", value="me@uni.example"), CONTACT),
        (settings.Changed(name="contact_email", value=""), "The contact address was changed."),
        (settings.Changed(name="secret_key", value=None), "The key that signs sessions was changed."),
        (settings.Changed(name="other_thing", value="7"), "The other thing was changed to 7."),
        (
            bulk.Started(action=Action.RETRY, words="", papers=2, undoes="b"),
            "“Back to where it was” was asked for 2 papers that an earlier action changed.",
        ),
    ],
)
def test_a_person_reads_what_happened(event: Event, text: str) -> None:
    assert describe(event) == text


def test_a_recorded_event_is_told_like_its_event() -> None:
    event = paper.Excluded(reason="a poster")
    recorded = Recorded(
        position=1, stream="paper-1", version=1, event_id="e", command="c", key=None, correlation="x",
        causation=None, actor="a", recorded_at=MOMENT, event=event,
    )  # fmt: skip
    assert sentence(recorded) == "Excluded: a poster"


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_has_its_sentence(cause: str) -> None:
    assert cause_sentence(cause) == CAUSES[cause].sentence


def test_a_cause_of_another_version_is_told_by_its_name() -> None:
    assert cause_sentence("moon_phase") == "Moon phase."


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://www.x.example/a", "x.example"), ("http://[broken", "http://[broken"), ("no address", "no address")],
)
def test_a_place_is_short(url: str, shown: str) -> None:
    assert place(url) == shown
