"""The response templates: which there are, for which field of which move, with which placeholders."""

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.issues.categories import Parent
from visits.issues.models import Category, ResponseTemplate

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = ("企业名称", "编号", "问题", "办理时限", "主办单位")


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces in a text and is no placeholder."""
    return [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def filled(text: str, row: Any) -> str:
    """A template's text for one problem (a row of queries.get_shown); what it lacks stays visible."""
    issue = row.Issue
    values = {
        "企业名称": row.enterprise,
        "编号": issue.number,
        "问题": issue.title,
        "办理时限": issue.due_on.isoformat() if issue.due_on else None,
        "主办单位": row.lead_unit,
    }
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def all_templates() -> Sequence[Any]:
    """Every template, as (ResponseTemplate, category), by move and field, the closed ones last."""
    stmt = (
        sa.select(ResponseTemplate, Category.name.label("category"))
        .outerjoin(Category, Category.id == ResponseTemplate.category_id)
        .order_by(
            ResponseTemplate.closed_on.is_not(None),
            ResponseTemplate.move,
            ResponseTemplate.field,
            ResponseTemplate.position,
            ResponseTemplate.id,
        )
    )
    return db.session.execute(stmt).all()


def fitting(move: str, category_id: int) -> Sequence[ResponseTemplate]:
    """The templates in use for a move of a problem of this category, those for it first."""
    parent = sa.select(Parent.parent_id).where(Parent.id == category_id).scalar_subquery()
    stmt = sa.select(ResponseTemplate).where(
        ResponseTemplate.move == move,
        ResponseTemplate.closed_on.is_(None),
        sa.or_(
            ResponseTemplate.category_id.is_(None),
            ResponseTemplate.category_id == category_id,
            ResponseTemplate.category_id == parent,
        ),
    )
    order = (ResponseTemplate.category_id.is_(None), ResponseTemplate.position, ResponseTemplate.id)
    return db.session.scalars(stmt.order_by(*order)).all()


def get_template(template_id: int) -> ResponseTemplate | None:
    """One template."""
    return db.session.get(ResponseTemplate, template_id)


def neighbours(template: ResponseTemplate) -> list[ResponseTemplate]:
    """The templates in use among which one has its place, itself too, in the office's order."""
    stmt = sa.select(ResponseTemplate).where(
        ResponseTemplate.move == template.move,
        ResponseTemplate.field == template.field,
        ResponseTemplate.closed_on.is_(None),
    )
    return list(db.session.scalars(stmt.order_by(ResponseTemplate.position, ResponseTemplate.id)))
