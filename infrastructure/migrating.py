"""Bringing the database's schema to the version of the program, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from application.ports.maintenance import InUse
from domain.errors import SciPaperLoaderError
from infrastructure.database import Database
from infrastructure.log.sql import read
from infrastructure.read_models.model import live
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers

CHUNK = 2_000
"""Events that are replayed at once."""

_LOCK = 0x5C1_9A9E4
"""Key of the advisory lock that PostgreSQL's migrations hold."""


class SchemaNewer(SciPaperLoaderError):
    """The database was written by a newer version of the program."""

    remedy = "Install the newer version again, or restore a backup made with this one."

    def __init__(self, revision: str) -> None:
        super().__init__(f"The database has the schema “{revision}”, which this version does not know.")
        self.revision = revision


class UnknownRevision(SciPaperLoaderError):
    """There is no such revision, or no way to it from here."""

    remedy = "`scipaperloader db current` tells where the database is and what this version needs."

    def __init__(self, revision: str, reason: str) -> None:
        super().__init__(f"The schema cannot be brought to “{revision}”: {reason}.")
        self.revision = revision


def scripts_folder() -> Path:
    """The folder of the migrations, in a checkout and in an installed wheel alike."""
    return Path(str(files("migrations")))


def upgrade(database: Database, revision: str = "head") -> str:
    """Migrate up, and fill the read models that are new; returns the revision reached. All or nothing.

    One process at a time. Raises SchemaNewer, UnknownRevision, InUse: an older program that is at work would go on
    without writing what is new. A database that is up to date is only looked at: writers are not waited for.
    """
    if revision == "head" and (present := current(database)) == newest():
        return present
    refuse_if_used(database)
    with _configured(database) as (config, connection):
        _check_known(config, connection)
        before = revision_of(connection)
        with _known(revision):
            command.upgrade(config, revision)
        reached = revision_of(connection)
        _fill(connection, _new_models(config, before, reached))
        return reached


def downgrade(database: Database, revision: str = "-1") -> str:
    """Migrate down, by default by one revision; returns the revision reached, "" for none.

    Raises SchemaNewer, UnknownRevision.
    """
    with _configured(database) as (config, connection):
        _check_known(config, connection)
        with _known(revision):
            command.downgrade(config, revision)
        return revision_of(connection)


def current(database: Database) -> str:
    """The revision of the database, "" for an empty one."""
    with database.read() as connection:
        return revision_of(connection)


def revision_of(connection: sa.Connection) -> str:
    """The same within a transaction of the caller's."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Whether this version of the program knows the revision."""
    return revision in _known_revisions(_config())


def newest() -> str:
    """The revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def refuse_if_used(database: Database) -> None:
    """Raises InUse while processes are at work on the database."""
    if current(database) and (living := SqlWorkers(database).living()):
        raise InUse(len(living))


def new_revision(database: Database, message: str) -> Path:
    """Write a revision with the differences between the tables in the code and in the database; returns its file."""
    with _configured(database) as (config, _):
        script = command.revision(config, message=message, autogenerate=True)
    if script is None or isinstance(script, list):
        raise SciPaperLoaderError("No revision was written.", remedy="Look at the output of Alembic.")
    return Path(script.path)


def _new_models(config: Config, before: str, reached: str) -> frozenset[str]:
    """The read models that the revisions applied have made: each names them as `READ_MODELS`."""
    applied = ScriptDirectory.from_config(config).iterate_revisions(reached, before or "base")
    return frozenset(name for script in applied for name in getattr(script.module, "READ_MODELS", ()))


def _fill(connection: sa.Connection, names: frozenset[str]) -> None:
    """Replay the log into new read models, in the transaction that makes them."""
    models, position = [model for model in READ_MODELS if model.name in names], 0
    while models and (events := read(connection, position, CHUNK)):
        for model in models:
            model.apply(connection, events, live)
        position = events[-1].position


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _configured(database: Database) -> Iterator[tuple[Config, sa.Connection]]:
    config = _config()
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config.attributes["connection"] = connection
        yield config, connection


@contextmanager
def _known(revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise UnknownRevision(revision, str(error).rstrip(".")) from error


def _check_known(config: Config, connection: sa.Connection) -> None:
    revision = revision_of(connection)
    if revision and revision not in _known_revisions(config):
        raise SchemaNewer(revision)


def _known_revisions(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
