"""How units are rated in total: all that a unit learns of what enterprises answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import Month, Span
from visits.enterprises.models import Enterprise
from visits.issues.anonymity import OF_UNITS
from visits.issues.confidence import named_to
from visits.issues.models import Evaluation, Issue, Level
from visits.issues.queries import visible_to
from visits.issues.rules import BAD_LEVELS
from visits.issues.states import EXCLUDED

LEAST, SHOWN = 5, 200
STRICT = (Level.VERY_SATISFIED, Level.SATISFIED)
BROAD = (*STRICT, Level.BASICALLY)


@dataclass(frozen=True)
class Standing:
    """One unit's ratings: how many, and the shares of satisfied ones; below five nothing is said."""

    unit: str
    rated: int
    strict: float | None
    broad: float | None


def last_twelve_months() -> Span:
    """The twelve months before the present one, lest the latest rating show in how the total moves."""
    last_on = Month.of(today()).first_on - timedelta(days=1)
    first_on = last_on.replace(day=1, year=last_on.year - 1) + timedelta(days=31)
    return Span(first_on.replace(day=1), last_on)


def standings_of(actor: Actor) -> Sequence[Standing]:
    """How the units for which a person handles problems were rated in the twelve months past."""
    if not actor.roles & OF_UNITS or not actor.unit_ids:
        return []
    span = last_twelve_months()
    latest = (
        sa.select(sa.func.max(Evaluation.id))
        .where(
            Evaluation.level.is_not(None),
            Evaluation.answered_on <= span.to_on,
            Evaluation.issue_id.in_(
                sa.select(Issue.id).where(Issue.lead_unit_id.in_(sorted(actor.unit_ids)))
            ),
        )
        .group_by(Evaluation.issue_id)
    )
    rated = sa.and_(
        Evaluation.id.in_(latest),
        Evaluation.answered_on >= span.from_on,
        Issue.state.not_in(EXCLUDED),
    )
    rows = db.session.execute(
        sa.select(
            Unit.name,
            sa.func.count(Evaluation.id),
            sa.func.count(Evaluation.id).filter(Evaluation.level.in_(STRICT)),
            sa.func.count(Evaluation.id).filter(Evaluation.level.in_(BROAD)),
        )
        .outerjoin(Issue, Issue.lead_unit_id == Unit.id)
        .outerjoin(Evaluation, sa.and_(Evaluation.issue_id == Issue.id, rated))
        .where(Unit.id.in_(sorted(actor.unit_ids)))
        .group_by(Unit.id, Unit.name)
        .order_by(Unit.name)
    )
    return [_standing(name, rated, strict, broad) for name, rated, strict, broad in rows]


def _standing(unit: str, rated: int, strict: int, broad: int) -> Standing:
    if rated < LEAST:
        return Standing(unit, rated, None, None)
    return Standing(unit, rated, strict / rated, broad / rated)


def bad_ratings_for(actor: Actor) -> Sequence[Any]:
    """The latest bad ratings of the last twelve months with what the enterprise wrote, the newest first.

    Later ones do not take a rating off this list; those of the reader's own unit are not on it.
    """
    return db.session.execute(
        sa.select(
            Evaluation.answered_on,
            Evaluation.solved,
            Evaluation.level,
            Evaluation.comment,
            Evaluation.channel,
            Evaluation.is_proxy,
            Evaluation.round,
            Issue.id.label("issue_id"),
            Issue.number,
            Issue.title,
            named_to(actor).label("enterprise"),
            Unit.name.label("unit"),
        )
        .join(Issue, Issue.id == Evaluation.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
        .where(
            Evaluation.level.in_(BAD_LEVELS),
            Evaluation.answered_on >= today() - timedelta(days=365),
            sa.or_(Issue.lead_unit_id.is_(None), Issue.lead_unit_id.not_in(sorted(actor.unit_ids))),
            visible_to(actor),
        )
        .order_by(Evaluation.id.desc())
        .limit(SHOWN)
    ).all()
