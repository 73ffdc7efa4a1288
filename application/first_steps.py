"""The first steps with a new installation: which of them are done, as settings and log tell."""

from enum import StrEnum

from attrs import frozen


class Step(StrEnum):
    """A step, in the order in which they are taken."""

    CONTACT = "contact"
    LIST = "list"
    SCHEDULE = "schedule"
    START = "start"


@frozen(kw_only=True)
class FirstSteps:
    """What is done of them. `schedule` is done where it was changed, or somebody said that it may stay as it is."""

    contact: bool
    list: bool
    schedule: bool
    start: bool

    def done(self, step: str) -> bool:
        """Whether the step of this name is done."""
        return bool(getattr(self, Step(step)))

    @property
    def next(self) -> Step | None:
        """The first that is not done; None where all are."""
        return next((step for step in Step if not self.done(step)), None)

    @property
    def count(self) -> int:
        """How many are done."""
        return sum(self.done(step) for step in Step)
