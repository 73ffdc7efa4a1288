"""The imports that are being worked through."""

from datetime import datetime, timedelta

from application.queries import ImportRow, Imports

SILENCE = timedelta(minutes=1)
"""An import of which nothing was recorded for so long is worked on by nobody, as it seems."""


def running_imports(imports: Imports) -> list[ImportRow]:
    """The imports that run, or ran when their process ended; those that began first at the front."""
    return [row for name in imports.unfinished() if (row := imports.find(name)) is not None]


def silent_imports(imports: Imports, now: datetime) -> list[str]:
    """Those of them that were broken off, as it seems; a clock that was put back tells nothing, so they are too."""
    return [row.id for row in running_imports(imports) if not timedelta() <= now - row.updated_at < SILENCE]
