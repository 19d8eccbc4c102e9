"""Which parts of a person's first page hold anything: asked at once, so that empty ones cost nothing."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Permission as P
from visits.handover.queries import asking
from visits.honesty.queries import unanswered, waiting_count
from visits.issues import duties
from visits.meetings.queries.reading import is_soon
from visits.outreach.queries.drafts import drafts_own
from visits.outreach.queries.plans import plans_next
from visits.outreach.queries.promises import promises_waiting
from visits.supervision.queries.orders import orders_in
from visits.supervision.queries.samples import marked, unchecked_count
from visits.supervision.queries.topics import to_be_asked
from visits.supervision.states import AWAITING, OrderState

PLANS_AHEAD = timedelta(days=7)
COUNTED = {
    "unchecked": (P.SUPERVISION_CHECK, unchecked_count),
    "questions": (P.HONESTY_CLOSE, waiting_count),
}


def parts_present(actor: Actor) -> dict[str, int]:
    """The parts that hold something, of those the person has a right to; of some, how much they hold."""
    parts = {
        "drafts": (P.OUTREACH_RECORD, drafts_own),
        "plans": (P.OUTREACH_PLAN, lambda who: plans_next(who, today() + PLANS_AHEAD)),
        "promises": (P.OUTREACH_RECORD, promises_waiting),
        "to_reply": (P.SUPERVISION_REPLY, lambda who: orders_in(who, AWAITING, mine=True)),
        "to_judge": (P.SUPERVISION_ORDER, _to_judge),
        "to_ask": (P.SUPERVISION_FOLLOW, to_be_asked),
        "marked": (P.SUPERVISION_SETTLE, marked),
        "asked": (P.HONESTY_ANSWER, unanswered),
        "handovers": (P.HANDOVER_READ, asking),
        "duties": (P.ISSUES_DUTY, duties.waiting),
        "meetings": (P.MEETINGS_READ, is_soon),
    }
    held: dict[str, Any] = {
        name: sa.exists().where(which(actor)) for name, (right, which) in parts.items() if may(actor, right)
    }
    held |= {name: count(actor) for name, (right, count) in COUNTED.items() if may(actor, right)}
    held["stand_ins"] = sa.exists().where(accounts.stands_in(actor.person_id))
    row = db.session.execute(sa.select(*(there.label(name) for name, there in held.items()))).one()
    return {name: int(getattr(row, name)) for name in held if getattr(row, name)}


def _to_judge(actor: Actor) -> sa.ColumnElement[bool]:
    return orders_in(actor, [OrderState.REPLIED], mine=False)
