"""The wizard for ledgers of visits, from the file to what it has brought, and back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.programmes import make_programmes
from tests.support.import_steps import WizardSteps, breaking_off, costs, count, figures, upload
from tests.support.visit_ledgers import ledger
from tests.support.workbook_kinds import raw_xlsx
from tests.support.workbooks import cells, xlsx
from visits.core import clock
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import stages
from visits.enterprises.models import ImportRun, Upload
from visits.outreach import operations
from visits.outreach.ledger import carrying
from visits.outreach.models import PairProgramme, Visit, VisitPair
from visits.programmes.models import ENTERPRISE_VISIT

FIRM = "湖畔精密机械有限公司"
ROW = ("1", "2025-11-3", FIRM, "", "实地", "张伟", "", "看了车间。")
BAD = ("2", "2999-1-1", FIRM, "", "实地", "张伟", "", "=1+1")
LEDGERS = WizardSteps("ledger", "台账.csv")
send, previewed = LEDGERS.send, LEDGERS.previewed
LONG = ledger(
    *[
        ("1", f"2025-{n % 12 + 1}-{n % 28 + 1}", FIRM, "", "", f"人{n:04d}", "", "长" * 40)
        for n in range(1200)
    ]
)


@pytest.fixture
def people(database):
    make_programmes()
    make_enterprise(FIRM, code=make_code(701))
    unit = make_unit("经济发展局")
    return make_person([Role.COORDINATOR]), make_person([Role.CADRE], name="张伟", unit=unit)


@pytest.fixture
def office(people, client_for):
    return client_for(people[0])


def test_a_ledger_goes_from_upload_to_result(office, people):
    columns = office.follow(send(office, ledger(ROW, BAD, title="2025年台账")))
    chosen = {
        select["name"]: select.first("option", selected="")["value"]
        for select in columns.root.all("select")
    }
    assert [chosen[f"column_{n}"] for n in range(8)] == [
        "",
        "visited_on",
        "enterprise",
        "code",
        "mode",
        "people",
        "unit",
        "summary",
    ]
    preview = office.follow(office.post(columns.url, page=columns))
    assert figures(preview) == [2, 1, 1, 0, 0, 1]
    assert "晚于今天" in preview.main
    assert count(Visit) == 0
    result = office.follow(office.post(preview.url, page=preview))
    assert figures(result) == figures(preview)
    visit = db.session.scalars(sa.select(Visit)).one()
    page = office.get("outreach.show", visit_id=visit.id)
    assert "台账导入" in page.main
    assert "补录" not in page.main
    listed = office.open(result.links["查看走访记录"])
    assert ("台账导入" in listed.main, "补录" in " ".join(map(str, listed.rows))) == (True, False)
    runs = office.get("ledger.imports")
    assert runs.rows[0][1:5] == ["台账.csv", people[0].name, "1", "1"]


def test_a_second_import_says_that_all_is_here(office):
    preview = previewed(office, ledger(ROW))
    office.post(preview.url, page=preview)
    again = previewed(office, ledger(ROW))
    assert figures(again) == [1, 0, 0, 1, 0, 0]
    assert "均已在系统中" in again.main
    assert not again.posts_to(again.url)
    office.post(again.url, page=office.get("accounts.change_password"), status=422)
    assert count(Visit) == 1


def test_mode_and_programmes_of_rows_that_name_none_are_chosen(office):
    content = ledger(("2025-11-3", FIRM, "张伟"), header=("走访日期", "企业名称", "走访人员"))
    chosen = make_programmes()[ENTERPRISE_VISIT]
    preview = previewed(office, content, mode="phone", programme_ids=[str(chosen)])
    office.post(preview.url, page=preview)
    visit = db.session.scalars(sa.select(Visit)).one()
    assert visit.mode.value == "phone"
    assert db.session.scalars(sa.select(PairProgramme.programme_id)).all() == [chosen]


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"programme_ids": []}, "专项行动"),
        ({"programme_ids": ["999"]}, "专项行动"),
        ({"programme_ids": ["1 OR 1=1"]}, "专项行动"),
        ({"mode": "pigeon"}, "选"),
        ({"mode": ""}, "选"),
        ({"column_1": ""}, "走访日期"),
        ({"column_2": "", "column_3": ""}, "企业名称"),
        ({"column_5": ""}, "走访人员"),
        ({"column_7": "author_id"}, "选"),
        ({"column_7": "visited_on"}, "已对应"),
    ],
)
def test_a_wrong_choice_is_told_and_nothing_is_checked(office, chosen, says):
    columns = office.follow(send(office, ledger(ROW)))
    page = office.post(columns.url, chosen, page=columns, status=422)
    assert says in page.main
    assert upload().stage == "read"


def test_rejected_rows_come_back_as_a_file_to_mend(office):
    preview = previewed(office, ledger(ROW, BAD))
    answer = office.open(preview.url + "/rejected.csv").response
    text = answer.get_data().decode("utf-8-sig")
    assert "'=1+1" in text
    assert text.splitlines()[1].startswith("3,")
    assert office.open(preview.url + "/rejected.xlsx").response.mimetype.endswith("sheet")


def test_hostile_cells_are_text_and_formulas_without_value_stay_out(office):
    evil = "<script>alert甲"
    book_of_formulas = xlsx(
        cells(
            *((f"{'ABC'[n]}1", word) for n, word in enumerate(("走访日期", "企业名称", "走访人员"))),
            ("A2", "2025-11-3"),
            ("B2", FIRM),
            ("C2", evil),
            ("A3", "2025-11-4"),
            ("B3", "=HYPERLINK(1)"),
            ("C3", "张伟"),
        )
    )
    preview = previewed(office, book_of_formulas, "<b>台账.xlsx")
    assert figures(preview)[:2] == [2, 1]
    assert "<script>alert" not in preview.response.text
    assert "<b>台账" not in preview.response.text
    assert evil in preview.main


def test_a_cell_of_a_megabyte_is_told(office):
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 1_000_000}</t></is></c></row>'
    page = send(office, raw_xlsx(cell), "台账.xlsx", status=422)
    assert "32767个字符" in page.main.replace(",", "")
    assert count(Upload) == 0


def test_what_is_not_a_ledger_of_visits_is_told(office):
    columns = office.follow(send(office, ledger(("甲", "乙"), header=("一", "二"))))
    page = office.post(columns.url, page=columns, status=422)
    assert "走访日期" in page.summary


def test_uploads_of_others_and_with_another_cargo_are_not_to_be_found(office, client_for):
    preview = previewed(office, ledger(ROW))
    number = upload().id
    other = client_for(make_person([Role.COORDINATOR]))
    for step in ("", "/progress", "/columns", "/rejected.csv", "/rejected.xlsx"):
        assert other.open(f"/visits/import/{number}{step}").status == 404
        assert office.open(f"/enterprises/import/{number}{step}").status == 404
    for step in ("", "/columns", "/go-on", "/discard", "/sheet"):
        page = office.get("accounts.change_password")
        office.post(f"/enterprises/import/{number}{step}", page=page, status=404)
    office.post(preview.url, page=preview)
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert office.open(f"/enterprises/imports/{run.id}").status == 404
    assert office.get("cleaning.imports").rows == []


def test_only_the_office_imports_ledgers(people, client_for):
    cadre = client_for(people[1])
    for address in ("/visits/import", "/visits/imports"):
        assert cadre.open(address).status == 403
    assert "导入台账" not in cadre.get("outreach.index").main


def test_an_import_is_undone_but_for_what_was_changed_since(office, people, monkeypatch):
    rows = [("1", f"2025-11-{n}", FIRM, "", "", "张伟", "", "看了。") for n in (3, 4, 5)]
    preview = previewed(office, ledger(*rows))
    office.post(preview.url, page=preview)
    first, second, third = db.session.scalars(sa.select(Visit).order_by(Visit.visited_on)).all()
    kept_id, run_id = second.id, first.import_run_id
    second.place = "二号车间"
    db.session.commit()
    page = office.get("ledger.undo", run_id=run_id)
    office.post(page.url, {"reason": ""}, page=page, status=422)
    done = office.follow(office.post(page.url, {"reason": "年份弄错了"}, page=page))
    assert figures(done) == [3, 3, 0, 2, 1]
    assert "2025-11-04" in done.rows[0][0]
    db.session.expire_all()
    void = {visit.id: visit.void_reason for visit in db.session.scalars(sa.select(Visit))}
    assert void == {first.id: "年份弄错了", kept_id: "", third.id: "年份弄错了"}
    twice = office.post(page.url, {"reason": "再来一次"}, page=office.get("ledger.imports"), status=422)
    assert "已撤销" in twice.main
    again = previewed(office, ledger(*rows))
    assert figures(again) == [3, 2, 2, 1, 0, 0]
    office.post(again.url, page=again)
    assert count(Visit) == 5


def test_imported_visits_never_count_as_late_also_when_corrected(office, people):
    preview = previewed(office, ledger(ROW))
    office.post(preview.url, page=preview)
    visit = db.session.scalars(sa.select(Visit)).one()
    page = office.get("outreach.amend", visit_id=visit.id)
    office.post(page.url, {"visited_on": "2025-11-2", "reason": "日期有误"}, page=page)
    db.session.expire_all()
    assert db.session.get(Visit, visit.id).visited_on.isoformat() == "2025-11-02"
    assert db.session.scalars(sa.select(VisitPair.is_late)).all() == [False, False]
    assert office.get("outreach.index", view="all", late="1").rows == []


def test_a_long_ledger_is_written_part_by_part_and_taken_up_where_it_stopped(office, started, work):
    preview = LEDGERS.previewed_by(work, office, LONG)
    assert figures(preview)[:2] == [1200, 1200]
    page = office.follow(office.post(preview.url, page=preview))
    with breaking_off(operations, "write_visits"), pytest.raises(RuntimeError):
        work()
    assert count(Visit) == 1000
    stopped = office.open(page.url)
    assert "已写入的部分予以保留" in stopped.main
    office.post(page.url.replace("progress", "go-on"), page=stopped)
    assert work()
    result = office.follow(office.open(page.url))
    assert figures(result) == figures(preview)
    assert count(Visit) == 1200
    assert count(ImportRun) == 1
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert run.counts["visits"] == 1200
    log = "SELECT count(*) FROM audit_entries WHERE action = 'visits.imported'"
    assert db.session.scalar(sa.text(log)) == 1


def test_the_progress_page_tells_how_many_rows_are_done(office, started, work):
    preview = LEDGERS.previewed_by(work, office, LONG)
    page = office.follow(office.post(preview.url, page=preview))
    assert page.heading == "正在写入走访记录"
    token = stages.claim(upload().id)
    stages.beat(upload().id, token, 500, 1200)
    page = office.open(page.url)
    assert "已处理500行，共1" in page.main
    with clock.at(clock.now() + stages.DEAD_AFTER + timedelta(seconds=1)):
        assert "已中断" in office.get("ledger.start").rows[0]


def test_an_enterprise_merged_meanwhile_keeps_its_row_out(office, people, monkeypatch):
    preview = previewed(office, ledger(ROW))
    monkeypatch.setattr(
        carrying.operations, "hold_firms", lambda visits: [i for v in visits for i in v.firms]
    )
    result = office.follow(office.post(preview.url, page=preview))
    assert figures(result) == [1, 0, 0, 0, 0, 1]
    assert count(Visit) == 0


def test_pages_cost_the_same_however_many_rows(office, statements):
    preview = previewed(
        office, ledger(*[(str(n), f"2025-1-{n}", FIRM, "", "", "张伟") for n in range(1, 29)])
    )
    office.post(preview.url, page=preview)
    run_id = db.session.scalar(sa.select(ImportRun.id))
    told = costs(
        office,
        statements,
        ("ledger.start", {}),
        ("ledger.imports", {}),
        ("ledger.undo", {"run_id": run_id}),
        ("ledger.preview", {"upload_id": upload().id}),
    )
    assert {endpoint: number for endpoint, number in told.items() if number > 10} == {}
