"""What a coordination meeting leaves on a problem: its place on an agenda, the conclusion, the duty."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.accounts.queries import get_unit, units_with_handler
from visits.core.authz import Actor
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import DomainError, NotAllowed, Refused, Stale, WrongState
from visits.core.i18n import N_
from visits.issues.models import Conclusion, Delay, Duty, Issue, IssueMove
from visits.issues.operations.extending import ExtensionEntry, extend_at_once
from visits.issues.operations.marking import escalate
from visits.issues.operations.moving import _move, open_step
from visits.issues.states import OPEN

FIELDS = {"reason": "delay", "told_enterprise": "told_enterprise", "plan": "conclusion"}
MAY_NOT_EXTEND = N_(
    "You may not move due dates. Leave the day empty; a coordinator or a zone leader extends it."
)


@dataclass(frozen=True)
class MeetingName:
    """A meeting as a problem's timeline names it."""

    meeting_id: int
    name: str

    @property
    def details(self) -> dict[str, Any]:
        """What a move keeps of it."""
        return {"meeting_id": self.meeting_id, "meeting": self.name}


@dataclass(frozen=True)
class ConclusionEntry:
    """What a meeting comes to about one problem; with `amended_for` a former conclusion is replaced.

    With `extended_to` the problem's due date moves to that day, for the reason `delay`.
    """

    verdict: Conclusion
    text: str
    unit_id: int | None = None
    due_on: date | None = None
    amended_for: str = ""
    extended_to: date | None = None
    delay: Delay | None = None
    told_enterprise: bool = False


def note_on_agenda(actor: Actor, issue: Issue, meeting: MeetingName) -> IssueMove:
    """Note that a meeting takes the problem up."""
    step = open_step(actor, issue, "put_on_agenda", None)
    return _move(step, **meeting.details)


def conclude(
    actor: Actor,
    issue: Issue,
    meeting: MeetingName,
    entry: ConclusionEntry,
    *,
    former: ConclusionEntry | None = None,
    duty: Duty | None = None,
) -> Duty | None:
    """Write a conclusion on the problem's timeline and let the dated duty follow it.

    With a unit and a day there is a duty; without, a former one that is not done is cancelled. The
    problem's due date moves only as an extension that whoever records the conclusion may grant.
    """
    step = open_step(actor, issue, "conclude", None)
    unit = _unit_name(entry.unit_id)
    if entry.verdict is Conclusion.ESCALATE and issue.state not in OPEN:
        raise Refused(
            N_("This problem is closed, so it cannot be escalated. Choose another conclusion."),
            field="verdict",
        )
    _move(
        step,
        entry.text,
        **meeting.details,
        conclusion=entry.verdict.value,
        duty_unit_id=entry.unit_id,
        duty_unit=unit,
        duty_due=entry.due_on.isoformat() if entry.due_on else None,
        amended_for=entry.amended_for,
    )
    if entry.verdict is Conclusion.ESCALATE and (
        former is None or former.verdict is not Conclusion.ESCALATE
    ):
        escalate(actor, issue, entry.text)
    if entry.extended_to is not None and (former is None or former.extended_to != entry.extended_to):
        _extend(actor, issue, meeting, entry)
    return _settle_duty(actor, issue, meeting, entry, duty)


def _extend(actor: Actor, issue: Issue, meeting: MeetingName, entry: ConclusionEntry) -> None:
    """Move the due date as an extension; what holds that back is said at the conclusion's own fields."""
    wanted = ExtensionEntry(entry.delay, entry.text, entry.extended_to, entry.told_enterprise)
    try:
        extend_at_once(actor, issue, wanted, **meeting.details)
    except Stale:
        raise
    except WrongState as error:
        sentence = N_("Only a problem that is in progress is extended. Leave the day empty.")
        raise Refused(sentence, field="extended_to") from error
    except DomainError as error:
        field = FIELDS.get(error.field or "", "extended_to")
        sentence = MAY_NOT_EXTEND if error.message == NotAllowed().message else error.message
        raise Refused(sentence, field=field, **error.params) from error


def _unit_name(unit_id: int | None) -> str | None:
    """The name of a unit that can take a duty; refuse one that is closed or where nobody could report."""
    if unit_id is None:
        return None
    unit = get_unit(unit_id)
    if unit is None or unit.closed_on is not None:
        raise Refused(N_("Choose a unit that is in use."), field="lead_unit_id")
    if unit_id not in units_with_handler(today()):
        raise Refused(
            N_("Nobody in %(unit)s can sign. Ask the administrator to name a handler there."),
            field="lead_unit_id",
            unit=unit.name,
        )
    return unit.name


def _settle_duty(
    actor: Actor, issue: Issue, meeting: MeetingName, entry: ConclusionEntry, duty: Duty | None
) -> Duty | None:
    """Keep a duty that says the same, else cancel it unless it is done, and set the new one."""
    wanted = (entry.unit_id, entry.due_on, entry.text)
    if duty is not None and not duty.cancelled_at and (duty.unit_id, duty.due_on, duty.text) == wanted:
        return duty
    if duty is not None and duty.done_at is None and duty.cancelled_at is None:
        duty.cancelled_at = now()
    if entry.unit_id is None or entry.due_on is None:
        return None
    made = Duty(
        issue_id=issue.id,
        unit_id=entry.unit_id,
        text=entry.text,
        due_on=entry.due_on,
        meeting_id=meeting.meeting_id,
        made_by_id=actor.person_id,
    )
    db.session.add(made)
    db.session.flush()
    return made
