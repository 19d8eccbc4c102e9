"""A set of ids found first, by its own indexes, and then asked of a table: on either database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """Whether a column's value is one of those that a select finds by itself."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stand as it is; SQLite would be given "= 1" behind, and then uses no index."""
        return self


@compiles(_Among)
def _in_list(element: Any, compiler: Any, **kw: Any) -> str:
    column, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN {found}"


@compiles(_Among, "postgresql")
def _in_array(element: Any, compiler: Any, **kw: Any) -> str:
    # Told to compare, the planner of PostgreSQL weighs joins, and takes a wrong one where it knows nothing
    # of the set's size; an array is read once, before.
    column, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (ARRAY{found})"


class _LookedUp(_Among):
    """The same, where a join says it already."""

    inherit_cache = True


@compiles(_LookedUp, "postgresql")
def _nothing(element: Any, compiler: Any, **kw: Any) -> str:
    # A list of tens of thousands would be gone through for each row.
    return "true"


def among(column: Any, found: Any) -> sa.ColumnElement[bool]:
    """Rows whose column holds one of the values of a select that stands by itself."""
    return _Among(column, found.scalar_subquery())


def looked_up(column: Any, found: Any) -> sa.ColumnElement[bool]:
    """The same of a column that a join ties to these values anyway: a way to find rows, for SQLite only."""
    return _LookedUp(column, found.scalar_subquery())
