"""The life of a problem: its states and the moves between them."""

from collections.abc import Set
from enum import StrEnum
from typing import Any

from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.states import Guard, Machine, Move
from visits.issues import guards, rules
from visits.issues.rules import RequestKind


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
TAKEN_UP = frozenset({S.ASSIGNED, S.IN_PROGRESS})  # a unit's time begins to run
ON_UNIT_DESK = frozenset({S.ASSIGNED, S.RETURNED, S.IN_PROGRESS})
OPEN = ON_UNIT_DESK | {S.REGISTERED, S.SUSPENDED, S.REPORTED, S.EVALUATING}
EXCLUDED = frozenset({S.REJECTED, S.MERGED, S.WITHDRAWN, S.VOID})
# In which states a request may wait for its decision; in any other it has lapsed.
ASKABLE = {
    RequestKind.EXTENSION: frozenset({S.IN_PROGRESS}),
    RequestKind.SUSPENSION: frozenset({S.IN_PROGRESS}),
    RequestKind.WITHDRAWAL: OPEN,
    RequestKind.RULING: frozenset({S.IN_PROGRESS, S.REPORTED, S.EVALUATING}),
}
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


def label_of_state(row: Any) -> str:
    """How the state of a problem reads: one closed on the spot says so, until it is taken up again."""
    is_on_spot = row.on_spot and row.round == 1 and row.state is S.CLOSED
    return N_("On the spot") if is_on_spot else STATE_LABELS[row.state]


# Who speaks with the enterprise sees its number whole.
SPEAKING = frozenset({P.ISSUES_ACCEPT, P.ISSUES_AMEND, P.ISSUES_EVALUATE, P.ISSUES_HANDLE})
# Who hands the enterprise the link by which it follows and rates its problem.
LINKING = frozenset({P.ISSUES_ACCEPT, P.ISSUES_AMEND, P.ISSUES_EVALUATE, P.ISSUES_WITHDRAW})

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
    "recompute_review": N_("Review day moved with the calendar"),
    "ask_extension": N_("Ask for an extension"),
    "grant_extension": N_("Grant the extension"),
    "refuse_extension": N_("Refuse the extension"),
    "ask_suspension": N_("Ask for a suspension"),
    "suspend": N_("Suspend"),
    "refuse_suspension": N_("Refuse the suspension"),
    "resume": N_("Resume"),
    "merge": N_("Merge into another problem"),
    "unmerge": N_("Undo the merge"),
    "split": N_("Split"),
    "link_repeat": N_("Link as a repeat"),
    "ask_withdrawal": N_("The enterprise withdraws"),
    "withdraw": N_("Confirm the withdrawal"),
    "refuse_withdrawal": N_("The enterprise does not withdraw"),
    "reopen": N_("Re-open"),
    "reopen_to_office": N_("Re-open at the office"),
    "fulfil": N_("Report the promise as fulfilled"),
    "ask_ruling": N_("Propose a closing by ruling"),
    "rule_closed": N_("Close by ruling"),
    "refuse_ruling": N_("Refuse the closing by ruling"),
    "rate_later": N_("Record a later rating"),
    "hide_enterprise": N_("Keep the enterprise's name"),
    "show_enterprise": N_("Show the enterprise's name"),
    "raise_flag": N_("Raise a red flag"),
    "lower_flag": N_("Take the red flag down"),
    "remind": N_("Remind"),
    "escalate": N_("Escalate"),
    "instruct": N_("Instruct"),
    "set_duty": N_("Set a duty"),
    "complete_duty": N_("Report a duty as done"),
    "cancel_duty": N_("Take a duty back"),
    "order_supervision": N_("Supervision order issued"),
    "answer_supervision": N_("Supervision order answered"),
    "send_back_supervision": N_("Reply to the supervision order sent back"),
    "end_supervision": N_("Supervision order ended"),
    "put_on_agenda": N_("Put on a meeting's agenda"),
    "conclude": N_("Settled at a meeting"),
    "hand_over": N_("Taken over by a colleague"),
    "import:register": N_("Register"),
    "import:close_on_spot": N_("Close on the spot"),
    "import:assign": N_("Accept and assign"),
    "import:report": N_("Report the result"),
    "import:close": N_("Closed by the ledger"),
    "import:rate": N_("Rated by the enterprise"),
    "import:undo": N_("Import undone"),
}

