"""The statuses of a paper, drawn from what the domain does."""

from collections.abc import Iterator
from itertools import product

from domain.paper_events import LEADS_TO, Registered
from domain.pipeline import ALLOWED, IN_TRANSIT, MODULES, REVERTS_FIRST, Status
from tests.docs.pages import table
from tests.domain.papers import SITUATIONS, a_paper
from tests.domain.spec import attempt
from tests.domain.test_paper_table import COMMANDS, name_of, status_of

FROM_OUTSIDE = (
    "correct identifier",
    "settle doubt",
    "reopen",
    "mark unavailable",
    "attach file",
    "exclude",
    "withdraw",
    "merge",
    "reinstate",
    "lose file",
    "remove file",
)
"""Commands that do not come from the pipeline; they are told in a table of their own."""


def diagram() -> str:
    """How the program itself moves a paper, as a state diagram for Mermaid."""
    lines = [
        "```mermaid",
        "stateDiagram-v2",
        *_states(),
        f"    [*] --> {_node(LEADS_TO[Registered])}: paper.registered",
    ]
    lines += [f"    {start} --> {end}: {', '.join(sorted(labels))}" for (start, end), labels in _edges().items()]
    return "\n".join([*lines, "```"])


def _states() -> Iterator[str]:
    for status, module in product(sorted(IN_TRANSIT), MODULES):
        yield f'    state "{status}: {module}" as {status}_{module}'


def _node(status: Status, module: str | None = None) -> str:
    return f"{status}_{module}" if module else str(status)


def _edges() -> dict[tuple[str, str], set[str]]:
    edges: dict[tuple[str, str], set[str]] = {}
    for situation, (name, command) in product(SITUATIONS, COMMANDS.items()):
        if name_of(name) in FROM_OUTSIDE:
            continue
        before, met = a_paper(situation), a_paper(situation).when(command)
        events = attempt(before.decider, command, before.state)
        if not isinstance(events, tuple) or not events:
            continue
        after, was = met.state, before.state
        if (
            after.status is not None
            and was.status is not None
            and (after.status, after.module) != (was.status, was.module)
        ):
            edge = (_node(was.status, was.module), _node(after.status, after.module))
            edges.setdefault(edge, set()).add(events[-1].TYPE)
    return edges


def decisions_from_outside() -> str:
    """What can be decided about a paper outside of the pipeline, in which status, and where it leads."""
    statuses = [status for status in Status if status not in IN_TRANSIT]
    rows = (
        (_shown(name), *(_outcome(name, status) for status in statuses), "first goes back" if _reverts(name) else "–")
        for name in COMMANDS
        if name_of(name) in FROM_OUTSIDE
    )
    return table(("", *(str(status) for status in statuses), "in transit"), rows)


def _shown(name: str) -> str:
    return name.replace("/", ": ")


def _reverts(name: str) -> bool:
    return name_of(name) in REVERTS_FIRST


def _outcome(name: str, status: Status) -> str:
    if status not in ALLOWED[name_of(name)]:
        return "–"
    papers = [a_paper(situation) for situation in SITUATIONS if status_of(situation) is status]
    after = next(
        paper.decider.fold(events, paper.state).status
        for paper in papers
        if isinstance(events := attempt(paper.decider, COMMANDS[name], paper.state), tuple)
    )
    return "stays" if after is status else str(after)
