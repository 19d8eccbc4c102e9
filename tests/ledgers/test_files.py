"""Ledgers as files: small ones at once, large ones apart, kept, handed out to their owners only, erased."""

import os

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests.factories.accounts import make_person
from tests.factories.ledgers import make_order
from tests.support.ledgers import actions, ordered, press, sheet_of
from visits.accounts.operations import PersonEntry, update_person
from visits.core import clock
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Role
from visits.core.scheduling import run_jobs
from visits.ledgers import jobs, operations, queries, views
from visits.ledgers.models import Book, Stage


def test_a_small_ledger_comes_at_once_as_the_office_keeps_it(browser):
    answer = press(browser, "/ledgers/problems/export.xlsx?period=this_year", set="office")
    (heads, *rows), notes = sheet_of(answer)
    assert (answer.status, heads[:4], heads[-1]) == (
        200,
        ["序号", "编号", "企业", "统一社会信用代码"],
        "销号",
    )
    assert [row[0] for row in rows] == [1, 2, 3]
    assert rows[0][6] == "=第0个问题"
    told = dict(notes)
    assert told["筛选条件"] == "统计期：今年"
    assert notes[0][1] == "问题台账（2026-01-01 – 2026-12-31）"
    assert told["行数"] == "3"
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="list.exported")).one()
    assert (entry.changes["list"], entry.changes["rows"]) == ("ledger.problems", 3)


def test_as_on_the_page_means_its_rows_order_and_columns(browser):
    address = "/ledgers/problems/export.csv?sort=-number&columns=state,closed"
    page = browser.open(address.replace("/export.csv", ""))
    text = press(browser, address, set="shown").response.data.decode("utf-8-sig")
    heads, *rows = [line.split(",") for line in text.splitlines()]
    assert heads == [head.text for head in page.root.all("th")] == ["编号", "问题诉求", "办结日期", "状态"]
    assert [row[0] for row in rows] == [row[0] for row in page.rows]
    assert rows[0][1] == "'=第2个问题"


def test_a_large_ledger_is_ordered_made_apart_and_fetched(browser, ledger_office, large, work):
    answer = press(browser, "/ledgers/problems/export.xlsx?state=closed", set="office")
    page = browser.follow(answer)
    assert ("排队等候" in page.main, page.root.first(id="work")["hx-get"]) == (True, page.url)
    assert large == [("reports", "make-ledgers")]
    assert work() == 1
    page = browser.open(page.url)
    assert ("已生成" in page.main, "3行" in page.main, page.root.first(id="work")["hx-get"]) == (
        True,
        True,
        None,
    )
    answer = press(browser, f"{page.url}/file")
    (heads, *rows), notes = sheet_of(answer)
    assert (len(heads), [row[0] for row in rows]) == (21, [1, 2, 3])
    assert ["导出人", ledger_office.people["coordinator"].name] in notes
    assert (
        "%E9%97%AE%E9%A2%98%E5%8F%B0%E8%B4%A6_20261123-1000"
        in answer.response.headers["Content-Disposition"]
    )
    assert answer.response.headers["Cache-Control"] == "no-store"
    assert actions()[-2:] == ["ledger.ordered", "ledger.downloaded"]
    (row,) = browser.get("ledgers.index").rows[-1:]
    assert row[:4] == ["问题台账", "状态：已办结", "xlsx", row[3]]


def test_apart_or_at_once_a_ledger_is_the_same(browser, large, work, monkeypatch):
    address = "/ledgers/problems/export.csv?columns=state,unit&sort=-number"
    page = browser.follow(press(browser, address, set="shown"))
    work()
    apart_made = press(browser, f"{page.url}/file").response.data
    monkeypatch.setattr(views, "AT_ONCE", 2000)
    assert press(browser, address, set="shown").response.data == apart_made
    assert apart_made.count(b"\r\n") == 4


def test_the_language_is_that_of_whoever_ordered(ledger_office, work, started, app):
    make_order(ledger_office.coordinator, language="en")
    make_order(ledger_office.coordinator, format="csv")
    assert work() == 2
    english, chinese = (app.config["LEDGERS"] / made.file_key for made in ordered())
    heads = CalamineWorkbook.from_path(str(english)).get_sheet_by_index(0).to_python()[0]
    assert heads == ["Number", "Problem"]
    assert chinese.read_text("utf-8-sig").splitlines()[0] == "编号,问题诉求"


