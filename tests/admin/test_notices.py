"""The State Council's notices of several years, and texts that are none."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.notices import NOTICE_2023, NOTICE_2024, NOTICE_2025, NOTICE_2026
from visits.admin.notices import all_days, read_year
from visits.core.calendar_seed import seed_rows
from visits.core.errors import Refused


@pytest.mark.parametrize(
    ("year", "text"), [(2023, NOTICE_2023), (2024, NOTICE_2024), (2025, NOTICE_2025), (2026, NOTICE_2026)]
)
def test_a_notice_gives_the_days_that_are_known(year, text):
    plan = read_year(text, year)
    known = {row.day: row.is_workday for row in seed_rows([year])}
    assert {day: entry.is_workday for day, entry in plan.days.items() if day.year == year} == known
    assert not any(entry.is_provisional for entry in plan.days.values())


def test_a_notice_may_begin_in_the_year_before():
    plan = read_year(NOTICE_2023, 2023)
    assert plan.days[date(2022, 12, 31)].label == "元旦"
    assert min(plan.days) == date(2022, 12, 31)


def test_days_bear_the_name_of_their_holiday():
    days = read_year(NOTICE_2026, 2026).days
    assert days[date(2026, 2, 19)].label == "春节"
    assert days[date(2026, 2, 28)].label == "调休上班"
    assert days[date(2026, 3, 3)].label == ""
    assert read_year(NOTICE_2025, 2025).days[date(2025, 10, 6)].label == "国庆节、中秋节"


@pytest.mark.parametrize("between", ["（", "("])
@pytest.mark.parametrize("digits", ["1月4日", "１月４日"])
def test_widths_of_characters_do_not_matter(between, digits):
    text = NOTICE_2026.replace("（", between).replace("1月4日", digits)
    assert read_year(text, 2026).days[date(2026, 1, 4)].is_workday


@pytest.mark.parametrize(
    ("former", "now", "says"),
    [
        (NOTICE_2026, "", "元旦、春节"),
        (NOTICE_2026, "明年放假安排请见附件。", "元旦、春节"),
        ("六、中秋节：9月25日（周五）至27日（周日）放假，共3天。\n", "", "中秋"),
        ("1月4日（周日）", "1月4日（周一）", "2026-01-04 is not"),
        ("共9天", "共8天", "the days read are 9"),
        ("5月9日（周六）上班", "5月8日上班", "working day anyway"),
        ("4月4日（周六）至6日（周一）", "4月6日至4日", "no time of 2026"),
        ("6月19日（周五）至21日（周日）", "6月31日至7月2日", "There is no day 6月31日"),
        ("2月14日（周六）", "2月15日（周日）", "both"),
        ("2026年部分节假日", "2025年部分节假日", "notice of 2025"),
        ("5月1日（周五）至5日（周二）", "99月99日至5日", "There is no day"),
        ("10月1日（周四）至7日（周三）放假调休，共7天", "放假调休", "the days read are 0"),
    ],
)
def test_a_text_that_does_not_hold_together_is_refused(former, now, says):
    with pytest.raises(Refused, match=re.escape(says)):
        read_year(NOTICE_2026.replace(former, now), 2026)


@pytest.mark.parametrize("year", [2025, 2027, 2028])
def test_the_notice_of_another_year_is_refused(year):
    body = NOTICE_2026[NOTICE_2026.index("一、元旦") :]
    with pytest.raises(Refused):
        read_year(body, year)
    with pytest.raises(Refused):
        read_year(NOTICE_2026, year)


def rows_of(year):
    return [f"{day:%Y/%m/%d},{'休息' if day.weekday() > 4 else '上班'}," for day in all_days(year)]


def test_a_table_has_every_day():
    plan = read_year("\n".join(["日期,类型,名称", *rows_of(2028)]), 2028)
    assert len(plan.days) == 366
    assert not plan.days[date(2028, 1, 1)].is_workday


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows[:40] + rows[43:], "3 days are missing, the first is 2027-02-10"),
        (lambda rows: [*rows, rows[0]], "Row 367: 2027-01-01 stands there twice"),
        (lambda rows: [*rows[:-1], "2027-13-01,上班,"], "is no day of 2027"),
        (lambda rows: [*rows[:-1], "2028-01-01,上班,"], "is no day of 2027"),
        (lambda rows: [*rows[:-1], "31.12.2027,上班,"], "is no day of 2027"),
        (lambda rows: [*rows[:-1], "2027-12-31,也许,"], "write 上班 or 休息"),
        (lambda rows: [], "365 days are missing"),
        (lambda rows: ["2027-12-31"], "write 上班 or 休息"),
    ],
)
def test_a_table_with_gaps_or_nonsense_is_refused(change, says):
    with pytest.raises(Refused, match=re.escape(says)):
        read_year("\n".join(["日期,类型,名称", *change(rows_of(2027))]), 2027)


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(Refused, match="needs the columns"):
        read_year("日期,名称\n2027-01-01,元旦", 2027)


@given(st.text(max_size=300), st.integers(2000, 2100))
def test_any_text_is_read_or_refused(text, year):
    try:
        plan = read_year(text, year)
    except Refused:
        return
    assert set(all_days(year)) <= set(plan.days)


@given(
    st.lists(
        st.tuples(st.integers(0, len(NOTICE_2026)), st.sampled_from("0123456789年月日至（）：。、周六")),
        max_size=4,
    )
)
def test_a_notice_with_slips_is_read_or_refused(slips):
    text = NOTICE_2026
    for place, character in slips:
        text = text[:place] + character + text[place + 1 :]
    try:
        days = read_year(text, 2026).days
    except Refused:
        return
    assert max(days) - min(days) < timedelta(days=400)