_SIGNABLE = {S.ASSIGNED, S.IN_PROGRESS}
_VOIDABLE = OPEN | {S.REJECTED, S.CLOSED}
_WITH_UNIT = ON_UNIT_DESK | {S.SUSPENDED}
_MERGEABLE = ON_UNIT_DESK | {S.REGISTERED}
_URGED = OPEN - {S.REGISTERED, S.SUSPENDED}  # somebody is at work on it whom one can remind
_LEDGER_OPEN = {S.REGISTERED, S.ASSIGNED, S.REPORTED}  # as far as a ledger leads what it does not close
_RULED = ASKABLE[RequestKind.RULING]
REGISTER, ACCEPT, AMEND, HANDLE = P.ISSUES_REGISTER, P.ISSUES_ACCEPT, P.ISSUES_AMEND, P.ISSUES_HANDLE
RULE, REVIEW, EVALUATE, SYSTEM = P.ISSUES_RULE, P.ISSUES_REVIEW, P.ISSUES_EVALUATE, None
WITHDRAW, REOPEN, FULFIL, SUPERVISE = (
    P.ISSUES_WITHDRAW,
    P.ISSUES_REOPEN,
    P.ISSUES_FULFIL,
    P.ISSUES_SUPERVISE,
)
FLAG, URGE, DUTY, ORDER = P.ISSUES_FLAG, P.ISSUES_URGE, P.ISSUES_DUTY, P.SUPERVISION_ORDER
REPLY, MEETING = P.SUPERVISION_REPLY, P.MEETINGS_WRITE


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
    _move("request_info",      {S.REGISTERED},  None,          ACCEPT,   guards.may_ask_for_info),
    _move("complete_info",     {S.REGISTERED},  None,          AMEND,    guards.may_complete_info),
    _move("reject",            {S.REGISTERED},  S.REJECTED,    ACCEPT),
    _move("restore",           {S.REJECTED},    S.REGISTERED,  RULE,     guards.may_restore),
    _move("sign",              {S.ASSIGNED},    S.IN_PROGRESS, HANDLE,   guards.only_lead_unit),
    _move("record_contact",    _SIGNABLE,       None,          HANDLE,   guards.may_record_contact),
    _move("add_progress",      _WITH_UNIT,       None,          HANDLE),
    _move("answer_as_co_unit", ON_UNIT_DESK,    None,          HANDLE,   guards.may_answer_as_co_unit),
    _move("waive_co_unit",     ON_UNIT_DESK,    None,          ACCEPT,   guards.may_waive_co_unit),
    _move("return",            _SIGNABLE,       S.RETURNED,    HANDLE,   guards.may_return),
    _move("reassign",          {S.RETURNED},    S.ASSIGNED,    RULE,     guards.may_rule),
    _move("uphold",            {S.RETURNED},    S.ASSIGNED,    RULE,     guards.may_rule),
    _move("report",            {S.IN_PROGRESS}, S.REPORTED,    HANDLE,   guards.may_report),
    _move("pass_review",       {S.REPORTED},    S.EVALUATING,  REVIEW,   guards.may_review),
    _move("send_back",         {S.REPORTED},    S.IN_PROGRESS, REVIEW,   guards.may_review),
    _move("record_evaluation", {S.EVALUATING},  None,          EVALUATE, guards.only_independent),
    _move("log_attempt",       {S.EVALUATING},  None,          EVALUATE, guards.only_independent),
    _move("close_evaluated",   {S.EVALUATING},  S.CLOSED,      SYSTEM),
    _move("rework",            {S.EVALUATING},  S.IN_PROGRESS, SYSTEM),
    _move("close_unreached",   {S.EVALUATING},  S.CLOSED,      ACCEPT,   guards.may_close_unreached),
    _move("correct",           OPEN,            None,          AMEND,    guards.may_correct),
    _move("void",              _VOIDABLE,       S.VOID,        P.ISSUES_VOID, guards.may_void),
    _move("recompute_due",     ON_UNIT_DESK,    None,          SYSTEM),
    _move("recompute_review",  {S.SUSPENDED},   None,          SYSTEM),
    _move("add_note",          set(S),          None,          P.ISSUES_NOTE),
    _move("ask_extension",     {S.IN_PROGRESS}, None,          HANDLE,   guards.may_ask_extension),
    _move("grant_extension",   {S.IN_PROGRESS}, None,          RULE,     guards.may_decide_extension),
    _move("refuse_extension",  {S.IN_PROGRESS}, None,          RULE,     guards.may_decide_extension),
    _move("ask_suspension",    {S.IN_PROGRESS}, None,          HANDLE,   guards.may_ask_suspension),
    _move("suspend",           {S.IN_PROGRESS}, S.SUSPENDED,   RULE,     guards.may_decide_suspension),
    _move("refuse_suspension", {S.IN_PROGRESS}, None,          RULE,     guards.may_decide_suspension),
    _move("resume",            {S.SUSPENDED},   S.IN_PROGRESS, ACCEPT),
    _move("merge",             _MERGEABLE,      S.MERGED,      ACCEPT),
    Move("unmerge", frozenset({S.MERGED}), None, ACCEPT, MOVE_LABELS["unmerge"], goes_back=True),
    _move("split",             OPEN,            None,          ACCEPT),
    _move("link_repeat",       OPEN,            None,          ACCEPT),
    _move("ask_withdrawal",    OPEN,            None,          WITHDRAW, guards.may_ask_withdrawal),
    _move("withdraw",          OPEN,            S.WITHDRAWN,   EVALUATE, guards.may_decide_withdrawal),
    _move("refuse_withdrawal", OPEN,            None,          EVALUATE, guards.may_decide_withdrawal),
    _move("reopen",            {S.CLOSED},      S.IN_PROGRESS, REOPEN,   guards.may_reopen),
    _move("reopen_to_office",  {S.CLOSED},      S.REGISTERED,  REOPEN,   guards.may_reopen_to_office),
    _move("fulfil",            {S.CLOSED},      S.REPORTED,    FULFIL,   guards.may_fulfil),
    _move("ask_ruling",        _RULED,          None,          RULE,     guards.may_ask_ruling),
    _move("rule_closed",       _RULED,          S.CLOSED,      SUPERVISE, guards.may_confirm_ruling),
    _move("refuse_ruling",     _RULED,          None,          SUPERVISE, guards.may_confirm_ruling),
    _move("rate_later",        {S.CLOSED},      None,          EVALUATE, guards.may_rate_later),
    _move("hide_enterprise",   OPEN,            None,          AMEND,    guards.may_hide_enterprise),
    _move("show_enterprise",   OPEN | {S.CLOSED}, None,        AMEND,    guards.may_show_enterprise),
    _move("raise_flag",        OPEN,            None,          FLAG,     guards.may_raise_flag),
    _move("lower_flag",        OPEN,            None,          URGE,     guards.may_lower_flag),
    _move("remind",            _URGED,          None,          URGE),
    _move("escalate",          OPEN,            None,          URGE,     guards.may_escalate),
    _move("instruct",          OPEN,            None,          RULE,     guards.only_leader),
    _move("set_duty",          OPEN,            None,          ACCEPT),
    _move("complete_duty",     OPEN | {S.CLOSED}, None,        DUTY,     guards.may_end_duty),
    _move("cancel_duty",       OPEN | {S.CLOSED}, None,        ACCEPT,   guards.may_end_duty),
    _move("order_supervision", OPEN,            None,          ORDER),
    _move("answer_supervision", set(S),         None,          REPLY),
    _move("send_back_supervision", set(S),      None,          ORDER),
    _move("end_supervision",   set(S),          None,          ORDER),
    _move("put_on_agenda",     OPEN,            None,          MEETING),
    _move("conclude",          OPEN | {S.CLOSED}, None,        MEETING),
    _move("hand_over",         OPEN,            None,          SYSTEM),
    # What an older ledger says happened; open to its import only.
    _move("import:register",      set(),         S.REGISTERED, SYSTEM),
    _move("import:close_on_spot", set(),         S.CLOSED,     SYSTEM),
    _move("import:assign",        {S.REGISTERED}, S.ASSIGNED,  SYSTEM),
    _move("import:report",        {S.ASSIGNED},  S.REPORTED,   SYSTEM),
    _move("import:close",         _LEDGER_OPEN,  S.CLOSED,     SYSTEM),
    _move("import:rate",          {S.CLOSED},    None,         SYSTEM),
    _move("import:undo",          _LEDGER_OPEN | {S.CLOSED}, S.VOID, SYSTEM),
])
# fmt: on
