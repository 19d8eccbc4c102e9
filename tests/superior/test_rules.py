"""Terms and what is told from them, words with blanks, formulas of repeated rows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.periods import Span
from visits.core.permissions import Permission, Reach, Role, reach_of
from visits.superior import rules
from visits.superior.growth import Growth, grown, grown_area, repeated
from visits.superior.rules import Term


def days(span):
    return (span.from_on and span.from_on.isoformat(), span.to_on.isoformat())


@pytest.mark.parametrize(
    ("text", "own", "before", "year_before", "to_date"),
    [
        (
            "2024-02",
            "2024-02-01 2024-02-29",
            "2024-01-01 2024-01-31",
            "2023-02-01 2023-02-28",
            "2023-02-28",
        ),
        (
            "2025-02",
            "2025-02-01 2025-02-28",
            "2025-01-01 2025-01-31",
            "2024-02-01 2024-02-29",
            "2024-02-29",
        ),
        (
            "2026-01",
            "2026-01-01 2026-01-31",
            "2025-12-01 2025-12-31",
            "2025-01-01 2025-01-31",
            "2025-01-31",
        ),
        (
            "2026-Q1",
            "2026-01-01 2026-03-31",
            "2025-10-01 2025-12-31",
            "2025-01-01 2025-03-31",
            "2025-03-31",
        ),
        (
            "2026-H2",
            "2026-07-01 2026-12-31",
            "2026-01-01 2026-06-30",
            "2025-07-01 2025-12-31",
            "2025-12-31",
        ),
        ("2026", "2026-01-01 2026-12-31", "2025-01-01 2025-12-31", "2025-01-01 2025-12-31", "2025-12-31"),
    ],
)
def test_terms_of_whole_months(text, own, before, year_before, to_date):
    term = Term.parse(text)
    assert days(term.span) == tuple(own.split())
    assert days(term.before) == tuple(before.split())
    assert days(term.year_before) == tuple(year_before.split())
    assert days(term.year_before_to_date) == (f"{to_date[:4]}-01-01", to_date)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "0000", "9999-12", "２０２６"]
)
def test_what_is_no_term(text):
    assert Term.parse(text) is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_the_days_before_are_as_many_and_end_the_day_before(first, length):
    term = Term("days", Span(first, first + timedelta(days=length)))
    assert term.before.to_on == first - timedelta(days=1)
    assert term.before.to_on - term.before.from_on == timedelta(days=length)


def test_recent_terms_begin_with_this_month_and_all_can_be_read():
    found = [text for text, _, _ in rules.recent_terms(date(2026, 2, 28))]
    assert found[:2] == ["2026-02", "2026-01"]
    assert {"2026-Q1", "2025-Q4", "2026-H1", "2025-H2", "2026"} <= set(found)
    assert all(Term.parse(text) for text in found)


def test_words_with_blanks():
    assert rules.blanks_of("填报单位：{单位}　{ 期间 }") == ["单位", "期间"]
    assert rules.filled_in("填报单位：{单位}{没有}", {"单位": "{期间}"}) == "填报单位：{期间}"
    assert rules.proposed_words("填报单位：＿＿＿", "单位") == "填报单位：{单位}"
    assert rules.proposed_words("合计", "单位") == ""


@given(st.integers(1, 5000), st.integers(1, 200))
def test_addresses_are_read_as_they_are_written(row, column):
    assert rules.position_of(rules.address_of(row, column)) == (row, column)


@pytest.mark.parametrize("text", ["", "5", "C", "C0", "C5:D6", "$C$5", "Ｃ5", "ABCD1", "C999999"])
def test_what_is_no_address(text):
    assert rules.position_of(text) is None


def test_exactly_those_fill_forms_who_may_read_all_figures():
    def held(permission):
        return {role for role in Role if reach_of(role, permission) is Reach.ALL}

    assert held(Permission.SUPERIOR_FILL) == held(Permission.REPORTS_READ)
    assert held(Permission.SUPERIOR_READ) == held(Permission.SUPERIOR_FILL) | held(
        Permission.SUPERIOR_PREPARE
    )


GROWN = {"表": Growth(8, 8, 3), "另": Growth(2, 4, 10)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=SUM(C8:C8)", "=SUM(C8:C11)"),
        ("=SUM(C7:C8)", "=SUM(C7:C11)"),
        ("=C9/$D$10", "=C12/$D$13"),
        ("=C8+C7", "=C8+C7"),
        ('=IF(C9>0,"C9",A:A)', '=IF(C12>0,"C9",A:A)'),
        ("=SUM(8:9)", "=SUM(8:12)"),
        ("=另!B5+'另'!B4+SUM(另!B2:B4)", "=另!B15+'另'!B4+SUM(另!B2:B14)"),
        ("=第三!C9+名称", "=第三!C9+名称"),
        ("=Table1[列]", "=Table1[列]"),
    ],
)
def test_formulas_follow_the_rows(before, after):
    assert grown(before, "表", GROWN) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=C8*2", "=C10*2"),
        ("=C8/C$9", "=C10/C$12"),
        ("=C8/C9", "=C10/C12"),
        ("=SUM(C$8:C8)", "=SUM(C$8:C10)"),
        ("=D7+C8", "=D9+C10"),
        ("=VLOOKUP(B8,另!A2:B4,2)", "=VLOOKUP(B10,另!A2:B14,2)"),
    ],
)
def test_formulas_of_the_repeated_row_go_down_with_it(before, after):
    assert repeated(before, "表", GROWN, 2) == after


def test_areas_follow_the_rows():
    assert grown_area("A1:F11 C8 H20:H21", GROWN["表"]) == "A1:F14 C8:C11 H23:H24"
