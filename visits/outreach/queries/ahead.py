"""What is planned at enterprises, for whoever prepares a visit."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.outreach.models import PlanState, VisitPlan


def planned_firms(actor: Actor, first: date, last: date) -> Sequence[Any]:
    """The enterprises a person has planned to visit on these days, each once, as (id, name), by day."""
    rows = db.session.execute(
        sa.select(Enterprise.id, Enterprise.name)
        .join(VisitPlan, VisitPlan.enterprise_id == Enterprise.id)
        .where(
            VisitPlan.owner_id == actor.person_id,
            VisitPlan.state == PlanState.PLANNED,
            VisitPlan.planned_on.between(first, last),
        )
        .order_by(VisitPlan.planned_on, VisitPlan.id)
    )
    return list({row.id: (row.id, row.name) for row in rows}.values())
