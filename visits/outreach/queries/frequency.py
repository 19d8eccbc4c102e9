"""How often enterprises are visited: who was there lately, who means to go, whether it is too often."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.settings import get_setting
from visits.enterprises.models import Enterprise
from visits.outreach.entries import VisitKind
from visits.outreach.models import Attendance, PlanState, Visit, VisitPair, VisitPlan
from visits.outreach.queries.plans import may_record_plan, plan_own, unit_name_of
from visits.outreach.rules import CONTACTS, Cap

MET, MEANT = "met", "meant"


@dataclass(frozen=True)
class Met:
    """One visit to an enterprise: when, by whom, of which units, whether at its invitation."""

    visit_id: int
    day: date
    who: tuple[str, ...]
    units: tuple[str, ...]
    is_invited: bool


@dataclass(frozen=True)
class Meant:
    """One planned visit: when, by whom, of which unit; `is_mine`: the actor goes there too."""

    plan_id: int
    day: date
    owner: str
    unit: str
    is_invited: bool
    is_mine: bool
    may_record: bool

    @property
    def is_over(self) -> bool:
        """Whether its day has passed: then nobody counts on it any more."""
        return self.day < today()


@dataclass
class Frequency:
    """The visits and plans at one enterprise around a day, and what the cap says of one more."""

    enterprise_id: int
    name: str
    day: date
    cap: Cap
    visits: list[Met] = field(default_factory=list)
    plans: list[Meant] = field(default_factory=list)

    @property
    def planned(self) -> list[Meant]:
        """The plans the cap counts beside the visits, before the day as after it: those not over yet."""
        return [p for p in self.plans if abs((p.day - self.day).days) < self.cap.days and not p.is_over]

    @property
    def invited(self) -> int:
        """How many of these visits and plans are at the enterprise's invitation, which no cap counts."""
        return sum(met.is_invited for met in self.visits) + sum(meant.is_invited for meant in self.planned)

    @property
    def is_full_for_visit(self) -> bool:
        """Whether a visit on the day is one too many, beside the visits made."""
        return self.others_for_visit >= self.cap.visits

    @property
    def others_for_plan(self) -> int:
        """The most visits, made or planned, that any such stretch of days around the day holds."""
        met = [met.day for met in self.visits if not met.is_invited]
        meant = [meant.day for meant in self.planned if not meant.is_invited]
        return self.cap.others_around([*met, *meant], self.day)

    @property
    def is_full_for_plan(self) -> bool:
        """Whether a plan for the day is one too many, beside the visits made and the others planned."""
        return self.others_for_plan >= self.cap.visits

    @property
    def others_for_visit(self) -> int:
        """The most visits made that any such stretch of days around the day holds."""
        return self.cap.others_around((met.day for met in self.visits if not met.is_invited), self.day)


def present_cap() -> Cap:
    """The cap the office has set."""
    return Cap(int(get_setting("visit_cap")), int(get_setting("visit_cap_days")))


def is_counted_visit() -> sa.ColumnElement[bool]:
    """Visits that were made in person and hold; phone calls and online meetings are contacts."""
    return sa.and_(Visit.voided_at.is_(None), Visit.mode.not_in(sorted(CONTACTS)))


def frequency_of(
    actor: Actor,
    enterprise_ids: Iterable[int],
    day: date,
    *,
    without: Iterable[int] = (),
    ticked: Iterable[int] = (),
) -> list[Frequency]:
    """How often these enterprises are visited around a day, in one statement.

    Plans `without` are left out; those `ticked` are there whatever their day.
    """
    cap = present_cap()
    found = {key: Frequency(key, "", day, cap) for key in dict.fromkeys(enterprise_ids)}
    if not found:
        return []
    first, last = cap.span(day)
    meant = _meant(actor, list(ticked)).where(
        VisitPlan.enterprise_id.in_(found),
        sa.or_(VisitPlan.planned_on.between(first, last), VisitPlan.id.in_(list(ticked))),
        VisitPlan.id.not_in(list(without)),
    )
    met = _met().where(VisitPair.enterprise_id.in_(found), Visit.visited_on.between(first, last))
    every = sa.union_all(met, meant)
    place = (every.selected_columns[name] for name in ("day", "id", "place"))
    people: dict[tuple[str, int, int], list[Any]] = {}
    for row in db.session.execute(every.order_by(*place)):
        people.setdefault((row.part, row.firm, row.id), []).append(row)
    for (part, firm, _), lines in people.items():
        found[firm].name = lines[0].firm_name
        if part == MET:
            found[firm].visits.insert(0, _as_met(lines))
        else:
            found[firm].plans.append(_as_meant(lines[0]))
    return list(found.values())


def _met() -> Any:
    return (
        sa.select(
            sa.literal(MET).label("part"),
            VisitPair.enterprise_id.label("firm"),
            Enterprise.name.label("firm_name"),
            Visit.id.label("id"),
            Visit.visited_on.label("day"),
            (Visit.kind == VisitKind.INVITED).label("is_invited"),
            sa.func.coalesce(Attendance.name, "").label("person"),
            sa.func.coalesce(Attendance.unit_name, "").label("unit"),
            sa.func.coalesce(Attendance.id, 0).label("place"),
            sa.false().label("is_mine"),
            sa.false().label("may_record"),
        )
        .select_from(VisitPair)
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .join(Visit, Visit.id == VisitPair.visit_id)
        .outerjoin(Attendance, sa.and_(Attendance.visit_id == Visit.id, Attendance.is_current()))
        .where(VisitPair.is_current(), is_counted_visit())
    )


def _as_met(lines: list[Any]) -> Met:
    first = lines[0]
    who = tuple(line.person for line in lines if line.person)
    units = tuple(dict.fromkeys(line.unit for line in lines if line.unit))
    return Met(first.id, first.day, who, units, bool(first.is_invited))


def _meant(actor: Actor, ticked: list[int]) -> Any:
    mine = plan_own(actor)
    record = sa.or_(mine, sa.and_(VisitPlan.id.in_(ticked), may_record_plan(actor)))
    return (
        sa.select(
            sa.literal(MEANT),
            VisitPlan.enterprise_id,
            Enterprise.name,
            VisitPlan.id,
            VisitPlan.planned_on,
            VisitPlan.is_invited,
            Person.name,
            sa.func.coalesce(unit_name_of(VisitPlan.owner_id), ""),
            sa.literal(0),
            mine,
            record,
        )
        .select_from(VisitPlan)
        .join(Enterprise, Enterprise.id == VisitPlan.enterprise_id)
        .join(Person, Person.id == VisitPlan.owner_id)
        .where(VisitPlan.state == PlanState.PLANNED)
    )


def _as_meant(row: Any) -> Meant:
    return Meant(
        row.id, row.day, row.person, row.unit, bool(row.is_invited), bool(row.is_mine), bool(row.may_record)
    )
