"""What a copy of the database is of, asked of the copy itself."""

import sqlalchemy as sa
from attrs import frozen

from application.ports.maintenance import BackupNotPossible
from infrastructure import migrating
from infrastructure.log.tables import event_head, events
from infrastructure.read_models.papers import papers


@frozen(kw_only=True)
class Facts:
    """The schema's revision, the end and the beginning of the log, and (path, sha256) of every file that it names."""

    revision: str
    anchor: str
    log: str
    files: tuple[tuple[str, str], ...]


def facts_of(connection: sa.Connection) -> Facts:
    """Raises BackupNotPossible where there is no log yet."""
    if not sa.inspect(connection).has_table(event_head.name):
        raise BackupNotPossible(
            "There is nothing to back up: the database is empty.", remedy="`scipaperloader run` sets everything up."
        )
    position, hash_ = connection.execute(sa.select(event_head.c.position, event_head.c.hash)).one()
    first = connection.execute(sa.select(events.c.hash).where(events.c.position == 1)).scalar_one_or_none()
    named = sa.select(papers.c.file_path, papers.c.file_sha256).where(papers.c.file_path.is_not(None))
    return Facts(
        revision=migrating.revision_of(connection),
        anchor=f"{position}:{hash_}",
        log=first or "",
        files=tuple((path, sha256) for path, sha256 in connection.execute(named.order_by(papers.c.id))),
    )
