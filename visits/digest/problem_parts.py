"""The parts of a digest about problems: a unit's desk, the office's, the board's lists, one's own."""

from collections.abc import Callable

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.permissions import Role
from visits.digest.facts import AT_WORK, Ground, Part, Rows, problems
from visits.digest.rules import ORDER_AFTER
from visits.issues import asked, boards, desks, duties
from visits.issues import queries as issues
from visits.issues.filters import office_late, overdue
from visits.issues.models import Duty, Issue
from visits.issues.rules import last_day_ago
from visits.issues.states import OPEN, State

PAGE = ("issues.show", "issue_id")
LIST = "issues.index"
Which = Callable[[Actor, Ground], sa.ColumnElement[bool]]


def _read(which: Which, *order: object, due: object = Issue.due_on) -> Callable[[Actor, Ground], Rows]:
    """Problems of a condition that the actor may read."""
    return lambda actor, ground: problems(
        sa.and_(which(actor, ground), issues.visible_to(actor)), *order, due=due
    )


def _led(*where: Callable[[Ground], sa.ColumnElement[bool]]) -> Which:
    """Problems at work in one of the actor's units, which is in charge."""
    return lambda actor, ground: sa.and_(
        Issue.state.in_(AT_WORK), issues.answerable(actor), *(condition(ground) for condition in where)
    )


def _queue(desk: str, key: str) -> Which:
    queue = desks.DESKS[desk].queue(key)
    if queue is None:
        raise LookupError(f"there is no queue {desk}/{key}")
    return lambda actor, _ground: queue.which(actor)


def _duties(actor: Actor, ground: Ground) -> Rows:
    wanted = (
        Duty.unit_id.in_(actor.unit_ids),
        *duties.OPEN_DUTY,
        Duty.due_on <= ground.days.soon,
        Issue.state.in_(OPEN | {State.CLOSED}),
        issues.visible_to(actor),
    )
    return Rows(
        Duty,
        Issue.id,
        Duty.text,
        sa.and_(*wanted),
        number=Issue.number,
        due=Duty.due_on,
        is_confidential=Issue.confidential,
        joins=((Issue, Issue.id == Duty.issue_id),),
        order=(Duty.due_on, Duty.id),
    )


def _order_due(_actor: Actor, ground: Ground) -> sa.ColumnElement[bool]:
    """Problems at work that have been overdue so long that an order is due, and on which there is none."""
    last = last_day_ago(ORDER_AFTER, ground.days.today, ground.calendar)
    return sa.and_(Issue.state.in_(AT_WORK), Issue.due_on <= last, Issue.supervised.is_(False))


def _handles(roles: frozenset[Role]) -> bool:
    return Role.HANDLER in roles


def _oversees_nothing(roles: frozenset[Role]) -> bool:
    """Whoever neither handles nor rings up nor has the board sees the own problems that are late."""
    return not roles & {
        Role.HANDLER,
        Role.UNIT_HEAD,
        Role.CALLBACK,
        Role.COORDINATOR,
        Role.SUPERVISOR,
        Role.LEADER,
        Role.GROUP_LEADER,
    }


def _board(key: str, title: str, due: object = Issue.due_on, **more: str) -> Part:
    def rows(actor: Actor, ground: Ground) -> Rows:
        return problems(sa.and_(ground.boards[key], boards.seen_by(actor)), due=due)

    return Part(f"board_{key}", title, (P.SUPERVISION_BOARD,), rows, PAGE, (LIST, {"board": key, **more}))


UNIT = (
    Part(
        "unit_overdue",
        N_("Overdue in my unit"),
        (P.ISSUES_HANDLE,),
        _read(_led(lambda ground: overdue(ground.days.today))),
        PAGE,
        (LIST, {"mine": "desk", "light": "red"}),
    ),
    Part(
        "unit_due",
        N_("Due today in my unit"),
        (P.ISSUES_HANDLE,),
        _read(_led(lambda ground: Issue.due_on == ground.days.today)),
        PAGE,
        (LIST, {"mine": "desk", "light": "yellow"}),
    ),
    Part(
        "unit_soon",
        N_("Due within two working days in my unit"),
        (P.ISSUES_HANDLE,),
        _read(
            _led(lambda ground: ground.boards["due_soon"], lambda ground: Issue.due_on > ground.days.today)
        ),
        PAGE,
        (LIST, {"mine": "desk", "light": "yellow"}),
        works_for=_handles,
    ),
    Part(
        "unit_sign",
        N_("To be signed by my unit"),
        (P.ISSUES_HANDLE,),
        _read(_queue("unit", "sign")),
        PAGE,
        ("desks.unit", {"queue": "sign"}),
    ),
    Part(
        "unit_answer",
        N_("To be answered by my unit as co-unit"),
        (P.ISSUES_HANDLE,),
        _read(_queue("unit", "answer")),
        PAGE,
        ("desks.unit", {"queue": "answer"}),
    ),
    Part(
        "unit_promised",
        N_("Promised by my unit and soon due"),
        (P.ISSUES_FULFIL,),
        _read(
            lambda actor, ground: sa.and_(ground.boards["lapsing"], issues.answerable(actor)),
            due=Issue.commitment_due,
        ),
        PAGE,
        (LIST, {"board": "lapsing", "state": "all"}),
    ),
    Part(
        "unit_review",
        N_("Suspended in my unit, to be reviewed soon"),
        (P.ISSUES_HANDLE,),
        _read(
            lambda actor, ground: sa.and_(ground.boards["review_due"], issues.answerable(actor)),
            due=Issue.review_on,
        ),
        PAGE,
        (LIST, {"board": "review_due"}),
    ),
    Part(
        "unit_duties",
        N_("Duties of my unit that are due"),
        (P.ISSUES_DUTY,),
        _duties,
        PAGE,
        ("home.index", {}),
    ),
)

