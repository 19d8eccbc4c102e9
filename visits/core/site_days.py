"""SQL functions that turn a stored moment into the day on the site's calendar."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class site_day(FunctionElement[date]):  # noqa: N801 - an SQL function
    """The day on the site's calendar of a stored moment."""

    type = sa.Date()
    inherit_cache = True


@compiles(site_day, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **kw: Any) -> str:
    # China has kept UTC+8 all year round since 1992.
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(site_day, "postgresql")
def _postgresql_day(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AT TIME ZONE 'Asia/Shanghai' AS DATE)"


class site_day_number(FunctionElement[int]):  # noqa: N801 - an SQL function
    """The same as a number, as `date.toordinal` counts days."""

    type = sa.Integer()
    inherit_cache = True


@compiles(site_day_number, "sqlite")
def _sqlite_number(element: Any, compiler: Any, **kw: Any) -> str:
    # SQLite counts in whole milliseconds, so that midnight is exactly a half.
    return f"CAST(julianday({compiler.process(element.clauses, **kw)}, '+8 hours') - 1721424.5 AS INTEGER)"


@compiles(site_day_number, "postgresql")
def _postgresql_number(element: Any, compiler: Any, **kw: Any) -> str:
    return f"({_postgresql_day(element, compiler, **kw)} - DATE '0001-01-01' + 1)"
