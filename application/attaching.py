"""Giving a paper's file by hand: check it, keep it, tell."""

from contextlib import suppress
from pathlib import Path

from attrs import evolve, field, frozen
from uuid_utils import uuid7

from application.downloading import paper_of
from application.file_names import shown_name
from application.formats import shortened
from application.handling import Actor, load, on_record
from application.letting_go import Guard, execute_letting_go
from application.ports.event_log import Appended, EventLog, Origin, WrongVersion
from application.ports.library import Checked, Library, LibraryUnavailable, PdfChecker, Verdict, Wanted
from application.underway import Underway
from application.wording import cause_sentence
from domain import paper
from domain.errors import CommandRefused, DoesNotExist, NotAllowed, SciPaperLoaderError
from domain.paper import Paper
from domain.paper_commands import AttachFile, LoseFile, RemoveFile
from domain.paper_events import File
from domain.pipeline import ALLOWED, Status

WRONG_PAPER = "wrong_document"
LONGEST_NOTE = 600


class FileNotTaken(CommandRefused):
    """The file that a person gave was looked at, and is not kept."""

    remedy = "Choose the paper's PDF as its publisher or library gave it."

    def __init__(self, name: str, checked: Checked) -> None:
        super().__init__(f"“{name}” was not taken. {found(checked)}")
        self.checked = checked


class NotReadable(FileNotTaken):
    """It is no PDF, or one that cannot be opened."""


class NeedsWord(FileNotTaken):
    """It may not be the paper: it is taken if a person says so, having heard what the check saw."""

    remedy = (
        "Choose another file, or give this one all the same: with `anyway=true` over HTTP, with `--anyway` on the "
        "command line."
    )


class WrongPaper(NeedsWord):
    """It names itself as another paper."""


class NotProven(NeedsWord):
    """Nothing in it says that it is the paper, and nothing that it is another one."""


@frozen(kw_only=True)
class Gift:
    """A file that a person gives: complete, at a path from which it is moved away, with the name it came under."""

    path: Path
    name: str
    sha256: str


@frozen(kw_only=True)
class Attached:
    """What came of it. `position` is that of the event, None where the paper had this very file already."""

    position: int | None
    checked: Checked | None


def token_of(paper_id: str, worker: str) -> str:
    """A new token for a file that a person gives through a worker's process.

    Recovering must tell who has it in hand: there is no claim in the log as there is for a download.
    """
    return f"{paper_id}_{worker}_{uuid7().hex[-16:]}"


def giver_of(token: str) -> str | None:
    """The worker through whose process the file comes; None for the token of a download."""
    parts = token.split("_")
    return parts[1] if len(parts) == 3 else None


