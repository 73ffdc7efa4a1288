"""Finding where read models are not what the log says, and mending it."""

import sqlalchemy as sa

from infrastructure.database import Database
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.papers import Papers, papers
from infrastructure.read_models.rebuild import EXAMPLES, Difference, differences, rebuild
from infrastructure.schema import READ_MODELS
from tests.infrastructure.read_models.keeping import TABLES, keep, story


def model_of(table: sa.Table) -> ReadModel:
    return next(model for model in READ_MODELS if table in model.tables)


def first_row(connection: sa.Connection, table: sa.Table) -> sa.Row[tuple[object, ...]]:
    return connection.execute(sa.select(table).order_by(*table.primary_key).limit(1)).one()


def that_row(table: sa.Table, row: sa.Row[tuple[object, ...]]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == row._mapping[column.name] for column in table.primary_key))


def key(table: sa.Table, row: sa.Row[tuple[object, ...]]) -> str:
    return " ".join(str(row._mapping[column.name]) for column in table.primary_key)


def find_and_mend(database: Database, table: sa.Table) -> Difference:
    """The only difference of the table's model; it is gone after a rebuild."""
    model = model_of(table)
    (found,) = differences(database, model)
    rebuild(database, model)
    assert differences(database, model) == ()
    return found


def test_an_altered_row_is_found(database: Database) -> None:
    keep(database, story())
    for table in TABLES:
        column = next(column for column in table.columns if not column.primary_key)
        altered = "altered" if isinstance(column.type, sa.Text) else 2**31 - 1
        with database.write() as connection:
            row = first_row(connection, table)
            connection.execute(table.update().where(that_row(table, row)).values({column.name: altered}))
        found = find_and_mend(database, table)
        assert (found.table, found.surplus, found.missing) == (table.name, 1, 1)
        assert set(found.examples) == {key(table, row)}


def test_a_missing_row_is_found(database: Database) -> None:
    keep(database, story())
    for table in TABLES:
        with database.write() as connection:
            row = first_row(connection, table)
            connection.execute(table.delete().where(that_row(table, row)))
        found = find_and_mend(database, table)
        assert found == Difference(table=table.name, surplus=0, missing=1, examples=(key(table, row),))


def test_a_surplus_row_is_found(database: Database) -> None:
    keep(database, story())
    for table in TABLES:
        with database.write() as connection:
            row = first_row(connection, table)
            *_, last = table.primary_key
            other = 9_999 if isinstance(last.type, sa.Integer) else "invented"
            connection.execute(table.insert(), [{**row._mapping, last.name: other}])
        found = find_and_mend(database, table)
        assert (found.table, found.surplus, found.missing) == (table.name, 1, 0)
        assert str(other) in found.examples[0]


def test_a_value_where_there_should_be_none_is_found(database: Database) -> None:
    keep(database, story())
    with database.write() as connection:
        connection.execute(papers.update().where(papers.c.id == "p0").values(cause="crashed"))
    assert differences(database, Papers())[0].examples == ("p0", "p0")


def test_only_some_of_many_are_named(database: Database) -> None:
    keep(database, story())
    with database.write() as connection:
        connection.execute(papers.update().values(title="altered"))
    (found,) = differences(database, Papers())
    assert (found.surplus, found.missing, len(found.examples)) == (3, 3, EXAMPLES)


def test_looking_for_differences_changes_nothing(database: Database) -> None:
    keep(database, story())
    with database.write() as connection:
        connection.execute(papers.update().values(title="altered"))
    before = sa.inspect(database.engine).get_table_names()
    assert differences(database, Papers()) == differences(database, Papers()) != ()
    assert sa.inspect(database.engine).get_table_names() == before
