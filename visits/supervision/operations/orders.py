"""Supervision orders: issued to each unit, replied to, judged, withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from visits.core.authz import Actor, require
from visits.core.calendar import load_calendar
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.core.permissions import Permission
from visits.core.workdays import add_workdays
from visits.issues import operations as issues
from visits.issues.models import Issue
from visits.issues.operations import OrderNote
from visits.supervision import queries, rules
from visits.supervision.models import Order, OrderCounter, OrderProblem, Reply, ReplyPart, Verdict
from visits.supervision.notifications import notify_moved
from visits.supervision.operations.moving import Step, first_step, make_step, open_step, require_text
from visits.supervision.queries import OrderPart
from visits.supervision.queries.stood import kept_of
from visits.supervision.rules import Colour
from visits.supervision.states import OrderState


@dataclass(frozen=True)
class OrdersEntry:
    """What is ordered over which problems, to be answered within so many working days.

    Without a colour each order gets the one its problems deserve. `seen` is the plan's mark as the person
    saw it: where the problems went elsewhere since, nothing is issued.
    """

    issue_ids: Iterable[int]
    reason: str
    demand: str
    workdays: int = rules.USUAL_REPLY
    colour: Colour | None = None
    seen: str | None = None


@dataclass(frozen=True)
class ReplyEntry:
    """What the unit answers, and if it wants to what it says of each problem."""

    text: str
    of_problems: Mapping[int, str] = field(default_factory=dict)


def issue_orders(actor: Actor, entry: OrdersEntry) -> list[Order]:
    """Issue one order to each unit that has some of these problems; what cannot be ordered stays out."""
    require(actor, Permission.SUPERVISION_ORDER)
    _require_days(entry.workdays)
    require_text(entry.reason, "reason", N_("Write why the order is issued."))
    require_text(entry.demand, "demand", N_("Write what the unit must do."))
    plan = queries.plan_orders(actor, entry.issue_ids)
    if entry.seen is not None and entry.seen != plan.mark:
        raise Refused(
            N_("The problems moved on since you saw this list. Look at it again, then issue the orders.")
        )
    if not plan.parts:
        raise Refused(N_("None of these problems can be ordered. The list below says why."))
    return [_issue(actor, part, entry) for part in plan.parts]


def _require_days(workdays: int) -> None:
    if not 1 <= workdays <= max(rules.REPLY_WITHIN):
        raise Refused(
            N_("A reply is due within 1 to %(most)d working days."),
            field="workdays",
            most=max(rules.REPLY_WITHIN),
        )


def _issue(actor: Actor, part: OrderPart, entry: OrdersEntry) -> Order:
    at = now()
    day = local_date(at)
    due_on = add_workdays(day, entry.workdays, load_calendar())
    order = Order(
        number=_number(day.year),
        unit_id=part.unit_id,
        colour=entry.colour or part.colour,
        reason=entry.reason,
        demand=entry.demand,
        issued_by_id=actor.person_id,
        issued_at=at,
        issued_on=day,
        due_on=due_on,
        original_due_on=due_on,
    )
    step = first_step(actor, order, "issue")
    make_step(step, number=order.number, unit=part.unit, problems=[p.row.number for p in part.problems])
    db.session.add_all(
        OrderProblem(order_id=order.id, issue_id=p.row.id, stood=kept_of(p.row)) for p in part.problems
    )
    db.session.flush()
    notify_moved(actor, order, "issue")
    note = _note(order, entry.demand, order_unit=part.unit, reply_due=due_on.isoformat())
    for problem in _problems_of(order):
        issues.order_supervision(actor, problem, note)
    return order


def _number(year: int) -> str:
    """Take the next number of the year, from a counter row that is locked until the transaction ends."""
    lock_name(f"supervision-number {year}")
    counter = db.session.get(OrderCounter, year, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = OrderCounter(year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return rules.order_number(year, counter.last)


def _note(order: Order, text: str, **details: Any) -> OrderNote:
    return OrderNote(order.id, order.number, order.unit_id, text, details)


def _problems_of(order: Order) -> list[Issue]:
    found = (db.session.get(Issue, key) for key in queries.issue_ids_of(order.id))
    return [issue for issue in found if issue is not None]


def _open(actor: Actor, order: Order, name: str, revision: int | None) -> Step:
    return open_step(actor, order, name, revision, queries.facts_of(actor, order))


def reply(actor: Actor, order: Order, entry: ReplyEntry, revision: int | None = None) -> Reply:
    """Answer an order for the unit; it waits to be judged then."""
    step = _open(actor, order, "reply", revision)
    require_text(entry.text, "text", N_("Write what was done."))
    problems = _problems_of(order)
    count = sum(1 for _ in queries.replies_of(order.id))
    given = Reply(
        order_id=order.id,
        seq=count + 1,
        text=entry.text,
        due_on=order.due_on,
        replied_by_id=actor.person_id,
        replied_at=step.at,
    )
    order.replied_at = step.at
    make_step(step, number=order.number, text=entry.text)
    notify_moved(actor, order, "reply")
    db.session.add(given)
    db.session.flush()
    for issue in problems:
        own = entry.of_problems.get(issue.id, "").strip()
        if own:
            db.session.add(ReplyPart(reply_id=given.id, issue_id=issue.id, text=own))
        said = "\n".join(filter(None, (entry.text, own)))
        issues.answer_supervision(actor, issue, _note(order, said))
    return given


def _judge(step: Step, verdict: Verdict, words: str) -> None:
    given = queries.last_reply(step.record.id)
    given.verdict, given.judgement = verdict, words
    given.judged_by_id, given.judged_at = step.actor.person_id, step.at


def accept_reply(actor: Actor, order: Order, note: str = "", revision: int | None = None) -> None:
    """Accept the reply: the order is closed, and its problems are supervised no longer."""
    step = _open(actor, order, "accept", revision)
    _judge(step, Verdict.ACCEPTED, note)
    _end(step, note, "accepted")


def send_back(
    actor: Actor,
    order: Order,
    why: str,
    workdays: int = rules.USUAL_REPLY,
    revision: int | None = None,
) -> None:
    """Send the reply back: the unit answers again within so many working days."""
    step = _open(actor, order, "send_back", revision)
    _require_days(workdays)
    require_text(why, "note", N_("Write what is missing in the reply."))
    _judge(step, Verdict.SENT_BACK, why)
    order.due_on = add_workdays(local_date(step.at), workdays, load_calendar())
    make_step(step, number=order.number, note=why, due_on=order.due_on.isoformat())
    notify_moved(actor, order, "send_back")
    note = _note(order, why, reply_due=order.due_on.isoformat())
    for issue in _problems_of(order):
        issues.send_back_supervision(actor, issue, note)


def withdraw(actor: Actor, order: Order, why: str, revision: int | None = None) -> None:
    """Take an order back that should not have gone out, or that has lost its object."""
    step = _open(actor, order, "withdraw", revision)
    require_text(why, "note", N_("Write why the order is withdrawn."))
    if order.state is OrderState.REPLIED:
        _judge(step, Verdict.LAPSED, why)
    _end(step, why, "withdrawn")


def _end(step: Step, note: str, how: str) -> None:
    order: Any = step.record
    order.ended_at, order.ended_by_id, order.end_note = step.at, step.actor.person_id, note
    make_step(step, number=order.number, note=note)
    notify_moved(step.actor, order, step.move.name)
    for issue in _problems_of(order):
        is_over = not queries.is_still_supervised(issue.id, besides=order.id)
        issues.end_supervision(step.actor, issue, _note(order, note, order_end=how), is_over=is_over)
