"""Limits, due dates, lights and verdicts, as the tables of the rules say."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from visits.core.workdays import Calendar, CalendarDay
from visits.issues import rules
from visits.issues.rules import Complexity, Level, Outcome, Solved, Tone, Urgency, Verdict

# the week around the National Day of 2026: the 1st to the 7th are free, Saturday the 10th is worked
OCTOBER = Calendar(
    {date(2026, 10, day): CalendarDay(False) for day in range(1, 8)}
    | {date(2026, 10, 10): CalendarDay(True)}
)
DAWN, NOON = datetime(1900, 1, 1, tzinfo=UTC), datetime(2026, 10, 9, 4, tzinfo=UTC)


# as an office begins
BEGINNING = [
    rules.Rule(number, None, urgency, complexity, rules.Limits(1, 1, contact, stage, close), DAWN)
    for number, (complexity, stage, close, (urgency, contact)) in enumerate(
        (complexity, stage, close, kind)
        for complexity, stage, close in (
            (Complexity.CONSULTATION, None, 3),
            (Complexity.ORDINARY, 3, 7),
            (Complexity.COMPLEX, 3, 15),
            (Complexity.MAJOR, 3, 30),
        )
        for kind in ((None, 1), (Urgency.URGENT, 0), (Urgency.CRITICAL, 0))
    )
]


def limits_for(complexity, urgency):
    return rules.rule_for(BEGINNING, rules.Kind(1, None, urgency, complexity), NOON).limits


@pytest.mark.parametrize(
    ("complexity", "urgency", "contact", "stage", "close"),
    [
        (Complexity.CONSULTATION, Urgency.NORMAL, 1, None, 3),
        (Complexity.ORDINARY, Urgency.NORMAL, 1, 3, 7),
        (Complexity.COMPLEX, Urgency.NORMAL, 1, 3, 15),
        (Complexity.MAJOR, Urgency.NORMAL, 1, 3, 30),
        (Complexity.CONSULTATION, Urgency.CRITICAL, 0, None, 3),
        (Complexity.MAJOR, Urgency.URGENT, 0, 3, 30),
    ],
)
def test_limits(complexity, urgency, contact, stage, close):
    assert limits_for(complexity, urgency) == rules.Limits(1, 1, contact, stage, close)


@pytest.mark.parametrize(
    ("start", "complexity", "sign", "lead", "co"),
    [
        (date(2026, 9, 28), Complexity.CONSULTATION, "2026-09-29", "2026-10-08", "2026-09-29"),
        (date(2026, 9, 30), Complexity.CONSULTATION, "2026-10-08", "2026-10-10", "2026-10-08"),
        (date(2026, 9, 30), Complexity.ORDINARY, "2026-10-08", "2026-10-15", "2026-10-13"),
    ],
)
def test_due_dates_pass_over_the_holidays(start, complexity, sign, lead, co):
    due = rules.due_dates(limits_for(complexity, Urgency.NORMAL), start, OCTOBER)
    assert [due.sign.isoformat(), due.lead.isoformat(), due.co.isoformat()] == [sign, lead, co]


def test_contact_of_an_urgent_problem_on_a_rest_day_is_due_the_next_working_day():
    due = rules.due_dates(limits_for(Complexity.ORDINARY, Urgency.URGENT), date(2026, 10, 3), OCTOBER)
    assert due.contact == date(2026, 10, 8)


def test_a_rework_is_due_in_five_working_days():
    assert rules.rework_due(date(2026, 9, 30), OCTOBER) == date(2026, 10, 13)


@pytest.mark.parametrize(
    ("due_on", "tone", "text", "days"),
    [
        ("2026-10-15", Tone.GREEN, "%(days)d working days left", 5),
        ("2026-10-12", Tone.YELLOW, "%(days)d working days left", 2),
        ("2026-10-10", Tone.YELLOW, "%(days)d working days left", 1),
        ("2026-10-09", Tone.YELLOW, "Due today", None),
        ("2026-10-08", Tone.RED, "%(days)d working days overdue", 1),
        ("2026-09-29", Tone.RED, "%(days)d working days overdue", 3),
    ],
)
def test_lights(due_on, tone, text, days):
    # the worked Saturday counts, the holidays add nothing to a delay
    today = date(2026, 10, 9)
    light = rules.light_for(date.fromisoformat(due_on), today, OCTOBER)
    assert (light.tone, light.text, light.params.get("days")) == (tone, text, days)


def test_over_a_weekend_no_light_counts_days_that_are_none():
    friday, saturday = date(2026, 11, 20), date(2026, 11, 21)
    assert rules.light_for(friday, saturday, Calendar()).text == "Overdue"
    assert rules.stage_light(friday, saturday, Calendar()).text == "Interim report overdue"
    assert rules.light_for(friday, date(2026, 11, 23), Calendar()).params == {"days": 1}


def test_the_last_yellow_day_is_the_last_that_the_light_calls_yellow():
    today = date(2026, 9, 29)
    last = rules.last_yellow_day(today, OCTOBER)
    later = date.fromordinal(last.toordinal() + 1)
    assert rules.light_for(last, today, OCTOBER).tone is Tone.YELLOW
    assert rules.light_for(later, today, OCTOBER).tone is Tone.GREEN


@pytest.mark.parametrize(("today", "late"), [("2026-10-08", 0), ("2026-10-09", 1), ("2026-10-10", 2)])
def test_the_office_is_late_after_its_limit(today, late):
    given = rules.office_light(date(2026, 9, 29), 2, date.fromisoformat(today), OCTOBER)
    assert (given.params["days"] if given else 0) == late


@pytest.mark.parametrize(("outcome", "solved", "level"), list(product(Outcome, Solved, Level)))
def test_every_answer_leads_somewhere(outcome, solved, level):
    is_bad = level in {Level.DISSATISFIED, Level.VERY_DISSATISFIED}
    is_refuted = outcome is Outcome.SOLVED and solved is not Solved.SOLVED
    expected = Verdict.REWORK if is_bad or is_refuted else Verdict.CLOSE
    assert rules.verdict_of(outcome, solved, level) is expected


def test_of_the_sixty_answers_thirty_close():
    verdicts = [rules.verdict_of(o, s, lv) for o, s, lv in product(Outcome, Solved, Level)]
    assert (verdicts.count(Verdict.CLOSE), verdicts.count(Verdict.REWORK)) == (30, 30)


@pytest.mark.parametrize(("phone", "shown"), [("13812345678", "138****5678"), ("8612", "8612"), ("", "")])
def test_phones_are_masked(phone, shown):
    assert rules.masked(phone) == shown
