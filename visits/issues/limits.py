"""Which limit rules there are and were, and which one holds for a problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues import rules
from visits.issues.categories import Parent
from visits.issues.models import Category, Issue, LimitRule
from visits.issues.rules import Complexity, Kind, Limits, Rule, Urgency


def as_rule(row: LimitRule) -> Rule:
    """A row of the table as the rules read it."""
    limits = Limits(row.accept, row.sign, row.contact, row.stage, row.closing)
    return Rule(
        row.id, row.category_id, row.urgency, row.complexity, limits, row.valid_from, row.superseded_at
    )


def all_rules() -> list[Rule]:
    """Every rule there is or was."""
    return [as_rule(row) for row in db.session.scalars(sa.select(LimitRule).order_by(LimitRule.id))]


def rules_at(moment: datetime) -> list[Rule]:
    """The rules in force at a moment."""
    stmt = sa.select(LimitRule).where(
        LimitRule.valid_from <= moment,
        sa.or_(LimitRule.superseded_at.is_(None), LimitRule.superseded_at > moment),
    )
    return [as_rule(row) for row in db.session.scalars(stmt.order_by(LimitRule.id))]


def rule_of(issue: Issue) -> Rule | None:
    """The rule that held for a problem when it was registered."""
    parent_id = db.session.scalar(sa.select(Category.parent_id).where(Category.id == issue.category_id))
    kind = Kind(issue.category_id, parent_id, issue.urgency, issue.complexity)
    return rules.rule_for(rules_at(issue.registered_at), kind, issue.registered_at)


def limits_of(issue: Issue) -> Limits:
    """The limits by which a problem is assigned; refused where there are none."""
    rule = rule_of(issue)
    if rule is None:
        raise Refused(
            N_("No limit rule fits this problem. Ask a coordinator to make one under “Time limits”.")
        )
    return rule.limits


def kind_of(category_id: int | None, urgency: Urgency, complexity: Complexity) -> Kind:
    """A kind of problem, with the category above its own."""
    category = db.session.get(Category, category_id) if category_id else None
    return Kind(category_id, category.parent_id if category else None, urgency, complexity)


def get_rule(rule_id: int) -> LimitRule | None:
    """One rule."""
    return db.session.get(LimitRule, rule_id)


def same_kind(row: LimitRule) -> sa.ColumnElement[bool]:
    """Rules that name exactly what this one names."""
    return sa.and_(
        *(
            column.is_not_distinct_from(getattr(row, column.key))
            for column in (LimitRule.category_id, LimitRule.urgency, LimitRule.complexity)
        )
    )


def rivals_of(row: LimitRule) -> list[LimitRule]:
    """The other rules that name the same and hold at the start of this one or later."""
    other = LimitRule.id != row.id if row.id else sa.true()
    stmt = sa.select(LimitRule).where(
        same_kind(row),
        other,
        sa.or_(LimitRule.superseded_at.is_(None), LimitRule.superseded_at > row.valid_from),
    )
    return list(db.session.scalars(stmt))


def predecessor_of(row: LimitRule) -> LimitRule | None:
    """The rule that a planned one is to supersede."""
    stmt = sa.select(LimitRule).where(
        same_kind(row), LimitRule.superseded_at == row.valid_from, LimitRule.id != row.id
    )
    return db.session.scalars(stmt.order_by(LimitRule.id.desc())).first()


def editions() -> Sequence[Any]:
    """Every rule there is or was, the latest first, as (LimitRule, category, maker, ender)."""
    ender = aliased(Person)
    finer = sa.case((Parent.id.is_not(None), Parent.name + " / " + Category.name), else_=Category.name)
    return db.session.execute(
        sa.select(LimitRule, finer.label("category"), Person.name.label("maker"), ender.name.label("ender"))
        .outerjoin(Category, Category.id == LimitRule.category_id)
        .outerjoin(Parent, Parent.id == Category.parent_id)
        .outerjoin(Person, Person.id == LimitRule.made_by_id)
        .outerjoin(ender, ender.id == LimitRule.ended_by_id)
        .order_by(LimitRule.valid_from.desc(), LimitRule.id.desc())
    ).all()


@dataclass(frozen=True)
class Sheet:
    """The limits of one category, or of all that have no rule of their own: a rule for each kind."""

    category_id: int | None
    category: str | None
    rows: Sequence[tuple[Urgency, Complexity, Rule | None]]


def sheets(rows: Sequence[Any]) -> list[Sheet]:
    """The limits in force now, the general ones first, from the rows of `editions`."""
    moment = now()
    known = [as_rule(row.LimitRule) for row in rows]
    named = {
        row.LimitRule.category_id: row.category
        for row in rows
        if row.LimitRule.category_id is not None and as_rule(row.LimitRule).holds_at(moment)
    }
    parents = _parents(list(named))
    found = [Sheet(None, None, _rows(known, None, None, moment))]
    for category_id, name in sorted(named.items(), key=lambda pair: pair[1]):
        found.append(Sheet(category_id, name, _rows(known, category_id, parents[category_id], moment)))
    return found


def _parents(category_ids: list[int]) -> dict[int, int | None]:
    stmt = sa.select(Category.id, Category.parent_id).where(Category.id.in_(category_ids))
    return {row.id: row.parent_id for row in db.session.execute(stmt)}


def _rows(
    known: list[Rule], category_id: int | None, parent_id: int | None, moment: datetime
) -> list[tuple[Urgency, Complexity, Rule | None]]:
    return [
        (
            urgency,
            complexity,
            rules.rule_for(known, Kind(category_id, parent_id, urgency, complexity), moment),
        )
        for complexity in Complexity
        for urgency in Urgency
    ]
