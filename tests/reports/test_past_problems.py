"""An office's past year out of its ledger: each month's figures are what its own cells add up to."""

import random
from datetime import date, timedelta

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_category
from tests.reports.plain import figures_of
from tests.support.browser import apart
from tests.support.problem_ledgers import HEADER, problem_ledger
from visits.core.authz import SYSTEM
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.periods import Span
from visits.core.permissions import Role
from visits.core.workdays import Calendar, workdays_between
from visits.issues.ledger.carrying import PROBLEMS
from visits.issues.models import IssueSource
from visits.reports import assemble
from visits.reports.filters import ReportFilter

UNITS = ("经济发展局", "规划建设局", "人力资源局")
FIRMS = 12
LEVELS = {"非常满意": 2, "满意": 2, "基本满意": 1, "不满意": 0, "非常不满意": 0, "": None}


def month_of(number):
    first = date(2025, number, 1)
    last = (date(2025, number + 1, 1) if number < 12 else date(2026, 1, 1)) - timedelta(days=1)
    return Span(first, last)


def made_up(dice, number):
    """A row of a year, by chance: as far as it came by the end of the ledger, with the days it took."""
    registered = date(2025, 1, 1) + timedelta(days=dice.randrange(365))
    said = {
        "编号": f"X{number:04d}",
        "企业名称": f"湖畔第{number % FIRMS}机械有限公司",
        "问题来源": dice.choice(["走访", "12345热线", "企业上报"]),
        "问题内容": f"第{number}个问题。",
        "类别": "其他",
        "登记日期": registered.isoformat(),
    }
    fate = dice.random()
    if fate < 0.1:
        spot = {"办结日期": registered.isoformat(), "办结结果": "现场解决"}
        return said | spot | {"满意度": dice.choice(list(LEVELS))}
    if fate < 0.15:
        return said
    assigned = registered + timedelta(days=dice.randrange(4))
    due = assigned + timedelta(days=dice.randrange(5, 20))
    is_limited = fate > 0.3
    said |= {
        "交办日期": assigned.isoformat(),
        "主办单位": dice.choice(UNITS),
        "办理时限": due.isoformat() if is_limited else "",
    }
    if fate < 0.2:
        return said | {"办理时限": due.isoformat()}
    return said | ended(dice, assigned)


def ended(dice, assigned):
    """How it ended, and what the enterprise said."""
    feedback = assigned + timedelta(days=dice.randrange(1, 24))
    closed = feedback + timedelta(days=dice.randrange(9))
    outcome = dice.choice(["A", "A", "A", "B", "C", "D"])
    said = {
        "反馈日期": feedback.isoformat() if dice.random() < 0.7 else "",
        "办结日期": closed.isoformat(),
        "办结结果": outcome,
        "计划完成时间": (closed + timedelta(days=60)).isoformat() if outcome == "B" else "",
    }
    level = dice.choice(list(LEVELS))
    solved = dice.choice(["已解决", "部分解决", "未解决"]) if level else ""
    return said | {
        "满意度": level,
        "是否解决": solved,
        "评价方式": dice.choice(["", "电话", "二维码", "纸质"]),
    }


def day(cell):
    return date.fromisoformat(cell) if cell else None


def share(part, whole):
    return len(part) / len(whole) if whole else None


def _answers(closed):
    """The figures of what enterprises said of these."""
    rated = [one for one in closed if one.get("满意度")]
    return {
        "satisfaction_rate": share([one for one in rated if LEVELS[one["满意度"]]], rated),
        "satisfaction_rate_strict": share([one for one in rated if LEVELS[one["满意度"]] == 2], rated),
        "self_rated_share": share(
            [one for one in rated if one.get("评价方式") in ("二维码", "纸质")], rated
        ),
    }


def counted(rows, span):
    """The figures of a month, read off the ledger's cells one by one."""

    def within(cell):
        return bool(cell) and day(cell) in span

    def is_over(one):
        return one.get("办结日期") and day(one["办结日期"]) <= span.to_on

    new = [one for one in rows if within(one["登记日期"])]
    known = [one for one in rows if day(one["登记日期"]) <= span.to_on]
    closed = [one for one in rows if within(one.get("办结日期"))]
    by_units = [one for one in closed if one["办结结果"] != "现场解决"]
    due = [one for one in rows if within(one.get("办理时限"))]
    kept = [one for one in due if _result_by(one) and _result_by(one) <= day(one["办理时限"])]
    days = [workdays_between(day(one["登记日期"]), day(one["办结日期"]), Calendar()) for one in by_units]

    letters = {letter: [one for one in by_units if one["办结结果"] == letter] for letter in "BCD"}
    return _answers(closed) | {
        "new": len(new),
        "registered": len(new),
        "closed": len(closed),
        "closed_events": len(closed),
        "closed_on_spot": len(closed) - len(by_units),
        "outcome_a": len(closed) - sum(map(len, letters.values())),
        **{f"outcome_{letter.lower()}": len(found) for letter, found in letters.items()},
        "opening": sum(
            day(one["登记日期"]) < span.from_on
            and not (one.get("办结日期") and day(one["办结日期"]) < span.from_on)
            for one in rows
        ),
        "open": sum(not is_over(one) for one in known),
        "close_rate": share([one for one in new if is_over(one)], new),
        "on_time_rate": share(kept, due),
        "mean_workdays": round(sum(days) / len(days), 2) if days else None,
    }


def _result_by(one):
    """When the unit's result was there: on the day of the feedback, else with the closing."""
    return day(one.get("反馈日期") or one.get("办结日期"))


@pytest.fixture
def rows():
    dice = random.Random(20250101)
    return [made_up(dice, number) for number in range(160)]


@pytest.fixture
def past(app, database, rows):
    """The office with that ledger taken over."""
    make_category()
    coordinator = make_person([Role.COORDINATOR])
    for name in UNITS:
        make_person([Role.HANDLER], make_unit(name))
    for number in range(FIRMS):
        make_enterprise(f"湖畔第{number}机械有限公司", code=make_code(700 + number))
    db.session.commit()
    given = {"category_id": 0, "source": IssueSource.VISIT.value}
    author_id = coordinator.id

    def written():
        with app.app_context():
            found = PROBLEMS.import_file(SYSTEM, author_id, problem_ledger(*rows), "台账.csv", given)
            db.session.commit()
            return found.plan

    plan = apart(written)
    db.session.rollback()
    return plan


def test_the_months_of_the_year_are_what_the_ledger_adds_up_to(past, rows):
    assert [error.reason % error.params for error in past.errors()] == []
    assert len(past.created) == len(rows)
    assert set(HEADER) >= set().union(*rows)
    seen = set()
    for number in range(1, 13):
        span = month_of(number)
        figures = assemble.get_totals(SYSTEM, ReportFilter.of(span)).figures
        expected = counted(rows, span)
        assert {key: figures[key].value for key in expected} == pytest.approx(expected), number
        slow = figures_of(span, now())
        assert {key: figures[key].value for key in slow if key in figures} == pytest.approx(
            {key: value for key, value in slow.items() if key in figures}
        ), number
        balance = expected["opening"] + expected["new"] - expected["closed"]
        assert balance == expected["open"]
        seen |= {key for key, value in expected.items() if value}
    assert {"on_time_rate", "closed_on_spot", "outcome_b", "self_rated_share"} <= seen


def test_as_known_before_the_import_there_was_nothing(past):
    yesterday = today() - timedelta(days=1)
    figures = assemble.get_totals(SYSTEM, ReportFilter.of(month_of(6), as_of=yesterday)).figures
    assert (figures["new"].value, figures["open"].value) == (0, 0)
