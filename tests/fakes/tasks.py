"""Tasks in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from attrs import define, evolve, field

from application.ports.tasks import Report, Task, TaskStatus
from tests.fakes.clock import FakeClock


@define
class FakeTasks:
    """Stand-in for application.ports.tasks.Tasks. `told` has everything that was reported."""

    clock: FakeClock = field(factory=FakeClock)
    tasks: dict[str, Task] = field(factory=dict)
    told: list[tuple[int, int]] = field(factory=list)

    @contextmanager
    def run(self, kind: str, title: str, task: str = "") -> Iterator[Report]:
        """See the port."""
        name, now = task or f"task {len(self.tasks)}", self.clock.now()
        self.tasks[name] = Task(
            id=name,
            kind=kind,
            title=title,
            status=TaskStatus.RUNNING,
            done=0,
            whole=0,
            started_at=now,
            updated_at=now,
        )

        def report(done: int, whole: int) -> None:
            self.told.append((done, whole))
            self.tasks[name] = evolve(self.tasks[name], done=done, whole=whole)

        try:
            yield report
        except BaseException as error:
            self.tasks[name] = evolve(self.tasks[name], status=TaskStatus.FAILED, detail=str(error))
            raise
        self.tasks[name] = evolve(self.tasks[name], status=TaskStatus.FINISHED)

    def recent(self, limit: int = 50) -> Sequence[Task]:
        """See the port."""
        return list(reversed(self.tasks.values()))[:limit]