OFFICE = (
    Part(
        "accept",
        N_("To accept and assign"),
        (P.ISSUES_ACCEPT,),
        _read(_queue("office", "accept"), due=Issue.accept_due),
        PAGE,
        ("desks.office", {"queue": "accept"}),
    ),
    Part(
        "rule",
        N_("Returned, to be ruled on"),
        (P.ISSUES_RULE,),
        _read(_queue("office", "rule")),
        PAGE,
        (LIST, {"state": "returned"}),
    ),
    Part(
        "extension",
        N_("Extensions to decide"),
        (P.ISSUES_RULE,),
        _read(lambda actor, _: asked.extensions_for(actor)),
        PAGE,
        (LIST, {"asked": "extension"}),
    ),
    Part(
        "suspension",
        N_("Suspensions to decide"),
        (P.ISSUES_RULE,),
        _read(lambda actor, _: asked.suspensions_for(actor)),
        PAGE,
        (LIST, {"asked": "suspension"}),
    ),
    Part(
        "ruling",
        N_("Rulings to confirm"),
        (P.ISSUES_SUPERVISE,),
        _read(lambda actor, _: asked.rulings_for(actor)),
        PAGE,
        (LIST, {"asked": "ruling"}),
    ),
    Part(
        "review",
        N_("Reported, to be reviewed"),
        (P.ISSUES_REVIEW,),
        _read(_queue("office", "review")),
        PAGE,
        (LIST, {"state": "reported"}),
    ),
    Part(
        "unrated",
        N_("Not rated for more than three working days"),
        (P.ISSUES_EVALUATE,),
        _read(
            lambda _, ground: sa.and_(Issue.state == State.EVALUATING, office_late(ground.calendar)),
            Issue.state_since,
            due=sa.cast(sa.null(), sa.Date),
        ),
        PAGE,
        (LIST, {"state": "evaluating", "office_late": "1"}),
    ),
    Part(
        "call",
        N_("To be rung up"),
        (P.ISSUES_EVALUATE,),
        _read(
            lambda _, ground: sa.and_(
                Issue.state == State.EVALUATING, sa.not_(office_late(ground.calendar))
            ),
            Issue.state_since,
            due=sa.cast(sa.null(), sa.Date),
        ),
        PAGE,
        ("desks.callback", {"queue": "call"}),
    ),
    Part(
        "withdrawal",
        N_("Withdrawals to confirm"),
        (P.ISSUES_EVALUATE,),
        _read(_queue("callback", "withdrawal")),
        PAGE,
        (LIST, {"asked": "withdrawal"}),
    ),
)

BOARDS = (
    _board("red_flag", N_("Red flags")),
    _board("overdue", N_("Overdue problems")),
    _board("unsigned", N_("Problems not signed in time")),
    _board("stalled", N_("Problems without progress for five working days")),
    _board("rated_badly", N_("Problems rated badly")),
    _board("review_due", N_("Suspensions up for review"), Issue.review_on),
    _board("lapsing", N_("Commitments about to lapse"), Issue.commitment_due, state="all"),
    Part(
        "orders_due",
        N_("Overdue for five working days, without a supervision order"),
        (P.SUPERVISION_ORDER,),
        _read(_order_due),
        PAGE,
        ("supervision.new_orders", {}),
    ),
    Part(
        "contradicted",
        N_("Closed as solved, said otherwise on site"),
        (P.ISSUES_REOPEN, P.ISSUES_ACCEPT),
        _read(lambda _actor, ground: ground.boards["contradicted"]),
        PAGE,
        (LIST, {"board": "contradicted", "state": "all"}),
    ),
)

OWN = (
    Part(
        "needs_info",
        N_("More is asked of problems I registered"),
        (P.ISSUES_AMEND,),
        _read(
            lambda actor, _: sa.and_(
                Issue.state == State.REGISTERED, Issue.needs_info.is_(True), issues.authored(actor)
            )
        ),
        PAGE,
        (LIST, {"mine": "authored", "needs_info": "1"}),
    ),
    Part(
        "own_overdue",
        N_("Overdue, of the problems I brought home or follow"),
        (P.ISSUES_NOTE,),
        _read(lambda _actor, ground: overdue(ground.days.today)),
        PAGE,
        (LIST, {"overdue": "1"}),
        works_for=_oversees_nothing,
    ),
)
