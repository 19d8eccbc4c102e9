"""Who may read which visits, the list of them, and what the page of one shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit, UnitMembership
from visits.accounts.queries import is_current
from visits.core.among import among
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.issues.confidence import is_kept_from
from visits.issues.joined import Alike, alike_among, is_near
from visits.issues.models import Dispatch, Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import State
from visits.outreach.models import (
    Attendance,
    PairProgramme,
    Promise,
    Visit,
    VisitCheck,
    VisitPair,
    VisitPlan,
    VisitVersion,
)
from visits.programmes import queries as programmes
from visits.programmes.models import Group, Link, Programme
from visits.programmes.queries import on_day

Condition = sa.ColumnElement[bool]
Ids = sa.Select[Any]


def met(*where: Condition) -> Condition:
    """Visits with a pair of which all this is true."""
    return _among(_with_pair(*where))


def attended(*where: Condition) -> Condition:
    """Visits with a participant of whom all this is true."""
    return _among(_with_participant(*where))


def _with_pair(*where: Condition) -> Ids:
    return sa.select(VisitPair.visit_id).where(VisitPair.is_current(), *where)


def _with_participant(*where: Condition) -> Ids:
    return sa.select(Attendance.visit_id).where(Attendance.is_current(), *where)


def _among(*sets: Ids) -> Condition:
    """Visits of any of these ids, each set found by its own index; asking every visit takes seconds."""
    return among(Visit.id, sa.union_all(*(visit_ids.correlate(None) for visit_ids in sets)))


def _taken_part(actor: Actor) -> tuple[Ids, Ids]:
    visit = aliased(Visit)
    written = sa.select(visit.id).where(visit.author_id == actor.person_id)
    return written, _with_participant(Attendance.person_id == actor.person_id)


def _own(actor: Actor) -> tuple[Ids, ...]:
    linked = programmes.linked_enterprise_ids(actor.person_id, today())
    return *_taken_part(actor), _with_pair(VisitPair.enterprise_id.in_(linked))


def own(actor: Actor) -> Condition:
    """Visits one wrote or took part in, and those to enterprises whose primary officer one is today."""
    return _among(*_own(actor))


def took_part(actor: Actor) -> Condition:
    """Visits one wrote or took part in."""
    return _among(*_taken_part(actor))


def group(actor: Actor) -> Condition:
    """Visits of one's groups, to the enterprises they answer for today, and those of one's own."""
    visit = aliased(Visit)
    covered = programmes.enterprise_ids_of_groups(actor.group_ids, today())
    of_groups = sa.select(visit.id).where(visit.group_id.in_(actor.group_ids))
    return _among(of_groups, _with_pair(VisitPair.enterprise_id.in_(covered)), *_own(actor))


def unit(actor: Actor) -> Condition:
    """Visits in which one's unit took part, or whose problems were assigned to it, and one's own."""
    units = actor.unit_ids
    assigned = sa.select(Issue.visit_id).join(Dispatch, Dispatch.issue_id == Issue.id)
    named = (Issue.visit_id.is_not(None), Issue.confidential.is_(False))
    heard = assigned.where(*named, Dispatch.unit_id.in_(units))
    return _among(_with_participant(Attendance.unit_id.in_(units)), heard, *_own(actor))


def authored(actor: Actor) -> Condition:
    """Visits one wrote."""
    return Visit.author_id == actor.person_id


def visible_to(actor: Actor) -> Condition:
    """The visits a person may read."""
    return predicate_for(actor, Permission.OUTREACH_READ, Visit)


def is_late() -> Condition:
    """Visits recorded later than the 3rd working day after (补录)."""
    return Visit.recorded_on > Visit.timely_until


@dataclass(frozen=True)
class MetFirm:
    """An enterprise met on a visit, with the programmes under which that counts."""

    enterprise_id: int
    name: str
    has_no_issues: bool
    programmes: tuple[str, ...]


def firms_of_visits(visit_ids: Iterable[int]) -> dict[int, list[MetFirm]]:
    """The enterprises of each of these visits, in the order in which they were entered."""
    return firms_in(met_on(visit_ids).rows())


def met_on(visit_ids: Iterable[int]) -> Few:
    """The enterprises met on these visits, a row for each programme under which that counts."""
    columns = (VisitPair.visit_id, VisitPair.id.label("pair_id"), VisitPair.has_no_issues)
    stmt = (
        sa.select(*columns, Enterprise.id, Enterprise.name, Programme.name.label("programme"))
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .outerjoin(PairProgramme, PairProgramme.pair_id == VisitPair.id)
        .outerjoin(Programme, Programme.id == PairProgramme.programme_id)
        .where(VisitPair.visit_id.in_(list(visit_ids)), VisitPair.is_current())
    )
    return Few(stmt, (VisitPair.id, Programme.id))


def firms_in(rows: Iterable[Any]) -> dict[int, list[MetFirm]]:
    """The enterprises in such rows, by visit."""
    pairs: dict[tuple[int, int], MetFirm] = {}
    for row in rows:
        key = (row.visit_id, row.pair_id)
        before = pairs[key].programmes if key in pairs else ()
        names = (*before, row.programme) if row.programme else before
        pairs[key] = MetFirm(row.id, row.name, row.has_no_issues, names)
    found: dict[int, list[MetFirm]] = {}
    for (visit_id, _), firm in pairs.items():
        found.setdefault(visit_id, []).append(firm)
    return found


def get_visible(actor: Actor, visit_id: int) -> Any:
    """One visit with its names and with what else there is of it; NotFound where the actor may not read it.

    A row of Visit, author, group, voided_by, was_planned, has_checks, has_promises, has_versions.
    """
    voider = aliased(Person)
    names = (
        Person.name.label("author"),
        Group.name.label("group"),
        voider.name.label("voided_by"),
        sa.exists().where(VisitPlan.visit_id == Visit.id).label("was_planned"),
    )
    row = db.session.execute(
        sa.select(Visit, *names, *_parts())
        .join(Person, Person.id == Visit.author_id)
        .outerjoin(Group, Group.id == Visit.group_id)
        .outerjoin(voider, voider.id == Visit.voided_by_id)
        .where(Visit.id == visit_id, visible_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def _parts() -> list[Any]:
    """Whether a visit has answers, promises and corrections: what is not there need not be read."""
    parts = {
        "has_checks": VisitCheck.visit_id,
        "has_promises": Promise.visit_id,
        "has_versions": VisitVersion.visit_id,
    }
    return [
        sa.select(column).where(column == Visit.id).exists().label(name) for name, column in parts.items()
    ]


def get_by_client_id(client_id: str) -> Visit | None:
    """The visit recorded under an id that its author's browser made."""
    return db.session.scalar(sa.select(Visit).where(Visit.client_id == client_id))


