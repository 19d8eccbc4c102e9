"""The desks: what waits for whom, one problem after the other, and the table of what is stuck."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.listing import PER_PAGE
from visits.core.permissions import Permission
from visits.issues import asked, boards, queries
from visits.issues.models import CallbackAttempt, Dispatch, DispatchKind, Issue, Urgency
from visits.issues.states import ON_UNIT_DESK, State

WORST, UNITS = 20, 30
ANSWER = "answer"  # the queue of co-units: their own limits press there
TABLED = ("overdue", "due_soon", "unsigned", "stalled", "returned", "rated_badly")
URGENT_FIRST = sa.case(
    (Issue.urgency == Urgency.CRITICAL, 0), (Issue.urgency == Urgency.URGENT, 1), else_=2
)

Which = Callable[[Actor], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Queue:
    """Problems that wait for one kind of work; `moves` are what one does with them, the likeliest first."""

    key: str
    label: str
    which: Which
    moves: tuple[str, ...]
    order: tuple[Any, ...] = (Issue.due_on.is_(None), Issue.due_on, URGENT_FIRST, Issue.id)


def _in(state: State) -> Which:
    return lambda actor: Issue.state == state


def _of_my_unit(*states: State) -> Which:
    """Problems that one of my units leads and that stand there."""
    return lambda actor: sa.and_(Issue.state.in_(states), _led_by(actor))


def _led_by(actor: Actor) -> sa.ColumnElement[bool]:
    mine = sa.select(Dispatch.issue_id).where(
        Dispatch.unit_id.in_(actor.unit_ids),
        Dispatch.kind == DispatchKind.LEAD,
        Dispatch.ended_at.is_(None),
    )
    return Issue.id.in_(mine)


def _to_answer(actor: Actor) -> sa.ColumnElement[bool]:
    owed = sa.select(Dispatch.issue_id).where(*queries.owed_answer(actor))
    return sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.id.in_(owed))


def _asked(column: Any) -> Which:
    return lambda actor: column.is_(True)


_CALLED_LEAST = (
    sa.select(sa.func.count(CallbackAttempt.id))
    .where(CallbackAttempt.issue_id == Issue.id, CallbackAttempt.round == Issue.round)
    .correlate(Issue)
    .scalar_subquery()
)
_OLDEST = (URGENT_FIRST, Issue.state_since, Issue.id)

OFFICE = (
    Queue("accept", N_("To accept"), _in(State.REGISTERED), ("assign", "request_info", "reject"), _OLDEST),
    Queue("rule", N_("Returned, to be ruled on"), _in(State.RETURNED), ("reassign", "uphold"), _OLDEST),
    Queue(
        "extension",
        N_("Extensions to decide"),
        asked.extensions_for,
        ("grant_extension", "refuse_extension"),
    ),
    Queue("review", N_("To review"), _in(State.REPORTED), ("pass_review", "send_back"), _OLDEST),
)
UNIT = (
    Queue("sign", N_("To sign"), _of_my_unit(State.ASSIGNED), ("sign", "return")),
    Queue(
        "handle",
        N_("Being handled"),
        _of_my_unit(State.IN_PROGRESS),
        ("record_contact", "add_progress", "report", "ask_extension", "ask_suspension"),
    ),
    Queue(ANSWER, N_("To answer as co-unit"), _to_answer, ("answer_as_co_unit", "add_progress")),
    Queue("suspended", N_("Suspended"), _of_my_unit(State.SUSPENDED), ("add_progress",), _OLDEST),
)
CALLBACK = (
    Queue(
        "call",
        N_("To ring up"),
        _in(State.EVALUATING),
        ("record_evaluation", "log_attempt"),
        (_CALLED_LEAST, *_OLDEST),
    ),
    Queue(
        "withdrawal",
        N_("Withdrawals to confirm"),
        _asked(Issue.withdrawal_asked),
        ("withdraw", "refuse_withdrawal"),
        _OLDEST,
    ),
)


@dataclass(frozen=True)
class Desk:
    """One person's work of one kind: its queues, and the right that lets them be worked on."""

    key: str
    title: str
    permission: Permission
    queues: tuple[Queue, ...]

    def queue(self, key: str | None) -> Queue | None:
        """The queue of this key."""
        return next((queue for queue in self.queues if queue.key == key), None)


