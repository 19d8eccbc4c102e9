"""Pure questions about problems: limits, due dates, lights, verdicts, when a move is open."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.workdays import Calendar, add_workdays, workdays_between


class Complexity(StrEnum):
    """How hard a problem is; decides how long a unit has."""

    CONSULTATION = "consultation"
    ORDINARY = "ordinary"
    COMPLEX = "complex"
    MAJOR = "major"


class Urgency(StrEnum):
    """How soon the unit must speak with the enterprise."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class Outcome(StrEnum):
    """What a unit reports; closed is not solved: only A is."""

    SOLVED = "A"
    PLANNED = "B"
    EXPLAINED = "C"
    ANSWERED = "D"


class Solved(StrEnum):
    """The enterprise's answer: is the problem solved?"""

    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"


class Level(StrEnum):
    """The enterprise's answer: how satisfied is it?"""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class Verdict(StrEnum):
    """What an evaluation leads to."""

    CLOSE = "close_evaluated"
    REWORK = "rework"


class Tone(StrEnum):
    """Colour of a light; its words say the same."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


BAD_LEVELS = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
CLOSE_LIMITS = {
    Complexity.CONSULTATION: 3,
    Complexity.ORDINARY: 7,
    Complexity.COMPLEX: 15,
    Complexity.MAJOR: 30,
}
CONTACT_LIMITS = {Urgency.NORMAL: 1, Urgency.URGENT: 0, Urgency.CRITICAL: 0}
SIGN_LIMIT = 1
REWORK_LIMIT = 5
CO_UNIT_LEAD = 2
SOON = 2
REVIEW_LIMIT, CALLBACK_LIMIT = 2, 3
ATTEMPTS, ATTEMPT_DAYS = 3, 2


@dataclass(frozen=True)
class Limits:
    """Working days after the assignment for each step; 0 is the same day."""

    sign: int
    contact: int
    close: int


@dataclass(frozen=True)
class DueDates:
    """The last day for each step of one assignment."""

    sign: date
    contact: date
    lead: date
    co: date


@dataclass(frozen=True)
class Light:
    """A deadline in words (an English msgid and its values) and the colour that goes with them."""

    tone: Tone
    text: str
    params: dict[str, int] = field(default_factory=dict)


SUSPENDED_LIGHT = Light(Tone.GREY, N_("Suspended"))


def limits_for(complexity: Complexity, urgency: Urgency) -> Limits:
    """The limits a problem of this kind is born with."""
    return Limits(SIGN_LIMIT, CONTACT_LIMITS[urgency], CLOSE_LIMITS[complexity])


def due_dates(limits: Limits, start: date, calendar: Calendar) -> DueDates:
    """The due dates of an assignment; co-units answer two working days before the lead."""
    return DueDates(
        sign=add_workdays(start, limits.sign, calendar),
        contact=add_workdays(start, limits.contact, calendar),
        lead=add_workdays(start, limits.close, calendar),
        co=add_workdays(start, max(1, limits.close - CO_UNIT_LEAD), calendar),
    )


def rework_due(start: date, calendar: Calendar) -> date:
    """The due date of a second or later round."""
    return add_workdays(start, REWORK_LIMIT, calendar)


def recounted(start: date, due_on: date, before: Calendar, after: Calendar, today: date) -> date:
    """The due date the same number of working days gives by another calendar; nobody is made late by it."""
    count = workdays_between(start, due_on, before)
    return max(add_workdays(start, count, after), min(due_on, today))


def verdict_of(outcome: Outcome, solved: Solved | None, level: Level) -> Verdict:
    """Say whether the enterprise's answers close the problem or send it round again."""
    is_refuted = outcome is Outcome.SOLVED and solved is not Solved.SOLVED
    return Verdict.REWORK if level in BAD_LEVELS or is_refuted else Verdict.CLOSE


def light_for(due_on: date, today: date, calendar: Calendar) -> Light:
    """The light of a problem on a unit's desk; it is due until the end of its due day."""
    if due_on < today:
        late = workdays_between(due_on, today, calendar)
        return Light(Tone.RED, N_("%(days)d working days overdue"), {"days": late})
    if due_on == today:
        return Light(Tone.YELLOW, N_("Due today"))
    left = workdays_between(today, due_on, calendar)
    tone = Tone.YELLOW if left <= SOON else Tone.GREEN
    return Light(tone, N_("%(days)d working days left"), {"days": left})


def last_yellow_day(today: date, calendar: Calendar) -> date:
    """The latest due date that is yellow today."""
    return add_workdays(today, SOON + 1, calendar) - timedelta(days=1)


def office_late(since: date, limit: int, today: date, calendar: Calendar) -> int:
    """By how many working days the office is late with a step it has had since that day; 0 is in time."""
    return max(0, workdays_between(since, today, calendar) - limit)


def office_light(since: date, limit: int, today: date, calendar: Calendar) -> Light | None:
    """The light of a problem that waits for the office; none while it is in time."""
    late = office_late(since, limit, today, calendar)
    return Light(Tone.RED, N_("Office %(days)d working days late"), {"days": late}) if late else None


def masked(phone: str) -> str:
    """A phone number with its middle hidden."""
    return phone if len(phone) < 7 else f"{phone[:3]}****{phone[-4:]}"


