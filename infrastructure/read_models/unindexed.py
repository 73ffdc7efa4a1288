"""A column's value that is not the column: no index of it is walked along, nor is one of its values looked up."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Unindexed(FunctionElement[Any]):
    """The value of a column of text or numbers, for a query that knows better than the database's planner."""

    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unindexed)
def _computed(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"({text} || '')" if isinstance(element.type, sa.Text) else f"({text} + 0)"


@compiles(Unindexed, "sqlite")
def _with_a_sign(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    """A unary plus costs nothing (sqlite.org/optoverview.html, section 3)."""
    return f"+{compiler.process(element.clauses, **options)}"
