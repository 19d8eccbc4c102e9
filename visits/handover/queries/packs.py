"""What a person answers for: the one source of handovers, of closing accounts and of the doctor."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Delegation, Person
from visits.core.clock import today
from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.handover.models import BINDING, HandoverItem, Kind
from visits.handover.states import ItemState
from visits.issues.models import Issue, Watcher
from visits.issues.states import OPEN
from visits.lists.models import SavedView
from visits.outreach.models import PlanCompanion, PlanState, Promise, Visit, VisitDraft, VisitPlan
from visits.outreach.queries.promises import is_open
from visits.programmes.models import Group, GroupMember, Link, Programme

LAST = date(9999, 12, 31)
Rows = sa.Select[*tuple[Any, ...]]


def parts(day: date) -> dict[Kind, Rows]:
    """For each kind the rows that people answer for from a day on.

    Columns: kind, record_id, person_id, name, page_id, word, place (for sorting), enterprise_id, due_on.
    """
    return {
        Kind.LINK: _links(day),
        Kind.MEMBERSHIP: _memberships(day),
        Kind.ISSUE: _issues(),
        Kind.PROMISE: _promises(),
        Kind.PLAN: _plans(day),
        Kind.COMPANION: _going_along(day),
        Kind.DEPUTY: _standing_in(day),
        Kind.FOLLOWED: _followed(),
        Kind.VIEW: _views(),
    }


def _row(kind: Kind, record: Any, person: Any, name: Any, page: Any, **others: Any) -> Rows:
    """A select of one kind; what it does not say is empty."""
    named = {
        "word": sa.literal(""),
        "place": sa.literal(""),
        "enterprise_id": sa.cast(sa.null(), sa.Integer),
        "due_on": sa.cast(sa.null(), sa.Date),
    } | others
    return sa.select(
        sa.literal(kind.value).label("kind"),
        record.label("record_id"),
        person.label("person_id"),
        name.label("name"),
        page.label("page_id"),
        *(named[key].label(key) for key in ("word", "place", "enterprise_id", "due_on")),
    )


def _links(day: date) -> Rows:
    columns = {"word": Programme.name, "place": Enterprise.pinyin, "enterprise_id": Enterprise.id}
    return (
        _row(Kind.LINK, Link.id, Link.officer_id, Enterprise.name, Enterprise.id, **columns)
        .join(Enterprise, Enterprise.id == Link.enterprise_id)
        .join(Programme, Programme.id == Link.programme_id)
        .where(_holds(Link, day))
    )


def _holds(table: type[Link] | type[GroupMember], day: date) -> sa.ColumnElement[bool]:
    """Links or memberships that hold on a day or later; one that never held a day is none."""
    later = sa.or_(table.until_on.is_(None), table.until_on > day)
    return sa.and_(later, sa.or_(table.until_on.is_(None), table.until_on > table.from_on))


def _memberships(day: date) -> Rows:
    role = sa.cast(GroupMember.role, sa.String)
    return (
        _row(Kind.MEMBERSHIP, GroupMember.id, GroupMember.person_id, Group.name, Group.id, word=role)
        .join(Group, Group.id == GroupMember.group_id)
        .where(_holds(GroupMember, day), Group.closed_on.is_(None))
    )


def _problem(kind: Kind, person: Any) -> Rows:
    """A problem by number and title; the enterprise of one whose name is kept is not said."""
    firm = sa.case((Issue.confidential.is_(True), sa.null()), else_=Issue.enterprise_id)
    asked = sa.case((Issue.needs_info.is_(True), "needs_info"), else_="")
    name = Issue.number + " " + Issue.title
    columns = {"word": asked, "enterprise_id": firm, "due_on": Issue.due_on, "place": Issue.number}
    return _row(kind, Issue.id, person, name, Issue.id, **columns).where(Issue.state.in_(OPEN))


def _issues() -> Rows:
    return _problem(Kind.ISSUE, sa.func.coalesce(Issue.carried_by_id, Issue.registered_by_id))


def _followed() -> Rows:
    return _problem(Kind.FOLLOWED, Watcher.person_id).join(Watcher, Watcher.issue_id == Issue.id)


def _promises() -> Rows:
    """Promises by whoever keeps them; where nobody of the office is named, whoever wrote the visit."""
    columns = {"enterprise_id": Promise.enterprise_id, "due_on": Promise.due_on, "place": Promise.text}
    person = sa.func.coalesce(Promise.owner_id, Visit.author_id)
    return (
        _row(Kind.PROMISE, Promise.id, person, Promise.text, Visit.id, **columns)
        .join(Visit, Visit.id == Promise.visit_id)
        .where(Visit.voided_at.is_(None), is_open())
    )


def _plans(day: date) -> Rows:
    """Plans that are not carried out; those before a day to come are still the leaver's own."""
    columns = {"word": VisitPlan.purpose, "enterprise_id": Enterprise.id, "due_on": VisitPlan.planned_on}
    wanted = [VisitPlan.state == PlanState.PLANNED]
    wanted += [VisitPlan.planned_on >= day] if day > today() else []
    return (
        _row(Kind.PLAN, VisitPlan.id, VisitPlan.owner_id, Enterprise.name, Enterprise.id, **columns)
        .join(Enterprise, Enterprise.id == VisitPlan.enterprise_id)
        .where(*wanted)
    )


