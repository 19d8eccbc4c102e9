"""What is read of supervision orders: who may see which, what one would be made of, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor, predicate_for
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.core.workdays import Calendar
from visits.enterprises.models import Enterprise
from visits.issues import queries as issues
from visits.issues import rules as issue_rules
from visits.issues.confidence import named_to
from visits.issues.models import Category, Issue
from visits.issues.states import ON_UNIT_DESK, OPEN
from visits.supervision import rules
from visits.supervision.models import Order, OrderProblem, Reply, ReplyPart
from visits.supervision.rules import Colour, Standing
from visits.supervision.states import AWAITING, RUNNING, OrderFacts, OrderState

SHOWN = 60
FAR = date.max  # a problem without a day sorts last in both databases


@dataclass(frozen=True)
class PlannedProblem:
    """A problem an order may be about; `refusal` says why it may not."""

    row: Any
    standing: Standing
    refusal: str = ""


@dataclass(frozen=True)
class OrderPart:
    """The order one unit would get, and the colour its problems deserve."""

    unit_id: int
    unit: str
    problems: tuple[PlannedProblem, ...]
    colour: Colour


@dataclass(frozen=True)
class OrderPlan:
    """What would be issued over the problems chosen: one order per unit, and what is left out."""

    parts: tuple[OrderPart, ...]
    left_out: tuple[PlannedProblem, ...]

    @property
    def mark(self) -> str:
        """Which problems go to which units: what a person was shown before issuing."""
        return ",".join(f"{p.row.id}-{part.unit_id}" for part in self.parts for p in part.problems)


def order_unit(actor: Actor) -> sa.ColumnElement[bool]:
    """Orders to my units."""
    return Order.unit_id.in_(actor.unit_ids)


def visible_orders(actor: Actor) -> sa.ColumnElement[bool]:
    """The orders a person may read."""
    return predicate_for(actor, Permission.SUPERVISION_READ, Order)


def _problem_rows(actor: Actor) -> Any:
    """What is shown of a problem under supervision; its enterprise where that is named to the actor."""
    return (
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            named_to(actor).label("enterprise"),
            Issue.confidential,
            Category.name.label("category"),
            Issue.state,
            Issue.state_since,
            Issue.round,
            Issue.return_count,
            Issue.worked_at,
            Issue.review_on,
            Issue.accept_due,
            Issue.supervised,
            Issue.lead_unit_id,
            Unit.name.label("lead_unit"),
            Issue.due_on,
            Issue.registered_on,
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )


def _in_order() -> tuple[Any, ...]:
    return sa.func.coalesce(Issue.due_on, sa.literal(FAR, sa.Date)), Issue.id


def standing_of(row: Any, calendar: Calendar, on: date | None = None) -> Standing:
    """How a problem stands today or on another day, as far as an order's colour asks."""
    day = on or today()
    on_desk = row.state in ON_UNIT_DESK
    worked_on = local_date(row.worked_at or row.state_since)
    return Standing(
        is_overdue=on_desk and row.due_on is not None and row.due_on < day,
        is_stalled=on_desk and issue_rules.is_stalled(worked_on, day, calendar),
        is_rated_badly=row.round > 1,
        returns=row.return_count,
    )


def _refusal(row: Any) -> str:
    if row.state not in OPEN:
        return N_("It is not open any more.")
    if row.lead_unit_id is None:
        return N_("No unit has it yet. Assign it first.")
    if row.supervised:
        return N_("An order on it is under way already.")
    return ""


def plan_orders(actor: Actor, issue_ids: Iterable[int]) -> OrderPlan:
    """Say what would be issued over these problems, and which must be left out, each with its reason."""
    calendar = load_calendar()
    stmt = _problem_rows(actor).where(Issue.id.in_(sorted(set(issue_ids))), issues.visible_to(actor))
    rows = db.session.execute(stmt.order_by(*_in_order())).all()
    planned = [PlannedProblem(row, standing_of(row, calendar), _refusal(row)) for row in rows]
    by_unit: dict[int, list[PlannedProblem]] = {}
    for problem in planned:
        if not problem.refusal:
            by_unit.setdefault(problem.row.lead_unit_id, []).append(problem)
    parts = [
        OrderPart(
            unit_id,
            problems[0].row.lead_unit,
            tuple(problems),
            rules.colour_for(p.standing for p in problems),
        )
        for unit_id, problems in sorted(by_unit.items())
    ]
    return OrderPlan(tuple(parts), tuple(p for p in planned if p.refusal))


def pressing_problems(actor: Actor) -> list[PlannedProblem]:
    """Problems an order suggests itself for: overdue, due soon, in a later round, returned twice."""
    calendar = load_calendar()
    soon = issue_rules.last_yellow_day(today(), calendar)
    presses = sa.or_(
        Issue.due_on <= soon,
        Issue.round > 1,
        Issue.return_count >= rules.RETURNED_OFTEN,
        Issue.red_flag.is_not(None),
    )
    where = (Issue.state.in_(ON_UNIT_DESK), Issue.supervised.is_(False), presses, issues.visible_to(actor))
    rows = db.session.execute(_problem_rows(actor).where(*where).order_by(*_in_order()).limit(SHOWN)).all()
    return [PlannedProblem(row, standing_of(row, calendar)) for row in rows]


def problem_ids_by_number(actor: Actor, numbers: Iterable[str]) -> dict[str, int]:
    """The problems of these numbers that a person may read."""
    stmt = sa.select(Issue.number, Issue.id).where(
        Issue.number.in_(list(numbers)), issues.visible_to(actor)
    )
    return {row.number: row.id for row in db.session.execute(stmt)}


