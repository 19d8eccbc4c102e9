"""The ledger of problems (问题台账): one row per problem, as its office keeps it."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.filters import ALL_DAYS, Days
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.core.periods import local_date
from visits.core.site_days import site_day
from visits.enterprises.models import Enterprise
from visits.issues.above import VISITS
from visits.issues.anonymity import is_of_unit_only, may_read_answers
from visits.issues.confidence import firm_column, unless_kept
from visits.issues.filters import IssueFilters, conditions
from visits.issues.models import (
    LEVEL_LABELS,
    OUTCOME_LABELS,
    SOLVED_LABELS,
    SOURCE_LABELS,
    Category,
    Dispatch,
    DispatchKind,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
)
from visits.issues.queries import rows, visible_to
from visits.issues.rules import beyond_title
from visits.issues.states import ON_UNIT_DESK, OPEN, STATE_LABELS, State
from visits.ledgers.filters import By, Wanted
from visits.programmes.models import Group, Programme

ON_SPOT = "close_on_spot"
OF_UNIT = ("sign", "record_contact", "add_progress", "report", "fulfil", "ask_extension", "ask_suspension")
TELLING = ("add_progress", "report", "fulfil", ON_SPOT)
PARTS = ("unit", "programme", "group", "category", "source", "outcome")
KEPT_BACK = N_("Not shown to the unit")


def _yes(is_so: Any) -> str:
    return N_("Yes") if is_so else N_("No")


def _code(row: Any) -> str | None:
    return None if row.is_kept else row.code


def _code_in_file(row: Any) -> str | None:
    return None if row.confidential else row.code


def _description(row: Any) -> str:
    return beyond_title(row.title, row.description)


def _responsible(row: Any) -> str | None:
    """Who last acted for the unit in charge; who solved it on the spot."""
    return row.author if row.on_spot and row.round == 1 else row.responsible


def _assigned(row: Any) -> Any:
    return row.assigned_at and local_date(row.assigned_at)


def _progress(row: Any) -> str:
    """What was last told, with its day; else how the problem stands."""
    is_told = row.told_move and (row.told_move != ON_SPOT or row.may_read_answers)
    if is_told and row.told:
        return f"{local_date(row.told_at)} {row.told}"
    return gettext(STATE_LABELS[row.state])


def _answer(labels: Any, name: str) -> Any:
    def said(row: Any) -> str | None:
        answer = getattr(row, name)
        return None if answer is None else labels[answer] if row.may_read_answers else KEPT_BACK

    return said


ANSWERED = (
    Column(
        "solved", N_("Solved or not"), _answer(SOLVED_LABELS, "solved"), Kind.LABEL, width=6, usual=False
    ),
    Column("level", N_("Satisfaction"), _answer(LEVEL_LABELS, "level"), Kind.LABEL, width=6, usual=False),
)
OFFICE = (
    Column("number", N_("Number"), fixed=True, look="code", width=10),
    replace(firm_column("enterprise"), width=14),
    Column("code", N_("Credit code"), _code, look="code", usual=False, width=10, in_file=_code_in_file),
    Column("source", N_("Source"), lambda row: SOURCE_LABELS[row.source], Kind.LABEL, width=6, usual=False),
    Column("visited", N_("Visited on"), lambda row: row.visited_on, Kind.DAY, width=9, usual=False),
    Column("title", N_("Problem"), fixed=True, look="main-cell", width=14),
    Column("description", N_("Description"), _description, usual=False, width=22),
    Column("category", N_("Category"), look="words", width=7, usual=False),
    Column("unit", N_("Unit in charge"), lambda row: row.lead_unit, look="words", width=9),
    Column("co_units", N_("Co-units"), lambda row: sorted(set(parts(row.co_units))), width=9, usual=False),
    Column("responsible", N_("Responsible person"), _responsible, width=6, usual=False),
    Column("assigned", N_("Assigned on"), _assigned, Kind.DAY, width=9, usual=False),
    Column("due", N_("Due on"), lambda row: row.due_on, Kind.DAY, look="nowrap", width=9),
    Column("progress", N_("Progress"), _progress, width=22),
    Column("outcome", N_("Outcome"), lambda row: OUTCOME_LABELS.get(row.outcome), Kind.LABEL, width=8),
    Column(
        "closed", N_("Closed on"), lambda row: row.closed_on, Kind.DAY, look="nowrap", width=9, usual=False
    ),
    Column("overdue", N_("Overdue or not"), lambda row: _yes(row.was_late), Kind.LABEL, width=5),
    *ANSWERED,
    Column(
        "struck",
        N_("Struck off"),
        lambda row: _yes(row.state is State.CLOSED),
        Kind.LABEL,
        width=5,
        usual=False,
    ),
)
OTHERS = (
    Column("state", N_("State"), lambda row: STATE_LABELS[row.state], Kind.LABEL, usual=False),
    Column("registered", N_("Day registered"), lambda row: row.registered_on, Kind.DAY, usual=False),
    Column(
        "programmes", N_("Programmes"), lambda row: sorted(parts(row.programmes)), usual=False, width=20
    ),
    Column("group", N_("Group"), usual=False, width=20),
    Column(
        "park",
        N_("Park"),
        lambda row: None if row.is_kept else row.park,
        usual=False,
        width=16,
        in_file=lambda row: None if row.confidential else row.park,
    ),
    Column("author", N_("Registered by"), usual=False),
    Column("external_no", N_("Number at the source"), usual=False, width=20),
    Column("returns", N_("Times returned"), lambda row: row.return_count, Kind.NUMBER, usual=False),
    Column("round", N_("Rounds"), kind=Kind.NUMBER, usual=False),
)


def _last(model: Any, *where: sa.ColumnElement[bool]) -> Any:
    """The id of the problem's last row of which all this is true."""
    last = sa.select(sa.func.max(model.id)).where(model.issue_id == Issue.id, *where)
    return last.correlate(Issue).scalar_subquery()


