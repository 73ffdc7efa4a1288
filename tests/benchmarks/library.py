"""A large library as years of use leave it: papers in every status, hosts and causes in uneven shares, imports."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from uuid_utils import uuid7

from application.ports.event_log import EventLog, Write
from domain import collection, importing
from domain.copies import Copy, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, OnDuplicate
from domain.metadata import Metadata
from domain.paper_events import (
    CandidateTried,
    CopiesLocated,
    Downloaded,
    Excluded,
    Failed,
    File,
    NotLocated,
    ProcessingStarted,
    Queued,
    Registered,
    Requested,
)
from tests.benchmarks.logs import ORIGIN

BATCH = 100
"""Papers of one append: about a thousand events."""
IMPORT = 10_000
"""Papers of one import; two imports go into one collection."""
HOSTS = 2_000
JOURNALS = 300
"""Of each word: about 15,000 in 100,000 papers."""
DUE = datetime(2026, 1, 5, 12, tzinfo=UTC)
WORDS = (
    "sleep", "memory", "cortex", "children", "adults", "randomized", "trial", "effects", "therapy", "outcome",
    "cancer", "cells", "protein", "network", "model", "learning", "review", "systematic", "analysis", "brain",
    "imaging", "response", "treatment", "patients", "clinical", "study", "risk", "factors", "gene", "expression",
    "mice", "human", "visual", "attention", "language", "development", "disorder", "depression", "anxiety",
    "stress", "exercise", "diet", "insulin", "heart", "blood", "pressure", "water", "soil", "climate", "carbon",
    "forest", "species", "diversity", "ecology", "evolution", "population",
)  # fmt: skip
_VERSIONS = (Version.PUBLISHED, Version.PUBLISHED, Version.ACCEPTED, Version.SUBMITTED)
_SOURCES = ("unpaywall", "unpaywall", "crossref", "europepmc", "arxiv")
_CAUSES = ("forbidden", "login_or_paywall", "not_found", "open_but_blocked", "timeout", "no_pdf_link", "bad_pdf")
_TRIES = 8


def fill(log: EventLog, count: int, seed: int = 7) -> None:
    """Let the library grow to so many papers, with about ten events for each, through the log itself."""
    chance = random.Random(seed)
    for start in range(0, count, IMPORT):
        size = min(IMPORT, count - start)
        import_id, collection_id = str(uuid7()), f"c{start // IMPORT // 2}"
        log.append(_started(import_id, collection_id, size, start), ORIGIN)
        for first in range(0, size, BATCH):
            batch = min(BATCH, size - first)
            lives = list(_lives(chance, batch, start + first))
            members = tuple(write.stream.removeprefix("paper-") for write in lives)
            rows = importing.RowsRecorded(
                collection=collection_id, first=first + 1, last=first + batch, counts=Counts(registered=batch),
                members=members,
            )  # fmt: skip
            told = Write(stream=f"{importing.STREAM}{import_id}", expected=None, events=(rows,))
            log.append([*lives, told], ORIGIN)


def _started(import_id: str, collection_id: str, rows: int, start: int) -> list[Write]:
    started = importing.Started(
        collection=collection_id, collection_name=f"Review {collection_id}", filename=f"list-{start}.csv",
        sha256="ab" * 32, size=rows * 200, format="csv", encoding="utf-8", rows=rows, on_duplicate=OnDuplicate.SKIP,
    )  # fmt: skip
    writes = [Write(stream=f"{importing.STREAM}{import_id}", expected=0, events=(started,))]
    if start // IMPORT % 2 == 0:
        created = collection.Created(name=f"Review {collection_id}")
        writes.append(Write(stream=f"{collection.STREAM}{collection_id}", expected=0, events=(created,)))
    return writes


def _lives(chance: random.Random, count: int, start: int) -> Iterator[Write]:
    for number in range(start, start + count):
        yield Write(stream=f"paper-{uuid7()}", expected=0, events=tuple(_life(chance, number)))


def _life(chance: random.Random, number: int) -> Sequence[Event]:
    events: list[Event] = [_registered(chance, number)]
    fate = chance.random()
    if fate < 0.05:
        return [*events, Excluded(reason="not in scope")] if fate < 0.01 else events
    events.append(ProcessingStarted(module="locate", worker="w", attempt=f"{number}-l"))
    if fate < 0.25:
        events.append(NotLocated(cause="no_open_copy"))
        return [*events, Requested()] if fate < 0.06 else events
    copy = _copy(chance, number)
    events.append(CopiesLocated(copies=(copy,)))
    if fate < 0.35:
        return events
    events.append(Queued(module="download", due=DUE))
    events.append(ProcessingStarted(module="download", worker="w", attempt=f"{number}-d"))
    events += [_tried(copy, chance.choice(_CAUSES)) for _ in range(_TRIES)]
    if fate < 0.5:
        return [*events, Failed(cause=chance.choice(_CAUSES))]
    file = File(path=f"{number}.pdf", sha256=f"{number:064x}", size=chance.randrange(10**5, 10**7), pages=9)
    return [*events, Downloaded(file=file, copy=copy, checks=("the DOI is on page 1",))]


def _registered(chance: random.Random, number: int) -> Registered:
    title = " ".join(chance.choices(WORDS, k=chance.randint(6, 14))).capitalize()
    authors = tuple(f"Author{chance.randrange(30_000)}, {letter}." for letter in "ABCD")
    return Registered(
        identifiers=(Identifier(Scheme.DOI, f"10.{1000 + number % 900}/journal.{number}"),),
        metadata=Metadata(
            title=f"{title} {number}",
            authors=authors,
            journal=f"Journal of {WORDS[chance.randrange(len(WORDS))]} {_uneven(chance, JOURNALS)}",
            year=2026 - _uneven(chance, 60),
            publisher=f"Publisher {_uneven(chance, 200)}",
        ),
    )


def _copy(chance: random.Random, number: int) -> Copy:
    host = f"files{_uneven(chance, HOSTS)}.example.org"
    return Copy(
        url=f"https://{host}/{number}.pdf",
        source=chance.choice(_SOURCES),
        version=chance.choice(_VERSIONS),
        licence=chance.choice((None, "cc-by", "cc-by-nc")),
    )


def _tried(copy: Copy, outcome: str) -> CandidateTried:
    return CandidateTried(url=copy.url, source=copy.source, outcome=outcome, http_status=403, seconds=0.1)


def _uneven(chance: random.Random, below: int) -> int:
    """A number below, small ones by far the most frequent."""
    return int(below * chance.random() ** 4)
