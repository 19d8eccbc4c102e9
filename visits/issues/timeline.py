"""How a problem's past, lights and evaluations read on a page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.authz import Actor, reaches
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.core.permissions import ROLE_LABELS, Permission, Reach, Role
from visits.issues.anonymity import RATING_MOVES, Sight, seen_details, seen_note
from visits.issues.field import Evidence
from visits.issues.marks import LEVEL_NAMES
from visits.issues.models import (
    AFTER_CLOSING_LABELS,
    BLOCK_LABELS,
    CHANNEL_LABELS,
    COMPLEXITY_LABELS,
    CONCLUSION_LABELS,
    DELAY_LABELS,
    FINDING_LABELS,
    FLAG_LABELS,
    LEVEL_LABELS,
    OUTCOME_LABELS,
    SOLVED_LABELS,
    SOURCE_LABELS,
    IssueMove,
    Origin,
)
from visits.issues.rules import Light
from visits.issues.states import MOVE_LABELS, State

TONES = {
    State.REGISTERED: "info",
    State.REJECTED: "muted",
    State.ASSIGNED: "info",
    State.RETURNED: "warning",
    State.IN_PROGRESS: "info",
    State.SUSPENDED: "muted",
    State.REPORTED: "neutral",
    State.EVALUATING: "neutral",
    State.CLOSED: "success",
    State.MERGED: "muted",
    State.WITHDRAWN: "muted",
    State.VOID: "muted",
}
MOVE_TONES = {
    "return": "warning",
    "rework": "warning",
    "send_back": "warning",
    "reopen": "warning",
    "reopen_to_office": "warning",
    "refuse_withdrawal": "warning",
    "raise_flag": "danger",
    "remind": "warning",
    "escalate": "warning",
    "instruct": "info",
    "close_evaluated": "success",
    "ask_extension": "warning",
    "ask_suspension": "warning",
    "suspend": "warning",
    "rule_closed": "success",
    "order_supervision": "warning",
    "send_back_supervision": "warning",
    "import:close": "success",
}
DETAIL_LABELS = {
    "finding": N_("The enterprise says"),
    "finding_after": N_("The enterprise says of what was closed as solved"),
    "heard_on": N_("Said on"),
    "source": N_("Source"),
    "lead_unit": N_("Unit in charge"),
    "co_units": N_("Co-units"),
    "former_due_on": N_("Was due on"),
    "wanted_due_on": N_("Due date wanted"),
    "due_on": N_("Due on"),
    "delay": N_("Why it takes longer"),
    "block": N_("What blocks the problem"),
    "owner": N_("Who keeps an eye on it"),
    "former_review_on": N_("Was to be reviewed on"),
    "review_on": N_("Review day"),
    "remaining": N_("Working days left"),
    "rested": N_("Working days suspended"),
    "suggested_unit": N_("Suggested unit"),
    "waived_unit": N_("Waived unit"),
    "contact": N_("Spoke with"),
    "by": N_("How"),
    "next_step": N_("Next step"),
    "outcome": N_("Outcome"),
    "told": N_("Told to the enterprise"),
    "commitment_due": N_("Will be done by"),
    "solved": N_("Is the problem solved?"),
    "accepts": N_("Does it accept the plan or explanation?"),
    "level": N_("How satisfied is the enterprise?"),
    "channel": N_("How the answer came"),
    "evaluator": N_("Who answered"),
    "answered_on": N_("Answered on"),
    "title": N_("Problem in short"),
    "description": N_("Description"),
    "wish": N_("What the enterprise wishes"),
    "complexity": N_("Complexity"),
    "conclusion": N_("Conclusion"),
    "duty_unit": N_("Responsible unit"),
    "duty_due": N_("To be done by"),
    "amended_for": N_("Why it was amended"),
    "order_unit": N_("Unit supervised"),
    "reply_due": N_("Reply due on"),
    "order_end": N_("How it ended"),
    "into": N_("Merged into"),
    "from": N_("Was merged into"),
    "parts": N_("Split into"),
    "earlier": N_("Repeats"),
    "repeat_days": N_("Days since that one was closed"),
    "is_free": N_("Of its own free will"),
    "red_flag": N_("Red flag"),
    "confidential": N_("Keep the enterprise's name"),
    "escalation": N_("Level"),
    "duty": N_("Duty"),
    "cancelled_duty": N_("Duty"),
    "former_carrier": N_("Looked after until then by"),
    "carrier": N_("Looked after by"),
}
VALUE_LABELS: dict[str, dict[Any, str]] = {
    "finding": FINDING_LABELS,
    "finding_after": AFTER_CLOSING_LABELS,
    "source": SOURCE_LABELS,
    "outcome": OUTCOME_LABELS,
    "solved": SOLVED_LABELS,
    "level": LEVEL_LABELS,
    "channel": CHANNEL_LABELS,
    "complexity": COMPLEXITY_LABELS,
    "red_flag": FLAG_LABELS,
    "escalation": LEVEL_NAMES,
    "is_free": {True: N_("Yes")},
    "confidential": {True: N_("Yes")},
    "accepts": {True: N_("Yes"), False: N_("No")},
    "conclusion": CONCLUSION_LABELS,
    "by": {"phone": N_("By phone"), "visit": N_("In person")},
    "delay": DELAY_LABELS,
    "block": BLOCK_LABELS,
    "order_end": {"accepted": N_("Reply accepted"), "withdrawn": N_("Withdrawn")},
}
NO_EVIDENCE = Evidence(names_visits=False)


def shown_light(light: Light | None) -> dict[str, str] | None:
    """A light with its words translated."""
    return {"tone": light.tone, "text": gettext(light.text, **light.params)} if light else None


def shown_value(key: str, value: Any) -> str:
    """One detail of a move in words; a correction shows both readings."""
    if isinstance(value, list):
        between = " → " if key in {"title", "description", "wish", "complexity"} else "、"
        return between.join(shown_value(key, part) for part in value)
    label = VALUE_LABELS.get(key, {}).get(value)
    return gettext(label) if label else str(value)


def details_of(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The details of a move that a person reads, in the order of the labels."""
    return [
        (gettext(label), shown_value(key, details[key]))
        for key, label in DETAIL_LABELS.items()
        if details.get(key) not in (None, "", [])
    ]


