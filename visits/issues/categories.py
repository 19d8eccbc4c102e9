"""Which categories of problems there are, in what order, and to which unit each usually leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Unit
from visits.core.db import db
from visits.issues.models import Category, Issue

OTHER = "other"
Parent = aliased(Category)


def _in_order(stmt: Any) -> Any:
    """The office's order: each category followed by its finer ones."""
    return stmt.order_by(
        sa.func.coalesce(Parent.position, Category.position),
        sa.func.coalesce(Parent.id, Category.id),
        Category.parent_id.is_not(None),
        Category.position,
        Category.id,
    )


def open_categories() -> list[tuple[int, str]]:
    """Categories in use, as (id, name), in the office's order; a finer one bears its parent's name too."""
    found = db.session.execute(
        _in_order(
            sa.select(Category.id, Category.name, Parent.name)
            .outerjoin(Parent, Parent.id == Category.parent_id)
            .where(Category.closed_on.is_(None))
        )
    )
    return [(key, f"{parent} / {name}" if parent else name) for key, name, parent in found]


def hints() -> dict[int, tuple[str, str]]:
    """What belongs to which category in use, as {id: (name, hint)}, in the office's order."""
    found = db.session.execute(
        _in_order(
            sa.select(Category.id, Category.name, Category.hint)
            .outerjoin(Parent, Parent.id == Category.parent_id)
            .where(Category.closed_on.is_(None), Category.hint != "")
        )
    )
    return {key: (name, hint) for key, name, hint in found}


def parents_for(category: Category | None) -> list[tuple[int, str]]:
    """Categories under which one may lie, its present parent too, as (id, name), in the office's order."""
    fit = sa.and_(Category.closed_on.is_(None), Category.parent_id.is_(None), Category.code != OTHER)
    if category is not None:
        fit = sa.or_(sa.and_(fit, Category.id != category.id), Category.id == category.parent_id)
    stmt = sa.select(Category.id, Category.name).where(fit).order_by(Category.position, Category.id)
    return [(key, name) for key, name in db.session.execute(stmt)]


@dataclass(frozen=True)
class Listed:
    """The categories as their page shows them, and how many problems a year's registrations were."""

    rows: Sequence[Any]
    of_year: int

    @property
    def other_share(self) -> float:
        """Which part of the year's problems fits no category but 其他."""
        other = sum(row.recent for row in self.rows if row.Category.code == OTHER)
        return other / self.of_year if self.of_year else 0.0


def list_categories(since: date) -> Listed:
    """All categories with their usual unit, how many problems they have, and how many since that day.

    Closed ones stand last.
    """
    used = sa.select(sa.func.count(Issue.id)).where(Issue.category_id == Category.id)
    recent = used.where(Issue.registered_on > since)
    stmt = (
        sa.select(
            Category,
            Unit.name.label("unit"),
            used.scalar_subquery().label("used"),
            recent.scalar_subquery().label("recent"),
        )
        .outerjoin(Parent, Parent.id == Category.parent_id)
        .outerjoin(Unit, Unit.id == Category.unit_id)
        .order_by(sa.func.coalesce(Parent.closed_on, Category.closed_on).is_not(None))
    )
    rows = db.session.execute(_in_order(stmt)).all()
    return Listed(rows, of_year=sum(row.recent for row in rows))


def category_codes() -> set[str]:
    """The codes that are taken."""
    return set(db.session.scalars(sa.select(Category.code)))


def category_named(name: str) -> Category | None:
    """The category of that exact name."""
    return db.session.scalar(sa.select(Category).where(Category.name == name.strip()))


def siblings(category: Category) -> list[Category]:
    """The categories among which one has its place, itself too, in the office's order."""
    level = (
        Category.parent_id.is_(None)
        if category.parent_id is None
        else Category.parent_id == category.parent_id
    )
    return list(
        db.session.scalars(sa.select(Category).where(level).order_by(Category.position, Category.id))
    )


def last_position(parent_id: int | None) -> int:
    """The place of the last category on a level; 0 where there is none."""
    level = Category.parent_id.is_(None) if parent_id is None else Category.parent_id == parent_id
    return db.session.scalar(sa.select(sa.func.max(Category.position)).where(level)) or 0


def open_children(category_id: int) -> int:
    """How many finer categories in use a category has."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Category.id)).where(
                Category.parent_id == category_id, Category.closed_on.is_(None)
            )
        )
        or 0
    )


def has_children(category_id: int) -> bool:
    """Say whether a category has finer ones, closed ones too."""
    return (
        db.session.scalar(sa.select(Category.id).where(Category.parent_id == category_id).limit(1))
        is not None
    )


def count_open(*, finer: bool, but: int | None) -> int:
    """How many categories of a level are in use, besides 其他 and the one named."""
    level = Category.parent_id.is_not(None) if finer else Category.parent_id.is_(None)
    wanted = [level, Category.closed_on.is_(None), Category.code != OTHER]
    if but is not None:
        wanted.append(Category.id != but)
    return db.session.scalar(sa.select(sa.func.count(Category.id)).where(*wanted)) or 0
