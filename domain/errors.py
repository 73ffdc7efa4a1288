"""The errors of the application: one root, and the refusals that deciders raise.

    SciPaperLoaderError
    └── CommandRefused          a command that is not allowed in the present state
        ├── NotAllowed          status x command says no
        ├── AlreadyExists       the aggregate was created before
        ├── DoesNotExist        no such aggregate
        ├── InvalidValue        a field of the command is out of its range
        └── InvalidValues       several are, or one: all that is wrong at once

Other layers derive from SciPaperLoaderError where their errors belong.
"""

SHOWN = 24
"""Faults that are named in one message."""


class SciPaperLoaderError(Exception):
    """Root of every error that the application raises on purpose.

    `remedy` is a sentence for the user: what to do about it. `transient` tells that the same may work in a moment.
    """

    remedy: str = "Look into the log for details."
    transient: bool = False

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if remedy is not None:
            self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class CommandRefused(SciPaperLoaderError):
    """The command is not allowed now; nothing was changed."""

    remedy = "Nothing was changed."


class NotAllowed(CommandRefused):
    """The aggregate's state does not admit the command."""

    def __init__(self, command: str, subject: str, state: str, *, remedy: str | None = None) -> None:
        super().__init__(f"“{command}” is not possible: {subject} is {state}.", remedy=remedy)
        self.command, self.subject, self.state = command, subject, state


class AlreadyExists(CommandRefused):
    """The aggregate that the command would create is there already."""

    def __init__(self, subject: str, *, remedy: str | None = None) -> None:
        super().__init__(f"{subject} exists already.", remedy=remedy)
        self.subject = subject


class DoesNotExist(CommandRefused):
    """The aggregate that the command names is unknown."""

    remedy = "Check the id; nothing was changed."

    def __init__(self, subject: str, *, remedy: str | None = None) -> None:
        super().__init__(f"{subject} does not exist.", remedy=remedy)
        self.subject = subject


class InvalidValue(CommandRefused):
    """A field of the command is out of its range."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field} is {value!r}.", remedy=f"Expected: {expected}.")
        self.field, self.value, self.expected = field, value, expected


class InvalidValues(CommandRefused):
    """Fields of the command are out of their range. `faults` has one entry for each of them, in their order."""

    def __init__(self, faults: tuple[InvalidValue, ...]) -> None:
        wrong = " ".join(fault.message for fault in faults[:SHOWN])
        more = f" And {len(faults) - SHOWN} more." if len(faults) > SHOWN else ""
        expected = dict.fromkeys(fault.expected for fault in faults)
        super().__init__(f"{wrong}{more}", remedy=f"Expected: {'; '.join(expected)}.")
        self.faults = faults
