"""Who may see and change which plans of visits, and what their pages show."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Delegation, Person, Unit, UnitMembership
from visits.accounts.queries import is_current
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.outreach.models import PlanCompanion, PlanState, VisitPlan
from visits.outreach.rules import FURTHEST
from visits.programmes import queries as programmes
from visits.programmes.models import Group, GroupMember, Programme
from visits.programmes.queries import on_day

Condition = sa.ColumnElement[bool]
MOST_SHOWN = 1000
FEED_BEHIND = timedelta(days=60)


def _ids(*where: Condition) -> sa.Select[Any]:
    return sa.select(PlanCompanion.plan_id).where(PlanCompanion.left_at.is_(None), *where)


def companion_ids_of(person_id: int | None) -> sa.Select[Any]:
    """The ids of the plans on which a person goes along, as a select for IN."""
    return _ids(PlanCompanion.person_id == person_id)


def _absent(actor: Actor) -> sa.Select[Any]:
    """The people for whom the actor stands in today."""
    return sa.select(Delegation.person_id).where(
        Delegation.deputy_id == actor.person_id,
        Delegation.from_on <= today(),
        Delegation.until_on > today(),
    )


def plan_answered_for(actor: Actor) -> Condition:
    """Plans of one's own, and of those for whom one stands in today."""
    return sa.or_(VisitPlan.owner_id == actor.person_id, VisitPlan.owner_id.in_(_absent(actor)))


def plan_stood_in_for(actor: Actor) -> Condition:
    """Plans of others for the days of an absence, under way or to come, in which one stands in for them."""
    absence = sa.select(Delegation.id).where(
        Delegation.deputy_id == actor.person_id,
        Delegation.person_id == VisitPlan.owner_id,
        Delegation.from_on <= VisitPlan.planned_on,
        Delegation.until_on > VisitPlan.planned_on,
        Delegation.until_on > today(),
    )
    return absence.correlate(VisitPlan).exists()


def plan_mine(actor: Actor) -> Condition:
    """Plans of one's own, and those on which one goes along."""
    goes_along = VisitPlan.id.in_(companion_ids_of(actor.person_id))
    return sa.or_(VisitPlan.owner_id == actor.person_id, goes_along)


def plan_own(actor: Actor) -> Condition:
    """Plans one answers for, and those on which one goes along."""
    return sa.or_(plan_answered_for(actor), plan_mine(actor))


def plan_in_diary(actor: Actor) -> Condition:
    """Plans that stand in one's calendar: one's own, and those of absent people for the days of absence."""
    return sa.or_(plan_mine(actor), plan_stood_in_for(actor))


def plan_read_as_own(actor: Actor) -> Condition:
    """Plans one reads for one's own part: those one answers for or goes on, and all of one's calendar."""
    return sa.or_(plan_own(actor), plan_stood_in_for(actor))


def plan_of_group(actor: Actor) -> Condition:
    """Plans of the members of one's groups, to the enterprises these answer for, and one's own."""
    groups = actor.group_ids
    members = sa.select(GroupMember.person_id).where(
        GroupMember.group_id.in_(groups), on_day(GroupMember, today())
    )
    covered = programmes.enterprise_ids_of_groups(groups, today())
    return sa.or_(
        VisitPlan.group_id.in_(groups),
        VisitPlan.owner_id.in_(members),
        VisitPlan.enterprise_id.in_(covered),
        plan_read_as_own(actor),
    )


def plan_of_unit(actor: Actor) -> Condition:
    """Plans on which people of one's unit go, and one's own."""
    people = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(actor.unit_ids), is_current(today())
    )
    along = VisitPlan.id.in_(_ids(PlanCompanion.person_id.in_(people)))
    return sa.or_(VisitPlan.owner_id.in_(people), along, plan_read_as_own(actor))


def plan_visible_to(actor: Actor) -> Condition:
    """The plans a person may read."""
    return predicate_for(actor, Permission.OUTREACH_READ, VisitPlan)


def unit_name_of(person_id: Any) -> Any:
    """The name of the unit a person belongs to today, as a column."""
    stmt = (
        sa.select(Unit.name)
        .join(UnitMembership, UnitMembership.unit_id == Unit.id)
        .where(UnitMembership.person_id == person_id, is_current(today()))
        .order_by(UnitMembership.from_on, UnitMembership.id)
    )
    return stmt.limit(1).correlate(VisitPlan).scalar_subquery()


