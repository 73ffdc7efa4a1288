"""What papers do, one behaviour a test."""

from datetime import timedelta, timezone

import pytest
from attrs import evolve

from domain import paper_commands as ask
from domain import paper_events as happened
from domain.copies import Copy
from domain.errors import InvalidValue, NotAllowed
from domain.metadata import Metadata
from domain.paper import DECIDER, stream_of
from domain.pipeline import Status
from tests.domain.papers import (
    BETTER_FILE,
    COPY,
    DOI,
    FILE,
    LOCATED,
    MOMENT,
    OTHER_COPY,
    OTHER_DOI,
    PMID,
    REGISTER,
    a_paper,
    queue,
    start,
)
from tests.domain.spec import given


def test_a_stream_is_named_after_the_paper() -> None:
    assert stream_of("0190-7") == "paper-0190-7"


class TestRegistering:
    def test_a_paper_begins_with_its_identifiers_and_metadata(self) -> None:
        new = given(DECIDER).when(REGISTER).state
        assert (new.status, new.identifiers, new.metadata) == (Status.NEW, (DOI,), REGISTER.metadata)

    def test_an_identifier_named_twice_is_taken_once(self) -> None:
        given(DECIDER).when(ask.Register(identifiers=(DOI, PMID, DOI))).then(
            happened.Registered(identifiers=(DOI, PMID))
        )

    def test_a_paper_without_identifier_is_refused(self) -> None:
        assert given(DECIDER).when(ask.Register(identifiers=())).refused(InvalidValue).field == "identifiers"


class TestMetadata:
    def test_only_what_is_new_is_recorded(self) -> None:
        told = Metadata(title="On Things", journal="Acta")
        a_paper("done").when(ask.UpdateMetadata(source="crossref", metadata=told)).then(
            happened.MetadataUpdated(source="crossref", metadata=Metadata(journal="Acta"))
        )

    def test_nothing_new_is_nothing_recorded(self) -> None:
        a_paper("new").when(ask.UpdateMetadata(source="crossref", metadata=Metadata(title="On Things"))).then()

    def test_what_is_known_stays_where_the_news_do_not_speak_of_it(self) -> None:
        told = ask.UpdateMetadata(source="crossref", metadata=Metadata(title="Of Things"))
        assert a_paper("new").when(told).state.metadata == Metadata(title="Of Things", year=2020)


class TestIdentifiers:
    def test_one_more(self) -> None:
        assert a_paper("new").when(ask.AddIdentifier(identifier=PMID, source="pubmed")).state.identifiers == (DOI, PMID)

    def test_one_that_the_paper_has_changes_nothing(self) -> None:
        a_paper("new").when(ask.AddIdentifier(identifier=DOI, source="pubmed")).then()

    def test_a_corrected_one_keeps_its_place(self) -> None:
        paper = a_paper("new").after(ask.AddIdentifier(identifier=PMID, source="pubmed"))
        corrected = paper.when(ask.CorrectIdentifier(wrong=DOI, right=OTHER_DOI)).state
        assert corrected.identifiers == (OTHER_DOI, PMID)

    def test_copies_of_the_wrong_work_are_forgotten(self) -> None:
        corrected = a_paper("located").when(ask.CorrectIdentifier(wrong=DOI, right=OTHER_DOI)).state
        assert (corrected.status, corrected.copies) == (Status.NEW, ())

    def test_a_file_of_a_corrected_paper_that_gets_lost_is_not_fetched_from_the_old_copies(self) -> None:
        corrected = a_paper("done").after(ask.CorrectIdentifier(wrong=DOI, right=OTHER_DOI))
        assert corrected.when(ask.LoseFile(why="missing")).state.status is Status.NEW

    def test_correcting_to_the_same_changes_nothing(self) -> None:
        a_paper("failed").when(ask.CorrectIdentifier(wrong=DOI, right=DOI)).then()

    def test_only_an_identifier_of_the_paper_can_be_wrong(self) -> None:
        wrong = a_paper("new").when(ask.CorrectIdentifier(wrong=PMID, right=OTHER_DOI)).refused(InvalidValue)
        assert wrong.field == "wrong"

    def test_the_right_one_cannot_be_one_that_the_paper_has_already(self) -> None:
        paper = a_paper("new").after(ask.AddIdentifier(identifier=PMID, source="pubmed"))
        assert paper.when(ask.CorrectIdentifier(wrong=DOI, right=PMID)).refused(InvalidValue).field == "right"


