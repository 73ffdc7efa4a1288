"""Jobs in words, for people. Pure."""

from collections.abc import Mapping

from application.formats import listed, number, plural
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


_SO_FAR: Mapping[str, tuple[JobStatus, ...]] = {
    "done": (JobStatus.FINISHED,),
    "failed": (JobStatus.FAILED,),
    "put off": (JobStatus.DEFERRED,),
    "lapsed": (JobStatus.LAPSED,),
    "taken back": (JobStatus.REVOKED, JobStatus.STOPPED),
}
"""What became of the jobs of an hour, in few words."""


def to_come(counts: Mapping[JobStatus, int]) -> str:
    """What an hour has before it: 15 papers to come; or, where nothing is left of it, what was done."""
    planned, running = counts.get(JobStatus.PLANNED, 0), counts.get(JobStatus.RUNNING, 0)
    if running:
        more = f", {number(planned)} to come" if planned else ""
        return f"{plural(running, 'paper')} in work{more}"
    if planned:
        return f"{plural(planned, 'paper')} to come"
    done = counts.get(JobStatus.FINISHED, 0)
    return f"{plural(done, 'paper')} done, none to come" if done else "no paper to come"


def so_far(counts: Mapping[JobStatus, int]) -> str:
    """What became of the jobs of an hour: 7 done, 1 failed and 50 taken back so far. Empty where nothing did."""
    sums = {words: sum(counts.get(one, 0) for one in statuses) for words, statuses in _SO_FAR.items()}
    told = listed([f"{number(count)} {words}" for words, count in sums.items() if count])
    return f"{told} so far" if told else ""


def counted(counts: Mapping[JobStatus, int]) -> str:
    """So many jobs of each status: 12 planned, 2 running and 3 finished."""
    return listed([f"{number(counts[status])} {status}" for status in JobStatus if counts.get(status)]) or "none"
