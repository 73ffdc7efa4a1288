"""Statuses of a paper, modules of the pipeline, and the table of status x command.

Diagram, documentation and tests are made from these tables; nothing else states them.
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Status(StrEnum):
    """Where a paper is. `pending` and `processing` are in transit, the others are at rest."""

    NEW = "new"
    LOCATED = "located"
    UNAVAILABLE = "unavailable"
    DONE = "done"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    EXCLUDED = "excluded"
    PENDING = "pending"
    PROCESSING = "processing"


IN_TRANSIT = frozenset({Status.PENDING, Status.PROCESSING})
RESTING = frozenset(Status) - IN_TRANSIT
EVERY = frozenset(Status)


@frozen(kw_only=True)
class Module:
    """A stage of the pipeline: the statuses it takes, and those it leaves a paper in."""

    name: str
    takes: frozenset[Status]
    leaves: frozenset[Status]


LOCATE = Module(
    name="locate",
    takes=frozenset({Status.NEW}),
    leaves=frozenset({Status.LOCATED, Status.UNAVAILABLE}),
)
DOWNLOAD = Module(
    name="download",
    takes=frozenset({Status.LOCATED}),
    leaves=frozenset({Status.DONE, Status.DOUBTFUL, Status.FAILED}),
)
MODULES: Mapping[str, Module] = {module.name: module for module in (LOCATE, DOWNLOAD)}

TAKEN = frozenset[Status]().union(*(module.takes for module in MODULES.values()))
"""Resting statuses from which some module goes on."""

ALLOWED: Mapping[str, frozenset[Status]] = {
    "update metadata": EVERY,
    "add identifier": EVERY,
    "correct identifier": RESTING - {Status.EXCLUDED},
    "queue": TAKEN,
    "start processing": TAKEN | {Status.PENDING},
    "record try": frozenset({Status.PROCESSING}),
    "record answers": frozenset({Status.PROCESSING}),
    "record copies": frozenset({Status.PROCESSING}),
    "record no copy": frozenset({Status.PROCESSING}),
    "record download": frozenset({Status.PROCESSING}),
    "record doubt": frozenset({Status.PROCESSING}),
    "record failure": frozenset({Status.PROCESSING}),
    "defer": IN_TRANSIT,
    "revert": IN_TRANSIT,
    "block copy": RESTING,
    "settle doubt": frozenset({Status.DOUBTFUL}),
    "reopen": frozenset({Status.UNAVAILABLE, Status.FAILED, Status.DOUBTFUL, Status.LOCATED}),
    "mark unavailable": frozenset({Status.NEW, Status.LOCATED, Status.FAILED, Status.DOUBTFUL}),
    "request": frozenset({Status.UNAVAILABLE, Status.FAILED, Status.DOUBTFUL, Status.LOCATED}),
    "attach file": EVERY - {Status.EXCLUDED},
    "rename file": frozenset({Status.DONE, Status.DOUBTFUL, Status.EXCLUDED}),
    "lose file": frozenset({Status.DONE, Status.DOUBTFUL}),
    "remove file": frozenset({Status.DONE}),
    "exclude": EVERY - {Status.EXCLUDED},
    "withdraw": EVERY - {Status.EXCLUDED},
    "merge": EVERY - {Status.EXCLUDED},
    "reinstate": frozenset({Status.EXCLUDED}),
}
"""In which statuses a command on a registered paper is allowed."""

REVERTS_FIRST = frozenset({"attach file", "exclude", "withdraw", "merge"})
"""Commands of a person that take a paper out of transit in the same decision."""
