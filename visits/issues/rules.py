"""Pure questions about problems: limits, due dates, lights, verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from visits.core.i18n import N_
from visits.core.periods import local_date, start_of
from visits.core.workdays import Calendar, add_workdays, is_workday, next_workday, workdays_between


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


class RequestKind(StrEnum):
    """What can be asked for and is decided by somebody else."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    RULING = "ruling"


class Tone(StrEnum):
    """Colour of a light; its words say the same."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


BAD_LEVELS = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
REWORK_LIMIT = 5
CO_UNIT_LEAD = 2
SOON = 2
REVIEW_LIMIT, CALLBACK_LIMIT = 2, 3
EXTENSIONS, EXTENSION_DAYS = 2, 10
SUSPENSION_DAYS, RESUMED_LEAST = 30, 3
REOPEN_DAYS = 30
RATING_DAYS, RATINGS = 14, 2
STALLED = 5
STAGE_FROM = 7
HIGHEST_LEVEL = 3
LEDGER_STEP = timedelta(minutes=1)  # what a ledger puts on one day follows in the order of a problem's life
LEDGER_STEPS = 10
ESCALATING_ROUND = 3


@dataclass(frozen=True)
class Limits:
    """Working days for each step: `accept` after the registration, the others after the assignment.

    0 is the same day; without `stage` no interim report is due.
    """

    accept: int
    sign: int
    contact: int
    stage: int | None
    close: int


@dataclass(frozen=True)
class Kind:
    """The kind of problem for which limits are looked up; a finer category lies under another."""

    category_id: int | None
    parent_id: int | None
    urgency: Urgency
    complexity: Complexity


@dataclass(frozen=True)
class Rule:
    """Limits for the kinds it names, from one moment up to, not including, another; empty fits all."""

    id: int
    category_id: int | None
    urgency: Urgency | None
    complexity: Complexity | None
    limits: Limits
    valid_from: datetime
    superseded_at: datetime | None = None

    def fits(self, kind: Kind) -> bool:
        """Say whether the rule is one for this kind; one for a category is one for its finer ones too."""
        return (
            self.category_id in {None, kind.category_id, kind.parent_id}
            and self.urgency in {None, kind.urgency}
            and self.complexity in {None, kind.complexity}
        )

    def holds_at(self, moment: datetime) -> bool:
        """Say whether the rule is in force at a moment."""
        return self.valid_from <= moment and (self.superseded_at is None or moment < self.superseded_at)

    def rank(self, kind: Kind) -> tuple[int, bool, bool, bool]:
        """How closely the rule names this kind: what it names, then category, the finer one, urgency."""
        named = [part is not None for part in (self.category_id, self.urgency, self.complexity)]
        return sum(named), named[0], self.category_id == kind.category_id, named[1]


@dataclass(frozen=True)
class DueDates:
    """The last day for each step of one assignment."""

    sign: date
    contact: date
    stage: date | None
    lead: date
    co: date


@dataclass(frozen=True)
class Light:
    """A deadline in words (an English msgid and its values) and the colour that goes with them."""

    tone: Tone
    text: str
    params: dict[str, int] = field(default_factory=dict)


def suspended_light(review_on: date) -> Light:
    """The light of a problem that rests until its review day."""
    when = {"month": review_on.month, "day": review_on.day}
    return Light(Tone.GREY, N_("Suspended, review on %(month)d-%(day)d"), when)


def rule_for(rules: Iterable[Rule], kind: Kind, at: datetime) -> Rule | None:
    """Among the rules in force at a moment, the one that names this kind most closely, if any."""
    fitting = [rule for rule in rules if rule.holds_at(at) and rule.fits(kind)]
    return max(fitting, key=lambda rule: rule.rank(kind), default=None)


def accept_due(limits: Limits, start: date, calendar: Calendar) -> date:
    """The last day on which the office accepts or refuses a problem it has had since `start`."""
    return add_workdays(start, limits.accept, calendar)


def due_dates(limits: Limits, start: date, calendar: Calendar) -> DueDates:
    """The due dates of an assignment; co-units answer two working days before the lead."""
    return DueDates(
        sign=add_workdays(start, limits.sign, calendar),
        contact=add_workdays(start, limits.contact, calendar),
        stage=add_workdays(start, limits.stage, calendar) if limits.stage else None,
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
        words = N_("%(days)d working days overdue") if late else N_("Overdue")  # over a weekend
        return Light(Tone.RED, words, {"days": late})
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


def accept_light(due_on: date, today: date, calendar: Calendar) -> Light | None:
    """The light of a problem that waits to be accepted; none before the last day for it."""
    if due_on == today:
        return Light(Tone.YELLOW, N_("To be accepted today"))
    return office_light(due_on, 0, today, calendar)


def stage_light(due_on: date, today: date, calendar: Calendar) -> Light | None:
    """The light of an interim report that has not come; none while there is time."""
    if due_on < today:
        late = workdays_between(due_on, today, calendar)
        words = N_("Interim report %(days)d working days overdue") if late else N_("Interim report overdue")
        return Light(Tone.RED, words, {"days": late})
    if due_on == today:
        return Light(Tone.YELLOW, N_("Interim report due today"))
    left = workdays_between(today, due_on, calendar)
    if left > SOON:
        return None
    return Light(Tone.YELLOW, N_("Interim report due in %(days)d working days"), {"days": left})


def last_day_ago(workdays: int, today: date, calendar: Calendar) -> date:
    """The latest day since which so many working days have passed, today among them."""
    day = today
    while workdays:
        workdays -= is_workday(day, calendar)
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True)
class Stay:
    """One stay of a problem on a unit's desk; without end it lies there still; `paused` is left out."""

    begun_on: date
    ended_on: date | None = None
    paused: int = 0


