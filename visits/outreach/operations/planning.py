"""Every change to plans of visits: made, moved, cancelled, joined, and carried out by a visit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from visits.accounts import queries as accounts
from visits.core import audit
from visits.core.authz import Actor, can, reaches, require
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission, Reach, Role, reach_of
from visits.enterprises import queries as enterprises
from visits.outreach import queries, rules
from visits.outreach.models import PlanCompanion, PlanState, Visit, VisitPlan
from visits.outreach.notifications import (
    notify_cancelled,
    notify_joined,
    notify_planned,
    notify_put_off,
)
from visits.programmes import queries as programmes

PLANNERS = tuple(role for role in Role if reach_of(role, Permission.OUTREACH_PLAN) is not Reach.NONE)


@dataclass(frozen=True)
class PlanEntry:
    """A visit as it is planned; without `owner_id` it is the actor's own."""

    enterprise_id: int | None
    planned_on: date
    start_time: time | None = None
    programme_id: int | None = None
    purpose: str = ""
    companion_ids: Sequence[int] = ()
    is_invited: bool = False
    frequency_reason: str = ""
    owner_id: int | None = None


@dataclass(frozen=True)
class NewDay:
    """The day and time to which a plan is moved, and why."""

    planned_on: date
    start_time: time | None
    reason: str
    frequency_reason: str = ""


@dataclass(frozen=True)
class PlanWords:
    """What of a plan is changed without a reason, for its day stays: time, programme, what it is for."""

    start_time: time | None
    programme_id: int | None
    purpose: str


def plan_visit(actor: Actor, entry: PlanEntry) -> VisitPlan:
    """Plan a visit to one enterprise, with whoever goes along."""
    require(actor, Permission.OUTREACH_PLAN)
    owner_id = _owner_of(actor, entry)
    if fault := rules.fault_of_day(entry.planned_on, today()):
        raise fault
    if entry.enterprise_id is None or not enterprises.hold_living([entry.enterprise_id]):
        raise Refused(N_("Choose an enterprise of the register."), field="enterprise")
    _require_programme(entry.programme_id)
    plan = VisitPlan(
        enterprise_id=entry.enterprise_id,
        programme_id=entry.programme_id,
        group_id=programmes.group_of_enterprise(entry.enterprise_id, entry.planned_on),
        owner_id=owner_id,
        planned_on=entry.planned_on,
        start_time=entry.start_time,
        purpose=entry.purpose,
        is_invited=entry.is_invited,
        frequency_reason=entry.frequency_reason.strip(),
        made_by_id=actor.person_id,
    )
    _add(actor, plan, _companions(entry.companion_ids, owner_id))
    audit.record(actor, "plan.made", plan, **_said_of(plan))
    notify_planned(actor, plan)
    return plan


def _require_programme(programme_id: int | None) -> None:
    if programme_id is not None and programmes.get_programme(programme_id) is None:
        raise Refused(N_("This programme does not exist."), field="programme_id")


def _owner_of(actor: Actor, entry: PlanEntry) -> int:
    """Whose plan it is: the actor's, or by the office somebody else's who may visit."""
    if entry.owner_id in (None, actor.person_id) and actor.person_id is not None:
        return actor.person_id
    if Reach.ALL not in reaches(actor.roles, Permission.OUTREACH_PLAN):
        raise NotAllowed(N_("Only the office plans visits for somebody else."))
    if entry.owner_id is None or entry.owner_id not in dict(accounts.active_people(*PLANNERS)):
        raise Refused(N_("Choose somebody with an account who makes visits."), field="owner_id")
    return entry.owner_id


def _companions(person_ids: Iterable[int], owner_id: int) -> list[int]:
    wanted = [key for key in dict.fromkeys(person_ids) if key != owner_id]
    if wanted and set(wanted) - dict(accounts.active_people()).keys():
        raise Refused(
            N_("Somebody chosen to go along has no account in use. Choose again."), field="companion_ids"
        )
    return wanted


