"""Imports too long for one request: a worker of their own, progress, interruptions, one result."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config import ROOT
from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code
from tests.support.import_steps import WizardSteps, figures, upload
from tests.support.workbooks import cells, xlsx
from visits.accounts.operations import PersonEntry, update_person
from visits.core import apart as apart_processes
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.db import db, transaction
from visits.core.permissions import Role
from visits.enterprises import importing, intake, long_work, stages
from visits.enterprises.models import Enterprise, Upload, UploadStage

LISTS = WizardSteps("imports", "企业名单.csv")
HEADER = "企业名称,统一社会信用代码,街道"
ROWS = [f"湖畔第{n}精密机械有限公司,{make_code(5000 + n)},湖畔街道" for n in range(1200)]
# What is not needed makes the file too large to be worked on while its sender waits.
LONG = "\n".join([f"{HEADER},备注", *(f"{row},{'长' * 40}" for row in ROWS)]).encode()
IN_THE_MIDDLE = """
import signal
from visits.enterprises import operations
real = operations.save_import_details
def save(*given):
    real(*given)
    print("written, not committed", flush=True)
    signal.pause()
operations.save_import_details = save
from wsgi import app
app.cli.main(["enterprises", "work", "{upload}"])
"""


@pytest.fixture
def person(database):
    return make_person([Role.COORDINATOR])


@pytest.fixture
def office(person, client_for):
    return client_for(person)


def send(browser, content=LONG, filename=None):
    """Choose a file in the wizard, and go where that leads."""
    return browser.follow(LISTS.send(browser, content, filename))


def count():
    return db.session.scalar(sa.select(sa.func.count(Enterprise.id)))


def test_a_long_file_is_read_checked_and_written_by_a_worker(office, started, work):
    page = send(office)
    assert (page.heading, started) == ("正在读取文件", [upload().id])
    assert work()
    columns = office.follow(office.open(page.url))
    assert columns.heading == "指定各列内容"
    page = office.follow(office.post(columns.url, page=columns))
    assert page.heading == "正在检查各行"
    assert work()
    preview = office.follow(office.open(page.url))
    assert figures(preview) == [1200, 1200, 0, 0, 0, 0]
    assert count() == 0
    page = office.follow(office.post(preview.url, page=preview))
    assert page.heading == "正在写入企业名录"
    assert work()
    result = office.follow(office.open(page.url))
    assert figures(result) == figures(preview)
    assert (count(), len(started)) == (1200, 3)
    assert not work()
    assert count() == 1200


def test_the_progress_page_tells_how_far_it_is_and_leads_on_by_itself(office, started, work):
    send(office)
    work()
    columns = office.get("imports.map_columns", upload_id=upload().id)
    page = office.follow(office.post(columns.url, page=columns))
    token = stages.claim(upload().id)
    stages.beat(upload().id, token, 500, 1200)
    page = office.open(page.url)
    assert "已检查500行，共1" in page.main
    bar = page.root.first("progress")
    assert (bar["value"], bar["max"]) == ("500", "1200")
    assert page.root.first(id="work")["hx-get"] == page.url
    assert 'http-equiv="refresh"' in page.response.text
    with transaction():
        stages.leave(upload().id, token, UploadStage.CHECKED, outcome={"counts": {}})
    answer = office.open(page.url, headers={"HX-Request": "true"}).response
    assert answer.headers["HX-Redirect"].endswith(f"/enterprises/import/{upload().id}")
    assert office.open(page.url).location.endswith(f"/enterprises/import/{upload().id}")


def test_one_comes_back_to_what_one_left_and_nobody_else_sees_it(office, started, client_for):
    send(office)
    start = office.get("imports.start")
    assert start.rows == [["企业名单.csv", start.rows[0][1], "正在读取文件", "放弃"]]
    assert office.open(start.links["企业名单.csv"]).heading == "正在读取文件"
    other = client_for(make_person([Role.COORDINATOR]))
    assert other.get("imports.start").rows == []
    number = upload().id
    for step in ("", "/progress", "/columns", "/rejected.csv", "/rejected.xlsx"):
        assert other.open(f"/enterprises/import/{number}{step}").status == 404
    for step in ("", "/columns", "/go-on", "/discard", "/sheet"):
        page = other.get("accounts.change_password")
        other.post(f"/enterprises/import/{number}{step}", page=page, status=404)
    assert upload().stage == UploadStage.READING


def test_a_worker_that_died_is_noticed_and_its_work_taken_up_once(office, started, work):
    preview = LISTS.previewed_by(work, office, LONG)
    page = office.follow(office.post(preview.url, page=preview))
    dead = stages.claim(upload().id)
    assert stages.claim(upload().id) is None
    assert not office.open(page.url).posts_to(page.url.replace("progress", "go-on"))
    with clock.at(clock.now() + stages.DEAD_AFTER + timedelta(seconds=1)):
        stalled = office.open(page.url)
        assert (stalled.heading, "可从中断处继续" in stalled.main) == ("已中断", True)
        assert 'http-equiv="refresh"' not in stalled.response.text
        assert office.get("imports.start").rows[0][2] == "已中断"
        office.post(page.url.replace("progress", "go-on"), page=stalled)
    assert len(started) == 4
    assert work()
    assert count() == 1200
    with pytest.raises(stages.Overtaken):
        stages.beat(upload().id, dead, 1, 1)


def test_one_who_was_taken_for_dead_writes_nothing(office, started, monkeypatch, work):
    preview = LISTS.previewed_by(work, office, LONG)
    office.post(preview.url, page=preview)
    carry_out = importing.carry_out

    def slow(*given):
        plan = carry_out(*given)
        stages._change(upload_number, worker="another")
        return plan

    upload_number = upload().id
    monkeypatch.setattr(intake, "carry_out", slow)
    assert not work()
    assert count() == 0


def test_going_on_while_all_is_well_changes_nothing(office, started):
    page = send(office)
    token = stages.claim(upload().id)
    office.post(page.url.replace("progress", "go-on"), page=office.get("accounts.change_password"))
    assert (upload().worker, len(started)) == (token, 1)


def test_a_fault_leaves_the_work_to_be_taken_up(office, started, monkeypatch, work):
    page = send(office)
    with monkeypatch.context() as broken:
        broken.setattr(long_work, "read_table", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
    stalled = office.open(page.url)
    assert stalled.heading == "已中断"
    office.post(page.url.replace("progress", "go-on"), page=stalled)
    assert work()
    assert upload().stage == UploadStage.READ


def test_a_long_file_that_cannot_be_read_is_told(office, started, work):
    page = send(office, b"\x80\x81\xff\xff" * 40_000, "名单.csv")
    assert work()
    page = office.open(page.url)
    assert (page.heading, "文字编码" in page.main) == ("读取失败", True)
    assert page.links["选择其他文件"] == "/enterprises/import"


@pytest.mark.parametrize("change", [{"roles": [Role.LEADER]}, {"disabled": True}])
def test_who_lost_the_right_meanwhile_writes_nothing(office, person, started, change, work):
    preview = LISTS.previewed_by(work, office, LONG)
    page = office.follow(office.post(preview.url, page=preview))
    if "roles" in change:
        update_person(SYSTEM, person, PersonEntry(person.username, person.name, change["roles"]), None)
    else:
        person.disabled_at = clock.now()
    db.session.commit()
    assert work()
    assert (upload().stage, count()) == (UploadStage.FAILED, 0)
    assert page.url


def test_a_file_is_discarded_but_not_while_it_is_written(office, started, work):
    preview = LISTS.previewed_by(work, office, LONG)
    page = office.follow(office.post(preview.url, page=preview))
    stages.claim(upload().id)
    office.post(
        page.url.replace("progress", "discard"), page=office.get("accounts.change_password"), status=422
    )
    with clock.at(clock.now() + stages.DEAD_AFTER + timedelta(seconds=1)):
        start = office.get("imports.start")
        office.post(page.url.replace("progress", "discard"), page=start)
    assert db.session.scalar(sa.select(sa.func.count(Upload.id))) == 0
    assert count() == 0


def test_files_are_forgotten_after_a_day(office, started, at, work):
    at("2026-08-31")
    preview = LISTS.previewed_by(work, office, LONG)
    office.post(preview.url, page=preview)
    work()
    send(office, b"a,b\n1,2", "旧.csv")
    at("2026-09-02")
    number = db.session.scalars(sa.select(Upload.id).order_by(Upload.id)).first()
    send(office, b"a,b\n3,4", "新.csv")
    kept = {
        u.filename: u
        for u in db.session.scalars(sa.select(Upload).execution_options(populate_existing=True))
    }
    assert kept.keys() == {"企业名单.csv", "新.csv"}
    done = kept["企业名单.csv"]
    assert (done.content, done.cells, done.findings, done.outcome["counts"]["created"]) == (
        None,
        b"",
        None,
        1200,
    )
    assert figures(office.get("imports.preview", upload_id=number))[1] == 1200
    assert office.open(f"/enterprises/import/{number}/rejected.csv").status == 409


def test_a_killed_process_leaves_nothing_half_written(office, started, installation, work):
    preview = LISTS.previewed_by(work, office, LONG)
    office.post(preview.url, page=preview)
    app, _ = installation
    own = {
        "VISITS_ENV": "testing",
        "VISITS_INSTANCE": str(app.config["INSTANCE"]),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    script = IN_THE_MIDDLE.replace("{upload}", str(upload().id))
    db.session.rollback()  # or the test itself would hold the lock
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "written, not committed\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    assert (count(), upload().stage) == (0, UploadStage.WRITING)
    assert not work()  # it may be alive for all anybody knows
    with clock.at(clock.now() + stages.DEAD_AFTER + timedelta(seconds=1)):
        assert work()
    assert (count(), upload().stage) == (1200, UploadStage.WRITTEN)
    assert db.session.scalar(sa.text("SELECT count(*) FROM import_runs")) == 1


def test_the_worker_is_a_process_of_its_own(office, installation, monkeypatch):
    app, _ = installation
    monkeypatch.setenv("VISITS_ENV", "testing")
    monkeypatch.setenv("VISITS_INSTANCE", str(app.config["INSTANCE"]))
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    processes, begin = [], subprocess.Popen

    def started(*given, **named):
        processes.append(begin(*given, **named))

    monkeypatch.setattr(apart_processes.subprocess, "Popen", started)
    page = send(office)
    assert [process.wait() for process in processes] == [0]
    assert office.follow(office.open(page.url)).heading == "指定各列内容"


def test_another_sheet_and_another_row_of_headings_are_read(office):
    book = xlsx(
        cells(("A1", "企业名称"), ("A2", "甲厂")),
        cells(("A1", "说明"), ("A2", "单位"), ("B2", "街道"), ("A3", "乙厂"), ("B3", "湖畔街道")),
    )
    columns = send(office, book, "名单.xlsx")
    assert "表2" in columns.main
    again = columns.url.replace("columns", "sheet")
    columns = office.follow(office.post(again, {"sheet": "表2"}, page=columns))
    assert [row[0] for row in columns.rows] == ["单位", "街道"]
    columns = office.follow(office.post(again, {"heading_row": "1"}, page=columns))
    assert columns.rows[0][0] == "说明"
    page = office.post(again, {"sheet": "表9"}, page=columns, status=422)
    assert page.summary
    page = office.post(again, {"heading_row": "77"}, page=columns, status=422)
    columns = office.follow(office.post(again, {"heading_row": "2"}, page=columns))
    preview = office.follow(office.post(columns.url, {"column_0": "name"}, page=columns))
    assert figures(preview) == [1, 1, 0, 0, 0, 0]
    assert "表2" in preview.text


def test_with_nothing_new_nothing_is_offered(office):
    columns = send(office, b"\xef\xbb\xbf" + "企业名称,统一社会信用代码\n坏码厂,9135".encode(), "名单.csv")
    preview = office.follow(office.post(columns.url, page=columns))
    assert "没有可导入的内容" in preview.main
    assert preview.posts_to(preview.url) is None
    page = office.post(preview.url, page=office.get("accounts.change_password"), status=422)
    assert "没有新增或有变化的行" in page.summary


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rejected_rows_are_mended_and_imported(office, kind):
    rows = ["企业名称,统一社会信用代码,街道", "=甲厂,9135,湖畔", f"乙厂,{make_code(77)},湖畔"]
    columns = send(office, "\n".join(rows).encode(), "名单.csv")
    preview = office.follow(office.post(columns.url, page=columns))
    content = office.open(preview.links[f"不合格行（{kind}）"]).response.data
    columns = send(office, content, f"改.{kind}")
    assert [row[0] for row in columns.rows][:3] == ["行号", "未导入原因", "企业名称"]
    preview = office.follow(office.post(columns.url, {"column_3": ""}, page=columns))
    assert figures(preview) == [1, 1, 0, 0, 0, 0]
    assert "=甲厂" in preview.main


@pytest.mark.parametrize("step", ["", "/columns", "/progress"])
def test_no_step_asks_the_database_much(office, started, statements, work, step):
    LISTS.previewed_by(work, office, LONG)
    number = upload().id
    with statements() as seen:
        office.open(f"/enterprises/import/{number}{step}")
    assert len(seen) <= 10
    with statements() as seen:
        office.get("imports.start")
    assert len(seen) <= 10