def _going_along(day: date) -> Rows:
    """Visits to come on which somebody goes along, each with whose visit it is."""
    owner, person = aliased(Person), PlanCompanion.person_id
    columns = {"word": owner.name, "enterprise_id": Enterprise.id, "due_on": VisitPlan.planned_on}
    return (
        _row(Kind.COMPANION, PlanCompanion.id, person, Enterprise.name, Enterprise.id, **columns)
        .join(VisitPlan, VisitPlan.id == PlanCompanion.plan_id)
        .join(owner, owner.id == VisitPlan.owner_id)
        .join(Enterprise, Enterprise.id == VisitPlan.enterprise_id)
        .where(PlanCompanion.left_at.is_(None), VisitPlan.state == PlanState.PLANNED)
        .where(VisitPlan.planned_on >= day)
    )


def _standing_in(day: date) -> Rows:
    """Absences not over on a day, each by the absent person, whom somebody stands in for."""
    absent, person = aliased(Person), Delegation.deputy_id
    columns = {"word": Delegation.reason, "due_on": Delegation.until_on}
    return (
        _row(Kind.DEPUTY, Delegation.id, person, absent.name, Delegation.id, **columns)
        .join(absent, absent.id == Delegation.person_id)
        .where(Delegation.until_on > day, Delegation.until_on > Delegation.from_on)
    )


def _views() -> Rows:
    stmt = _row(Kind.VIEW, SavedView.id, SavedView.owner_id, SavedView.name, SavedView.id)
    return stmt.where(SavedView.is_shared.is_(True))


def pack_of(person_id: int, day: date) -> Sequence[Any]:
    """All that a person answers for from a day on, by kind, the most urgent first, in one statement."""
    every = sa.union_all(*parts(day).values()).subquery()
    rows = db.session.execute(sa.select(every).where(every.c.person_id == person_id)).all()
    order = {kind.value: n for n, kind in enumerate(Kind)}
    return sorted(rows, key=lambda row: (order[row.kind], row.due_on or LAST, row.place, row.record_id))


def part_of(kind: Kind, person_id: int) -> Rows:
    """What a person answers for today of one kind, as (name, page_id) rows."""
    rows = parts(today())[kind].subquery()
    return (
        sa.select(rows.c.name, rows.c.page_id)
        .where(rows.c.person_id == person_id)
        .order_by(rows.c.due_on.is_(None), rows.c.due_on, rows.c.place, rows.c.page_id)
    )


def drafts_of(person_id: int) -> Rows:
    """The unfinished visits of a person, as (name, id) rows; they are told, and go to nobody."""
    mine = VisitDraft.author_id == person_id
    return sa.select(VisitDraft.title, VisitDraft.id).where(mine).order_by(VisitDraft.id)


def left_with_disabled() -> Sequence[Any]:
    """What disabled accounts answer for, as (kind, person, count)."""
    every = _binding()
    return db.session.execute(
        sa.select(every.c.kind, Person.name.label("person"), sa.func.count().label("count"))
        .join(Person, Person.id == every.c.person_id)
        .where(Person.disabled_at.is_not(None))
        .group_by(every.c.kind, Person.id, Person.name)
        .order_by(Person.name, every.c.kind)
    ).all()


def _binding() -> Any:
    """Everything that must not stay with a disabled account, whoever answers for it today."""
    wanted = [stmt for kind, stmt in parts(today()).items() if kind in BINDING]
    return sa.union_all(*wanted).subquery()


def answers_for_anything(person_id: int) -> bool:
    """Say whether something would stay with a person's account if it were disabled."""
    every = _binding()
    offered = sa.select(sa.literal(1)).where(
        HandoverItem.receiver_id == person_id,
        HandoverItem.state.in_([ItemState.OFFERED, ItemState.ACCEPTED]),
    )
    stmt = sa.select(sa.literal(1)).where(every.c.person_id == person_id)
    return db.session.execute(sa.union_all(stmt, offered).limit(1)).first() is not None


def disabled_holders() -> list[tuple[int, str]]:
    """The people who cannot sign in and still answer for something, as (id, name)."""
    every = _binding()
    rows = db.session.execute(
        sa.select(Person.id, Person.name)
        .where(Person.disabled_at.is_not(None), Person.id.in_(sa.select(every.c.person_id)))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]