def get_order(actor: Actor, order_id: int) -> Order:
    """One order; raise NotFound where there is none, or not for this person."""
    order = db.session.scalar(sa.select(Order).where(Order.id == order_id, visible_orders(actor)))
    if order is None:
        raise NotFound()
    return order


def get_order_shown(actor: Actor, order_id: int) -> Any:
    """One order, as `Order`, with the names its page shows; raise NotFound as get_order."""
    ender = aliased(Person)
    row = db.session.execute(
        sa.select(Order, Unit.name.label("unit"), Person.name.label("issuer"), ender.name.label("ender"))
        .join(Unit, Unit.id == Order.unit_id)
        .outerjoin(Person, Person.id == Order.issued_by_id)
        .outerjoin(ender, ender.id == Order.ended_by_id)
        .where(Order.id == order_id, visible_orders(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def problems_of_order(actor: Actor, order_id: int) -> Sequence[Any]:
    """The problems an order is about, each with what was kept of it when the order was issued."""
    stmt = _problem_rows(actor).add_columns(OrderProblem.stood)
    stmt = stmt.join(OrderProblem, OrderProblem.issue_id == Issue.id).where(
        OrderProblem.order_id == order_id
    )
    return db.session.execute(stmt.order_by(Issue.number)).all()


def issue_ids_of(order_id: int) -> Sequence[int]:
    """The ids of the problems an order is about."""
    stmt = sa.select(OrderProblem.issue_id).where(OrderProblem.order_id == order_id)
    return db.session.scalars(stmt.order_by(OrderProblem.issue_id)).all()


def replies_of(order_id: int) -> list[tuple[Any, list[Any]]]:
    """The replies to an order, the latest first, as (Reply, who, judge), with what each says of each."""
    judge = aliased(Person)
    replies = db.session.execute(
        sa.select(Reply, Person.name.label("who"), judge.name.label("judge"))
        .outerjoin(Person, Person.id == Reply.replied_by_id)
        .outerjoin(judge, judge.id == Reply.judged_by_id)
        .where(Reply.order_id == order_id)
        .order_by(Reply.seq.desc())
    ).all()
    parts: dict[int, list[Any]] = {}
    said = (
        sa.select(ReplyPart.reply_id, ReplyPart.text, Issue.number, Issue.title, Issue.id)
        .join(Issue, Issue.id == ReplyPart.issue_id)
        .join(Reply, Reply.id == ReplyPart.reply_id)
        .where(Reply.order_id == order_id)
        .order_by(Issue.number)
    )
    for part in db.session.execute(said) if replies else ():
        parts.setdefault(part.reply_id, []).append(part)
    return [(row, parts.get(row.Reply.id, [])) for row in replies]


def last_reply(order_id: int) -> Reply:
    """The reply that waits to be judged; the order itself says that there is one."""
    stmt = sa.select(Reply).where(Reply.order_id == order_id).order_by(Reply.seq.desc()).limit(1)
    return db.session.scalars(stmt).one()


def facts_of(actor: Actor, order: Order) -> OrderFacts:
    """What the guards of an order's moves must know of who acts."""
    return OrderFacts(in_unit=order.unit_id in actor.unit_ids)


def is_still_supervised(issue_id: int, besides: int) -> bool:
    """Whether an order besides this one on a problem is still under way."""
    stmt = (
        sa.select(OrderProblem.order_id)
        .join(Order, Order.id == OrderProblem.order_id)
        .where(OrderProblem.issue_id == issue_id, Order.id != besides, Order.state.in_(RUNNING))
    )
    return db.session.scalar(stmt.limit(1)) is not None


def orders_in(actor: Actor, states: Iterable[OrderState], *, mine: bool) -> sa.ColumnElement[bool]:
    """Orders in these states that a person may read; with `mine` only those to the person's units."""
    whose = order_unit(actor) if mine else visible_orders(actor)
    return sa.and_(Order.state.in_(list(states)), whose)


def orders_waiting(actor: Actor, states: Iterable[OrderState], *, mine: bool, most: int) -> Few:
    """Orders in these states, due first, each with the number of all; with `mine` only to my units."""
    problems = sa.select(sa.func.count()).where(OrderProblem.order_id == Order.id).scalar_subquery()
    stmt = (
        sa.select(
            Order.id,
            Order.number,
            Order.colour,
            Order.state,
            Order.due_on,
            Order.reason,
            Order.replied_at,
            Unit.name.label("unit"),
            problems.label("problems"),
            sa.func.count().over().label("total"),
        )
        .join(Unit, Unit.id == Order.unit_id)
        .where(orders_in(actor, states, mine=mine))
    )
    return Few(stmt, (Order.due_on, Order.id), most)


def replies_overdue(actor: Actor, most: int = 50) -> Sequence[Any]:
    """Orders whose reply is overdue, the latest due last: for the board of whoever supervises."""
    waiting = orders_waiting(actor, AWAITING, mine=False, most=most).rows()
    return [row for row in waiting if row.due_on < today()]


def open_orders_by_unit(actor: Actor) -> Sequence[Any]:
    """For each unit with orders under way: id, name, how many, of them awaiting a reply and overdue."""
    awaits = Order.state.in_(list(AWAITING))
    count = sa.func.count(Order.id)
    late = sa.func.count(sa.case((sa.and_(awaits, Order.due_on < today()), 1)))
    return db.session.execute(
        sa.select(
            Unit.id,
            Unit.name,
            count.label("open"),
            sa.func.count(sa.case((awaits, 1))).label("awaiting"),
            late.label("overdue"),
        )
        .join(Order, Order.unit_id == Unit.id)
        .where(Order.state.in_(list(RUNNING)), visible_orders(actor))
        .group_by(Unit.id, Unit.name)
        .order_by(late.desc(), count.desc(), Unit.name)
    ).all()
