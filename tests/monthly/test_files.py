"""Taking a report home: who may, what is logged, what is said when a file cannot be made."""

import io

import docx
import pypdf
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from visits.core.audit import AuditEntry
from visits.monthly.models import MonthlyReport

pytestmark = pytest.mark.any_database

TITLE = "关于2026年11月企业走访和问题诉求办理情况的通报"


@pytest.fixture
def draft(zone, browser, db):
    browser("coordinator").post("monthly.new", {"month": "2026-11"})
    return db.session.scalar(sa.select(MonthlyReport.id))


def read_docx(body):
    return docx.Document(io.BytesIO(body)).paragraphs[0].text.replace("\n", "")


def read_pdf(body):
    return "".join(pypdf.PdfReader(io.BytesIO(body)).metadata.title.split())


def read_xlsx(body):
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()[0][0]


@pytest.mark.parametrize(("kind", "read"), [("docx", read_docx), ("pdf", read_pdf), ("xlsx", read_xlsx)])
def test_each_reader_takes_each_file_home_and_it_is_logged(browser, draft, db, kind, read):
    page = browser("auditor").post("monthly_paper.download", status=200, report_id=draft, kind=kind)
    assert read(page.response.data) == TITLE
    assert page.response.headers["Cache-Control"] == "no-store"
    assert f".{kind}" in page.response.headers["Content-Disposition"]
    entry = db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()))
    assert (entry.action, entry.subject_id) == ("monthly_report.taken", draft)
    assert entry.changes == {"month": "2026-11", "format": kind}


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_who_may_not_read_the_report_gets_no_file(browser, draft, kind):
    assert browser("handler").post("monthly_paper.download", status=403, report_id=draft, kind=kind)


def test_the_page_for_the_printer_holds_the_whole_report(browser, draft):
    page = browser("leader").get("monthly_paper.show", report_id=draft)
    for said in (TITLE, "草稿", "一、", "附件1", "附件4", "按时办结率", "热点问题", "计量单位"):
        assert said in page.main, said
    # topics; units; groups, programmes; overdue, suspended; figures
    assert len(page.root.all("table")) == 7
    assert any("按时办结率" in row and "60.0% 3/5" in row for row in page.rows)


def test_a_character_no_font_has_is_said_and_the_word_file_is_there(browser, draft):
    browser("coordinator").post("monthly.write", {"words": "继续努力🚀"}, report_id=draft, section="next")
    page = browser("coordinator").post("monthly_paper.download", status=422, report_id=draft, kind="pdf")
    assert "没有以下字符：🚀" in page.text
    assert browser("coordinator").post("monthly_paper.download", status=200, report_id=draft, kind="docx")


@pytest.mark.parametrize(("kind", "read"), [("docx", read_docx), ("pdf", read_pdf), ("xlsx", read_xlsx)])
def test_the_command_writes_each_file(app, zone, tmp_path, kind, read):
    path = tmp_path / f"report.{kind}"
    run = app.test_cli_runner().invoke(
        args=["reports", "monthly", "2026-11", "--format", kind, "--output", str(path)]
    )
    assert (run.exit_code, run.output) == (0, "")
    assert read(path.read_bytes()) == TITLE


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ([], "--output FILE"),
        (["--output", "/nowhere/at/all/report.docx"], "/nowhere/at/all/report.docx"),
        (["--output", "/"], "/"),
    ],
)
def test_the_command_says_where_it_cannot_write(app, zone, rest, said):
    run = app.test_cli_runner().invoke(args=["reports", "monthly", "2026-11", "--format", "docx", *rest])
    assert run.exit_code != 0
    assert said in run.output
    assert "Traceback" not in run.output


def test_the_command_says_which_characters_no_font_has(app, zone, browser, draft, tmp_path):
    browser("coordinator").post("monthly.write", {"words": "🚀"}, report_id=draft, section="next")
    path = tmp_path / "report.pdf"
    run = app.test_cli_runner().invoke(
        args=["reports", "monthly", "2026-11", "--format", "pdf", "--output", str(path)]
    )
    assert run.exit_code == 1
    assert "没有以下字符：🚀" in run.output
    assert not path.exists()