def _order(details: dict[str, Any], actor: Actor) -> tuple[int | None, str] | None:
    """The supervision order it is about, as (id, number); the id only for those who may read the order."""
    if "order_id" not in details:
        return None
    reach = reaches(actor.roles, Permission.SUPERVISION_READ)
    is_mine = Reach.UNIT in reach and details.get("order_unit_id") in actor.unit_ids
    return details["order_id"] if Reach.ALL in reach or is_mine else None, details["order"]


def _who(row: Any) -> str:
    if row.IssueMove.acted_as == "enterprise":
        return gettext("The enterprise itself")
    if row.IssueMove.origin is Origin.IMPORT:
        return gettext("From a ledger, imported by %(name)s", name=row.who or gettext("System"))
    if not row.who:
        return gettext("System")
    roles = [gettext(ROLE_LABELS[Role(r)]) for r in row.IssueMove.acted_as.split(",") if r in set(Role)]
    return "，".join([row.who, *roles, *([row.unit] if row.unit else [])])


def _day(move: IssueMove) -> date | None:
    """The day, of what a ledger tells: it knows no time of day."""
    is_told = move.origin is Origin.IMPORT and move.move != "import:undo"
    return local_date(move.happened_at) if is_told else None


def _title(move: IssueMove, sight: Sight) -> str:
    if move.move in RATING_MOVES - {"close_on_spot"} and not sight.answers:
        return gettext("The enterprise has rated the result")
    if "check_id" in move.details:
        return gettext("Said at a visit")
    return gettext(MOVE_LABELS[move.move])


def _note(move: IssueMove, sight: Sight) -> str:
    note = seen_note(move, sight)
    return gettext(note) if note and move.actor_id is None and move.acted_as == "system" else note


def _visit(details: dict[str, Any], evidence: Evidence) -> int | None:
    """The visit at which it was said, where visits are named to the reader."""
    return details["visit_id"] if "check_id" in details and evidence.names_visits else None


def timeline_rows(
    moves: Iterable[Any], sight: Sight, actor: Actor | None = None, evidence: Evidence = NO_EVIDENCE
) -> list[dict[str, Any]]:
    """What happened, the latest first, as the timeline shows it to this reader."""
    rows = [
        {
            "at": row.IssueMove.happened_at,
            "day": _day(row.IssueMove),
            "who": _who(row),
            "title": _title(row.IssueMove, sight),
            "note": _note(row.IssueMove, sight),
            "details": details_of(seen_details(row.IssueMove, sight)),
            "order": _order(row.IssueMove.details, actor) if actor else None,
            "tone": MOVE_TONES.get(row.IssueMove.move),
            "meeting": _meeting(row.IssueMove.details),
            "visit": _visit(row.IssueMove.details, evidence),
            "is_retracted": row.IssueMove.details.get("check_id") in evidence.retracted,
        }
        for row in moves
    ]
    return rows[::-1]


def _meeting(details: dict[str, Any]) -> tuple[int, str] | None:
    """The meeting at which it happened, as (id, name)."""
    return (details["meeting_id"], details["meeting"]) if "meeting" in details else None


def with_files(rows: list[dict[str, Any]], files: Iterable[Any]) -> list[dict[str, Any]]:
    """The timeline with the files added and removed; those of one person and minute are one row."""
    happened: dict[tuple[Any, ...], list[Any]] = {}
    for row in files:
        file = row.attachment
        about = (gettext("Files added"), row.who, "", file.uploaded_at.replace(second=0, microsecond=0))
        happened.setdefault(about, []).append((file.uploaded_at, file.name))
        if file.removed_at:
            about = (gettext("Files removed"), row.remover, file.removed_reason, file.removed_at)
            happened.setdefault(about, []).append((file.removed_at, file.name))
    made = [
        {
            "at": max(at for at, _ in each),
            "who": who,
            "title": title,
            "note": note,
            "details": [(gettext("Files"), "、".join(name for _, name in each))],
            "tone": None,
        }
        for (title, who, note, _), each in happened.items()
    ]
    return sorted([*rows, *made], key=lambda row: row["at"], reverse=True)


def evaluation_rows(moves: Iterable[Any], sight: Sight) -> list[dict[str, Any]]:
    """The enterprise's answers of each round, the latest first, as far as this reader may know them."""
    return [
        {
            "round": row.IssueMove.round,
            "facts": details_of(seen_details(row.IssueMove, sight)) if sight.answers else [],
            "comment": seen_note(row.IssueMove, sight) if row.IssueMove.move != "close_on_spot" else "",
            "is_proxy": row.IssueMove.details.get("channel", "on_spot") in {"phone", "on_spot", "ledger"},
            "is_later": row.IssueMove.move == "rate_later",
            "is_seen": sight.answers,
            "who": _who(row),
        }
        for row in moves
        if row.IssueMove.move in RATING_MOVES
    ][::-1]
