"""How units are rated in total: all that a unit learns of what enterprises answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import Month, Span
from visits.issues.anonymity import OF_UNITS
from visits.issues.models import Evaluation, Issue, Level
from visits.issues.states import EXCLUDED

LEAST = 5
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
        .where(Evaluation.level.is_not(None), Evaluation.answered_on <= span.to_on)
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