def _late() -> sa.ColumnElement[bool]:
    """A unit in charge answered after its limit, or its limit is over and nothing came."""
    ended = sa.func.coalesce(Dispatch.answered_at, Dispatch.ended_at)
    was_late = sa.and_(Dispatch.returned_at.is_(None), site_day(ended) > Dispatch.due_on)
    is_late = sa.and_(ended.is_(None), Issue.state.in_(ON_UNIT_DESK), Dispatch.due_on < today())
    of_lead = (Dispatch.issue_id == Issue.id, Dispatch.kind == DispatchKind.LEAD)
    return sa.exists().where(*of_lead, sa.or_(was_late, is_late)).correlate(Issue)


def _co_units() -> Any:
    named = sa.select(joined(Unit.name)).join(Dispatch, Dispatch.unit_id == Unit.id)
    of_issue = (Dispatch.issue_id == Issue.id, Dispatch.kind == DispatchKind.CO)
    return named.where(*of_issue).correlate(Issue).scalar_subquery()


def _programmes() -> Any:
    named = sa.select(joined(Programme.name)).join(
        IssueProgramme, IssueProgramme.programme_id == Programme.id
    )
    return named.where(IssueProgramme.issue_id == Issue.id).correlate(Issue).scalar_subquery()


def _stmt(actor: Actor) -> Any:
    lead, acted, told = aliased(Dispatch), aliased(IssueMove), aliased(IssueMove)
    solved, level = aliased(Evaluation), aliased(Evaluation)
    author, responsible = aliased(Person), aliased(Person)
    handled = (IssueMove.move.in_(OF_UNIT), IssueMove.unit_id == Issue.lead_unit_id)
    return (
        rows(actor)
        .add_columns(
            *(getattr(Issue, name) for name in ("source", "description", "external_no", "return_count")),
            unless_kept(actor, Enterprise.code).label("code"),
            unless_kept(actor, Enterprise.park, "").label("park"),
            sa.type_coerce(VISITS.c.visited_on, sa.Date).label("visited_on"),
            lead.assigned_at,
            responsible.name.label("responsible"),
            told.move.label("told_move"),
            told.note.label("told"),
            told.happened_at.label("told_at"),
            solved.solved,
            level.level,
            may_read_answers(actor).label("may_read_answers"),
            author.name.label("author"),
            Group.name.label("group"),
            _late().label("was_late"),
            _co_units().label("co_units"),
            _programmes().label("programmes"),
        )
        .outerjoin(VISITS, VISITS.c.id == Issue.visit_id)
        .outerjoin(lead, lead.id == _last(Dispatch, Dispatch.kind == DispatchKind.LEAD))
        .outerjoin(acted, acted.id == _last(IssueMove, *handled))
        .outerjoin(responsible, responsible.id == acted.actor_id)
        .outerjoin(told, told.id == _last(IssueMove, IssueMove.move.in_(TELLING)))
        .outerjoin(solved, solved.id == _last(Evaluation, Evaluation.solved.is_not(None)))
        .outerjoin(level, level.id == _last(Evaluation, Evaluation.level.is_not(None)))
        .outerjoin(author, author.id == sa.func.coalesce(Issue.carried_by_id, Issue.registered_by_id))
        .outerjoin(Group, Group.id == Issue.group_id)
    )


def _open_in(days: Days) -> list[sa.ColumnElement[bool]]:
    """Problems registered by the end of the days and not closed before they begin, as known now."""
    begun = [Issue.registered_on <= days.last] if days.last else []
    is_open = Issue.state.in_(OPEN)
    return [*begun, sa.or_(is_open, Issue.closed_on >= days.first) if days.first else is_open]


def _where(actor: Actor, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    days = {wanted.by or By.REGISTERED: wanted.days}
    parts: dict[str, Any] = {name: wanted[name] for name in PARTS}
    filters = IssueFilters(
        state=tuple(wanted["state"].values) or ("counted",),
        registered=days.get(By.REGISTERED, ALL_DAYS),
        closed=days.get(By.CLOSED, ALL_DAYS),
        **parts,
    )
    where = [visible_to(actor), *conditions(filters, load_calendar(), actor)]
    if wanted.by is By.OPEN:
        where += _open_in(wanted.days)
    if park := wanted["park"]:
        there = sa.select(Enterprise.id).where(park.within(Enterprise.park, empty=Enterprise.park == ""))
        where.append(unless_kept(actor, Issue.enterprise_id, 0).in_(there))
    return where


def of_problems(actor: Actor, wanted: Wanted) -> Listing:
    """The ledger of the problems a person may read."""
    sorts: dict[str, Any] = {
        "number": Issue.number,
        "enterprise": unless_kept(actor, Enterprise.pinyin, ""),
        "category": Category.position,
        "unit": sa.func.coalesce(Unit.name, ""),
        "registered": Issue.registered_on,
        "id": Issue.id,
    }
    columns: tuple[Column, ...] = (*OFFICE, *OTHERS)
    if is_of_unit_only(actor):  # a unit never learns how its problems were rated
        columns = tuple(column for column in columns if column not in ANSWERED)
    title, where = N_("Ledger of problems"), _where(actor, wanted)
    return Listing("ledger.problems", title, _stmt(actor), sorts, "number", columns, where=where)