def _add(actor: Actor, plan: VisitPlan, companion_ids: Iterable[int]) -> None:
    """Store a plan with who goes along, unless the owner has it already or it is one too many."""
    if queries.has_plan_on(plan.owner_id, plan.enterprise_id, plan.planned_on):
        raise Refused(
            N_("There is a plan to visit this enterprise on that day already. Choose another day."),
            field="planned_on",
        )
    (firm,) = queries.frequency_of(actor, [plan.enterprise_id], plan.planned_on)
    is_full = firm.is_full_for_plan and not plan.is_invited
    if is_full and not plan.frequency_reason:
        raise Refused(
            N_(
                "%(name)s is visited %(count)d times within %(days)d days already; %(most)d is the limit. "
                "Join one of the visits, choose another day, or write why one more is needed."
            ),
            field="frequency_reason",
            name=firm.name,
            count=firm.others_for_plan,
            days=firm.cap.days,
            most=firm.cap.visits,
        )
    if not is_full:
        plan.frequency_reason = ""
    db.session.add(plan)
    db.session.flush()  # who goes along needs its id
    db.session.add_all(PlanCompanion(plan_id=plan.id, person_id=key) for key in companion_ids)


def _said_of(plan: VisitPlan) -> dict[str, object]:
    return {
        "enterprise": plan.enterprise_id,
        "planned_on": plan.planned_on.isoformat(),
        "person": plan.owner_id,
        "reason": plan.frequency_reason,
    }


def require_changeable(actor: Actor, plan: VisitPlan) -> None:
    """Raise NotAllowed or WrongState where this person cannot move or cancel this plan now."""
    if not can(actor, Permission.OUTREACH_PLAN, plan):
        raise NotAllowed(
            N_("A plan is changed by its owner, by who stands in for the owner, or by the office.")
        )
    _require_planned(plan)


def _require_planned(plan: VisitPlan) -> None:
    if plan.state is not PlanState.PLANNED:
        raise WrongState(N_("This plan is not open any more. Look at the plan to see what became of it."))


def _held(actor: Actor, plan: VisitPlan, revision: int | None) -> VisitPlan:
    """The plan, locked, if this person answers for it and it is still as it was seen."""
    require_changeable(actor, plan)
    plan = queries.hold_plan(plan.id)
    plan.require_revision(revision, is_open=plan.state is PlanState.PLANNED)
    _require_planned(plan)
    return plan


def edit_plan(actor: Actor, plan: VisitPlan, words: PlanWords, revision: int | None = None) -> None:
    """Change a plan's time, programme and purpose; another day is another plan (`move_plan`)."""
    plan = _held(actor, plan, revision)
    _require_programme(words.programme_id)
    before = _words_of(plan)
    plan.start_time, plan.programme_id, plan.purpose = words.start_time, words.programme_id, words.purpose
    audit.record(actor, "plan.edited", plan, **audit.difference(before, _words_of(plan)))


def _words_of(plan: VisitPlan) -> dict[str, object]:
    at = plan.start_time.strftime("%H:%M") if plan.start_time else None
    return {"start_time": at, "programme_id": plan.programme_id, "purpose": plan.purpose}


def move_plan(actor: Actor, plan: VisitPlan, to: NewDay, revision: int | None = None) -> VisitPlan:
    """Give a plan another day: the former is kept as moved, with the reason; the new one is returned."""
    plan = _held(actor, plan, revision)
    if fault := rules.fault_of_day(to.planned_on, today()):
        raise fault
    if (to.planned_on, to.start_time) == (plan.planned_on, plan.start_time):
        raise Refused(N_("That is the day and time planned already."), field="planned_on")
    if not to.reason.strip():
        raise Refused(N_("Write why the visit is put off."), field="reason")
    new = VisitPlan(
        **{
            name: getattr(plan, name)
            for name in ("enterprise_id", "programme_id", "owner_id", "purpose", "is_invited")
        },
        group_id=programmes.group_of_enterprise(plan.enterprise_id, to.planned_on),
        planned_on=to.planned_on,
        start_time=to.start_time,
        frequency_reason=to.frequency_reason.strip() or plan.frequency_reason,
        made_by_id=actor.person_id,
    )
    _put(plan, PlanState.MOVED, to.reason)
    db.session.flush()
    _add(actor, new, [row.person_id for row in queries.companions_of(plan.id)])
    plan.moved_to_id = new.id
    days = [plan.planned_on.isoformat(), new.planned_on.isoformat()]
    audit.record(actor, "plan.moved", plan, planned_on=days, reason=plan.end_reason)
    notify_put_off(actor, new)
    return new