def _shown() -> Any:
    """Plans as lists and calendars show them."""
    columns = (
        VisitPlan.id,
        VisitPlan.enterprise_id,
        VisitPlan.owner_id,
        VisitPlan.planned_on,
        VisitPlan.start_time,
        VisitPlan.purpose,
        VisitPlan.state,
        VisitPlan.is_invited,
        VisitPlan.visit_id,
    )
    along = sa.select(sa.func.count(PlanCompanion.id)).where(
        PlanCompanion.plan_id == VisitPlan.id, PlanCompanion.left_at.is_(None)
    )
    return (
        sa.select(
            *columns,
            Enterprise.name.label("enterprise"),
            Person.name.label("owner"),
            unit_name_of(VisitPlan.owner_id).label("unit"),
            along.correlate(VisitPlan).scalar_subquery().label("along"),
        )
        .join(Enterprise, Enterprise.id == VisitPlan.enterprise_id)
        .join(Person, Person.id == VisitPlan.owner_id)
        .order_by(VisitPlan.planned_on, VisitPlan.start_time.is_(None), VisitPlan.start_time, VisitPlan.id)
    )


def _in_diary_of(actor: Actor) -> Any:
    """Plans as a person's own calendar shows them: `is_stood_in` where it is only in somebody's stead."""
    return _shown().add_columns(sa.not_(plan_mine(actor)).label("is_stood_in"))


def plans_between(actor: Actor, first: date, last: date, *, mine: bool) -> Sequence[Any]:
    """The plans of these days that hold or were carried out; of all that one may read, or one's own."""
    held = VisitPlan.state.in_((PlanState.PLANNED, PlanState.DONE))
    which = plan_in_diary(actor) if mine else plan_visible_to(actor)
    days = VisitPlan.planned_on.between(first, last)
    return db.session.execute(_in_diary_of(actor).where(held, days, which).limit(MOST_SHOWN)).all()


def plans_unrecorded(actor: Actor) -> Sequence[Any]:
    """One's own plans of days that are over, of which nobody said what became of them."""
    over = (VisitPlan.state == PlanState.PLANNED, VisitPlan.planned_on < today())
    return db.session.execute(_shown().where(*over, plan_own(actor)).limit(MOST_SHOWN)).all()


def plans_coming(actor: Actor, enterprise_id: int, most: int = 5) -> Sequence[Any]:
    """The next plans to visit an enterprise; who goes when is no secret among those who visit."""
    coming = (VisitPlan.state == PlanState.PLANNED, VisitPlan.planned_on >= today())
    is_read = sa.or_(sa.false(), plan_visible_to(actor)).label("is_read")
    stmt = _shown().add_columns(is_read).where(*coming, VisitPlan.enterprise_id == enterprise_id)
    return db.session.execute(stmt.limit(most)).all()


def plans_next(actor: Actor, until: date) -> Condition:
    """One's own open plans up to a day."""
    return sa.and_(VisitPlan.state == PlanState.PLANNED, VisitPlan.planned_on <= until, plan_own(actor))


def plans_to_make(actor: Actor, until: date) -> Condition:
    """One's own open plans up to a day, without those of people for whom one stands in."""
    return sa.and_(VisitPlan.state == PlanState.PLANNED, VisitPlan.planned_on <= until, plan_mine(actor))


def plans_of_desk(actor: Actor, until: date, most: int) -> Few:
    """One's own open plans up to a day, and those of whom one stands in for, so many of each by `whose`."""
    whose = sa.case((plan_mine(actor), sa.literal(actor.person_id)), else_=VisitPlan.owner_id)
    order = (VisitPlan.planned_on, VisitPlan.start_time.is_(None), VisitPlan.start_time, VisitPlan.id)
    place = sa.type_coerce(sa.func.row_number().over(partition_by=whose, order_by=order), sa.Integer)
    every = _shown().add_columns(whose.label("whose"), place.label("place"))
    rows = every.where(plans_next(actor, until)).order_by(None).subquery()
    return Few(sa.select(rows).where(rows.c.place <= most), (rows.c.whose, rows.c.place))


def my_next_plans(actor: Actor, until: date, most: int) -> Sequence[Any]:
    """The open plans of one's calendar up to a day, those of days that are over first."""
    wanted = (VisitPlan.state == PlanState.PLANNED, VisitPlan.planned_on <= until, plan_in_diary(actor))
    return db.session.execute(_in_diary_of(actor).where(*wanted).limit(most)).all()


def may_record_plan(actor: Actor) -> Condition:
    """Plans whose visits the actor may record: those one answers for or goes along on; the office all."""
    return sa.or_(plan_own(actor), predicate_for(actor, Permission.OUTREACH_PLAN, VisitPlan))