def attendances_of(visit_id: int) -> Sequence[Attendance]:
    """Who took part in a visit."""
    return db.session.scalars(
        sa.select(Attendance)
        .where(Attendance.visit_id == visit_id, Attendance.is_current())
        .order_by(Attendance.id)
    ).all()


def participants_of(visit_id: int) -> Few:
    """Who took part in a visit: the name, that of the unit then, and of whom there is an account."""
    stmt = sa.select(Attendance.name, Attendance.unit_name, Attendance.person_id)
    return Few(stmt.where(Attendance.visit_id == visit_id, Attendance.is_current()), (Attendance.id,))


def problems_of(actor: Actor, visit_id: int) -> tuple[list[Any], dict[int, list[Alike]]]:
    """The problems heard on a visit of which the actor may know, and what may be the same as those new.

    Both are read in one statement.
    """
    words = (Issue.number, Issue.title, Issue.description, Issue.state, Issue.on_spot, Issue.round)
    marks = (Issue.visit_id, Issue.repeat_of_id, Issue.red_flag, Issue.confidential)
    days = (Issue.registered_on, Issue.closed_on, is_near().label("is_near"))
    stmt = sa.select(
        Issue.id, Issue.enterprise_id, *words, *marks, *days, Enterprise.name.label("enterprise")
    )
    of_visit = sa.select(Issue.enterprise_id).where(
        Issue.visit_id == visit_id, Issue.state == State.REGISTERED
    )
    near = sa.and_(Issue.enterprise_id.in_(of_visit.correlate(None)), is_near())
    seen = (problems_visible_to(actor), sa.not_(is_kept_from(actor)))
    rows = db.session.execute(
        stmt.join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .where(sa.or_(Issue.visit_id == visit_id, near), *seen)
        .order_by(Issue.id)
    ).all()
    heard = [row for row in rows if row.visit_id == visit_id]
    return heard, alike_among(heard, [row for row in rows if row.is_near])


def last_visits(actor: Actor, enterprise_id: int, n: int = 5) -> Sequence[Any]:
    """The latest visits to an enterprise that the actor may read: id, day, mode, kind, note, author."""
    columns = (Visit.id, Visit.visited_on, Visit.mode, Visit.kind, Visit.summary, VisitPair.has_no_issues)
    stmt = sa.select(*columns, Person.name.label("author"))
    of_firm = (VisitPair.enterprise_id == enterprise_id, VisitPair.is_current())
    return db.session.execute(
        stmt.join(VisitPair, VisitPair.visit_id == Visit.id)
        .join(Person, Person.id == Visit.author_id)
        .where(visible_to(actor), *of_firm, Visit.voided_at.is_(None))
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
        .limit(n)
    ).all()


@dataclass(frozen=True)
class Firm:
    """An enterprise that may be chosen for a visit, and the group that answers for it."""

    enterprise_id: int
    name: str
    group_id: int | None


def firms_on(enterprise_ids: Iterable[int], day: date) -> dict[int, Firm]:
    """These enterprises with the group that answers for each on a day, in one statement."""
    held = sa.and_(Link.enterprise_id == Enterprise.id, Link.group_id.is_not(None), on_day(Link, day))
    rows = db.session.execute(
        sa.select(Enterprise.id, Enterprise.name, Link.group_id)
        .outerjoin(Link, held)
        .where(Enterprise.id.in_(list(enterprise_ids)))
        .order_by(Enterprise.pinyin, Enterprise.id, Link.id)
    )
    return {enterprise_id: Firm(enterprise_id, name, group_id) for enterprise_id, name, group_id in rows}


def people_on(person_ids: Iterable[int], day: date) -> dict[int, tuple[str, int | None, str]]:
    """Name, unit and unit's name of each of these people on a day; of several units the earliest joined."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name, Unit.id, Unit.name)
        .outerjoin(UnitMembership, sa.and_(UnitMembership.person_id == Person.id, is_current(day)))
        .outerjoin(Unit, Unit.id == UnitMembership.unit_id)
        .where(Person.id.in_(list(person_ids)))
        .order_by(UnitMembership.from_on, UnitMembership.id)
    )
    found: dict[int, tuple[str, int | None, str]] = {}
    for person_id, name, unit_id, unit_name in rows:
        found.setdefault(person_id, (name, unit_id, unit_name or ""))
    return found