class TestTransit:
    @pytest.mark.parametrize("command", [queue("print"), start("print")])
    def test_there_are_no_other_modules(self, command: ask.Command) -> None:
        refusal = a_paper("new").when(command).refused(InvalidValue)
        assert "locate, download" in refusal.remedy

    def test_a_planned_attempt_starts_in_its_module_only(self) -> None:
        refusal = a_paper("pending/download").when(start("locate")).refused(NotAllowed)
        assert refusal.command == "start processing for locate"

    def test_an_attempt_knows_its_worker_until_it_ends(self) -> None:
        running = a_paper("processing/download")
        assert (running.state.worker, running.state.attempt) == ("worker 1", "attempt 1")
        stopped = running.when(ask.Revert(why="stopped")).state
        assert (stopped.worker, stopped.attempt, stopped.module) == (None, None, None)

    @pytest.mark.parametrize("command", [ask.Revert(why="stopped"), ask.Exclude(reason="off topic")])
    def test_a_paper_goes_back_to_the_status_it_left_whatever_copies_it_has(self, command: ask.Command) -> None:
        relocating = a_paper("located").after(ask.Reopen(why="asked"), start("locate"))
        reverted, *_ = relocating.when(command).events
        assert isinstance(reverted, happened.Reverted)
        assert reverted.to is Status.NEW

    def test_reverting_does_not_count_as_an_attempt(self) -> None:
        running = a_paper("processing/download")
        assert running.when(ask.Revert(why="crashed")).state.attempts == running.state.attempts

    def test_a_deferred_paper_waits_where_it_was(self) -> None:
        running = a_paper("processing/download")
        waiting = running.when(ask.Defer(until=MOMENT, cause="rate_limited")).state
        assert (waiting.status, waiting.not_before, waiting.cause) == (Status.LOCATED, MOMENT, "rate_limited")
        assert waiting.attempts == running.state.attempts

    def test_a_moment_without_zone_is_refused(self) -> None:
        naive = MOMENT.replace(tzinfo=None)
        assert a_paper("new").when(ask.Queue(module="locate", due=naive)).refused(InvalidValue).field == "due"
        deferred = ask.Defer(until=naive, cause="rate_limited")
        assert a_paper("processing/locate").when(deferred).refused(InvalidValue).field == "until"

    def test_moments_are_kept_in_utc(self) -> None:
        elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45)))
        (queued,) = a_paper("new").when(ask.Queue(module="locate", due=elsewhere)).events
        assert isinstance(queued, happened.Queued)
        assert queued.due.isoformat() == "2026-03-01T09:30:00+00:00"


class TestTrying:
    def test_a_try_is_remembered_until_the_attempt_ends(self) -> None:
        slow = ask.RecordTry(url=COPY.url, source="unpaywall", outcome="timeout")
        good = ask.RecordTry(url=OTHER_COPY.url, source="openalex", outcome="ok")
        tried = a_paper("processing/download").after(slow, good)
        assert tried.state.tried == ("timeout", "ok")
        assert tried.when(ask.RecordFailure(cause="timeout")).state.tried == ()

    def test_a_url_that_is_not_worth_another_try_is_blocked(self) -> None:
        gone = ask.RecordTry(url=COPY.url, source="unpaywall", outcome="not_found")
        _, blocked = a_paper("processing/download").when(gone).events
        assert blocked == happened.CandidateBlocked(url=COPY.url, cause="not_found")
        assert a_paper("processing/download").when(gone).state.open_copies == (OTHER_COPY,)

    def test_a_url_is_blocked_once(self) -> None:
        gone = ask.RecordTry(url=COPY.url, source="unpaywall", outcome="not_found")
        (again,) = a_paper("processing/download").after(gone).when(gone).events
        assert isinstance(again, happened.CandidateTried)

    def test_an_outcome_is_ok_or_a_cause(self) -> None:
        strange = ask.RecordTry(url=COPY.url, source="unpaywall", outcome="bad luck")
        assert a_paper("processing/download").when(strange).refused(InvalidValue).field == "outcome"

    @pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
    def test_a_time_that_cannot_be_stored_is_refused(self, seconds: float) -> None:
        timed = ask.RecordTry(url=COPY.url, source="unpaywall", outcome="ok", seconds=seconds)
        assert a_paper("processing/download").when(timed).refused(InvalidValue).field == "seconds"