def plans_for_feed(actor: Actor) -> Sequence[Any]:
    """The plans of one's calendar: two months back and a year ahead, whatever became of them."""
    wanted = VisitPlan.planned_on.between(today() - FEED_BEHIND, today() + FURTHEST)
    more = (VisitPlan.end_reason, VisitPlan.ended_at, VisitPlan.created_at, VisitPlan.revision)
    stmt = _in_diary_of(actor).add_columns(*more, Enterprise.address)
    return db.session.execute(stmt.where(wanted, plan_in_diary(actor)).limit(MOST_SHOWN)).all()


def get_plan(actor: Actor, plan_id: int) -> VisitPlan:
    """One plan the actor may read, locked while one writes; raise NotFound for others."""
    stmt = sa.select(VisitPlan).where(VisitPlan.id == plan_id, plan_visible_to(actor))
    plan = db.session.scalar(stmt)
    if plan is None:
        raise NotFound()
    return plan


def find_plan(plan_id: int) -> VisitPlan | None:
    """One plan whoever reads it, locked until the transaction ends."""
    return db.session.get(VisitPlan, plan_id, with_for_update=True, populate_existing=True)


def hold_plan(plan_id: int) -> VisitPlan:
    """One plan whoever reads it, locked until the transaction ends; raise NotFound where there is none."""
    plan = find_plan(plan_id)
    if plan is None:
        raise NotFound()
    return plan


def plan_shown(plan: VisitPlan) -> Any:
    """What the page of a plan says besides: enterprise, owner with unit, programme, group, maker."""
    maker = aliased(Person)
    return db.session.execute(
        sa.select(
            Enterprise.name.label("enterprise"),
            Person.name.label("owner"),
            unit_name_of(VisitPlan.owner_id).label("unit"),
            Programme.name.label("programme"),
            Group.name.label("group"),
            maker.name.label("maker"),
        )
        .select_from(VisitPlan)
        .join(Enterprise, Enterprise.id == VisitPlan.enterprise_id)
        .join(Person, Person.id == VisitPlan.owner_id)
        .outerjoin(Programme, Programme.id == VisitPlan.programme_id)
        .outerjoin(Group, Group.id == VisitPlan.group_id)
        .outerjoin(maker, maker.id == VisitPlan.made_by_id)
        .where(VisitPlan.id == plan.id)
    ).one()


def companions_of(plan_id: int) -> Sequence[Any]:
    """Who goes along on a planned visit now: person_id, name."""
    return db.session.execute(
        sa.select(PlanCompanion.person_id, Person.name, PlanCompanion.joined_at)
        .join(Person, Person.id == PlanCompanion.person_id)
        .where(PlanCompanion.plan_id == plan_id, PlanCompanion.left_at.is_(None))
        .order_by(PlanCompanion.id)
    ).all()


def companion_of(plan_id: int, person_id: int | None) -> PlanCompanion | None:
    """The going along of a person on a plan, if it has not ended."""
    return db.session.scalar(
        sa.select(PlanCompanion).where(
            PlanCompanion.plan_id == plan_id,
            PlanCompanion.person_id == person_id,
            PlanCompanion.left_at.is_(None),
        )
    )


def goes_on(actor: Actor, plan: VisitPlan) -> bool:
    """Whether the actor may record this planned visit: who answers for it, goes along, or is the office."""
    stmt = sa.select(VisitPlan.id).where(VisitPlan.id == plan.id, may_record_plan(actor))
    return db.session.scalar(stmt) is not None


def plans_of_visit(visit_id: int) -> Sequence[VisitPlan]:
    """The plans that a visit carried out."""
    stmt = sa.select(VisitPlan).where(VisitPlan.visit_id == visit_id).order_by(VisitPlan.id)
    return db.session.scalars(stmt).all()


def days_planned_of(visit_id: int) -> Few:
    """The plans that a visit carried out, with the days they were for."""
    stmt = sa.select(VisitPlan.id, VisitPlan.planned_on).where(VisitPlan.visit_id == visit_id)
    return Few(stmt, (VisitPlan.id,))


def plan_moved_from(plan_id: int) -> VisitPlan | None:
    """The plan that was moved to this one."""
    return db.session.scalar(sa.select(VisitPlan).where(VisitPlan.moved_to_id == plan_id))


def has_plan_on(owner_id: int, enterprise_id: int, day: date) -> bool:
    """Whether a person means to visit an enterprise on a day already."""
    wanted = (
        VisitPlan.owner_id == owner_id,
        VisitPlan.enterprise_id == enterprise_id,
        VisitPlan.planned_on == day,
        VisitPlan.state == PlanState.PLANNED,
    )
    return db.session.scalar(sa.select(VisitPlan.id).where(*wanted).limit(1)) is not None