@frozen(kw_only=True)
class Attaching:
    """The handler of files by hand."""

    log: EventLog
    library: Library
    checker: PdfChecker
    worker: str
    underway: Underway = field(factory=Underway)

    def attach(self, name: str, gift: Gift, actor: Actor, *, anyway: bool = False) -> Attached:
        """Make the file the paper's. The one that it had before goes. `anyway`: also if the check does not prove it.

        Raises CommandRefused (FileNotTaken, which the log is told), CheckerUnavailable, LibraryFull,
        LibraryUnavailable, WrongVersion; nothing is kept then.
        """
        stream = paper.stream_of(name)
        token = token_of(name, self.worker)
        origin = Origin(command="attach", actor=actor.name, correlation=str(uuid7()), key=token, digest=gift.sha256)
        with on_record(self.log, stream, origin, actor):
            state = self._taking(name)
            if state.status is Status.DONE and state.file is not None and state.file.sha256 == gift.sha256:
                return Attached(position=None, checked=None)
            checked = self._checked(gift, state, anyway=anyway)
            with self.underway.holding(token):
                position = self._keep(token, gift, checked, state, origin)
        return Attached(position=position, checked=checked)

    def _taking(self, name: str) -> Paper:
        """The paper, if a file can be given to it now. Raises DoesNotExist, NotAllowed."""
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(name))
        if state.status is None:
            raise DoesNotExist(f"The paper “{name}”")
        if state.status not in ALLOWED[AttachFile.NAME]:
            raise NotAllowed(AttachFile.NAME, "the paper", state.status.value)
        return state

    def _checked(self, gift: Gift, state: Paper, *, anyway: bool) -> Checked:
        """What the check says. What it does not prove is taken only if a person vouches for it. Raises FileNotTaken."""
        checked = self.checker.check(gift.path, Wanted(identifiers=state.identifiers, metadata=state.metadata))
        if checked.verdict is Verdict.RIGHT:
            return checked
        if checked.verdict is Verdict.WRONG and checked.cause != WRONG_PAPER:
            raise NotReadable(shown_name(gift.name), checked)
        if not anyway:
            refusal = WrongPaper if checked.verdict is Verdict.WRONG else NotProven
            raise refusal(shown_name(gift.name), checked)
        return checked

    def take_back(self, name: str, actor: Actor, *, sha256: str = "") -> Appended:
        """Take back the file that a person gave: it goes, and the paper is where it was before.

        With `sha256` only if it is that file still. Raises CommandRefused.
        """
        stream = paper.stream_of(name)
        origin = Origin(command="remove file", actor=actor.name, correlation=str(uuid7()))
        guard: Guard = _is(sha256) if sha256 else lambda _: None
        with on_record(self.log, stream, origin, actor):
            return execute_letting_go(self.log, self.library, stream, (RemoveFile(),), origin, guard)

    def _keep(self, token: str, gift: Gift, checked: Checked, state: Paper, origin: Origin) -> int:
        """Store the file, then tell: it is on disk before its event. Where the event is refused it goes again."""
        self.library.staging(token)
        try:
            stored = self.library.store(gift.path, token, state.metadata, state.identifiers)
        except SciPaperLoaderError:
            self.library.settle(token)
            raise
        file = File(path=stored.path, sha256=stored.sha256, size=stored.size, pages=checked.pages)
        command, stream = AttachFile(file=file, note=_note(gift, checked)), paper.stream_of(paper_of(token))
        try:
            appended = execute_letting_go(self.log, self.library, stream, (command,), origin)
        except (CommandRefused, WrongVersion):
            with suppress(SciPaperLoaderError):
                self.library.remove(stored.path)
                self.library.settle(token)
            raise
        self._see(stored.path, gift, stream, origin)
        self.library.settle(token)
        return appended.last

    def _see(self, path: str, gift: Gift, stream: str, origin: Origin) -> None:
        """See that the file is there still: if this process stood still meanwhile, others took it for dead.

        Raises LibraryUnavailable; the paper has no file then.
        """
        try:
            self.library.open(path)
        except LibraryUnavailable as error:
            lose = LoseFile(why="It was removed as that of a process that had ended.")
            with suppress(CommandRefused, WrongVersion):
                execute_letting_go(self.log, self.library, stream, (lose,), _next(origin), _has(path))
            told = f"“{shown_name(gift.name)}” was lost: the program stood still while it took the file."
            raise LibraryUnavailable(told, remedy="Give the file once more.") from error


def _next(origin: Origin) -> Origin:
    """The origin of what follows from a command that was carried out."""
    return evolve(origin, key=None, digest="")


def _has(path: str) -> Guard:
    """Refuses a paper that has another file, or none."""

    def guard(state: Paper) -> None:
        if state.file is None or state.file.path != path:
            raise NotAllowed(LoseFile.NAME, "the paper", "one with another file")

    return guard


def _is(sha256: str) -> Guard:
    """Refuses a paper that has another file, or none."""

    def guard(state: Paper) -> None:
        if state.file is None or state.file.sha256 != sha256:
            raise NotAllowed(RemoveFile.NAME, "the paper", "one with another file")

    return guard


def _note(gift: Gift, checked: Checked) -> str:
    """What the log keeps beside the file: its name on the person's computer, and what the check said."""
    vouched = "" if checked.verdict is Verdict.RIGHT else " A person said that it is the paper all the same."
    told = f"“{shown_name(gift.name)}”. {found(checked)}"
    return f"{shortened(told, LONGEST_NOTE - len(vouched))}{vouched}"


_FOUND = {
    Verdict.RIGHT: "The check found it right",
    Verdict.DOUBTFUL: "The check could neither prove nor disprove that it is the paper",
}


def found(checked: Checked) -> str:
    """What the check found, as a sentence."""
    words = _FOUND.get(checked.verdict) or cause_sentence(checked.cause or WRONG_PAPER).removesuffix(".")
    return f"{words}: {'; '.join(checked.evidence)}." if checked.evidence else f"{words}."
