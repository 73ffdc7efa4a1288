"""Dropped files that wait: which papers each may be."""

from collections.abc import Mapping
from urllib.parse import urlencode

from attrs import frozen

from application.ports.dropped import Waiting
from application.queries import PaperRow
from application.wording import SCHEMES
from interfaces.container import Container
from interfaces.web.views.needs import name_of


@frozen(kw_only=True)
class Choice:
    """A paper that a file may be. `value` is what the form sends."""

    value: str
    paper: PaperRow
    name: str
    why: tuple[str, ...]
    sure: bool
    chosen: bool
    replaces: bool
    """Whether the paper has a file, which would go."""


@frozen(kw_only=True)
class FileView:
    """A file that waits. `named` is what a person typed, `is_named` whether that is meant, `problem` what was wrong."""

    file: Waiting
    choices: tuple[Choice, ...]
    named: str
    is_named: bool
    identifiers: tuple[str, ...]
    problem: str

    @property
    def is_chosen(self) -> bool:
        """Whether one of the papers is chosen."""
        return any(choice.chosen for choice in self.choices)

    @property
    def is_sure(self) -> bool:
        """Whether one of the papers is right."""
        return any(choice.sure for choice in self.choices)


@frozen(kw_only=True)
class DroppedView:
    """The files that wait. `sure` is how many have a right paper, `unlooked` how many are not looked into."""

    files: tuple[FileView, ...]
    sure: int
    unlooked: int
    position: int


@frozen(kw_only=True)
class Typed:
    """What the form said, and what was wrong with it; all by the file's hash. A choice of "" leaves the file."""

    named: Mapping[str, str] = {}
    chosen: Mapping[str, str] = {}
    problems: Mapping[str, str] = {}


MEANT = "You gave it to this paper."
PATH = "/needs/files"
NAMED = "named"
"""The choice of the paper that was typed."""
ALL_THE_SAME = "anyway:"
"""Before a paper's id: also if the file seems to be another one."""


@frozen(kw_only=True)
class MeantView:
    """A file of which the check does not prove that it is the paper that a person gave it to."""

    file: Waiting
    paper: PaperRow
    name: str
    value: str
    """What the form sends to give it all the same."""
    identifiers: tuple[str, ...]
    picture: bool
    """Whether a picture of its first page may be had."""
    back: str
    """The page where another file can be chosen."""
    position: int


def confirm_address(sha256: str, back: str) -> str:
    """The page that asks whether the file is given all the same."""
    return f"{PATH}/{sha256}?{urlencode({'back': back})}"


def meant_view(container: Container, sha256: str, back: str) -> MeantView | None:
    """The file and the paper that it was given to; None where it waits no more, or for no word on one paper."""
    waiting = container.dropped.find(sha256)
    row = container.papers.find(waiting.meant) if waiting and waiting.meant else None
    if waiting is None or row is None:
        return None
    return MeantView(
        file=waiting,
        paper=row,
        name=name_of(row),
        value=f"{ALL_THE_SAME}{row.id}",
        identifiers=_named(waiting),
        picture=container.pictures.possible(sha256),
        back=back,
        position=container.log.head().position,
    )


def dropped_view(container: Container, typed: Typed | None = None) -> DroppedView:
    """The files that wait."""
    said = typed or Typed()
    taken = {value.removeprefix(ALL_THE_SAME) for value in said.chosen.values()}
    files = tuple(_file(container, one, said, taken) for one in container.dropped.waiting())
    return DroppedView(
        files=files,
        sure=sum(view.is_sure for view in files),
        unlooked=sum(not view.file.looked for view in files),
        position=container.log.head().position,
    )


def _file(container: Container, waiting: Waiting, said: Typed, taken: set[str]) -> FileView:
    """The file with its papers. Two files are not proposed for one paper at once: `taken` are those of others."""
    choices = tuple(_choices(container, waiting, said, taken))
    taken.update(choice.paper.id for choice in choices if choice.chosen)
    return FileView(
        file=waiting,
        choices=choices,
        named=said.named.get(waiting.sha256, ""),
        is_named=said.chosen.get(waiting.sha256) == NAMED,
        identifiers=_named(waiting),
        problem=said.problems.get(waiting.sha256, ""),
    )


def _named(waiting: Waiting) -> tuple[str, ...]:
    """The first identifiers that are in the file."""
    return tuple(f"{SCHEMES[one.scheme]} {one.value}" for one in waiting.identifiers[:3])


def _choices(container: Container, waiting: Waiting, said: Typed, taken: set[str]) -> list[Choice]:
    found = [(one.paper, one.paper, one.why, one.sure) for one in waiting.proposals]
    if waiting.meant:
        why: tuple[str, ...] = (f"{MEANT} {waiting.said}".strip(),)
        found = [one for one in found if one[1] != waiting.meant]
        found.insert(0, (f"{ALL_THE_SAME}{waiting.meant}", waiting.meant, why, False))
    choices = []
    for value, name, why, sure in found:
        if (row := container.papers.find(name)) is not None:
            free = row.file_path is None and row.id not in taken
            chosen = said.chosen[waiting.sha256] == value if waiting.sha256 in said.chosen else sure and free
            choices.append(
                Choice(
                    value=value,
                    paper=row,
                    name=name_of(row),
                    why=why,
                    sure=sure,
                    chosen=chosen,
                    replaces=row.file_path is not None,
                )
            )
    return choices
