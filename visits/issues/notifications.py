"""Who is told of what happens to a problem: one table, move by move.

Sentences name a problem by number and title, never an enterprise, whose name may be kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notices
from visits.issues import audiences as to
from visits.issues.audiences import Happened, People

DESK, DECIDE, DECIDED, RESULT = NoticeKind.DESK, NoticeKind.DECIDE, NoticeKind.DECIDED, NoticeKind.RESULT
URGE, FLAG = NoticeKind.URGE, NoticeKind.FLAG
NAME = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Line:
    """One line of the table: which kind of notice says what to whom."""

    kind: NoticeKind
    audience: Callable[[Happened], People]
    said: str


NOBODY: tuple[Line, ...] = ()
ASSIGNED = Line(
    DESK, to.lead_unit, N_("%(number)s “%(title)s” is assigned to your unit, due on %(due_on)s.")
)
ASSIGNED_CO = Line(
    DESK,
    to.co_units,
    N_("%(number)s “%(title)s” is assigned to your unit as a co-unit; answer by %(answer_due_on)s."),
)
# Not said any more, but notices that are kept say it.
EARLIER = (N_("%(number)s “%(title)s” is assigned to your unit as a co-unit."),)
BACK_ON_DESK = N_("%(number)s “%(title)s” is taken up again; your unit handles it, due on %(due_on)s.")
REOPENED = Line(RESULT, to.concerned, N_("%(number)s “%(title)s” was re-opened."))
ACCEPTABLE = Line(DECIDE, to.coordinators, N_("%(number)s “%(title)s” waits for acceptance again."))
REVIEWABLE = Line(DECIDE, to.reviewers, N_("The result of %(number)s “%(title)s” waits for your review."))
CLOSED = Line(RESULT, to.concerned, N_("%(number)s “%(title)s” is closed."))
CLOSED_FOR_UNIT = Line(DECIDED, to.lead_unit, N_("%(number)s “%(title)s” is closed."))
NOTHING_LEFT = N_("%(number)s “%(title)s” is withdrawn, void or merged; your unit has nothing more to do.")
OVER_FOR_UNITS = Line(DESK, to.all_units, NOTHING_LEFT)
IN_DANGER = N_("Red flag: %(number)s “%(title)s”. Look at it at once.")

TOLD: dict[str, tuple[Line, ...]] = {
    "register": NOBODY,  # it stands on the acceptance desk; the digest says how many do
    "close_on_spot": NOBODY,
    "assign": (ASSIGNED, ASSIGNED_CO),
    "request_info": (
        Line(DECIDE, to.author, N_("More information on %(number)s “%(title)s” is asked of you.")),
    ),
    "complete_info": (
        Line(DECIDE, to.coordinators, N_("%(number)s “%(title)s” was completed and waits for acceptance.")),
    ),
    "reject": (Line(RESULT, to.concerned, N_("%(number)s “%(title)s” was not accepted.")),),
    "restore": (
        Line(RESULT, to.concerned, N_("%(number)s “%(title)s” is taken up after all.")),
        ACCEPTABLE,
    ),
    "sign": NOBODY,
    "record_contact": NOBODY,
    "add_progress": NOBODY,
    "add_note": NOBODY,
    "answer_as_co_unit": (
        Line(DESK, to.lead_unit, N_("A co-unit gave its answer to %(number)s “%(title)s”.")),
    ),
    "waive_co_unit": (
        Line(
            DESK,
            to.lead_unit,
            N_("%(number)s “%(title)s”: the answer of %(waived_unit)s is not awaited any more."),
        ),
        Line(
            DESK,
            to.waived_unit,
            N_("Your unit's answer to %(number)s “%(title)s” is not awaited any more."),
        ),
    ),
    "return": (
        Line(
            DECIDE,
            to.rulers_on_return,
            N_("A unit returned %(number)s “%(title)s”; it waits for your ruling."),
        ),
    ),
    "reassign": (
        ASSIGNED,
        ASSIGNED_CO,
        Line(
            DECIDED,
            to.former_unit,
            N_("The return of %(number)s “%(title)s” was granted; another unit has it now."),
        ),
    ),
    "uphold": (
        Line(
            DECIDED,
            to.lead_unit,
            N_("The return of %(number)s “%(title)s” was not granted; your unit handles it."),
        ),
    ),
    "report": (REVIEWABLE,),
    "pass_review": (
        Line(DECIDED, to.lead_unit, N_("The report on %(number)s “%(title)s” passed the review.")),
        Line(DECIDE, to.callback_officers, N_("%(number)s “%(title)s” waits for a callback.")),
    ),
    "send_back": (
        Line(DESK, to.lead_unit, N_("The report on %(number)s “%(title)s” was sent back to your unit.")),
    ),
    "record_evaluation": NOBODY,  # what comes of it, the next move says
    "log_attempt": NOBODY,
    "close_evaluated": (CLOSED, CLOSED_FOR_UNIT),
    "rework": (
        Line(
            DESK,
            to.lead_unit,
            N_("The enterprise is not content with %(number)s “%(title)s”; handle it again by %(due_on)s."),
        ),
    ),
    "close_unreached": (CLOSED, CLOSED_FOR_UNIT),
    "correct": NOBODY,
    "void": (Line(RESULT, to.concerned, N_("%(number)s “%(title)s” was made void.")), OVER_FOR_UNITS),
    "recompute_due": NOBODY,  # who published the calendar says so
    "recompute_review": NOBODY,
    "ask_extension": (
        Line(DECIDE, to.rulers_on_extension, N_("An extension is asked for %(number)s “%(title)s”.")),
    ),
    "grant_extension": (
        Line(
            DECIDED,
            to.lead_unit,
            N_("The extension for %(number)s “%(title)s” is granted, up to %(due_on)s."),
        ),
    ),
    "refuse_extension": (
        Line(DECIDED, to.lead_unit, N_("The extension for %(number)s “%(title)s” is refused.")),
    ),
    "ask_suspension": (
        Line(DECIDE, to.rulers_on_suspension, N_("A suspension is asked for %(number)s “%(title)s”.")),
    ),
    "suspend": (
        Line(DECIDED, to.lead_unit, N_("%(number)s “%(title)s” is suspended.")),
        Line(RESULT, to.concerned, N_("%(number)s “%(title)s” is suspended.")),
    ),
    "refuse_suspension": (
        Line(DECIDED, to.lead_unit, N_("The suspension of %(number)s “%(title)s” is refused.")),
    ),
    "resume": (Line(DESK, to.lead_unit, BACK_ON_DESK),),
    "merge": (
        Line(RESULT, to.concerned, N_("%(number)s “%(title)s” was merged into %(into)s.")),
        OVER_FOR_UNITS,
    ),
    "unmerge": (
        Line(RESULT, to.concerned, N_("%(number)s “%(title)s” is a problem of its own again.")),
        Line(
            DESK,
            to.lead_unit,
            N_("%(number)s “%(title)s” is a problem of its own again; your unit handles it."),
        ),
    ),
    "split": NOBODY,
    "link_repeat": NOBODY,
    "ask_withdrawal": (
        Line(
            DECIDE,
            to.callback_officers,
            N_("The enterprise is said to withdraw %(number)s “%(title)s”; ask it."),
        ),
    ),
    "withdraw": (
        Line(RESULT, to.concerned, N_("The enterprise withdrew %(number)s “%(title)s”.")),
        OVER_FOR_UNITS,
    ),
    "refuse_withdrawal": (
        Line(DECIDED, to.asker, N_("The enterprise does not withdraw %(number)s “%(title)s”.")),
        Line(DECIDE, to.supervisors, N_("The enterprise denies that it withdraws %(number)s “%(title)s”.")),
    ),
    "reopen": (Line(DESK, to.lead_unit, BACK_ON_DESK), REOPENED),
    "reopen_to_office": (ACCEPTABLE, REOPENED),
    "fulfil": (REVIEWABLE,),
    "ask_ruling": (
        Line(
            DECIDE,
            to.independent_supervisors,
            N_("A closing by ruling is proposed for %(number)s “%(title)s”."),
        ),
    ),
    "rule_closed": (
        Line(DECIDED, to.asker, N_("The closing by ruling of %(number)s “%(title)s” is confirmed.")),
        CLOSED,
        CLOSED_FOR_UNIT,
    ),
    "refuse_ruling": (
        Line(DECIDED, to.asker, N_("The closing by ruling of %(number)s “%(title)s” is refused.")),
    ),
    "rate_later": NOBODY,
    "hide_enterprise": NOBODY,
    "show_enterprise": NOBODY,
    "raise_flag": (
        Line(FLAG, to.group_leader, IN_DANGER),
        Line(FLAG, to.coordinators, IN_DANGER),
        Line(FLAG, to.leaders, IN_DANGER),
    ),
    "lower_flag": (
        Line(RESULT, to.concerned, N_("The red flag over %(number)s “%(title)s” is taken down.")),
    ),
    "remind": (Line(URGE, to.whoever_has_it, N_("You are reminded of %(number)s “%(title)s”.")),),
    "escalate": (
        Line(URGE, to.leaders, N_("%(number)s “%(title)s” was escalated and waits for a leader.")),
        Line(URGE, to.lead_unit, N_("%(number)s “%(title)s” of your unit was escalated.")),
    ),
    "instruct": (
        Line(URGE, to.lead_unit, N_("A zone leader gave an instruction on %(number)s “%(title)s”.")),
        Line(URGE, to.coordinators, N_("A zone leader gave an instruction on %(number)s “%(title)s”.")),
    ),
    "set_duty": (
        Line(
            URGE,
            to.duty_unit,
            N_("Your unit has a duty for %(number)s “%(title)s”, due on %(duty_due_on)s."),
        ),
    ),
    "complete_duty": (
        Line(DECIDED, to.coordinators, N_("A duty for %(number)s “%(title)s” is reported as done.")),
    ),
    "cancel_duty": (
        Line(DESK, to.duty_unit, N_("A duty of your unit for %(number)s “%(title)s” is taken back.")),
    ),
    "order_supervision": NOBODY,  # the order itself tells, once for all its problems
    "answer_supervision": NOBODY,
    "send_back_supervision": NOBODY,
    "end_supervision": NOBODY,
    "put_on_agenda": NOBODY,  # the meeting tells whom it invites
    "conclude": (
        Line(DESK, to.duty_unit, N_("A meeting settled what your unit does for %(number)s “%(title)s”.")),
        Line(DESK, to.lead_unit, N_("A meeting came to a conclusion on %(number)s “%(title)s”.")),
    ),
    "hand_over": NOBODY,  # the handover tells, once for all it hands over
    "import:register": NOBODY,
    "import:close_on_spot": NOBODY,
    "import:assign": NOBODY,
    "import:report": NOBODY,
    "import:close": NOBODY,
    "import:rate": NOBODY,
    "import:undo": NOBODY,
}


def notify_moved(actor: Actor, it: Happened, behind: int | None = None) -> None:
    """Tell whom the table names of a move just written; `behind` is whose act made the system move it."""
    told = [
        (
            line.audience(it),
            _telling(line, it),
        )
        for line in TOLD[it.row.move]
    ]
    post_notices(actor, told, behind)


def _telling(line: Line, it: Happened) -> Telling:
    event = f"issue_moves:{it.row.id}"
    values, is_confidential = _values(line, it), it.issue.confidential
    return Telling(line.kind, event, line.said, it.issue, values, is_confidential)


def _values(line: Line, it: Happened) -> dict[str, str]:
    """What the sentence names: of the problem, else of the move."""
    issue, details = it.issue, it.row.details
    known = {
        "number": issue.number,
        "title": issue.title,
        "due_on": issue.due_on.isoformat() if issue.due_on else "",
        "duty_due_on": details.get("duty_due"),
    }
    return {name: known.get(name) or details.get(name) or "" for name in NAME.findall(line.said)}
