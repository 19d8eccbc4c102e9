"""Who is told of a planned visit: whose it is, and who goes along."""

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.accounts.queries import holding
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.permissions import Permission, roles_reaching
from visits.enterprises.models import Enterprise
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notices
from visits.outreach.models import PlanCompanion, VisitPlan

READING = roles_reaching(Permission.OUTREACH_READ)
PLANNED = N_("A visit to %(firm)s is planned for you on %(planned_on)s.")
NAMED = N_("You are to go along on a visit to %(firm)s on %(planned_on)s.")
MOVED = N_("The visit to %(firm)s is put off to %(planned_on)s.")
CANCELLED = N_("The visit to %(firm)s on %(planned_on)s is cancelled.")
JOINED = N_("%(name)s goes along on your visit to %(firm)s on %(planned_on)s.")


def notify_planned(actor: Actor, plan: VisitPlan) -> None:
    """Tell for whom a visit is planned, and who is named to go along."""
    _post(actor, plan, "made", (_owner(plan), PLANNED), (_companions(plan), NAMED))


def notify_put_off(actor: Actor, plan: VisitPlan) -> None:
    """Tell the owner and who goes along of the new day."""
    _post(actor, plan, "made", (_owner(plan), MOVED), (_companions(plan), MOVED))


def notify_cancelled(actor: Actor, plan: VisitPlan) -> None:
    """Tell the owner and who goes along that the visit is off."""
    event = f"cancelled:{plan.revision}"
    _post(actor, plan, event, (_owner(plan), CANCELLED), (_companions(plan), CANCELLED))


def notify_joined(actor: Actor, plan: VisitPlan, person_id: int | None, name: str) -> None:
    """Tell the owner who goes along now."""
    _post(actor, plan, f"joined:{person_id}", (_owner(plan), JOINED), name=name)


def _post(
    actor: Actor, plan: VisitPlan, event: str, *told: tuple[sa.Select[int], str], name: str = ""
) -> None:
    firm = db.session.get_one(Enterprise, plan.enterprise_id)
    values = {"firm": firm.name, "planned_on": plan.planned_on.isoformat(), "name": name}
    whole = f"visit_plans:{plan.id}:{event}"
    post_notices(
        actor,
        [
            (people.where(Person.id.in_(holding(*READING))), _telling(plan, whole, said, values))
            for people, said in told
        ],
    )


def _telling(plan: VisitPlan, event: str, said: str, values: dict[str, str]) -> Telling:
    named = {name: value for name, value in values.items() if f"%({name})s" in said}
    return Telling(NoticeKind.VISIT, event, said, plan, named)


def _owner(plan: VisitPlan) -> sa.Select[int]:
    return sa.select(Person.id).where(Person.id == plan.owner_id)


def _companions(plan: VisitPlan) -> sa.Select[int]:
    along = sa.select(PlanCompanion.person_id).where(
        PlanCompanion.plan_id == plan.id, PlanCompanion.left_at.is_(None)
    )
    return sa.select(Person.id).where(Person.id.in_(along))
