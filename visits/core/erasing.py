"""Rows that nobody needs any more are erased in portions, so that nobody waits meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.core.db import db, transaction
from visits.core.i18n import N_

PORTION = 500  # rows in one transaction: SQLite's only write lock is held for some hundredths of a second
NOTHING = N_("nothing")


@dataclass(frozen=True)
class Spent:
    """Rows of one table whose time is over: what people call them, and the conditions they fulfil."""

    about: str
    model: Any
    where: tuple[sa.ColumnElement[bool], ...]


def erase(spent: Spent) -> int:
    """Erase the rows, each portion in a transaction of its own; returns how many there were.

    They are looked for while nothing is locked, and erased only where they still fulfil the conditions.
    """
    (key,) = sa.inspect(spent.model).primary_key
    erased, last = 0, None
    while True:
        db.session.rollback()
        stmt = sa.select(key).where(*spent.where).order_by(key).limit(PORTION)
        found = db.session.scalars(stmt if last is None else stmt.where(key > last)).all()
        if not found:
            db.session.rollback()
            return erased
        last = found[-1]
        with transaction():
            gone: Any = db.session.execute(sa.delete(spent.model).where(key.in_(found), *spent.where))
            erased += gone.rowcount


def erase_all(parts: Iterable[Spent]) -> str:
    """Erase several kinds of rows, one after the other; returns what was erased, for people."""
    counts = [(spent.about, erase(spent)) for spent in parts]
    return ", ".join(f"{gettext(about)} {count}" for about, count in counts if count) or gettext(NOTHING)
