"""Jobs in words, for people. Pure."""

from collections.abc import Mapping

from application.formats import listed, number
from application.queries import JobRow, JobStatus
from application.wording import REASONS, cause_sentence
from domain.causes import CAUSES

LABELS: Mapping[JobStatus, str] = {
    JobStatus.PLANNED: "Planned",
    JobStatus.RUNNING: "Running",
    JobStatus.FINISHED: "Finished",
    JobStatus.FAILED: "Failed",
    JobStatus.DEFERRED: "Put off",
    JobStatus.REVOKED: "Revoked",
    JobStatus.LAPSED: "Lapsed",
    JobStatus.STOPPED: "Stopped",
}
MEANINGS: Mapping[JobStatus, str] = {
    JobStatus.PLANNED: "To come, at a moment of its hour.",
    JobStatus.RUNNING: "Being worked on right now.",
    JobStatus.FINISHED: "The attempt came to its end.",
    JobStatus.FAILED: "Copies are known, but none could be fetched.",
    JobStatus.DEFERRED: "A site asked for patience; it does not count as an attempt.",
    JobStatus.REVOKED: "Taken back by a person.",
    JobStatus.LAPSED: "Not begun when its hour was over; its paper is drawn again later.",
    JobStatus.STOPPED: "Taken back by the switch, after a crash, or with its paper.",
}


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
