"""The list of problems: its columns, and what its filters offer."""

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.core.workdays import Calendar, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues import rules
from visits.issues.anonymity import is_of_unit_only
from visits.issues.boards import BY_RATING
from visits.issues.categories import Parent
from visits.issues.clocks import days_of, stays_in_list
from visits.issues.confidence import firm_column, unless_kept
from visits.issues.filters import IssueFilters, conditions
from visits.issues.models import (
    COMPLEXITY_LABELS,
    OUTCOME_LABELS,
    REQUEST_LABELS,
    SOURCE_LABELS,
    URGENCY_LABELS,
    Category,
    Issue,
    IssueProgramme,
    RequestKind,
)
from visits.issues.queries import authored, followed, light_of, on_desk, rows, visible_to
from visits.issues.states import label_of_state
from visits.issues.timeline import shown_light
from visits.programmes.models import Group, Programme

Offered = list[tuple[int, str]]
FAR = date.max  # what is missing sorts last in both databases


def _label(labels: Any, name: str) -> Any:
    """How a column of an enum is read: its label, or nothing."""
    return lambda row: labels.get(getattr(row, name))


def _light(calendar: Calendar) -> Any:
    def words(row: Any) -> str | None:
        if shown := shown_light(light_of(row, calendar)):
            return shown["text"]
        return gettext("Closed %(day)s", day=row.closed_on) if row.closed_on else None

    return words


def _workdays(calendar: Calendar) -> Any:
    return lambda row: workdays_between(row.registered_on, row.closed_on or today(), calendar)


def _lines(text: str | None) -> list[str]:
    return sorted(parts(text))


def _asked(row: Any) -> list[str] | None:
    return [label for kind, label in REQUEST_LABELS.items() if getattr(row, f"{kind}_asked")] or None


def _unless_kept(name: str) -> Any:
    return lambda row: None if row.is_kept else getattr(row, name)


def _is_on_spot(row: Any) -> str | None:
    return N_("Yes") if row.on_spot else None


USUAL = (
    Column("number", N_("Number"), fixed=True, look="code", width=17),
    Column("title", N_("Problem in short"), fixed=True, look="main-cell", width=36),
    firm_column("enterprise"),
    Column("category", N_("Category"), look="words"),
    Column("state", N_("State"), label_of_state, Kind.LABEL, look="state-cell"),
    Column("unit", N_("Unit in charge"), lambda row: row.lead_unit, look="words", width=20),
    Column("due", N_("Due on"), lambda row: row.due_on, Kind.DAY, look="nowrap"),
)
OTHERS = (
    Column("registered", N_("Day registered"), lambda row: row.registered_on, Kind.DAY),
    Column("closed", N_("Closed on"), lambda row: row.closed_on, Kind.DAY),
    Column("outcome", N_("Outcome"), _label(OUTCOME_LABELS, "outcome"), Kind.LABEL),
    Column("asked", N_("Asked for"), _asked, Kind.LABEL),
    Column("review", N_("Review day"), lambda row: row.review_on, Kind.DAY),
    Column("promised", N_("Will be done by"), lambda row: row.commitment_due, Kind.DAY),
    Column("source", N_("Source"), _label(SOURCE_LABELS, "source"), Kind.LABEL),
    Column("urgency", N_("Urgency"), _label(URGENCY_LABELS, "urgency"), Kind.LABEL),
    Column("complexity", N_("Complexity"), _label(COMPLEXITY_LABELS, "complexity"), Kind.LABEL),
    Column("programmes", N_("Programmes"), lambda row: _lines(row.programmes), width=20),
    Column("group", N_("Group"), width=20),
    Column("author", N_("Registered by")),
    Column("contact", N_("Contact for this problem"), _unless_kept("reporter_name")),
    Column("phone", N_("Phone"), lambda row: "" if row.is_kept else rules.masked(row.reporter_phone)),
    Column("external_no", N_("Number at the source"), width=20),
    Column("round", N_("Rounds"), kind=Kind.NUMBER, width=8),
    Column("returns", N_("Times returned"), lambda row: row.return_count, Kind.NUMBER, width=10),
    Column("on_spot", N_("On the spot"), _is_on_spot, Kind.LABEL),
    Column("description", N_("Description"), width=50),
    Column("wish", N_("What the enterprise wishes"), width=36),
)


