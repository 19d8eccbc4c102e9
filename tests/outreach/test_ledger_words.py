"""What the cells of a ledger mean: days, names, modes; without any database."""

from datetime import date

import pytest

from visits.core.spreadsheet_values import NO_SUCH_DAY, NOT_A_DATE, Fault
from visits.outreach.entries import VisitKind
from visits.outreach.ledger import days, words
from visits.outreach.ledger.days import Span, read_days, year_of
from visits.outreach.ledger.names import Written, firms_of, names_of
from visits.programmes.models import VisitMode


def day(month, number, year=2025):
    return Span(date(year, month, number), date(year, month, number))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-3", [day(11, 3)]),
        ("2025年11月3日 14:30", [day(11, 3)]),
        ("2025年11月3日上午", [day(11, 3)]),
        ("45964", [day(11, 3)]),
        ("11月3日", [day(11, 3)]),
        ("11/3", [day(11, 3)]),
        ("25年11月3日", [day(11, 3)]),
        ("11月3日、5日", [day(11, 3), day(11, 5)]),
        ("11月3日 5日", [day(11, 3), day(11, 5)]),
        ("11月3日、12月5日", [day(11, 3), day(12, 5)]),
        ("2024年12月3日、5日，2025年1月7日", [day(12, 3, 2024), day(12, 5, 2024), day(1, 7)]),
        ("2025-11-3、2025-11-5", [day(11, 3), day(11, 5)]),
        ("11月3日、11月3日", [day(11, 3)]),
        ("11月3日至5日", [Span(date(2025, 11, 3), date(2025, 11, 5))]),
        ("11月3-5日", [Span(date(2025, 11, 3), date(2025, 11, 5))]),
        ("2025.11.3-2025.11.5", [Span(date(2025, 11, 3), date(2025, 11, 5))]),
        ("2025.11.3-11.5", [Span(date(2025, 11, 3), date(2025, 11, 5))]),
        ("2025/11/3—2025/11/5", [Span(date(2025, 11, 3), date(2025, 11, 5))]),
        ("12月30日至1月2日", [Span(date(2025, 12, 30), date(2026, 1, 2))]),
        ("11月3日～5日、8日", [Span(date(2025, 11, 3), date(2025, 11, 5)), day(11, 8)]),
    ],
)
def test_days_as_ledgers_write_them(text, expected):
    assert read_days(text, 2025) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("去年春天", NOT_A_DATE),
        ("11月31日", NO_SUCH_DAY),
        ("2025-02-30", NO_SUCH_DAY),
        ("11月5日至3日", days.BACKWARDS),
        ("1月3日至6月5日", days.TOO_LONG),
        ("3.10", NOT_A_DATE),
        ("11月", NOT_A_DATE),
        ("、", NOT_A_DATE),
    ],
)
def test_what_is_no_day_is_told(text, reason):
    found = read_days(text, 2025)
    assert isinstance(found, Fault)
    assert found.reason in (reason, "The day is missing; write the whole date as 2026-11-23.")


def test_a_day_without_its_year_needs_a_title_that_gives_one():
    assert read_days("11月3日").reason == days.YEAR_MISSING
    assert year_of(["湖畔区2025年企业走访台账", "填报单位"]) == 2025
    assert year_of(["2024年至2025年台账"]) is None
    assert year_of(["台账2025.xlsx"]) == 2025
    assert year_of(["台账"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张伟、李芳", ["张伟", "李芳"]),
        ("张伟，李芳;王强/赵敏 钱进", ["张伟", "李芳", "王强", "赵敏", "钱进"]),
        ("张 伟、欧阳　明", ["张伟", "欧阳", "明"]),
        ("张伟等3人", ["张伟"]),
        ("张伟等", ["张伟"]),
        ("", []),
    ],
)
def test_names_stand_apart_in_many_ways(text, expected):
    found, has_others = names_of(text)
    assert [one.name for one in found] == expected
    assert has_others == ("等" in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张伟（经发局）", Written("张伟", "张伟", "经发局")),
        ("张伟(局长)", Written("张伟", "张伟", "")),
        ("张伟（经发局、副局长）", Written("张伟", "张伟", "经发局")),
        ("经发局：张伟", Written("张伟", "张伟", "经发局")),
        ("张伟副局长", Written("张伟副局长", "张伟", "")),
        ("王书记", Written("王书记", "王书记", "")),
    ],
)
def test_units_and_titles_beside_names_are_understood(text, expected):
    assert names_of(text) == ([expected], False)


def test_several_units_name_their_people():
    found, _ = names_of("经发局：张伟、李芳；科技局：王强")
    assert [(one.name, one.unit) for one in found] == [
        ("张伟", "经发局"),
        ("李芳", "经发局"),
        ("王强", "科技局"),
    ]


def test_several_enterprises_in_one_cell():
    assert firms_of("甲公司、乙公司；丙公司\n甲公司") == ["甲公司", "乙公司", "丙公司"]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("实地走访", VisitMode.ON_SITE),
        ("上门", VisitMode.ON_SITE),
        ("走访", VisitMode.ON_SITE),
        ("座谈会", VisitMode.SYMPOSIUM),
        ("现场座谈", VisitMode.ON_SITE),
        ("电话沟通", VisitMode.PHONE),
        ("微信", VisitMode.ONLINE),
        ("线上视频会议", VisitMode.ONLINE),
        ("实地、电话", None),
        ("其他", None),
    ],
)
def test_words_for_modes(text, mode):
    assert words.mode_of(text) == mode


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("日常走访", VisitKind.REGULAR),
        ("回访", VisitKind.FOLLOW_UP),
        ("专题调研", VisitKind.TOPICAL),
        ("陪同领导", VisitKind.ACCOMPANY),
        ("应企业要求", VisitKind.INVITED),
        ("首次走访", VisitKind.FIRST),
        ("不详", None),
    ],
)
def test_words_for_kinds(text, kind):
    assert words.kind_of(text) == kind