def desk_days(stays: Iterable[Stay], today: date, calendar: Calendar) -> int:
    """The unit's clock: the working days of all stays on its desk, without those of suspensions."""
    return sum(
        max(0, workdays_between(stay.begun_on, stay.ended_on or today, calendar) - stay.paused)
        for stay in stays
    )


def beyond_title(title: str, description: str) -> str:
    """The description of a problem, unless it only says its title once more."""
    return "" if description.strip() == title.strip() else description


def masked(phone: str) -> str:
    """A phone number with its middle hidden."""
    return phone if len(phone) < 7 else f"{phone[:3]}****{phone[-4:]}"


def latest_extension(start: date, original: date, calendar: Calendar, paused: int = 0) -> date:
    """The last day to which extensions may move a due date.

    All extensions of one assignment together add at most its original limit and at most ten working days
    (泉州、山东的通行规定); the working days for which it was suspended come on top.
    """
    limit = workdays_between(start, original, calendar)
    return add_workdays(original, min(limit, EXTENSION_DAYS) + paused, calendar)


def latest_review(today: date, calendar: Calendar) -> date:
    """The last day on which a suspension must be looked at again; on a rest day the working day after."""
    return next_workday(today + timedelta(days=SUSPENSION_DAYS), calendar)


def remaining_days(due_on: date, today: date, calendar: Calendar) -> int:
    """How many working days a unit has left; none when it is late."""
    return workdays_between(today, due_on, calendar) if due_on > today else 0


def resumed_due(remaining: int, today: date, calendar: Calendar) -> date:
    """The due date after a suspension: what was left, three working days at least."""
    return add_workdays(today, max(RESUMED_LEAST, remaining), calendar)


def co_unit_due(start: date, lead_due: date, calendar: Calendar) -> date:
    """When co-units answer: two working days before the lead is due, one after the assignment at least."""
    days = workdays_between(start, lead_due, calendar) - CO_UNIT_LEAD
    return add_workdays(start, max(1, days), calendar)


def reopen_until(closed_on: date, calendar: Calendar) -> date:
    """The last day on which an enterprise or its officer may have a closed problem taken up again."""
    return next_workday(closed_on + timedelta(days=REOPEN_DAYS), calendar)


def rating_until(asked_at: datetime) -> date:
    """The last day on which an enterprise that was asked at this moment rates by its link."""
    return local_date(asked_at) + timedelta(days=RATING_DAYS)


def is_stalled(worked_on: date, today: date, calendar: Calendar) -> bool:
    """Say whether the handling unit has done nothing for five working days or more."""
    return workdays_between(worked_on, today, calendar) >= STALLED


def last_idle_day(today: date, calendar: Calendar) -> date:
    """The latest day on which a unit can have worked last and yet counts as idle today (see is_stalled)."""
    return last_day_ago(STALLED, today, calendar)


def ledger_moment(day: date, step: int) -> datetime:
    """When something a ledger puts on a day counts as having happened: in order, in its first minutes."""
    return start_of(day) + step * LEDGER_STEP


def day_of_ledger(moment: datetime) -> date | None:
    """The day of a moment that only stands for a day of a ledger."""
    day = local_date(moment)
    return day if moment < start_of(day) + LEDGER_STEPS * LEDGER_STEP else None
