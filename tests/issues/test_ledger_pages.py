"""The wizard for ledgers of problems, from the file to what it has brought, and back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_category
from tests.support.import_steps import WizardSteps, breaking_off, costs, count, figures, stored, upload
from tests.support.problem_ledgers import FIRM, OTHER_UNIT, UNIT, problem_ledger, row
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import ImportRun
from visits.issues import operations
from visits.issues.models import Issue

LEDGERS = WizardSteps("issue_ledger", "问题台账.csv")
send, previewed = LEDGERS.send, LEDGERS.previewed
LONG = problem_ledger(
    *(row(编号=f"L{n:04d}", 问题内容=f"第{n}个问题。" + "情况" * 8, 协办单位="") for n in range(1200))
)
NEXT_WEEK = (today() + timedelta(days=7)).isoformat()
GOOD, RUNNING = row(), row(编号="2", 问题内容="缺电。", is_open=True, 办理时限=NEXT_WEEK)
BAD = row(编号="3", 问题内容="=1+1", 办结日期="2999-1-1")


@pytest.fixture
def people(database):
    make_category()
    make_enterprise(FIRM, code=make_code(701))
    unit, other = make_unit(UNIT), make_unit(OTHER_UNIT)
    return {
        "coordinator": make_person([Role.COORDINATOR]),
        "handler": make_person([Role.HANDLER], unit),
        "other": make_person([Role.HANDLER], other),
        "cadre": make_person([Role.CADRE]),
        "leader": make_person([Role.LEADER]),
        "callback": make_person([Role.CALLBACK]),
        "supervisor": make_person([Role.SUPERVISOR]),
    }


@pytest.fixture
def office(people, client_for):
    return client_for(people["coordinator"])


def taken_over(browser, *rows):
    return LEDGERS.taken_over(browser, problem_ledger(*rows))


def test_a_ledger_goes_from_upload_to_result(office, people):
    columns = office.follow(send(office, problem_ledger(GOOD, RUNNING, BAD, title="2025年问题台账")))
    preview = office.follow(office.post(columns.url, page=columns))
    assert figures(preview) == [3, 2, 1, 0, 0, 1]
    assert "日期不能晚于今天" in preview.main
    assert count(Issue) == 0
    result = office.follow(office.post(preview.url, page=preview))
    assert figures(result) == figures(preview)
    listed = office.open(result.links["查看问题"])
    assert [("台账导入" in str(line)) for line in listed.rows] == [True, True]
    runs = office.get("issue_ledger.imports")
    assert runs.rows[0][1:6] == ["问题台账.csv", people["coordinator"].name, "2", "1", "1"]


def test_the_page_of_a_problem_says_what_the_ledger_says_and_no_more(office, people, client_for):
    taken_over(office, GOOD)
    page = office.get("issues.show", issue_id=stored(Issue)[0].id)
    assert "台账导入" in page.main
    for told in ("2025-03-04", "2025-03-05", "2025-03-12", "2025-03-17", "2025-001", "路面已修复。"):
        assert told in page.main
    assert f"台账导入，导入人：{people['coordinator'].name}" in page.main
    assert "00:0" not in page.main
    assert "签收" not in str(page.root.first(class_="history"))
    handler = client_for(people["handler"]).get("issues.show", issue_id=stored(Issue)[0].id)
    assert "路面已修复。" in handler.main
    assert "满意" not in handler.main.replace("满意度", "")


@pytest.mark.parametrize("endpoint", ["home.index", "issues.index", "reports.totals"])
@pytest.mark.parametrize("who", ["coordinator", "handler", "leader", "supervisor", "cadre"])
def test_pages_stand_what_a_ledger_brought(office, people, client_for, who, endpoint):
    waiting = row(编号="4", 问题内容="缺气。", 办结日期="", 是否解决="", 满意度="", 评价方式="")
    unassigned = row(
        编号="5", 问题内容="缺工。", is_open=True, 主办单位="", 协办单位="", 交办日期="", 办理时限=""
    )
    spot = {"办结结果": "现场解决", "办结日期": "2025-3-4", "反馈日期": "", "交办日期": "", "办理时限": ""}
    bare = row(编号="6", 问题内容="缺地。", 办理时限="", 反馈日期="")
    on_spot = row(编号="7", 问题内容="缺水。", 主办单位="", 协办单位="", **spot)
    assert figures(taken_over(office, GOOD, RUNNING, waiting, unassigned, bare, on_spot))[:3] == [6, 6, 3]
    browser = client_for(people[who])
    if (who, endpoint) != ("cadre", "home.index"):
        assert browser.get(endpoint).status == 200
    for issue in stored(Issue):
        reaches = who != "cadre" and (who != "handler" or issue.lead_unit_id is not None)
        assert browser.open(f"/issues/{issue.id}").status == (200 if reaches else 404)


def test_an_open_problem_lies_on_its_units_desk_and_is_handled_on(office, people, client_for):
    taken_over(office, RUNNING)
    handler = client_for(people["handler"])
    desk = handler.get("home.index").main
    assert "缺电" in desk
    number = stored(Issue)[0].id
    for address in (f"/issues/{number}/slip", f"/issues/{number}/sign", f"/issues/{number}/add-progress"):
        assert handler.open(address).status == 200


def test_a_second_import_says_that_all_is_here(office):
    taken_over(office, GOOD, RUNNING)
    again = previewed(office, problem_ledger(GOOD, RUNNING))
    assert figures(again) == [2, 0, 0, 2, 0, 0]
    assert "均已在系统中" in again.main
    assert not again.posts_to(again.url)
    office.post(again.url, page=office.get("accounts.change_password"), status=422)
    assert count(Issue) == 2


def test_what_rows_do_not_say_is_chosen(office):
    lacking = row(登记日期="", 交办日期="")
    assert figures(previewed(office, problem_ledger(lacking)))[1] == 0
    preview = previewed(
        office, problem_ledger(lacking), visit_day_registers="y", registering_assigns="y", source="hotline"
    )
    assert figures(preview)[1] == 1
    again = office.open(preview.url + "/columns")
    ticked = [box["name"] for box in again.root.all("input") if "checked" in box]
    assert ticked == ["visit_day_registers", "registering_assigns"]


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"source": "pigeon"}, "选"),
        ({"source": ""}, "选"),
        ({"category_id": "999999"}, "选"),
        ({"category_id": "1 OR 1=1"}, "选"),
        ({"column_1": ""}, "企业名称"),
        ({"column_4": ""}, "问题内容"),
        ({"column_3": "", "column_6": ""}, "登记日期"),
        ({"column_7": "state"}, "选"),
        ({"column_7": "closed_on"}, "已对应"),
    ],
)
def test_a_wrong_choice_is_told_and_nothing_is_checked(office, chosen, says):
    columns = office.follow(send(office, problem_ledger(GOOD)))
    page = office.post(columns.url, chosen, page=columns, status=422)
    assert says in page.main
    assert upload().stage == "read"


def test_rejected_rows_come_back_as_a_file_to_mend(office):
    preview = previewed(office, problem_ledger(GOOD, BAD))
    text = office.open(preview.url + "/rejected.csv").response.get_data().decode("utf-8-sig")
    assert "'=1+1" in text
    assert text.splitlines()[1].startswith("3,")
    assert office.open(preview.url + "/rejected.xlsx").response.mimetype.endswith("sheet")


def test_hostile_cells_are_text(office):
    taken_over(office, row(问题内容="<script>alert(1)</script>", 办理情况="<img src=x onerror=alert(1)>"))
    page = office.get("issues.show", issue_id=stored(Issue)[0].id)
    assert "<script>alert" not in page.response.text
    assert "<img src=x" not in page.response.text


def test_uploads_and_imports_of_another_cargo_are_not_to_be_found(office, client_for):
    preview = previewed(office, problem_ledger(GOOD))
    number = upload().id
    other = client_for(make_person([Role.COORDINATOR]))
    for step in ("", "/progress", "/columns", "/rejected.csv"):
        assert other.open(f"/issues/import/{number}{step}").status == 404
        assert office.open(f"/visits/import/{number}{step}").status == 404
    office.post(preview.url, page=preview)
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert office.open(f"/visits/imports/{run.id}").status == 404
    assert office.open(f"/enterprises/imports/{run.id}").status == 404
    assert office.get("ledger.imports").rows == []


def test_only_coordinators_import(people, client_for):
    for who in ("cadre", "handler", "leader", "supervisor"):
        browser = client_for(people[who])
        for address in ("/issues/import", "/issues/imports"):
            assert browser.open(address).status == 403
        assert "导入台账" not in browser.get("issues.index").main


def test_an_import_is_undone_but_for_what_was_worked_on(office, people, client_for):
    taken_over(office, GOOD, RUNNING)
    first, second = stored(Issue)
    handler = client_for(people["handler"])
    page = handler.open(f"/issues/{second.id}/sign")
    handler.post(page.url, page=page)
    undo = office.get("issue_ledger.undo", run_id=first.import_run_id)
    office.post(undo.url, {"reason": ""}, page=undo, status=422)
    done = office.follow(office.post(undo.url, {"reason": "年份弄错了"}, page=undo))
    assert figures(done) == [2, 2, 0, 1, 1]
    assert second.number in done.rows[0][0]
    assert [issue.state for issue in stored(Issue)] == ["void", "in_progress"]
    twice = office.post(
        undo.url, {"reason": "再来一次"}, page=office.get("issue_ledger.imports"), status=422
    )
    assert "已撤销" in twice.main
    again = previewed(office, problem_ledger(GOOD, RUNNING))
    assert figures(again) == [2, 1, 0, 1, 0, 0]


def test_a_long_ledger_is_written_part_by_part_and_taken_up_where_it_stopped(office, started, work):
    preview = LEDGERS.previewed_by(work, office, LONG)
    assert figures(preview)[:2] == [1200, 1200]
    page = office.follow(office.post(preview.url, page=preview))
    assert page.heading == "正在写入问题"
    with breaking_off(operations, "write_issues"), pytest.raises(RuntimeError):
        work()
    assert count(Issue) == 1000
    stopped = office.open(page.url)
    assert "已写入的部分予以保留" in stopped.main
    office.post(page.url.replace("progress", "go-on"), page=stopped)
    assert work()
    assert figures(office.follow(office.open(page.url))) == figures(preview)
    assert count(Issue) == 1200
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert run.counts["created"] == 1200
    log = "SELECT count(*) FROM audit_entries WHERE action = 'issues.imported'"
    assert db.session.scalar(sa.text(log)) == 1


def test_pages_cost_the_same_however_many_rows(office, statements):
    preview = previewed(
        office, problem_ledger(*(row(编号=f"N{n}", 问题内容=f"第{n}个。") for n in range(40)))
    )
    office.post(preview.url, page=preview)
    run_id = db.session.scalar(sa.select(ImportRun.id))
    told = costs(
        office,
        statements,
        ("issue_ledger.start", {}),
        ("issue_ledger.imports", {}),
        ("issue_ledger.preview", {"upload_id": upload().id}),
        ("issue_ledger.undo", {"run_id": run_id}),
        ("issues.show", {"issue_id": stored(Issue)[0].id}),
    )
    assert {endpoint: number for endpoint, number in told.items() if number > 10} == {}