def columns(calendar: Calendar) -> tuple[Column, ...]:
    """The columns of the list of problems; the light and the days used lean on the calendar."""
    light = Column("light", N_("Light"), _light(calendar), look="light-cell", width=16)
    clock_columns = (
        Column("workdays", N_("Enterprise's clock"), _workdays(calendar), Kind.NUMBER, width=12),
        Column("unit_days", N_("Unit's clock"), lambda row: days_of(row, calendar), Kind.NUMBER, width=12),
    )
    return (*USUAL, light, *(replace(column, usual=False) for column in (*OTHERS, *clock_columns)))


def _programmes() -> Any:
    names = sa.select(joined(Programme.name))
    heard = names.join(IssueProgramme, IssueProgramme.programme_id == Programme.id)
    return heard.where(IssueProgramme.issue_id == Issue.id).correlate(Issue).scalar_subquery()


def _near(actor: Actor, wanted: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Problems near the actor in one of the ways asked for."""
    ways = {"desk": on_desk, "authored": authored, "followed": followed}
    chosen = [ways[way](actor) for way in wanted if way in ways]
    return sa.or_(*chosen) if chosen else sa.true()


def of_issues(actor: Actor, filters: IssueFilters, calendar: Calendar) -> Listing:
    """The problems a person may read, narrowed."""
    stmt = (
        rows(actor)
        .add_columns(
            *(getattr(Issue, name) for name in ("source", "complexity", "external_no", "return_count")),
            *(getattr(Issue, name) for name in ("reporter_name", "reporter_phone", "description", "wish")),
            *(getattr(Issue, f"{kind}_asked") for kind in RequestKind),
            Issue.commitment_due,
            Person.name.label("author"),
            Group.name.label("group"),
            _programmes().label("programmes"),
            stays_in_list().label("stays"),
        )
        .outerjoin(Person, Person.id == Issue.registered_by_id)
        .outerjoin(Group, Group.id == Issue.group_id)
    )
    due = sa.func.coalesce(Issue.due_on, sa.literal(FAR, sa.Date))
    sorts: dict[str, Any] = {
        "number": Issue.number,
        "enterprise": unless_kept(actor, Enterprise.pinyin, ""),
        "category": Category.position,
        "state": Issue.state,
        "unit": sa.func.coalesce(Unit.name, ""),
        "due": due,
        "light": due,
        "registered": Issue.registered_on,
        "closed": sa.func.coalesce(Issue.closed_on, sa.literal(FAR, sa.Date)),
        "review": sa.func.coalesce(Issue.review_on, sa.literal(FAR, sa.Date)),
        "promised": sa.func.coalesce(Issue.commitment_due, sa.literal(FAR, sa.Date)),
        "id": Issue.id,
    }
    where = [visible_to(actor), _near(actor, filters.mine), *conditions(filters, calendar, actor)]
    if is_of_unit_only(actor) and BY_RATING & set(filters.board):
        where.append(sa.false())  # a filter would tell a unit which of its problems were rated badly
    return Listing("issues", N_("Problems"), stmt, sorts, "-registered", columns(calendar), where=where)


def offered() -> dict[str, Offered]:
    """What a list's filters offer: categories, units, programmes and groups, in one statement."""
    finer = sa.case((Parent.id.is_not(None), Parent.name + " / " + Category.name), else_=Category.name)
    place = sa.func.coalesce(Parent.position * 1000 + Category.position, Category.position * 1000 - 1)
    parts = (
        sa.select(
            sa.literal("category").label("kind"), place.label("place"), Category.id, finer.label("name")
        )
        .select_from(Category)
        .outerjoin(Parent, Parent.id == Category.parent_id),
        sa.select(sa.literal("unit"), sa.literal(0), Unit.id, Unit.name),
        sa.select(sa.literal("programme"), Programme.id, Programme.id, Programme.name),
        sa.select(sa.literal("group"), sa.literal(0), Group.id, Group.name),
    )
    found: dict[str, Offered] = {"category": [], "unit": [], "programme": [], "group": []}
    for kind, _, key, name in db.session.execute(sa.union_all(*parts).order_by("kind", "place", "name")):
        found[kind].append((key, name))
    return found
