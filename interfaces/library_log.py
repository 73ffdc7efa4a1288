"""What libraries report goes where our own log goes: a broken connection is told there, not on standard error."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


class ToOurLog(logging.Handler):
    """Hands records of the standard library's logging to structlog, errors by their text alone."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log it; a record that cannot be put into words is told by logging's own means."""
        try:
            text, error = record.getMessage(), record.exc_info[1] if record.exc_info else None
            more = {} if error is None else {"error": str(error)}
            structlog.get_logger(record.name).log(record.levelno, text, library=record.name, **more)
        except Exception:  # noqa: BLE001 (logging must not end what it reports of)
            self.handleError(record)


@contextmanager
def libraries_logged() -> Iterator[None]:
    """While entered, warnings of libraries are in our log."""
    root, handler = logging.getLogger(), ToOurLog(logging.WARNING)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