DESKS = {
    desk.key: desk
    for desk in (
        Desk("office", N_("Acceptance desk"), Permission.ISSUES_ACCEPT, OFFICE),
        Desk("unit", N_("Unit desk"), Permission.ISSUES_HANDLE, UNIT),
        Desk("callback", N_("Callback desk"), Permission.ISSUES_EVALUATE, CALLBACK),
    )
}


@dataclass(frozen=True)
class Waiting:
    """What waits in one queue of a desk: its first rows, and how many each queue of the desk holds."""

    queue: Queue
    rows: Sequence[Any]
    counts: Mapping[str, int]

    def answer_due_of(self, issue_id: int) -> date | None:
        """By when one of my units owes its answer to a problem of the queue of co-units."""
        return next((row.answer_due for row in self.rows if row.id == issue_id), None)

    def after(self, issue_id: int) -> int | None:
        """The problem after this one, or before it if it is the last; none when it stands alone."""
        ids = [row.id for row in self.rows]
        if issue_id not in ids:
            return ids[0] if ids else None
        place = ids.index(issue_id)
        rest = ids[place + 1 :] + ids[:place][::-1]
        return rest[0] if rest else None


def waiting(actor: Actor, desk: Desk, key: str | None) -> Waiting:
    """The queue asked for, by default the first that holds something; three statements at most."""
    counted = {queue.key: _counted(actor, queue).label(f"count_{queue.key}") for queue in desk.queues}
    asked = desk.queue(key)
    if asked and (rows := _rows(actor, asked, counted)):
        return Waiting(asked, rows, {name: getattr(rows[0], f"count_{name}") for name in counted})
    found = db.session.execute(sa.select(*counted.values())).one()
    counts = dict(zip(counted, found, strict=True))
    chosen = asked or next((queue for queue in desk.queues if counts[queue.key]), desk.queues[0])
    return Waiting(chosen, _rows(actor, chosen, {}) if counts[chosen.key] else [], counts)


def _counted(actor: Actor, queue: Queue) -> Any:
    seen = (queue.which(actor), queries.visible_to(actor))
    return sa.select(sa.func.count(Issue.id)).where(*seen).correlate(None).scalar_subquery()


def _rows(actor: Actor, queue: Queue, counted: Mapping[str, Any]) -> Sequence[Any]:
    stmt = queries.rows(actor).add_columns(
        Issue.accept_due,
        Issue.extension_asked,
        _CALLED_LEAST.label("calls"),
        queries.answer_due(actor) if queue.key == ANSWER else sa.null().label("answer_due"),
        *counted.values(),
    )
    seen = (queue.which(actor), queries.visible_to(actor))
    return db.session.execute(stmt.where(*seen).order_by(*queue.order).limit(PER_PAGE)).all()


def worst_problems(actor: Actor, conditions: Mapping[str, boards.Condition]) -> Sequence[Any]:
    """The problems stuck worst within the actor's reach, each with the lists it is on, in one statement."""
    weight = boards.weight_of(conditions)
    order: tuple[Any, ...] = (sa.desc("weight"), Issue.due_on.is_(None), Issue.due_on, Issue.id)
    worst = (  # found before they are named: PostgreSQL cannot guess how few these are
        sa.select(Issue.id, weight.label("weight"))
        .where(boards.listed(conditions), boards.seen_by(actor))
        .order_by(*order)
        .limit(WORST)
        .subquery()
    )
    marks = [condition.label(f"on_{key}") for key, condition in conditions.items()]
    stmt = queries.rows(actor).add_columns(worst.c.weight, *marks).join(worst, worst.c.id == Issue.id)
    return db.session.execute(stmt.order_by(*order)).all()


def reasons_of(row: Any) -> list[boards.Board]:
    """The lists a row of worst_problems is on, the heaviest first."""
    found = [board for board in boards.BOARDS if getattr(row, f"on_{board.key}")]
    return sorted(found, key=lambda board: -board.weight)


def stuck_by_unit(counted: Sequence[Any]) -> Sequence[Any]:
    """The units with problems on a list, of boards.count_by_unit, the most overdue first."""
    units = (row for row in counted if row.id)
    return sorted(units, key=lambda row: (-row.overdue, -row.unsigned, -row.stalled, row.name))[:UNITS]
