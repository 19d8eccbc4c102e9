"""Rows of files as offices keep them: what is understood, what is left out, what is told."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.enterprises import make_code
from tests.support.workbook_kinds import Failed, as_ods, as_xls, as_xlsb, as_xlsx, inline, raw_xlsx
from tests.support.workbooks import cells, xlsx
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import Refused
from visits.enterprises import importing, queries
from visits.enterprises.models import Contact, Enterprise, EnterpriseStatus

NAME, CODE = "湖畔精密机械有限公司", make_code(881)


def run(content, filename="册.xlsx", **options):
    """Import a file; return the figures (new, changed, same, left out, rejected) and the plan."""
    content = content if isinstance(content, bytes) else "\n".join(content).encode()
    plan, _ = importing.import_file(SYSTEM, content, filename, **options)
    db.session.commit()
    counts = plan.counts()
    assert counts["rows"] == sum(list(counts.values())[1:])
    return tuple(list(counts.values())[1:]), plan


def sentences(problems):
    return [problem.reason % problem.params for problem in problems]


@pytest.mark.parametrize("kind", [as_xlsx, as_xls, as_xlsb, as_ods])
def test_a_list_is_imported_from_every_kind_of_workbook(database, kind):
    rows = [
        ["湖畔区重点企业名录", None, None, None, None, None],
        ["序号", "企业名称", "统一社会信用代码", "成立日期", "联系人", "联系电话"],
        [1, NAME, CODE, "2020年3月5日", "张工", 13800138000],
        [2, "错误有限公司", Failed, "", "", ""],
        ["合计", "2家", None, None, None, None],
        ["制表人：张三", None, None, "2026年3月1日", None, None],
    ]
    figures, plan = run(kind(rows))
    assert figures == (1, 0, 0, 2, 1)
    assert queries.get_by_code(CODE).established_on == date(2020, 3, 5)
    assert db.session.scalars(sa.select(Contact.phone)).all() == ["13800138000"]
    error = plan.errors()[0]
    assert (error.row, error.column, error.value) == (4, "统一社会信用代码", "#N/A")
    assert [warning.row for warning in plan.warnings] == [5, 6]
    assert run(kind(rows))[0] == (0, 0, 1, 2, 1)


def test_two_rows_of_headings_under_merged_groups(database):
    def fill(sheet, _workbook):
        sheet.merge_range("A1:G1", "企业名录")
        sheet.merge_range("A2:A3", "序号")
        sheet.merge_range("B2:B3", "企业名称")
        sheet.merge_range("C2:C3", "统一社会信用代码")
        sheet.merge_range("D2:E2", "法定代表人")
        sheet.merge_range("F2:G2", "联络员")
        sheet.write_row("D3", ["姓名", "电话", "姓名", "电话"])
        sheet.write_row("A4", [1, NAME, CODE, "张总", "13900000000", "李工", "13800138000"])

    figures, _ = run(xlsx(fill))
    assert figures == (1, 0, 0, 0, 0)
    contact = db.session.scalars(sa.select(Contact)).one()
    assert (contact.name, contact.phone) == ("李工", "13800138000")


def test_a_merged_street_belongs_to_all_its_rows(database):
    def fill(sheet, _workbook):
        sheet.write_row("A1", ["街道", "企业名称"])
        sheet.merge_range("A2:A3", "湖畔街道")
        sheet.write_column("B2", ["甲机械厂", "乙机械厂"])

    assert run(xlsx(fill))[0] == (2, 0, 0, 0, 0)
    assert set(db.session.scalars(sa.select(Enterprise.street))) == {"湖畔街道"}


def test_day_numbers_follow_the_date_system_of_the_file(database):
    fill = cells(("A1", "企业名称"), ("B1", "成立日期"), ("A2", "甲厂"), ("B2", 40000))
    run(xlsx(fill))
    run(xlsx(cells(("A1", "企业名称"), ("B1", "成立日期"), ("A2", "乙厂"), ("B2", 40000)), date_1904=True))
    days = dict(db.session.execute(sa.select(Enterprise.name, Enterprise.established_on)).all())
    assert days == {"甲厂": date(2009, 7, 6), "乙厂": date(2013, 7, 7)}


HEADER = "企业名称,统一社会信用代码,状态,注册日期,注册资金,标签,联系人,电话"


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (f",{CODE}", "企业名称", "name is missing"),
        (f"#N/A,{CODE}", "企业名称", "error #N/A"),
        ("长" * 121 + f",{CODE}", "企业名称", "Longer than 120"),
        ("甲厂,9135", "统一社会信用代码", "has 4 characters"),
        ("甲厂,91350100M000100Y44", "统一社会信用代码", "should end in 3"),
        ("甲厂,91350100MO00100Y43", "统一社会信用代码", "letter O"),
        ("甲厂,9.13301101438416E+17", "统一社会信用代码", "Format the column as text"),
        ("甲厂,913301101438416000", "统一社会信用代码", "Format the column as text"),
        ("甲厂,,很好", "状态", "Not a status"),
        ("甲厂,,,3/5/2020", "注册日期", "may be 2020-03-05 or 2020-05-03"),
        ("甲厂,,,2020-02-30", "注册日期", "no such day"),
        ("甲厂,,,2020年3月", "注册日期", "day is missing"),
        ("甲厂,,,去年春天", "注册日期", "Not a date"),
        ("甲厂,,,2999-01-01", "注册日期", "between the year 1900 and today"),
        ("甲厂,,,1900-02-29", "注册日期", "no such day"),
        ("甲厂,,,#VALUE!", "注册日期", "error #VALUE!"),
        ("甲厂,,,,,,张工,1.38001E+10", "电话", "Format the column as text"),
        ("甲厂,,,,," + "标" * 31, "标签", "longer than 30"),
    ],
)
def test_a_bad_cell_is_rejected_with_row_column_and_reason(database, row, column, says):
    figures, plan = run([HEADER, row, f"{NAME},{CODE}"], "册.csv")
    assert figures == (1, 0, 0, 0, 1)
    error = plan.errors()[0]
    assert (error.row, error.column) == (2, column)
    assert says in sentences([error])[0]


@pytest.mark.parametrize(
    ("header", "row", "key", "value"),
    [
        ("企业名称", "湖畔_x000D_精密\u200b有限公司", "name", "湖畔精密有限公司"),
        ("企业名称", "'ＡＢＣ科技（杭州）有限公司", "name", "ABC科技（杭州）有限公司"),
        ("企业名称,统一社会信用代码", f"甲厂,'{CODE}", "code", CODE),
        ("企业名称,统一社会信用代码", f"甲厂, {CODE[:8]}\u00a0{CODE[8:].lower()}", "code", CODE),
        ("企业名称*,成立时间", "甲厂,44000.5", "established_on", date(2020, 6, 18)),
        ("企业名称,成立日期", "甲厂,2020-03-05 00:00:00", "established_on", date(2020, 3, 5)),
        ("企业名称（必填）,注册资本(万元)", "甲厂,500", "capital_text", "500万元"),
        ("企业名称,注册资本(万元)", "甲厂,500万美元", "capital_text", "500万美元"),
        ("企业名称,行业代码", "甲厂,3411.0", "industry_code", "3411"),
        ("企业名称,状态", "甲厂,停产", "status", EnterpriseStatus.HALTED),
        ("单位名称,镇街", "甲厂,湖畔\u3000街道", "street", "湖畔 街道"),
        ("合计人数,企业名称", "9,合计有限公司", "name", "合计有限公司"),
    ],
)
def test_what_people_write_is_understood(database, header, row, key, value):
    figures, plan = run([header, row], "册.csv")
    assert (figures, plan.errors()) == ((1, 0, 0, 0, 0), [])
    assert getattr(db.session.scalars(sa.select(Enterprise)).one(), key) == value


@pytest.mark.parametrize(
    "row",
    [
        "合计,,",
        "总计：12家,,",
        "小 计,3家,",
        "制表人：张三,,审核人：李四",
        "备注：以上为初稿,,",
        "填报单位：办公室,,",
        "第1页 共3页,,",
        "企业名称,统一社会信用代码,街道",
        ",合计,",
        "填表日期：2026年3月,,",
        "共12家,,",
    ],
)
def test_totals_notes_and_repeated_headings_are_left_out_with_a_warning(database, row):
    lines = ["企业名称,统一社会信用代码,街道", f"{NAME},{CODE},湖畔", row, "乙厂,,湖畔"]
    figures, plan = run(lines, "册.csv")
    assert figures == (2, 0, 0, 1, 0)
    assert [warning.row for warning in plan.warnings] == [3]


def test_a_blank_row_counts_as_left_out_only_when_something_stands_in_it(database):
    figures, plan = run(["企业名称,编号", f"{NAME},1", ",2", ",", "乙厂,3"], "册.csv")
    assert figures == (2, 0, 0, 1, 0)
    assert plan.warnings == []


def test_other_sheets_and_hidden_rows_are_told(database):
    def fill(sheet, _workbook):
        sheet.write_column("A1", ["企业名称", "甲厂", "乙厂"])
        sheet.set_row(2, None, None, {"hidden": True})

    book = xlsx(fill, cells(("A1", "企业名称"), ("A2", "丙厂")), cells())
    figures, plan = run(book)
    assert figures == (2, 0, 0, 0, 0)
    assert sentences(plan.warnings) == [
        "Only the sheet “表1” is read; these have contents too.",
        "1 rows are hidden in the file; they are read like the others.",
    ]
    assert (plan.warnings[0].value, plan.warnings[1].row) == ("表2", 3)
    figures, plan = run(book, sheet="表2")
    assert (figures, plan.warnings[0].value) == ((1, 0, 0, 0, 0), "表1")
    with pytest.raises(Refused, match="no sheet"):
        run(book, sheet="表3")


def test_a_formula_without_a_result_is_told_and_one_with_a_result_is_read(database):
    head = f'<row r="1">{inline("A1", "企业名称")}{inline("B1", "街道")}</row>'
    row = '<row r="2"><c r="A2" t="str"><f>B2</f><v>甲厂</v></c><c r="B2"><f>A2</f></c></row>'
    figures, plan = run(raw_xlsx(head + row))
    assert figures == (0, 0, 0, 0, 1)
    assert "never calculated" in sentences(plan.errors())[0]


def test_the_phone_of_a_rejected_row_is_masked(database):
    _, plan = run([HEADER, "甲厂,,,,,,张工," + "138001380001380013800013800013800"], "册.csv")
    assert plan.errors()[0].value == "****3800"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_in_every_encoding_and_separator(database, encoding, separator):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    lines = [separator.join(["企业名称", "统一社会信用代码"]), separator.join([f'"{NAME}"', CODE])]
    assert run(mark + "\r\n".join(lines).encode(encoding), "册.csv")[0] == (1, 0, 0, 0, 0)


def test_phones_of_nobody_are_told(database):
    _, plan = run(["企业名称,联系人,电话", "甲厂,,13800138000", "乙厂,李工,13900139000"], "册.csv")
    assert [(warning.row, warning.value) for warning in plan.warnings] == [(2, "138****8000")]
    _, plan = run(["企业名称,电话", "甲厂,13800138000"], "册.csv")
    assert [(warning.row, warning.column) for warning in plan.warnings] == [(1, "电话")]
