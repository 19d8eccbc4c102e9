"""What must hold among plans of visits, the later plans they became, and the visits made of them."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.db import db
from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_
from visits.outreach.models import PlanState, Visit, VisitPair, VisitPlan

SHOWN = 5


def find_broken_plans() -> list[Finding]:
    """Compare plans with the visits and the later plans they name."""
    new = aliased(VisitPlan)
    met = sa.exists().where(
        VisitPair.visit_id == VisitPlan.visit_id,
        VisitPair.enterprise_id == VisitPlan.enterprise_id,
        VisitPair.is_current(),
    )
    unmet = sa.and_(
        VisitPlan.state == PlanState.DONE,
        sa.or_(Visit.id.is_(None), Visit.voided_at.is_not(None), sa.not_(met)),
    )
    unmoved = sa.and_(
        VisitPlan.state == PlanState.MOVED,
        sa.or_(new.id.is_(None), new.enterprise_id != VisitPlan.enterprise_id),
    )
    ids = list(
        db.session.scalars(
            sa.select(VisitPlan.id)
            .outerjoin(Visit, Visit.id == VisitPlan.visit_id)
            .outerjoin(new, new.id == VisitPlan.moved_to_id)
            .where(sa.or_(unmet, unmoved))
            .order_by(VisitPlan.id)
        )
    )
    if ids:
        return [
            wrong(
                "visit_plans",
                N_("%(count)d plans name a visit or a later plan that does not fit them: %(ids)s."),
                count=len(ids),
                ids=", ".join(map(str, ids[:SHOWN])),
            )
        ]
    return [fine("visit_plans", N_("Every plan carried out or moved names the visit or plan it became."))]