def cancel_plan(actor: Actor, plan: VisitPlan, reason: str, revision: int | None = None) -> None:
    """Give a plan up, and say why."""
    plan = _held(actor, plan, revision)
    if not reason.strip():
        raise Refused(N_("Write why the visit is cancelled."), field="reason")
    _put(plan, PlanState.CANCELLED, reason)
    audit.record(actor, "plan.cancelled", plan, reason=plan.end_reason)
    notify_cancelled(actor, plan)


def _put(plan: VisitPlan, state: PlanState, reason: str = "", visit: Visit | None = None) -> None:
    """Let a plan be in a state: why, and by which visit."""
    plan.state, plan.end_reason = state, reason.strip()
    plan.visit_id = visit.id if visit else None
    plan.ended_at = None if state is PlanState.PLANNED else now()


def join_plan(actor: Actor, plan_id: int) -> VisitPlan:
    """Go along on somebody's planned visit (拼团); joining once more changes nothing."""
    require(actor, Permission.OUTREACH_PLAN)
    plan = queries.hold_plan(plan_id)
    _require_planned(plan)
    if plan.owner_id == actor.person_id or queries.companion_of(plan.id, actor.person_id):
        return plan
    db.session.add(PlanCompanion(plan_id=plan.id, person_id=actor.person_id))
    audit.record(actor, "plan.joined", plan)
    notify_joined(actor, plan, actor.person_id, actor.name)
    return plan


def leave_plan(actor: Actor, plan: VisitPlan) -> None:
    """Not go along after all."""
    require(actor, Permission.OUTREACH_PLAN)
    plan = queries.hold_plan(plan.id)
    _require_planned(plan)
    if (companion := queries.companion_of(plan.id, actor.person_id)) is None:
        raise Refused(N_("You do not go along on this visit."))
    companion.left_at = now()
    audit.record(actor, "plan.left", plan)


def carry_out_plans(actor: Actor, visit: Visit, plan_ids: Iterable[int], firms: Iterable[int]) -> None:
    """Mark plans as carried out by a visit; each must be open, the actor's, and to one of its firms."""
    reached = set(firms)
    for plan_id in dict.fromkeys(plan_ids):
        plan = queries.find_plan(plan_id)
        if plan is None or not queries.goes_on(actor, plan) or plan.enterprise_id not in reached:
            raise Refused(N_("A plan ticked is not yours, or to another enterprise."), field="plan_ids")
        if plan.state is not PlanState.PLANNED:
            raise Refused(
                N_(
                    "The plan for %(day)s was recorded, moved or cancelled by somebody meanwhile. "
                    "Take its tick away to save this visit besides."
                ),
                field="plan_ids",
                day=plan.planned_on.isoformat(),
            )
        _put(plan, PlanState.DONE, visit=visit)
        audit.record(actor, "plan.carried_out", plan, visited_on=visit.visited_on.isoformat())


def release_plans(actor: Actor, visit: Visit, firms: Iterable[int] = ()) -> None:
    """Open plans again that a visit does not carry out any more: all but those to these enterprises."""
    kept = set(firms)
    for plan in queries.plans_of_visit(visit.id):
        if plan.enterprise_id not in kept:
            _put(plan, PlanState.PLANNED)
            audit.record(actor, "plan.opened_again", plan, visited_on=visit.visited_on.isoformat())