def test_nobody_orders_without_end(browser, ledger_office, large, work):
    for _ in range(operations.MOST_AT_WORK):
        assert press(browser, "/ledgers/problems/export.csv").status == 303
    answer = press(browser, "/ledgers/problems/export.csv")
    assert (answer.status, "正在生成" in answer.text) == (422, True)
    while len(ordered()) < operations.MOST_KEPT:
        work()
        assert press(browser, "/ledgers/problems/export.csv").status == 303
    work()
    answer = press(browser, "/ledgers/problems/export.csv")
    assert (answer.status, "达到上限" in answer.text) == (422, True)


def test_removing_erases_the_file(browser, large, work, app):
    page = browser.follow(press(browser, "/ledgers/problems/export.xlsx"))
    work()
    path = app.config["LEDGERS"] / ordered()[0].file_key
    assert path.stat().st_mode & 0o077 == 0
    answer = browser.post(f"{page.url}/discard", page=browser.open(page.url))
    assert ("已删除" in browser.follow(answer).main, path.exists(), ordered()) == (True, False, [])


def test_nobody_else_learns_of_it(browser, client_for, large, work):
    page = browser.follow(press(browser, "/ledgers/problems/export.xlsx"))
    work()
    other = client_for(make_person([Role.COORDINATOR]))
    assert other.open(page.url).status == 404
    for step in ("file", "discard", "start-again"):
        assert press(other, f"{page.url}/{step}").status == 404
    assert "暂无文件" in other.get("ledgers.index").main
    assert ordered()[0].stage is Stage.DONE


def test_a_file_is_not_handed_out_under_other_rights(browser, ledger_office, large, work):
    page = browser.follow(press(browser, "/ledgers/problems/export.xlsx"))
    work()
    person = ledger_office.people["coordinator"]
    entry = PersonEntry(person.username, person.name, [Role.CADRE])
    update_person(SYSTEM, person, entry, None)
    db.session.commit()
    answer = press(browser, f"{page.url}/file")
    assert (answer.status, "已变动" in answer.text) == (403, True)
    assert "ledger.downloaded" not in actions()


def test_what_has_expired_is_gone_and_purged(browser, ledger_office, large, work, app):
    press(browser, "/ledgers/problems/export.csv")
    work()
    stray = app.config["LEDGERS"] / f".{'a' * 32}"
    stray.write_bytes(b"half")
    os.utime(stray, (0, 0))
    fresh = app.config["LEDGERS"] / f".{'b' * 32}"
    fresh.write_bytes(b"half")
    path = app.config["LEDGERS"] / ordered()[0].file_key
    assert [outcome.done for outcome in run_jobs(jobs.JOBS, clock.today())] == [[], [stray.name]]
    with clock.at(clock.now() + operations.KEPT):
        with pytest.raises(NotFound):
            queries.get_own(ledger_office.coordinator, ordered()[0].id)
        purged, _ = run_jobs(jobs.JOBS, clock.today())
        assert (len(purged.done), path.exists(), fresh.exists(), ordered()) == (1, False, True, [])
        assert run_jobs(jobs.JOBS, clock.today())[0].done == []
    fresh.unlink()


def test_a_file_lost_from_the_disk_is_told(browser, large, work, app):
    page = browser.follow(press(browser, "/ledgers/problems/export.csv"))
    work()
    (app.config["LEDGERS"] / ordered()[0].file_key).unlink()
    answer = press(browser, f"{page.url}/file")
    assert (answer.status, "文件已不存在" in answer.text) == (410, True)


@pytest.mark.parametrize("book", Book)
def test_a_page_costs_few_statements_however_many_rows(browser, statements, book):
    with statements() as seen:
        page = browser.get(f"ledgers.{book}")
    assert len(seen) <= 10
    assert page.status == 200


def test_the_page_of_ledgers_costs_few_statements(browser, ledger_office, started, statements):
    for _ in range(2):
        make_order(ledger_office.coordinator)
    db.session.commit()
    with statements() as seen:
        browser.get("ledgers.index")
    assert len(seen) <= 10