class TestResults:
    def test_located_means_that_there_is_a_copy(self) -> None:
        assert a_paper("processing/locate").when(ask.RecordCopies(copies=())).refused(InvalidValue).field == "copies"

    @pytest.mark.parametrize(
        ("situation", "command"),
        [
            ("processing/locate", ask.RecordNoCopy(cause="bad luck")),
            ("processing/download", ask.RecordFailure(cause="bad luck")),
            ("processing/download", ask.Defer(until=MOMENT, cause="bad luck")),
            ("done", ask.BlockCopy(url=COPY.url, cause="bad luck")),
        ],
    )
    def test_causes_are_those_of_the_list(self, situation: str, command: ask.Command) -> None:
        assert a_paper(situation).when(command).refused(InvalidValue).value == "bad luck"

    def test_a_result_belongs_to_its_module(self) -> None:
        refusal = a_paper("processing/locate").when(ask.RecordFailure(cause="timeout")).refused(NotAllowed)
        assert refusal.state == "processed by locate"

    def test_a_failed_paper_knows_why_and_until_when(self) -> None:
        failed = a_paper("processing/download").when(ask.RecordFailure(cause="timeout", not_before=MOMENT)).state
        assert (failed.cause, failed.not_before) == ("timeout", MOMENT)

    def test_a_failed_paper_may_wait_for_ever(self) -> None:
        failed = a_paper("processing/download").when(ask.RecordFailure(cause="open_but_blocked")).state
        assert (failed.cause, failed.not_before) == ("open_but_blocked", None)

    def test_setbacks_are_counted_until_something_is_found(self) -> None:
        """Attempts without a copy or a file add up; a copy or a file begins anew."""
        counts = {situation: a_paper(situation).state.setbacks for situation in ("new", "located", "failed", "done")}
        assert counts == {"new": 0, "located": 0, "failed": 1, "done": 0}

    def test_attempts_with_a_result_are_counted(self) -> None:
        counts = {situation: a_paper(situation).state.attempts for situation in ("new", "located", "failed", "done")}
        assert counts == {"new": 0, "located": 1, "failed": 2, "done": 2}

    def test_an_unavailable_paper_forgets_the_copies_it_had(self) -> None:
        again = given(DECIDER).after(*LOCATED, ask.Reopen(why="asked"), start("locate"))
        assert again.when(ask.RecordNoCopy(cause="no_open_copy")).state.copies == ()

    def test_a_result_ends_the_waiting_for_an_earlier_one(self) -> None:
        waiting = a_paper("processing/download").after(ask.Defer(until=MOMENT, cause="rate_limited"), start("download"))
        done = waiting.when(ask.RecordDownload(file=FILE, copy=COPY)).state
        assert (done.file, done.file_url, done.cause, done.not_before) == (FILE, COPY.url, None, None)


class TestDoubt:
    def test_an_accepted_file_stays(self) -> None:
        accepted = a_paper("doubtful").when(ask.SettleDoubt(accepted=True)).state
        assert (accepted.status, accepted.file) == (Status.DONE, FILE)

    def test_a_rejected_file_goes_and_its_copy_is_blocked(self) -> None:
        a_paper("doubtful").when(ask.SettleDoubt(accepted=False)).then(
            happened.CandidateBlocked(url=COPY.url, cause="wrong_document"),
            happened.DoubtSettled(accepted=False, to=Status.LOCATED),
        )
        rejected = a_paper("doubtful").when(ask.SettleDoubt(accepted=False)).state
        assert (rejected.file, rejected.cause, rejected.open_copies) == (None, "wrong_document", (OTHER_COPY,))

    def test_the_paper_failed_if_no_other_copy_is_left(self) -> None:
        last = a_paper("doubtful").after(ask.BlockCopy(url=OTHER_COPY.url, cause="not_found"))
        assert last.when(ask.SettleDoubt(accepted=False)).state.status is Status.FAILED

    def test_a_copy_that_is_blocked_already_is_not_blocked_again(self) -> None:
        blocked = a_paper("doubtful").after(ask.BlockCopy(url=COPY.url, cause="wrong_document"))
        (settled,) = blocked.when(ask.SettleDoubt(accepted=False)).events
        assert settled == happened.DoubtSettled(accepted=False, to=Status.LOCATED)


