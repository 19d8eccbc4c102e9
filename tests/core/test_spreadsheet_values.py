"""What the text of a cell means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.spreadsheet_values import (
    AMBIGUOUS,
    DAY_MISSING,
    NO_SUCH_DAY,
    NOT_A_DATE,
    fault_of,
    plain_number,
    read_day,
    spoilt_number,
    tidy,
)

FIFTH = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-5",
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026.03.05",
        "2026年3月5日",
        "2026年03月05日",
        "2026年3月5",
        "20260305",
        "5-Mar-26",
        "05-Mar-2026",
        "5 March 2026",
        "Mar 5, 2026",
        "5Mar26",
        "2026-03-05 00:00:00",
        "2026-03-05T14:30",
        "2026/3/5 9:05",
        "20260305 09:05:00",
        "2026-03-05T14:30:00Z",
        "２０２６－０３－０５",
        "２０２６年３月５日",
        "2026 年 3 月 5 日",
        "2026-3-5 星期四",
        "2026-03-05（周四）",
        " 2026-03-05 ",
        "46086",
        "46086.75",
    ],
)
def test_a_day_is_read_in_every_form(text):
    assert read_day(text) == FIFTH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3/5/2026", AMBIGUOUS),
        ("05.03.2026", AMBIGUOUS),
        ("5-3-2026", AMBIGUOUS),
        ("2026-02-30", NO_SUCH_DAY),
        ("2026/13/1", NO_SUCH_DAY),
        ("31/31/2026", NO_SUCH_DAY),
        ("32-Mar-26", NO_SUCH_DAY),
        ("1900-02-29", NO_SUCH_DAY),
        ("20260230", NO_SUCH_DAY),
        ("0000-01-01", NO_SUCH_DAY),
        ("2026", DAY_MISSING),
        ("2026年3月", DAY_MISSING),
        ("2026-03", DAY_MISSING),
        ("2026年", DAY_MISSING),
        ("26-3-5", NOT_A_DATE),
        ("去年春天", NOT_A_DATE),
        ("2026/3.5", NOT_A_DATE),
        ("5-Foo-26", NOT_A_DATE),
        ("60", NOT_A_DATE),
        ("460860", NOT_A_DATE),
        ("TRUE", NOT_A_DATE),
        ("", NOT_A_DATE),
        ("-46086", NOT_A_DATE),
    ],
)
def test_what_is_no_day_is_told_why(text, reason):
    fault = read_day(text)
    assert fault.reason == reason
    assert "%(" not in fault.reason % fault.params


def test_an_ambiguous_day_names_both_readings():
    assert read_day("3/5/2026").params == {"one": "2026-03-05", "other": "2026-05-03"}


@pytest.mark.parametrize(
    ("text", "day"),
    [("25/3/2026", (2026, 3, 25)), ("3/25/2026", (2026, 3, 25)), ("3/3/2026", (2026, 3, 3))],
)
def test_a_day_with_one_reading_is_read(text, day):
    assert read_day(text) == date(*day)


@pytest.mark.parametrize(("text", "day"), [("44624", (2026, 3, 5)), ("10000", (1931, 5, 19))])
def test_day_numbers_from_1904(text, day):
    assert read_day(text, is_1904=True) == date(*day)


@pytest.mark.parametrize(("text", "year"), [("1-Jan-29", 2029), ("1-Jan-30", 1930), ("1-Jan-99", 1999)])
def test_two_digit_years_turn_as_excel_turns_them(text, year):
    assert read_day(text).year == year


@given(st.dates(date(1928, 1, 1), date(2100, 1, 1)))
def test_every_day_comes_back_from_every_form(day):
    serial = (day - date(1899, 12, 30)).days
    for text in (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%d-%b-%Y}",
        str(serial),
    ):
        assert read_day(text) == day
    assert read_day(str(serial), is_1904=True) == day + timedelta(days=1462)


@given(st.text(max_size=30))
def test_any_text_gives_a_day_or_a_sentence(text):
    found = read_day(text)
    assert isinstance(found, date) or found.reason % found.params


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ＡＢＣ１２３科技（杭州）", "ABC123科技（杭州）"),
        ("湖畔_x000D_\n精密", "湖畔精密"),
        ("湖畔_x000d_精密", "湖畔精密"),
        ("a_x0041_b", "a_x0041_b"),
        ("湖畔\u200b精\ufeff密\u00ad", "湖畔精密"),
        ("湖畔\u00a0\u3000 机械", "湖畔 机械"),
        ("\u3000湖畔\u00a0", "湖畔"),
        ("湖畔精密\n机械有限公司", "湖畔精密机械有限公司"),
        ("Lake\nSide", "Lake Side"),
        ("'91350100M000100Y43", "91350100M000100Y43"),
        ("'=1+1", "=1+1"),
        ("'", ""),
        ("湖畔\u202e精密", "湖畔精密"),
    ],
)
def test_cells_are_tidied(text, meant):
    assert tidy(text) == meant


def test_lists_keep_their_lines():
    assert tidy("规上\r\n 高新_x000D_\n\n链主", keep_lines=True) == "规上\n高新\n链主"


@given(st.text(max_size=30))
def test_tidying_twice_is_tidying_once_but_for_apostrophes(text):
    once = tidy(text)
    assert once == once.strip()
    assert tidy("'" + once) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [("13800138000.0", "13800138000"), ("13800138000", "13800138000"), ("1.5", "1.5"), ("0571.", "0571.")],
)
def test_noughts_behind_go(text, plain):
    assert plain_number(text) == plain


@pytest.mark.parametrize("text", ["1.38001E+10", "9.13E+17", "1e10"])
def test_spoilt_numbers_are_known(text):
    assert text in (fault := spoilt_number(text)).reason % fault.params


@pytest.mark.parametrize("text", ["13800138000", "E1", "0571-8861", "1E"])
def test_sound_numbers_are_not_called_spoilt(text):
    assert spoilt_number(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [("#N/A", "error #N/A"), ("#div/0!", "error #div/0!"), ("#FORMULA", "never calculated")],
)
def test_cells_without_a_value_are_told(text, says):
    fault = fault_of(text)
    assert says in fault.reason % fault.params


def test_other_cells_have_a_value():
    assert fault_of("#1车间") is None
