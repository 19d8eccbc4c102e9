"""What changes when somebody takes over another's promises and plans; visits keep the old name."""

from collections.abc import Iterable

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core import audit
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import WrongState
from visits.core.i18n import N_
from visits.outreach import queries
from visits.outreach.models import PlanCompanion, PlanState, Promise, PromiseVersion, VisitPlan
from visits.outreach.notifications import notify_joined

OVER = N_("This is settled already. Look at the page again.")


def pass_promise(actor: Actor, promise: Promise, person_id: int, reason: str) -> None:
    """Let somebody else keep a promise; whose it was before is kept among its changes.

    The caller has looked at the right: a handover is agreed between two people.
    """
    if not promise.is_open:
        raise WrongState(OVER)
    names = _names([promise.owner_id, person_id])
    former = names.get(promise.owner_id, promise.owner)
    promise.owner, promise.owner_id = names[person_id], person_id
    changes = {"owner": [former, promise.owner]}
    db.session.add(
        PromiseVersion(promise_id=promise.id, made_by_id=actor.person_id, reason=reason, changes=changes)
    )
    audit.record(actor, "promise.passed_on", promise, reason=reason, **changes)


def _names(person_ids: Iterable[int | None]) -> dict[int | None, str]:
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(list(person_ids))))
    return {row.id: row.name for row in rows}


def pass_plan(actor: Actor, plan: VisitPlan, person_id: int) -> None:
    """Let somebody else make a planned visit. The caller has looked at the right, as for a promise."""
    if plan.state is not PlanState.PLANNED:
        raise WrongState(OVER)
    former, plan.owner_id = plan.owner_id, person_id
    if along := queries.companion_of(plan.id, person_id):
        along.left_at = now()
    audit.record(actor, "plan.passed_on", plan, person=[former, person_id])


def pass_going_along(actor: Actor, along: PlanCompanion, person_id: int) -> None:
    """Let somebody else go along on a planned visit; whose it is, or who goes already, goes once.

    The caller has looked at the right, as for a promise.
    """
    plan = queries.hold_plan(along.plan_id)
    if plan.state is not PlanState.PLANNED or along.left_at is not None:
        raise WrongState(OVER)
    along.left_at = now()
    if person_id != plan.owner_id and queries.companion_of(plan.id, person_id) is None:
        db.session.add(PlanCompanion(plan_id=plan.id, person_id=person_id))
        notify_joined(actor, plan, person_id, _names([person_id])[person_id])
    audit.record(actor, "plan.going_passed_on", plan, person=[along.person_id, person_id])
