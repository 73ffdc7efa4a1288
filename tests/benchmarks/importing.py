"""Import of a list, and how long a click takes meanwhile."""

import threading
import time
from pathlib import Path

from application.handling import PROGRAM, Actor, order
from application.importing import BATCH, Request
from domain import schedule
from tests.benchmarks.figures import Figure, rates, seconds, waits
from tests.benchmarks.stores import Store, bare, rows_of, store

ME = Actor(name="bench")


def write_list(path: Path, rows: int) -> Path:
    """A list as a database exports it."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Title,DOI,Authors,Source title,ISSN,Year\n")
        for n in range(rows):
            title = f"On the properties of sample {n} under varying conditions, a study"
            file.write(f'"{title}",10.5555/abc.{n},"Doe, J.; Roe, R.",Journal of Samples,0028-0836,{1990 + n % 35}\n')
    return path


def import_list(one: Store, path: Path) -> None:
    """What an upload does: keep, look at, work through."""
    with path.open("rb") as file:
        upload = one.importing.uploads.keep(iter(lambda: file.read(1 << 20), b""))
    accepted = one.importing.accept(upload, Request(filename=path.name, collection="Bench", actor=ME))
    one.importing.run(accepted.import_id, form=accepted.form)


def _floor(model: Path, target: Path) -> float:
    """The same rows into the same tables with the same indexes, in batches of the same size."""
    tables = {
        "events": ("position", BATCH + 1),
        "papers": ("id", BATCH),
        "transitions": ("position", BATCH),
        "identifiers": ("rowid", BATCH),
        "memberships": ("rowid", BATCH),
    }
    loaded = {name: (*rows_of(model, name, by), size) for name, (by, size) in tables.items()}
    with bare(target) as connection:
        batches = -(-len(loaded["papers"][1]) // BATCH)

        def insert() -> None:
            for number in range(batches):
                connection.execute("BEGIN IMMEDIATE")
                for statement, rows, size in loaded.values():
                    connection.executemany(statement, rows[number * size : (number + 1) * size])
                connection.execute("UPDATE event_head SET position = position + 1")
                connection.execute("COMMIT")

        return seconds(insert)


def imports(base: Path, rows: int) -> Figure:
    """Rows a second of an import, beside bare inserts of what it wrote."""
    path = write_list(base / "list.csv", rows)

    def ours() -> float:
        with store(base) as one:
            took = seconds(lambda: import_list(one, path))
            one.database.close()
            with store(base) as other:
                floors.append(_floor(one.path, other.path))
            return took

    floors: list[float] = []
    return rates(f"import of {rows:,} rows", rows, ours, lambda: floors[-1], bound=3, unit="rows/s")


def clicks(base: Path, rows: int) -> Figure:
    """How long a command of a person takes while an import runs: the 95th percentile, in milliseconds."""
    path, took = write_list(base / "list.csv", rows), list[float]()
    with store(base) as one:
        importing = threading.Thread(target=import_list, args=(one, path))
        idle = [_click(one, n) for n in range(50)]
        importing.start()
        while importing.is_alive():
            took.append(_click(one, len(took) + 100))
            time.sleep(0.02)
        importing.join()
    name = f"a click during an import ({len(took)} clicks), 95th percentile, beside an idle one"
    return waits(name, took, idle, bound=300)


def _click(one: Store, number: int) -> float:
    command = schedule.ChangeVolume(volume=1 + number % 90_000)
    return seconds(lambda: order(one.log, schedule.DECIDER, schedule.STREAM, (command,), PROGRAM, "click")) * 1000
