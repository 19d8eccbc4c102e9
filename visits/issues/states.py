"""The life of a problem: its states and the moves between them."""

from collections.abc import Set
from enum import StrEnum

from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.states import Guard, Machine, Move
from visits.issues import rules


class State(StrEnum):
    """Where a problem stands."""

    REGISTERED = "registered"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    REPORTED = "reported"
    EVALUATING = "evaluating"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    VOID = "void"


S = State
ON_UNIT_DESK = frozenset({S.ASSIGNED, S.RETURNED, S.IN_PROGRESS})
OPEN = ON_UNIT_DESK | {S.REGISTERED, S.SUSPENDED, S.REPORTED, S.EVALUATING}
EXCLUDED = frozenset({S.REJECTED, S.MERGED, S.WITHDRAWN, S.VOID})
OFFICE_LIMITS = {S.REPORTED: rules.REVIEW_LIMIT, S.EVALUATING: rules.CALLBACK_LIMIT}

STATE_LABELS = {
    S.REGISTERED: N_("Waiting for acceptance"),
    S.REJECTED: N_("Not accepted"),
    S.ASSIGNED: N_("Assigned, not signed yet"),
    S.RETURNED: N_("Returned, waiting for a ruling"),
    S.IN_PROGRESS: N_("In progress"),
    S.SUSPENDED: N_("Suspended"),
    S.REPORTED: N_("Reported, waiting for review"),
    S.EVALUATING: N_("Waiting for evaluation"),
    S.CLOSED: N_("Closed"),
    S.MERGED: N_("Merged"),
    S.WITHDRAWN: N_("Withdrawn by the enterprise"),
    S.VOID: N_("Void"),
}

# Who speaks with the enterprise sees its number whole.
SPEAKING = frozenset({P.ISSUES_ACCEPT, P.ISSUES_AMEND, P.ISSUES_EVALUATE, P.ISSUES_HANDLE})

MOVE_LABELS = {
    "register": N_("Register"),
    "close_on_spot": N_("Close on the spot"),
    "assign": N_("Accept and assign"),
    "request_info": N_("Ask for more information"),
    "complete_info": N_("Add the information asked for"),
    "reject": N_("Do not accept"),
    "restore": N_("Take up again"),
    "sign": N_("Sign for receipt"),
    "record_contact": N_("Record the first contact"),
    "add_progress": N_("Add progress"),
    "add_note": N_("Add a note"),
    "answer_as_co_unit": N_("Answer as co-unit"),
    "waive_co_unit": N_("Waive a co-unit's answer"),
    "return": N_("Return"),
    "reassign": N_("Reassign"),
    "uphold": N_("Uphold the assignment"),
    "report": N_("Report the result"),
    "pass_review": N_("Pass the review"),
    "send_back": N_("Send back"),
    "record_evaluation": N_("Record the evaluation"),
    "log_attempt": N_("Note a vain callback"),
    "close_evaluated": N_("Closed after evaluation"),
    "rework": N_("Sent round again"),
    "close_unreached": N_("Close: nobody reached"),
    "correct": N_("Correct the entry"),
    "void": N_("Void"),
    "recompute_due": N_("Due date moved with the calendar"),
}

_SIGNABLE = {S.ASSIGNED, S.IN_PROGRESS}
_CORRECTABLE = OPEN - {S.SUSPENDED}
_NOTABLE = OPEN - {S.SUSPENDED} | {S.REJECTED, S.CLOSED, S.VOID}
_VOIDABLE = _CORRECTABLE | {S.REJECTED, S.CLOSED}
REGISTER, ACCEPT, AMEND, HANDLE = P.ISSUES_REGISTER, P.ISSUES_ACCEPT, P.ISSUES_AMEND, P.ISSUES_HANDLE
RULE, REVIEW, EVALUATE, SYSTEM = P.ISSUES_RULE, P.ISSUES_REVIEW, P.ISSUES_EVALUATE, None


def _move(
    name: str, origin: Set[State], target: State | None, permission: P | None, guard: Guard | None = None
) -> Move:
    """One row; target None stays in the state, permission SYSTEM is nobody's."""
    label = MOVE_LABELS[name]
    return Move(name, frozenset(origin), target, permission, label, guard, system=permission is SYSTEM)


# fmt: off
LIFE = Machine([
    #     name                 from             to             who       guard
    _move("register",          set(),           S.REGISTERED,  REGISTER),
    _move("close_on_spot",     set(),           S.CLOSED,      REGISTER),
    _move("assign",            {S.REGISTERED},  S.ASSIGNED,    ACCEPT),
    _move("request_info",      {S.REGISTERED},  None,          ACCEPT,   rules.may_ask_for_info),
    _move("complete_info",     {S.REGISTERED},  None,          AMEND,    rules.may_complete_info),
    _move("reject",            {S.REGISTERED},  S.REJECTED,    ACCEPT),
    _move("restore",           {S.REJECTED},    S.REGISTERED,  RULE,     rules.may_restore),
    _move("sign",              {S.ASSIGNED},    S.IN_PROGRESS, HANDLE,   rules.only_lead_unit),
    _move("record_contact",    _SIGNABLE,       None,          HANDLE,   rules.may_record_contact),
    _move("add_progress",      ON_UNIT_DESK,    None,          HANDLE),
    _move("answer_as_co_unit", ON_UNIT_DESK,    None,          HANDLE,   rules.may_answer_as_co_unit),
    _move("waive_co_unit",     ON_UNIT_DESK,    None,          ACCEPT,   rules.may_waive_co_unit),
    _move("return",            _SIGNABLE,       S.RETURNED,    HANDLE,   rules.may_return),
    _move("reassign",          {S.RETURNED},    S.ASSIGNED,    RULE,     rules.may_rule),
    _move("uphold",            {S.RETURNED},    S.ASSIGNED,    RULE,     rules.may_rule),
    _move("report",            {S.IN_PROGRESS}, S.REPORTED,    HANDLE,   rules.may_report),
    _move("pass_review",       {S.REPORTED},    S.EVALUATING,  REVIEW,   rules.may_review),
    _move("send_back",         {S.REPORTED},    S.IN_PROGRESS, REVIEW,   rules.may_review),
    _move("record_evaluation", {S.EVALUATING},  None,          EVALUATE, rules.only_independent),
    _move("log_attempt",       {S.EVALUATING},  None,          EVALUATE, rules.only_independent),
    _move("close_evaluated",   {S.EVALUATING},  S.CLOSED,      SYSTEM),
    _move("rework",            {S.EVALUATING},  S.IN_PROGRESS, SYSTEM),
    _move("close_unreached",   {S.EVALUATING},  S.CLOSED,      ACCEPT,   rules.may_close_unreached),
    _move("correct",           _CORRECTABLE,    None,          AMEND,    rules.may_correct),
    _move("void",              _VOIDABLE,       S.VOID,        P.ISSUES_VOID, rules.may_void),
    _move("recompute_due",     ON_UNIT_DESK,    None,          SYSTEM),
    _move("add_note",          _NOTABLE,        None,          P.ISSUES_NOTE),
])
# fmt: on
