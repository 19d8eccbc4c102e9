"""Every change to visits: planned, kept as drafts, recorded, amended, voided."""

from visits.outreach.operations.amending import Amendment, amend_visit, require_amendable, rights_over
from visits.outreach.operations.calendars import make_feed, revoke_feed
from visits.outreach.operations.closing import let_close
from visits.outreach.operations.drafting import discard_draft, empty_drafts, save_draft
from visits.outreach.operations.following import follow
from visits.outreach.operations.handing import pass_going_along, pass_plan, pass_promise
from visits.outreach.operations.ledger import RUNS as LEDGER_RUNS
from visits.outreach.operations.ledger import (
    LedgerPromise,
    LedgerVisit,
    hold_firms,
    undo_ledger,
    write_visits,
)
from visits.outreach.operations.planning import (
    NewDay,
    PlanEntry,
    PlanWords,
    cancel_plan,
    edit_plan,
    join_plan,
    leave_plan,
    move_plan,
    plan_visit,
    require_changeable,
)
from visits.outreach.operations.promising import (
    PromiseChange,
    change_promise,
    keep_promise,
    withdraw_promise,
)
from visits.outreach.operations.recording import record_visit
from visits.outreach.operations.voiding import require_voidable, void_visit

__all__ = [
    "LEDGER_RUNS",
    "Amendment",
    "LedgerPromise",
    "LedgerVisit",
    "NewDay",
    "PlanEntry",
    "PlanWords",
    "PromiseChange",
    "amend_visit",
    "cancel_plan",
    "change_promise",
    "discard_draft",
    "edit_plan",
    "empty_drafts",
    "follow",
    "hold_firms",
    "join_plan",
    "keep_promise",
    "leave_plan",
    "let_close",
    "make_feed",
    "move_plan",
    "pass_going_along",
    "pass_plan",
    "pass_promise",
    "plan_visit",
    "record_visit",
    "require_amendable",
    "require_changeable",
    "require_voidable",
    "revoke_feed",
    "rights_over",
    "save_draft",
    "undo_ledger",
    "void_visit",
    "withdraw_promise",
    "write_visits",
]