class TestGoingBack:
    def test_a_failed_paper_without_open_copy_is_located_anew(self) -> None:
        failed = a_paper("failed").after(
            ask.BlockCopy(url=COPY.url, cause="not_found"), ask.BlockCopy(url=OTHER_COPY.url, cause="not_found")
        )
        assert failed.when(ask.Reopen(why="asked")).state.status is Status.NEW

    def test_a_block_holds_for_every_spelling_of_the_url(self) -> None:
        http = "http://Journal.example/article/7.pdf/"
        assert a_paper("failed").when(ask.BlockCopy(url=http, cause="not_found")).state.open_copies == (OTHER_COPY,)

    def test_a_reopened_paper_forgets_why_and_how_long_it_waited(self) -> None:
        reopened = a_paper("failed").when(ask.Reopen(why="asked")).state
        assert (reopened.cause, reopened.not_before) == (None, None)

    @pytest.mark.parametrize("command", [ask.Reopen(why="asked"), ask.MarkUnavailable(reason="only a preview")])
    def test_a_doubtful_file_is_given_up_with_the_status(self, command: ask.Command) -> None:
        assert a_paper("doubtful").when(command).state.file is None

    def test_a_lost_file_is_forgotten(self) -> None:
        lost = a_paper("done").when(ask.LoseFile(why="altered")).state
        assert (lost.file, lost.file_url) == (None, None)

    def test_a_request_elsewhere_is_noted(self) -> None:
        assert a_paper("unavailable").when(ask.Request(note="loan")).state.requested


class TestFilesByHand:
    @pytest.mark.parametrize("situation", ["new", "located", "unavailable", "failed"])
    def test_one_that_is_taken_back_leaves_the_paper_where_it_was(self, situation: str) -> None:
        before = a_paper(situation)
        given_back = before.after(ask.AttachFile(file=FILE), ask.AttachFile(file=BETTER_FILE), ask.RemoveFile())
        after = given_back.state
        assert (after.status, after.cause, after.not_before) == (
            before.state.status,
            before.state.cause,
            before.state.not_before,
        )
        assert (after.file, after.before_gift) == (None, None)

    @pytest.mark.parametrize("situation", ["done", "doubtful"])
    def test_one_that_took_the_place_of_another_leaves_it_to_be_fetched_again(self, situation: str) -> None:
        after = a_paper(situation).after(ask.AttachFile(file=BETTER_FILE), ask.RemoveFile()).state
        assert (after.status, after.file) == (Status.LOCATED, None)

    def test_after_a_correction_the_paper_begins_anew(self) -> None:
        given_back = a_paper("failed").after(
            ask.AttachFile(file=FILE), ask.CorrectIdentifier(wrong=DOI, right=OTHER_DOI), ask.RemoveFile()
        )
        assert (given_back.state.status, given_back.state.cause) == (Status.NEW, None)

    def test_one_that_the_program_found_is_not_taken_back(self) -> None:
        a_paper("done").when(ask.RemoveFile()).refused(NotAllowed)

    def test_the_first_file_is_attached(self) -> None:
        a_paper("unavailable").when(ask.AttachFile(file=FILE, note="mail")).then(
            happened.FileAttached(file=FILE, note="mail")
        )

    def test_a_file_gets_another_name_and_stays_what_it_is(self) -> None:
        rename = ask.RenameFile(path="2020/another.pdf", was=FILE.path)
        renamed = a_paper("done").when(rename)
        renamed.then(happened.FileRenamed(path="2020/another.pdf", was=FILE.path))
        assert renamed.state.file == evolve(FILE, path="2020/another.pdf")
        assert renamed.state.status is Status.DONE

    def test_a_file_that_the_paper_has_no_more_is_not_renamed(self) -> None:
        assert a_paper("done").when(ask.RenameFile(path="b.pdf", was="another.pdf")).refused(NotAllowed)
        a_paper("done").when(ask.RenameFile(path=FILE.path, was=FILE.path)).then()
        a_paper("excluded").when(ask.RenameFile(path="b.pdf", was=FILE.path)).then()

    def test_another_file_replaces_it(self) -> None:
        a_paper("done").when(ask.AttachFile(file=BETTER_FILE)).then(happened.FileReplaced(file=BETTER_FILE))
        replaced = a_paper("doubtful").when(ask.AttachFile(file=BETTER_FILE)).state
        assert (replaced.status, replaced.file, replaced.file_url) == (Status.DONE, BETTER_FILE, None)


