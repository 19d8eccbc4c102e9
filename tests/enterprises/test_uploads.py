"""The import wizard, from the file to what it has changed."""

import csv
import io
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from werkzeug.test import encode_multipart

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.support.import_steps import WizardSteps, figures
from tests.support.workbook_kinds import as_xls, as_xlsb, raw_xlsx
from tests.support.workbooks import cells, locked, ods, ole, packed, repacked, xls, xlsx
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import queries
from visits.enterprises.models import Enterprise, Upload

LISTS = WizardSteps("imports", "企业名单.csv")
send, previewed = LISTS.send, LISTS.previewed
HEADER = ["企业名称", "统一社会信用代码", "状态", "街道", "标签", "联系人", "电话"]
LAKE = ["湖畔精密机械有限公司", make_code(801), "正常", "湖畔街道", "规上企业", "张工", "13812345678"]
BAD = ["坏码有限公司", "91350100M000100Y44", "正常", "=1+1", "", "", ""]


def sheet(*rows, header=HEADER):
    """A CSV file of these rows."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


@pytest.fixture
def office(database, client_for):
    return client_for(make_person([Role.COORDINATOR]))


def count():
    return db.session.scalar(sa.select(sa.func.count(Enterprise.id)))


def test_a_file_goes_from_upload_to_result(office):
    known = make_enterprise("江滨电子有限公司", code=make_code(802))
    rows = [
        LAKE,
        [known.name, known.code, "停产", "", "", "", ""],
        BAD,
        LAKE,
        ["无码企业有限公司"] + [""] * 6,
    ]
    columns = office.follow(send(office, sheet(*rows)))
    assert columns.heading == "指定各列内容"
    chosen = {
        select["name"]: select.first("option", selected="")["value"]
        for select in columns.root.all("select")
        if select["name"].startswith("column_")
    }
    assert chosen == {
        f"column_{n}": key
        for n, key in enumerate(
            ["name", "code", "status", "street", "tags", "contact_name", "contact_phone"]
        )
    }
    preview = office.follow(office.post(columns.url, page=columns))
    assert figures(preview) == [5, 2, 1, 0, 1, 1]
    assert "末位应为3" in preview.main
    assert "与第2行为同一企业" in preview.main
    assert count() == 1
    result = office.follow(office.post(preview.url, page=preview))
    assert figures(result) == figures(preview)
    assert "末位应为3" in result.main
    assert "文件已导入企业名录" in result.main
    assert count() == 3
    assert queries.get_by_code(make_code(801)).street == "湖畔街道"
    page = office.get("home.enterprise_file", enterprise_id=queries.get_by_code(make_code(801)).id)
    assert "138****5678" in page.main


def test_the_same_file_again_changes_nothing(office):
    preview = previewed(office, sheet(LAKE))
    office.post(preview.url, page=preview)
    assert figures(previewed(office, sheet(LAKE))) == [1, 0, 0, 1, 0, 0]


def test_no_step_shows_a_whole_phone(office):
    make_enterprise(LAKE[0], code=LAKE[1])
    columns = office.follow(send(office, sheet(LAKE)))
    assert "138****5678" in columns.main
    preview = office.follow(office.post(columns.url, page=columns))
    result = office.follow(office.post(preview.url, page=preview))
    for page in (columns, preview, result):
        assert "13812345678" not in page.response.text


SMALL, SHEET = xlsx(cells(("A1", "企业名称"))), "xl/worksheets/sheet1.xml"


def with_entity(xml):
    return xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet', 1)


FAR = xlsx(cells(("A1", "企业名称"), ("XFD1048576", "远")))


@pytest.mark.parametrize(
    ("content", "filename", "sentence"),
    [
        (b"", "空.csv", "没有内容"),
        (b"\n\n", "空.csv", "没有内容"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "图片.xlsx", "图片"),
        (b"%PDF-1.7", "名单.xlsx", "PDF"),
        (b"<html><table></table></html>", "网页.xls", "网页"),
        (packed(**{"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}), "文档.xlsx", "文档"),
        (ole("EncryptedPackage"), "加密.xlsx", "密码"),
        (locked(xlsx(cells(("A1", "企业名称")))), "加密.xlsx", "密码"),
        (FAR, "远.xlsx", "第1048576行"),
        (xlsx(cells(("A1", "企业名称")))[:-200], "断.xlsx", "损坏"),
        ("企业名称\x00".encode(), "名单.csv", "非文本字符"),
        ('企业名称\n"未成对'.encode(), "名单.csv", "引号"),
        (b"\x80\x81\xff\xff" * 9, "名单.csv", "文字编码"),
        ("企业名称\n" + "长" * 40_000, "名单.csv", "32767"),
        (b"MZ\x90\x00", "病毒.exe", "不是表格"),
        (b"\x7fELF\x02\x01\x01\x00", "程序.xlsx", "不是表格"),
        (as_xlsb([["企业名称"]] * 3)[:-40], "残.xlsb", "损坏"),
        (as_xls([["企业名称"]])[:700], "残.xls", "不是表格"),
        ("企业名称,街道\n".encode() + "甲厂,湖畔街道\n".encode("gb18030"), "混.csv", "见第2行"),
        ("企业名称,街\n甲".encode("utf-16")[:-1], "断.csv", "文字编码"),
        (bytes(100), "零.csv", "非文本字符"),
        (("企业名称," * 200 + "x").encode(), "宽.csv", "GS列"),
        (xlsx(cells(("A1", "企业名称"), ("GS1", "远"))), "宽.xlsx", "GS列"),
        (as_xlsb([["企业名称"]], first_row=1_048_575), "远.xlsb", "第1048576行"),
        (packed(**{"a.txt": "x"}), "压缩.xlsx", "不是表格"),
        (repacked(SMALL, "docProps/app.xml", lambda _xml: b" " * 12 * 2**20), "弹.xlsx", "解压后内容过大"),
        (repacked(SMALL, SHEET, with_entity), "实体.xlsx", "损坏"),
        (xlsx(cells(), cells()), "空表.xlsx", "没有内容"),
        (raw_xlsx('<row r="1"><c r="A1" s="1"/></row>'), "仅格式.xlsx", "没有内容"),
        (raw_xlsx('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "无字符串.xlsx", "损坏"),
        (ods("", **{"META-INF/manifest.xml": "<m:encryption-data/>"}), "密.ods", "密码"),
        (ods("", mimetype="application/vnd.oasis.opendocument.text"), "文.ods", "文字文档"),
        (ole("WordDocument"), "文档.xls", "文字文档"),
        (b"{\\rtf1\\ansi}", "文.xls", "文字文档"),
        (b"GIF89a\0\0", "图.csv", "图片"),
        (b"Rar!\x1a\x07", "压.csv", "不是表格"),
        (b"PK\x05\x06" + bytes(18), "空.xlsx", "损坏"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(office, content, filename, sentence):
    content = content.encode() if isinstance(content, str) else content
    page = send(office, content, filename, status=422)
    assert sentence in page.main
    assert db.session.scalar(sa.select(sa.func.count(Upload.id))) == 0


def test_a_file_too_large_is_told_the_limit(office):
    page = office.get("imports.start")
    data = {"csrf_token": office.token(page), "file": (io.BytesIO(bytes(21 * 1024 * 1024)), "大.csv")}
    boundary, body = encode_multipart(data)
    page = office.open(
        page.url, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert (page.status, "20 MB" in page.main) == (422, True)


def test_the_far_cell_stands_in_a_small_file():
    assert len(FAR) < 8 * 1024


def test_columns_that_fill_no_field_are_named_before_and_after(office):
    content = sheet([*LAKE, "通用设备制造", ""], header=[*HEADER, "行业", ""])
    page = previewed(office, content)
    assert [row[1:] for row in page.rows if "行业" in row] == [["行业", "—", "该列未导入。"]]
    page = office.follow(office.post(page.url, page=page))
    assert count() == 1
    assert ["行业", "—", "该列未导入。"] in [row[1:] for row in page.rows]
    assert "该列未导入" not in previewed(office, sheet(BAD)).main


def test_a_row_without_a_code_is_marked_before_it_is_written(office):
    header = ["企业名称", "统一社会信用代码", "所在街道", "所在园区"]
    rows = ["无码企业有限公司", "", "湖畔街道", "东园"], ["湖畔精密机械有限公司", make_code(801), "", ""]
    page = previewed(office, sheet(*rows, header=header))
    assert [row[1:] for row in page.rows if "有限公司" in row[1]] == [
        ["无码企业有限公司", "暂存"],
        ["湖畔精密机械有限公司", make_code(801)],
    ]
    office.post(page.url, page=page)
    found = sa.select(Enterprise.street, Enterprise.park).where(Enterprise.code.is_(None))
    assert db.session.execute(found).all() == [("湖畔街道", "东园")]


def test_no_file_at_all_is_told(office):
    assert office.post("imports.start", status=422).errors == ["请选择文件。"]


@pytest.mark.parametrize(
    ("content", "filename"), [(xls(), "旧.xls"), (xlsx(cells(("A1", "甲"), ("A2", "乙"))), "新.xlsx")]
)
def test_workbooks_old_and_new_reach_the_columns(office, content, filename):
    assert office.follow(send(office, content, filename)).main.count("甲")


def test_without_a_name_column_it_does_not_go_on(office):
    columns = office.follow(send(office, sheet(["湖畔厂", "湖畔路"], header=["厂名", "地点"])))
    page = office.post(columns.url, page=columns, status=422)
    assert "请指定哪一列是企业名称" in page.summary
    page = office.post(columns.url, {"column_0": "name", "column_1": "address"}, page=page)
    assert figures(office.follow(page)) == [1, 1, 0, 0, 0, 0]


def test_two_columns_for_one_field_are_told(office):
    columns = office.follow(send(office, sheet(["湖畔厂", "湖畔路"], header=["企业名称", "厂名"])))
    page = office.post(columns.url, {"column_1": "name"}, page=columns, status=422)
    assert "“企业名称”列已对应该字段" in page.main
    assert page.root.first("select", name="column_1").first("option", selected="")["value"] == "name"


@pytest.mark.parametrize("value", ["status_on", "is_provisional", "1 OR 1=1"])
def test_a_field_that_is_not_offered_is_refused(office, value):
    columns = office.follow(send(office, sheet(LAKE)))
    office.post(columns.url, {"column_3": value}, page=columns, status=422)


def test_the_preview_waits_for_the_columns(office):
    columns = office.follow(send(office, sheet(["湖畔厂"], header=["厂名"])))
    for address in (columns.url.removesuffix("/columns"), columns.url.replace("columns", "rejected.csv")):
        page = office.open(address)
        assert page.status in (303, 409)


def test_a_file_is_imported_once(office):
    preview = previewed(office, sheet(LAKE))
    first = office.post(preview.url, page=preview)
    assert office.post(preview.url, page=preview).location == first.location
    again = office.post(
        preview.url, {"submission_id": "00000000-0000-4000-8000-000000000000"}, page=preview, status=422
    )
    assert "该文件已导入" in again.main
    assert figures(again) == [1, 1, 0, 0, 0, 0]
    assert count() == 1
    log = "SELECT count(*) FROM audit_entries WHERE action = 'enterprises.imported'"
    assert db.session.scalar(sa.text(log)) == 1


def test_columns_of_an_imported_file_stay_as_they_were(office):
    preview = previewed(office, sheet(LAKE))
    columns = office.open(preview.url + "/columns")
    office.post(preview.url, page=preview)
    office.post(columns.url, {"column_0": "address", "column_3": "name"}, page=columns)
    assert db.session.scalars(sa.select(Upload)).one().mapping["name"] == 0


def test_what_changed_since_the_preview_is_not_doubled(office):
    preview = previewed(office, sheet(LAKE))
    make_enterprise(LAKE[0], code=LAKE[1])
    result = office.follow(office.post(preview.url, page=preview))
    assert figures(result)[1] == 0
    assert count() == 1


def test_anothers_upload_is_not_to_be_found(office, client_for):
    preview = previewed(office, sheet(LAKE, BAD))
    other = client_for(make_person([Role.COORDINATOR]))
    for address in (preview.url, preview.url + "/columns", preview.url + "/rejected.csv"):
        page = other.open(address)
        assert (page.status, page.text.count("湖畔")) == (404, 0)
    for address in (preview.url, preview.url + "/columns"):
        other.post(address, page=other.get("accounts.change_password"), status=404)
    assert count() == 0


def test_rejected_rows_come_back_as_a_file_to_mend(office):
    evil = ["\u200b＝cmd", "9135", "很好", "@街道", "+标签", "-张", " =13"]
    header = [*HEADER[:6], "=电话"]
    preview = previewed(office, sheet(BAD, evil, LAKE, header=header), column_6="contact_phone")
    answer = office.open(urlsplit(preview.links["不合格行（csv）"]).path).response
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert head == ["行号", "未导入原因", *HEADER[:6], "'=电话"]
    assert [row[0] for row in rows] == ["2", "3"]
    assert rows[0][2:] == [*BAD[:3], "'=1+1", "", "", ""]
    assert all(cell == "" or cell[0] not in "=+-@＝\u200b \t\r" for row in rows for cell in row)
    assert "9135" in rows[1]


def test_cells_and_file_names_are_shown_as_text(office):
    row = ['<script>alert("甲")</script>', *[""] * 6]
    columns = office.follow(send(office, sheet(row), "<b>名单.csv"))
    preview = office.follow(office.post(columns.url, page=columns))
    for page in (columns, preview):
        assert "<b>名单.csv" in page.text
        assert page.root.first("b", class_="名单") is None
    assert '<script>alert("甲")</script>' in preview.main
    assert "<script>alert" not in preview.response.text


def test_unseen_characters_are_left_out_of_names(office):
    preview = previewed(office, sheet(["湖\u202e畔\u200b厂\x0b", make_code(803), *[""] * 5]))
    office.post(preview.url, page=preview)
    assert queries.get_by_code(make_code(803)).name == "湖畔厂"


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2999-01-01", "1900年至今天"), ("1899-12-31", "1900年至今天"), ("去年", "日期格式")],
)
def test_impossible_days_stay_out(office, day, reason):
    page = previewed(office, sheet(["湖畔厂", "", day], header=["企业名称", "信用代码", "注册日期"]))
    assert figures(page) == [1, 0, 0, 0, 0, 1]
    assert reason in page.main


@pytest.mark.parametrize(("column", "value"), [("标签", "标" * 31), ("曾用名", "旧" * 121)])
def test_entries_longer_than_the_register_holds_stay_out(office, column, value):
    page = previewed(office, sheet(["湖畔厂", value], header=["企业名称", column]))
    assert figures(page) == [1, 0, 0, 0, 0, 1]
    assert page.rows[0][1] == column


def test_a_file_of_200_columns_is_mapped(office):
    header = ["企业名称", *(f"列{n}" for n in range(199))]
    columns = office.follow(send(office, sheet(["湖畔厂", *["x"] * 199], header=header)))
    assert sum(select["name"].startswith("column_") for select in columns.root.all("select")) == 200
    assert figures(office.follow(office.post(columns.url, page=columns))) == [1, 1, 0, 0, 0, 0]


def test_no_phone_is_shown_before_anybody_has_said_what_it_is(office):
    rows = [
        "企业名称,座机,法人手机,其他",
        "甲厂,0571-86221234,13800138001,139 0013 9000",
        "乙厂,,13800138000.0,x",
    ]
    columns = office.follow(send(office, "\n".join(rows).encode()))
    for phone in ("86221234", "13800138001", "0013 9000", "13800138000"):
        assert phone not in columns.response.text


def test_names_of_sheets_and_headings_are_shown_as_text(office):
    def fill(sheet, workbook):
        sheet.write_row("A1", ["企业名称", "<script>alert(1)</script>"])
        sheet.write_row("A2", ["甲厂", "<img src=x>"])
        workbook.add_worksheet("<b>x").write("A1", "甲")

    columns = office.follow(send(office, xlsx(fill), "<i>.xlsx"))
    preview = office.follow(office.post(columns.url, page=columns))
    for page in (columns, preview):
        assert "<b>x" in page.main
        assert not [
            tag for tag in ("<script>alert", "<img src", "<b>x", "<i>.") if tag in page.response.text
        ]
