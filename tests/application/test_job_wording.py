"""Jobs in words."""

from collections.abc import Mapping

import pytest

from application.job_wording import counted, so_far, to_come
from application.queries import JobStatus

MANY = {
    JobStatus.PLANNED: 15,
    JobStatus.FINISHED: 7,
    JobStatus.FAILED: 1,
    JobStatus.REVOKED: 33,
    JobStatus.STOPPED: 17,
}


@pytest.mark.parametrize(
    ("counts", "coming", "past"),
    [
        (MANY, "15 papers to come", "7 done, 1 failed and 50 taken back so far"),
        (MANY | {JobStatus.RUNNING: 2}, "2 papers in work, 15 to come", "7 done, 1 failed and 50 taken back so far"),
        ({JobStatus.RUNNING: 1}, "1 paper in work", ""),
        ({JobStatus.PLANNED: 1}, "1 paper to come", ""),
        ({JobStatus.FINISHED: 7, JobStatus.DEFERRED: 2}, "7 papers done, none to come", "7 done and 2 put off so far"),
        ({JobStatus.LAPSED: 3}, "no paper to come", "3 lapsed so far"),
        ({}, "no paper to come", ""),
    ],
)
def test_an_hour_is_told_with_what_matters_first(counts: Mapping[JobStatus, int], coming: str, past: str) -> None:
    assert (to_come(counts), so_far(counts)) == (coming, past)


def test_every_status_is_told_in_one_of_the_two() -> None:
    for status in JobStatus:
        assert to_come({status: 3}) != to_come({}) or so_far({status: 3})
    assert counted(MANY) == "15 planned, 7 finished, 1 failed, 33 revoked and 17 stopped"
