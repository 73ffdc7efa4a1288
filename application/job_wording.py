"""Jobs in words, for people. Pure."""

from collections.abc import Mapping

from application.formats import listed, number
from application.queries import JobRow, JobStatus
from application.wording import REASONS, cause_sentence
from domain.causes import CAUSES


def why(job: JobRow) -> str:
    """Why the job ended as it did; "" where there is nothing to say."""
    if job.reason is None:
        return ""
    if job.reason in CAUSES:
        return cause_sentence(job.reason)
    told = REASONS.get(job.reason, job.reason)
    return f"{told[:1].upper()}{told[1:]}."


def counted(counts: Mapping[JobStatus, int]) -> str:
    """So many jobs of each status: 12 planned, 2 running and 3 finished."""
    return listed([f"{number(counts[status])} {status}" for status in JobStatus if counts.get(status)]) or "none"