@dataclass(frozen=True)
class MoveFacts:
    """What the guards know of a problem and of the person who wants to move it.

    "Handling unit" means the present lead and co-units; `return_until` is the last day for a return, None
    when the present assignment cannot be returned.
    """

    today: date
    return_until: date | None = None
    is_registered: bool = False
    is_closed: bool = False
    needs_info: bool = False
    no_return: bool = False
    was_returned: bool = False
    return_count: int = 0
    is_contacted: bool = False
    is_coordinator: bool = False
    is_leader: bool = False
    is_head: bool = False
    head_confirms: bool = False
    in_lead_unit: bool = False
    in_handling_unit: bool = False
    waiting_co_units: int = 0
    in_waiting_co_unit: bool = False
    has_independent_coordinator: bool = True
    has_leader: bool = True
    attempts: int = 0
    attempt_days: int = 0


def may_ask_for_info(facts: MoveFacts) -> DomainError | None:
    """Refuse to ask twice."""
    if facts.needs_info:
        return Refused(N_("More information has been asked for already. Wait for it, or add it yourself."))
    return None


def may_complete_info(facts: MoveFacts) -> DomainError | None:
    """Refuse an answer nobody asked for."""
    if not facts.needs_info:
        return Refused(N_("No more information has been asked for. Use the correction instead."))
    return None


def may_correct(facts: MoveFacts) -> DomainError | None:
    """The author corrects until the problem is assigned, a coordinator as long as it is open."""
    if facts.is_registered or facts.is_coordinator:
        return None
    return NotAllowed(N_("The problem is being handled; only a coordinator corrects it now."))


def may_restore(facts: MoveFacts) -> DomainError | None:
    """Coordinators and leaders take a rejected problem up again."""
    return None if facts.is_coordinator or facts.is_leader else NotAllowed()


def may_rule(facts: MoveFacts) -> DomainError | None:
    """The first return is ruled on by a coordinator, each later one by a leader.

    Where nobody holds the leader's role a coordinator rules on every return, lest one wait for ever.
    """
    if facts.return_count >= 2 and facts.has_leader and not facts.is_leader:
        return NotAllowed(N_("This problem was returned more than once; a zone leader rules on it."))
    if not facts.is_coordinator and (facts.return_count < 2 or not facts.is_leader):
        return NotAllowed(N_("The first return is ruled on by a coordinator."))
    return None


def only_lead_unit(facts: MoveFacts) -> DomainError | None:
    """Only people of the present lead unit."""
    return None if facts.in_lead_unit else NotAllowed(N_("Only the lead unit does this."))


def may_record_contact(facts: MoveFacts) -> DomainError | None:
    """The first contact is recorded once per assignment."""
    if facts.is_contacted:
        return Refused(N_("The first contact is recorded already. Write later talks as progress."))
    return only_lead_unit(facts)


def may_answer_as_co_unit(facts: MoveFacts) -> DomainError | None:
    """Only a co-unit that has not answered yet."""
    if not facts.in_waiting_co_unit:
        return NotAllowed(N_("No answer of your unit as co-unit is awaited."))
    return None


def may_waive_co_unit(facts: MoveFacts) -> DomainError | None:
    """There must be a co-unit to wait for."""
    return None if facts.waiting_co_units else Refused(N_("No answer of a co-unit is awaited."))


def _only_the_voice(facts: MoveFacts) -> DomainError | None:
    if facts.head_confirms and not facts.is_head:
        return NotAllowed(N_("In your unit the unit head does this."))
    return only_lead_unit(facts)


def may_return(facts: MoveFacts) -> DomainError | None:
    """Once per assignment, within one working day of it, never after it was upheld."""
    if facts.no_return:
        return Refused(N_("The assignment was upheld and cannot be returned again."))
    if facts.was_returned or facts.return_until is None:
        return Refused(N_("This assignment cannot be returned."))
    if facts.today > facts.return_until:
        return Refused(
            N_("A return is possible until %(day)s only. Speak with the coordinator."),
            day=facts.return_until.isoformat(),
        )
    return _only_the_voice(facts)


def may_report(facts: MoveFacts) -> DomainError | None:
    """Every co-unit has answered or is waived."""
    if facts.waiting_co_units:
        return Refused(
            N_("%(count)d co-units have not answered. Wait, or ask the coordinator to waive them."),
            count=facts.waiting_co_units,
        )
    return _only_the_voice(facts)


def may_review(facts: MoveFacts) -> DomainError | None:
    """A coordinator outside the handling units; a leader only where there is no such coordinator."""
    if facts.in_handling_unit:
        return NotAllowed(N_("Your unit handles this problem; somebody of another unit reviews it."))
    if facts.is_coordinator or (facts.is_leader and not facts.has_independent_coordinator):
        return None
    return NotAllowed(
        N_("A coordinator reviews this; a leader only if every coordinator is of the handling unit.")
    )


def only_independent(facts: MoveFacts) -> DomainError | None:
    """Nobody of a handling unit evaluates or closes."""
    if facts.in_handling_unit:
        return NotAllowed(N_("Your unit handles this problem; somebody of another unit does this."))
    return None


def may_close_unreached(facts: MoveFacts) -> DomainError | None:
    """Three attempts on two days at least, this round."""
    if facts.attempts < ATTEMPTS or facts.attempt_days < ATTEMPT_DAYS:
        return Refused(
            N_("First %(least)d callback attempts on at least %(days)d days must be recorded."),
            least=ATTEMPTS,
            days=ATTEMPT_DAYS,
        )
    return only_independent(facts)


def may_void(facts: MoveFacts) -> DomainError | None:
    """A coordinator voids what is not closed, a leader what is."""
    if facts.is_closed:
        return None if facts.is_leader else NotAllowed(N_("Only a zone leader voids a closed problem."))
    return (
        None
        if facts.is_coordinator
        else NotAllowed(N_("Only a coordinator voids a problem that is not closed."))
    )
