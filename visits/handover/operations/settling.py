"""What changes hands when something accepted goes over: each kind by the operation of its own slice."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from visits.accounts import operations as accounts
from visits.accounts.models import Delegation
from visits.core import audit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.handover import queries
from visits.handover.models import DATED, HandoverItem, Kind
from visits.handover.notifications import notify_finished
from visits.handover.operations.moving import Step, begin, move_handover, move_item
from visits.handover.states import ItemState
from visits.issues import operations as issues
from visits.issues.models import Issue
from visits.lists import operations as lists
from visits.lists.models import SavedView
from visits.outreach import operations as outreach
from visits.outreach.models import PlanCompanion, Promise, VisitPlan
from visits.programmes import operations as programmes
from visits.programmes.models import GroupMember, Link

Passing = Callable[[Step, Any, HandoverItem, date], object]
PASSING: dict[Kind, tuple[type, Passing]] = {
    Kind.LINK: (
        Link,
        lambda step, link, item, day: programmes.change_officer(step.actor, link, item.receiver_id, day),
    ),
    Kind.MEMBERSHIP: (
        GroupMember,
        lambda step, member, item, day: programmes.pass_membership(
            step.actor, member, item.receiver_id, day
        ),
    ),
    Kind.ISSUE: (
        Issue,
        lambda step, issue, item, _day: issues.hand_over(step.actor, issue, item.receiver_id),
    ),
    Kind.PROMISE: (
        Promise,
        lambda step, promise, item, _day: outreach.pass_promise(
            step.actor, promise, item.receiver_id, step.handover.reason
        ),
    ),
    Kind.PLAN: (
        VisitPlan,
        lambda step, plan, item, _day: outreach.pass_plan(step.actor, plan, item.receiver_id),
    ),
    Kind.COMPANION: (
        PlanCompanion,
        lambda step, along, item, _day: outreach.pass_going_along(step.actor, along, item.receiver_id),
    ),
    Kind.DEPUTY: (
        Delegation,
        lambda step, absence, item, day: accounts.pass_absence(step.actor, absence, item.receiver_id, day),
    ),
    Kind.VIEW: (
        SavedView,
        lambda step, view, item, _day: lists.pass_view(step.actor, view, item.receiver_id),
    ),
}


def settle(step: Step, items: Iterable[HandoverItem]) -> None:
    """Let accepted things go over, those whose time has come; what the leaver has no more lapses."""
    handover = step.handover
    day = max(handover.from_on, today())
    held = {(row.kind, row.record_id) for row in queries.pack_of(handover.from_id, day)}
    for item in items:
        if (item.kind.value, item.record_id) not in held:
            move_item(step, item, "lapse")
        elif item.kind in DATED or handover.from_on <= today():
            _pass_on(step, item, day)
            item.done_on = day
            move_item(step, item, "apply")
    end_if_settled(step)


def _pass_on(step: Step, item: HandoverItem, day: date) -> None:
    if item.kind is Kind.FOLLOWED:
        issues.pass_following(item.record_id, step.handover.from_id, item.receiver_id)
        return
    table, passing = PASSING[item.kind]
    passing(step, db.session.get(table, item.record_id), item, day)


def end_if_settled(step: Step) -> None:
    """Finish a handover of which nothing waits any more."""
    db.session.flush()
    if queries.is_settled(step.handover.id):
        move_handover(step, "finish")
        audit.record(step.actor, "handover.finished", step.handover)
        notify_finished(step.actor, step.handover)


def settle_due(actor: Actor, handover_id: int) -> bool:
    """Let what was accepted before the day go over on it; say whether there was anything."""
    handover = queries.get_handover(actor, handover_id, to_write=True)
    items = queries.items_of(handover.id, ItemState.ACCEPTED)
    if items:
        settle(begin(actor, handover), items)
        audit.record(actor, "handover.came_due", handover, rows=len(items))
    return bool(items)