class TestSettingAside:
    @pytest.mark.parametrize("situation", ["new", "located", "unavailable", "done", "doubtful", "failed"])
    def test_a_reinstated_paper_is_where_it_was(self, situation: str) -> None:
        paper = a_paper(situation)
        back = paper.after(ask.Exclude(reason="off topic"), ask.Reinstate()).state
        assert evolve(back, wanted_anyway=False) == paper.state

    @pytest.mark.parametrize("situation", ["new", "located", "failed"])
    def test_a_paper_that_was_given_up_by_mistake_is_where_it_was(self, situation: str) -> None:
        paper = a_paper(situation)
        back = paper.after(ask.MarkUnavailable(reason="out of print"), ask.Reopen(why="oops", back=True)).state
        assert back == paper.state

    def test_a_doubtful_file_that_was_given_up_does_not_come_back(self) -> None:
        given_up = a_paper("doubtful").after(ask.MarkUnavailable(reason="out of print"))
        back = given_up.when(ask.Reopen(why="oops", back=True)).state
        assert (back.status, back.file, back.cause) == (Status.LOCATED, None, None)

    @pytest.mark.parametrize("situation", ["unavailable", "failed"])
    def test_what_nobody_gave_up_is_not_taken_back(self, situation: str) -> None:
        refusal = a_paper(situation).when(ask.Reopen(why="oops", back=True)).refused(NotAllowed)
        assert refusal.state == f"{situation}, but given up by nobody"

    def test_a_paper_excluded_in_transit_comes_back_at_rest(self) -> None:
        back = a_paper("processing/download").after(ask.Exclude(reason="off topic"), ask.Reinstate()).state
        assert (back.status, back.module) == (Status.LOCATED, None)

    def test_an_excluded_paper_is_not_waited_for(self) -> None:
        assert a_paper("failed").when(ask.Exclude(reason="off topic")).state.not_before is None

    def test_withdrawing_is_told_from_excluding(self) -> None:
        withdrawn = a_paper("done").after(ask.Withdraw(reason="undone"))
        assert withdrawn.state.withdrawn
        assert not withdrawn.when(ask.Reinstate()).state.withdrawn
        assert not a_paper("excluded").state.withdrawn

    def test_a_merged_paper_hands_its_identifiers_over(self) -> None:
        a_paper("new").when(ask.Merge(into="another")).then(happened.Merged(into="another", identifiers=(DOI,)))
        merged = a_paper("new").when(ask.Merge(into="another")).state
        assert (merged.identifiers, merged.merged_into) == ((), "another")

    def test_a_merged_paper_does_not_come_back(self) -> None:
        refusal = a_paper("done").after(ask.Merge(into="another")).when(ask.Reinstate()).refused(NotAllowed)
        assert refusal.state == "merged into another"


def test_a_copy_whose_url_is_broken_can_be_blocked_too() -> None:
    broken = Copy(url="http://[broken", source="openalex")
    located = given(DECIDER).after(REGISTER, start("locate"), ask.RecordCopies(copies=(broken,)))
    assert located.when(ask.BlockCopy(url=broken.url, cause="not_found")).state.open_copies == ()
