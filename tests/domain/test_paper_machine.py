"""A paper through any sequence of commands."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain import paper_commands as ask
from domain import paper_events as happened
from domain.causes import CAUSES, GOOD
from domain.errors import AlreadyExists, CommandRefused, InvalidValue, NotAllowed
from domain.identifiers import Identifier
from domain.paper import DECIDER, Paper
from domain.paper_events import identifier_changes, status_after
from domain.pipeline import ALLOWED, IN_TRANSIT, MODULES, RESTING, Status
from tests.domain.machine import AggregateMachine
from tests.domain.papers import SITUATIONS
from tests.strategies import MOMENTS, PAPER_COMMANDS

RESULTS: Mapping[str, tuple[str, ...]] = {
    "locate": ("record copies", "record copies", "record no copy"),
    "download": ("record download", "record doubt", "record failure"),
}
GOES_ON: Mapping[Status, tuple[str, ...]] = {
    Status.NEW: ("queue", "start processing"),
    Status.LOCATED: ("queue", "start processing"),
    Status.PENDING: ("start processing",),
    Status.UNAVAILABLE: ("reopen",),
    Status.DONE: ("lose file", "remove file"),
    Status.DOUBTFUL: ("settle doubt", "lose file", "reopen"),
    Status.FAILED: ("reopen",),
    Status.EXCLUDED: ("reinstate",),
}
"""Commands that keep a paper moving; without them it would soon be done or excluded for good."""
ENDS_ATTEMPT = (
    happened.CopiesLocated,
    happened.NotLocated,
    happened.Downloaded,
    happened.Doubted,
    happened.Failed,
)


def _module_takes(command: Any, paper: Paper) -> bool:
    planned = paper.module in {None, command.module}
    return planned and command.module in MODULES and paper.resting in MODULES[command.module].takes


def _is_planned_for_it(command: Any, paper: Paper) -> bool:
    planned = paper.due if paper.status is Status.PENDING else None
    return command.due is None or command.due.astimezone(UTC) == planned


def _within(module: str) -> Callable[[Any, Paper], bool]:
    return lambda _, paper: paper.module == module


# What must be true of a command beside its cell in the table, and what it is refused with otherwise.
CONDITIONS: Mapping[type[ask.Command], tuple[Callable[[Any, Paper], bool], ...]] = {
    ask.Queue: (_module_takes,),
    ask.StartProcessing: (_module_takes, _is_planned_for_it),
    ask.RecordTry: (lambda c, _: c.outcome in {*CAUSES, *GOOD},),
    ask.RecordAnswers: (_within("locate"), lambda c, _: all(a.said in {*CAUSES, *happened.KNEW} for a in c.answers)),
    ask.RecordCopies: (_within("locate"), lambda c, _: bool(c.copies)),
    ask.RecordNoCopy: (_within("locate"), lambda c, _: c.cause in CAUSES),
    ask.RecordDownload: (_within("download"),),
    ask.RecordDoubt: (_within("download"),),
    ask.RecordFailure: (_within("download"), lambda c, _: c.cause in CAUSES),
    ask.Defer: (lambda c, _: c.cause in CAUSES,),
    ask.BlockCopy: (lambda c, _: c.cause in CAUSES,),
    ask.CorrectIdentifier: (
        lambda c, paper: c.wrong in paper.identifiers,
        lambda c, paper: c.right == c.wrong or c.right not in paper.identifiers,
    ),
    ask.Revert: (lambda c, paper: paper.status is Status.PENDING or not c.pending,),
    ask.RenameFile: (lambda c, paper: paper.file is None or c.was in {c.path, paper.file.path},),
    ask.Reinstate: (lambda _, paper: paper.merged_into is None,),
    ask.Reopen: (lambda c, paper: not c.back or paper.before is not None,),
    ask.RemoveFile: (lambda _, paper: paper.before_gift is not None,),
}


class PaperMachine(AggregateMachine):
    """One paper, commands that are possible now, and commands that may not be."""

    decider = DECIDER

    @initialize(situation=st.sampled_from(sorted(SITUATIONS)))
    def begins_in_some_situation(self, situation: str) -> None:
        for command in SITUATIONS[situation]:
            self.send(command)

    @rule(data=st.data())
    @precondition(lambda self: self.state.status is Status.PENDING)
    def starts_the_job_that_is_planned(self, data: st.DataObject) -> None:
        before: Paper = self.state
        command = data.draw(PAPER_COMMANDS[ask.StartProcessing.NAME])
        self.meets(evolve(command, module=before.module, due=before.due))
        assert (self.state.status, self.state.due) == (Status.PROCESSING, before.due)

    @rule(data=st.data(), replan=st.booleans())
    @precondition(lambda self: self.state.status in IN_TRANSIT)
    def is_taken_back(self, data: st.DataObject, replan: bool) -> None:
        before: Paper = self.state
        self.meets(ask.Revert(why="pause", replan=replan))
        planned_anew = replan and before.due is not None
        assert self.state.status is (Status.PENDING if planned_anew else before.resting)
        assert (self.state.due, self.state.hour) == ((before.due, before.hour) if planned_anew else (None, None))

    @invariant()
    def knows_of_no_job_where_it_rests(self) -> None:
        if self.state.status not in IN_TRANSIT:
            at_rest = (self.state.due, self.state.hour, self.state.attempt, self.state.worker, self.state.by_hand)
            assert at_rest == (None, None, None, None, False)

    @rule(data=st.data())
    def is_asked_for_what_its_status_allows(self, data: st.DataObject) -> None:
        allowed = sorted(name for name, statuses in ALLOWED.items() if self.state.status in statuses)
        self.meets(data.draw(PAPER_COMMANDS[data.draw(st.sampled_from(allowed))]))

    def is_moved(self, data: st.DataObject) -> None:
        module = self.state.module or ("locate" if self.state.status is Status.NEW else "download")
        names = RESULTS[module] if self.state.status is Status.PROCESSING else GOES_ON[self.state.status]
        command = data.draw(PAPER_COMMANDS[data.draw(st.sampled_from(names))])
        self.meets(evolve(command, module=module) if isinstance(command, (ask.Queue, ask.StartProcessing)) else command)

    moves = rule(data=st.data())(is_moved)
    moves_again = rule(data=st.data())(is_moved)

    @rule(command=st.one_of(*PAPER_COMMANDS.values()))
    def is_asked_for_anything(self, command: ask.Command) -> None:
        self.meets(command)

    def meets(self, command: ask.Command) -> None:
        before: Paper = self.state
        outcome = self.send(command)
        if isinstance(command, ask.Register):
            assert isinstance(outcome, AlreadyExists)
        elif before.status not in ALLOWED[command.NAME]:
            assert isinstance(outcome, NotAllowed)
        elif not all(holds(command, before) for holds in CONDITIONS.get(type(command), ())):
            assert isinstance(outcome, (NotAllowed, InvalidValue))
        else:
            assert not isinstance(outcome, CommandRefused)
            self.leaves_what_the_module_leaves(command, before)

    def leaves_what_the_module_leaves(self, command: ask.Command, before: Paper) -> None:
        if before.module is not None and command.NAME in RESULTS[before.module]:
            assert self.state.status in MODULES[before.module].leaves

    @invariant()
    def has_the_status_that_its_last_event_leads_to(self) -> None:
        statuses = [status for happened in self.events if (status := status_after(happened)) is not None]
        assert self.state.status == (statuses[-1] if statuses else None)

    @invariant()
    def is_in_transit_with_a_module_and_only_then(self) -> None:
        paper: Paper = self.state
        assert (paper.status in IN_TRANSIT) == (paper.module is not None)
        assert (paper.status is Status.PROCESSING) == (paper.attempt is not None) == (paper.worker is not None)
        assert paper.status is Status.PROCESSING or not paper.tried

    @invariant()
    def has_left_a_status_that_its_module_takes(self) -> None:
        paper: Paper = self.state
        if paper.module is None:
            assert paper.status in {paper.resting, None}
        else:
            assert paper.resting in MODULES[paper.module].takes

    @invariant()
    def has_a_file_where_its_status_says_so(self) -> None:
        paper: Paper = self.state
        status = paper.before.status if paper.before and paper.status is Status.EXCLUDED else paper.status
        assert (paper.file is not None) == (status in {Status.DONE, Status.DOUBTFUL})
        assert paper.file is not None or paper.file_url is None

    @invariant()
    def knows_how_it_rested_while_it_is_set_aside_or_given_up(self) -> None:
        paper: Paper = self.state
        asides = (happened.Excluded, happened.Withdrawn, happened.Merged, happened.MarkedUnavailable)
        last = next((one for one in reversed(self.events) if status_after(one) is not None), None)
        assert (paper.before is not None) == isinstance(last, asides)

    @invariant()
    def holds_the_identifiers_it_took_and_did_not_give_up(self) -> None:
        held: dict[Identifier, bool] = {}
        for happening in self.events:
            held |= dict(identifier_changes(happening))
        assert {identifier for identifier, holds in held.items() if holds} == set(self.state.identifiers)
        assert len(set(self.state.identifiers)) == len(self.state.identifiers)

    @invariant()
    def counts_the_attempts_that_ended_with_a_result(self) -> None:
        assert self.state.attempts == sum(isinstance(happening, ENDS_ATTEMPT) for happening in self.events)

    @invariant()
    def has_a_cause_that_is_in_the_list(self) -> None:
        assert self.state.cause is None or self.state.cause in CAUSES

    @precondition(lambda self: self.state.status in IN_TRANSIT)
    @rule(until=MOMENTS)
    def can_be_deferred_to_where_its_module_takes_it(self, until: datetime) -> None:
        module = self.state.module
        self.send(ask.Defer(until=until, cause="rate_limited"))
        assert self.state.status in MODULES[module].takes
        assert self.state.not_before == until.astimezone(UTC)

    def teardown(self) -> None:
        if self.state.status in IN_TRANSIT:
            module = self.state.module
            self.send(ask.Revert(why="end"))
            assert self.state.status in MODULES[module].takes & RESTING
        super().teardown()


TestPaperMachine = PaperMachine.TestCase
# Many short lives meet more cells of the table than few long ones.
TestPaperMachine.settings = settings(max_examples=5 * settings().max_examples, stateful_step_count=20)
