"""Which parts of a person's first page hold anything: asked at once, so that empty ones cost nothing."""

from datetime import timedelta

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Permission as P
from visits.handover.queries import asking
from visits.honesty.queries import unanswered
from visits.outreach.queries.drafts import drafts_own
from visits.outreach.queries.plans import plans_next
from visits.outreach.queries.promises import promises_waiting
from visits.supervision.queries.orders import orders_in
from visits.supervision.queries.samples import marked
from visits.supervision.queries.topics import to_be_asked
from visits.supervision.states import AWAITING, OrderState

PLANS_AHEAD = timedelta(days=7)


def parts_present(actor: Actor) -> frozenset[str]:
    """The names of the parts that hold something, of those the person has a right to."""
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
    }
    held = {
        name: sa.exists().where(which(actor)) for name, (right, which) in parts.items() if may(actor, right)
    }
    held["stand_ins"] = sa.exists().where(accounts.stands_in(actor.person_id))
    row = db.session.execute(sa.select(*(there.label(name) for name, there in held.items()))).one()
    return frozenset(name for name in held if getattr(row, name))


def _to_judge(actor: Actor) -> sa.ColumnElement[bool]:
    return orders_in(actor, [OrderState.REPLIED], mine=False)
