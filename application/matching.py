"""Matching dropped PDFs: which of the papers each file is. Nothing is attached on a guess."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from attrs import evolve, frozen

from application.attaching import Attached, Attaching, Gift, NeedsWord, found
from application.file_names import shown_name
from application.handling import Actor, load
from application.needs import Titles
from application.ports.clock import Clock
from application.ports.dropped import Dropped, Proposal, Waiting
from application.ports.event_log import EventLog
from application.ports.library import Checked, Verdict, Wanted
from application.ports.pdf_reader import PdfReader, Reading, Seen
from application.ports.uploads import Upload
from application.wording import cause_sentence
from domain import paper
from domain.errors import DoesNotExist
from domain.identifiers import Identifier, identify
from domain.pipeline import Status

MOST_CANDIDATES = 12
"""Papers that a file is compared with."""
MOST_PROPOSALS = 5


class NotWaiting(DoesNotExist):
    """The file does not wait any more."""

    def __init__(self) -> None:
        super().__init__("This file", remedy="It was given to a paper or discarded meanwhile, or choose it again.")


@frozen(kw_only=True)
class Matching:
    """The handler of files of which nobody has said yet which papers they are."""

    log: EventLog
    titles: Titles
    reader: PdfReader
    dropped: Dropped
    attaching: Attaching
    clock: Clock

    def take(self, upload: Upload, name: str, actor: Actor) -> Waiting:
        """Let a kept file wait. Raises UploadNotKept."""
        waiting = Waiting(
            sha256=upload.sha256,
            size=upload.size,
            name=shown_name(name),
            actor=actor.name,
            dropped_at=self.clock.now(),
        )
        self.dropped.remember(waiting)
        return waiting

    def look(self, sha256: str) -> Waiting:
        """Look into a file that waits, and note which papers it may be. Raises NotWaiting, CheckerUnavailable."""
        waiting = self._waiting(sha256)
        try:
            read = self.reader.read(self.dropped.path(sha256))
        except FileNotFoundError as error:
            raise NotWaiting from error
        looked = _useless(waiting, read) if isinstance(read, Checked) else self._matched(waiting, read)
        self.dropped.remember(looked)
        return looked

    def give(self, sha256: str, name: str, actor: Actor, *, anyway: bool = False) -> Attached:
        """Give a file that waits to a paper. Raises NotWaiting, and what `Attaching.attach` does; it waits on then.

        A paper that the file may be was proposed with what speaks for it: whoever chooses it vouches for it.
        """
        waiting = self._waiting(sha256)
        anyway = anyway or any(one.paper == name and not one.sure for one in waiting.proposals)
        try:
            with self.dropped.lend(sha256) as path:
                gift = Gift(path=path, name=waiting.name, sha256=sha256)
                attached = self.attaching.attach(name, gift, actor, anyway=anyway)
        except FileNotFoundError as error:
            raise NotWaiting from error
        except NeedsWord as error:
            self.dropped.remember(evolve(waiting, meant=name, said=found(error.checked)))
            raise
        self.dropped.forget(sha256)
        return attached

    def hand_over(self, upload: Upload, name: str, paper_id: str, actor: Actor, *, anyway: bool = False) -> Attached:
        """Give a kept file to a paper at once. Raises what `Attaching.attach` does; nothing is kept then."""
        try:
            with self.dropped.lend(upload.sha256) as path:
                gift = Gift(path=path, name=name, sha256=upload.sha256)
                return self.attaching.attach(paper_id, gift, actor, anyway=anyway)
        except FileNotFoundError as error:
            raise NotWaiting from error
        finally:
            self.dropped.release(upload.sha256)

    def discard(self, sha256: str) -> None:
        """Let a file wait no more. Raises NotWaiting."""
        self._waiting(sha256)
        self.dropped.forget(sha256)

    def _waiting(self, sha256: str) -> Waiting:
        if (waiting := self.dropped.find(sha256)) is None:
            raise NotWaiting
        return waiting

    def _matched(self, waiting: Waiting, reading: Reading) -> Waiting:
        seen = reading.seen
        proposals = self._proposals(waiting.name, reading, seen)
        return evolve(
            waiting,
            looked=True,
            trouble="",
            pages=seen.pages,
            title=seen.titles[0] if seen.titles else "",
            identifiers=seen.identifiers,
            proposals=proposals,
        )

    def _proposals(self, name: str, reading: Reading, seen: Seen) -> tuple[Proposal, ...]:
        """The papers that the file may be, right ones first. It is sure of one only if that is the only right one."""
        compared: dict[str, Proposal | None] = {}
        for step in (self._named, self._titled, self._worded):
            for paper_id in step(name, seen):
                if paper_id not in compared and len(compared) < MOST_CANDIDATES:
                    compared[paper_id] = self._proposal(paper_id, reading)
            if any(one and one.sure for one in compared.values()):
                break
        best = sorted((one for one in compared.values() if one), key=lambda one: not one.sure)[:MOST_PROPOSALS]
        if sum(one.sure for one in best) > 1:
            return tuple(evolve(one, sure=False) for one in best)
        return tuple(best)

    def _named(self, name: str, seen: Seen) -> Iterator[str]:
        """Papers whose identifier is in the file, or in its name."""
        wanted = dict.fromkeys((*seen.identifiers, *_of_name(name)))
        papers = self.log.papers_of(tuple(wanted))
        yield from (papers[identifier] for identifier in wanted if identifier in papers)

    def _titled(self, _: str, seen: Seen) -> Iterator[str]:
        yield from (row.id for row in self.titles.titled(seen.titles, MOST_CANDIDATES)) if seen.titles else ()

    def _worded(self, _: str, seen: Seen) -> Iterator[str]:
        lines = [*seen.titles[:1], *seen.lines]
        yield from (row.id for row in self.titles.worded(lines, MOST_CANDIDATES)) if lines else ()

    def _proposal(self, paper_id: str, reading: Reading) -> Proposal | None:
        """The paper as a proposal, unless the file is another one or the paper is not wanted."""
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(paper_id))
        if state.status in {None, Status.EXCLUDED}:
            return None
        checked = reading.check(Wanted(identifiers=state.identifiers, metadata=state.metadata))
        if checked.verdict is Verdict.WRONG:
            return None
        return Proposal(paper=paper_id, sure=checked.verdict is Verdict.RIGHT, why=checked.evidence)


def _useless(waiting: Waiting, checked: Checked) -> Waiting:
    return evolve(waiting, looked=True, trouble=cause_sentence(checked.cause or "bad_pdf"), proposals=())


_SIGN_FOR_SLASH = re.compile(r"(?<=[\w.])[_@+\s](?=\S)|%2[fF]")


def _of_name(name: str) -> Sequence[Identifier]:
    """Identifiers in a file's name, where a slash is written as another sign: 10.1234_abc.pdf."""
    stem = PurePath(name).stem
    spellings = (stem, _SIGN_FOR_SLASH.sub("/", stem, count=1), _SIGN_FOR_SLASH.sub("/", stem))
    return tuple(dict.fromkeys(identifier for spelling in spellings for identifier in identify(spelling)))
