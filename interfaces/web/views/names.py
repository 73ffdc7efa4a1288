"""The names of files: what a pattern makes of a few papers, and what renaming would do."""

from attrs import frozen

from application.ports.renaming import Move
from application.ports.tasks import Task, TaskStatus
from application.renaming import Planned
from domain.errors import SciPaperLoaderError
from interfaces.container import Container

LONGEST = 2_000


@frozen(kw_only=True)
class ExamplesView:
    """How files of a few papers would be called; `fault` tells why that cannot be said."""

    pattern: str
    examples: tuple[Move, ...] = ()
    fault: SciPaperLoaderError | None = None


@frozen(kw_only=True)
class NamesView:
    """The page. `planned` is None while files are being renamed, and where the library is not there."""

    pattern: str
    tried: ExamplesView
    planned: Planned | None
    task: Task | None
    is_running: bool
    begun: bool
    """Whether it was just asked for, and has not begun."""
    trouble: SciPaperLoaderError | None
    position: int


def examples_view(container: Container, pattern: str) -> ExamplesView:
    """The view of a pattern as it was typed; of the one in use where it is empty."""
    typed = pattern.strip()[:LONGEST] or container.settings.name_pattern
    try:
        return ExamplesView(pattern=typed, examples=container.renaming.examples(typed))
    except SciPaperLoaderError as fault:
        return ExamplesView(pattern=typed, fault=fault)


def names_view(container: Container, pattern: str, *, begun: bool = False) -> NamesView:
    """The view; every file's name is looked at, but while they change."""
    position, task = container.log.head().position, container.renaming.task()
    is_running = task is not None and task.status is TaskStatus.RUNNING
    planned, trouble = None, None
    if not is_running:
        try:
            planned = container.renaming.plan()
        except SciPaperLoaderError as error:
            trouble = error
    return NamesView(
        pattern=container.settings.name_pattern,
        tried=examples_view(container, pattern),
        planned=planned,
        task=task,
        is_running=is_running,
        begun=begun and planned is not None and planned.renaming > 0,
        trouble=trouble,
        position=position,
    )
