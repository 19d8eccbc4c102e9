"""What becomes of a promise after the visit: kept, put off, handed on, withdrawn, and listed."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.programmes import join, make_group, make_link
from visits.core.audit import AuditEntry
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.outreach import operations, queries
from visits.outreach.entries import CheckEntry, PromiseEntry
from visits.outreach.models import Finding, Promise
from visits.outreach.operations import PromiseChange
from visits.outreach.promise_listing import PromiseFilters, of_promises

pytestmark = pytest.mark.usefixtures("november")
LATER = date(2026, 12, 15)


@pytest.fixture
def wang(database):
    return make_person([Role.CADRE], make_unit("市政科"), name="王科长")


def change_to(promise, **values):
    present = {"owner": promise.owner, "owner_id": promise.owner_id, "due_on": promise.due_on}
    return PromiseChange(**present | {"reason": "供应商延期"} | values)


def promised(database, visit):
    return database.session.scalars(sa.select(Promise).where(Promise.visit_id == visit.id)).one()


def test_a_name_that_means_one_person_here_is_that_person(client_for, database, officer, wang, firm):
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    offered = [option["value"] for option in page.root.first("datalist", id="people-names").all("option")]
    assert "王科长（市政科）" in offered
    typed = ("王科长（市政科）", "王科长", "供电公司刘工")
    data = {"no_issue_ids": "all"}
    for number, name in enumerate(typed):
        data |= {f"promises-{number}-what": f"承诺{number}", f"promises-{number}-owner": name}
    screen.post("outreach.new", data, page=page)
    rows = database.session.execute(sa.select(Promise.owner, Promise.owner_id).order_by(Promise.id)).all()
    assert rows == [("王科长", wang.id), ("王科长", wang.id), ("供电公司刘工", None)]


def test_a_name_of_two_people_stays_a_name_until_one_is_picked(client_for, database, officer, wang, firm):
    twin = make_person([Role.CADRE], make_unit("经信局"), name="王科长")
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    data = {"no_issue_ids": "all", "promises-0-what": "带队上门", "promises-0-owner": "王科长"}
    screen.post("outreach.new", data, page=page)
    promise = database.session.scalars(sa.select(Promise)).one()
    assert promise.owner_id is None
    form = screen.get("promises.change", promise_id=promise.id)
    screen.post(
        "promises.change",
        {"owner": "王科长（经信局）", "reason": "明确到人"},
        page=form,
        promise_id=promise.id,
    )
    database.session.refresh(promise)
    assert (promise.owner, promise.owner_id) == ("王科长", twin.id)


def test_too_long_a_name_is_refused_where_it_means_nobody(client_for, officer, firm):
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    data = {"no_issue_ids": "all", "promises-0-what": "修路", "promises-0-owner": "长" * 61}
    answer = screen.post("outreach.new", data, page=page, status=422)
    assert "最多60个字" in answer.errors[0]


def test_correcting_the_visit_leaves_whose_a_promise_is(client_for, database, officer, wang, firm):
    promise = PromiseEntry(firm.id, "带队上门", "王科长", owner_id=wang.id)
    make_person([Role.CADRE], name="王科长")
    visit = make_visit(firm, author=officer, promises=[promise])
    screen = client_for(officer)
    page = screen.get("outreach.amend", visit_id=visit.id)
    screen.post("outreach.amend", {"promises-0-what": "带专家上门"}, page=page, visit_id=visit.id)
    stored = promised(database, visit)
    assert (stored.text, stored.owner_id) == ("带专家上门", wang.id)


def test_a_change_keeps_what_was_said_before_and_why(client_for, database, officer, promise, wang):
    operations.change_promise(
        actor_for(officer), promise, change_to(promise, owner_id=wang.id, due_on=LATER)
    )
    operations.change_promise(
        actor_for(officer), promise, change_to(promise, due_on=None, reason="时间待定")
    )
    page = client_for(officer).get("promises.show", promise_id=promise.id)
    for words in ("供应商延期", "时间待定", "2026-12-01 → 2026-12-15", "2026-12-15 → —"):
        assert words in page.main
    changed = sa.select(AuditEntry).where(AuditEntry.action == "promise.changed")
    logged = database.session.scalars(changed.order_by(AuditEntry.id))
    assert [entry.changes["reason"] for entry in logged] == ["供应商延期", "时间待定"]


def test_a_change_needs_a_reason_a_difference_and_a_day_after_the_promise(officer, promise):
    wrong = (
        {"reason": "  "},
        {},
        {"due_on": date(2026, 11, 22)},
        {"owner_id": 999_999, "due_on": LATER},
    )
    for values in wrong:
        with pytest.raises(Refused):
            operations.change_promise(actor_for(officer), promise, change_to(promise, **values))
    assert promise.due_on == date(2026, 12, 1)


def test_a_promise_is_withdrawn_with_a_reason_and_asked_about_no_more(client_for, officer, promise, firm):
    screen = client_for(officer)
    form = screen.get("promises.withdraw", promise_id=promise.id)
    screen.post("promises.withdraw", {"reason": "  "}, page=form, promise_id=promise.id, status=422)
    screen.post("promises.withdraw", {"reason": "企业自行解决"}, page=form, promise_id=promise.id)
    page = screen.get("promises.show", promise_id=promise.id)
    assert "企业自行解决" in page.main
    assert {"标记为兑现", "撤销"}.isdisjoint(page.links)
    assert queries.promises_open(actor_for(officer), firm.id) == []
    assert "协调周边停车位" not in screen.get("outreach.new", enterprise=firm.id).main


def test_what_is_over_is_changed_no_more(officer, promise):
    actor = actor_for(officer)
    operations.withdraw_promise(actor, promise, "企业自行解决")
    for again in (
        lambda: operations.withdraw_promise(actor, promise, "又一次"),
        lambda: operations.change_promise(actor, promise, change_to(promise, due_on=LATER)),
    ):
        with pytest.raises(WrongState):
            again()


def test_two_who_change_it_at_once_do_not_overwrite_each_other(database, officer, promise):
    seen = promise.revision
    operations.change_promise(actor_for(officer), promise, change_to(promise, due_on=LATER), seen)
    database.session.flush()
    with pytest.raises(Stale):
        operations.withdraw_promise(actor_for(officer), promise, "重复", seen)


def test_who_may_not_record_visits_may_not_change_a_promise(promise, office):
    with pytest.raises(NotAllowed):
        operations.withdraw_promise(office.handler, promise, "不归我们")


def listed(person, **filters):
    return [row.text for row in of_promises(actor_for(person), PromiseFilters(**filters)).page({}).rows]


@pytest.fixture
def several(database, officer, wang, firm, office, at):
    """Promises of one officer's visit: overdue, open, kept, withdrawn; and one of somebody else."""
    at("2026-11-10")
    entries = [
        PromiseEntry(firm.id, "逾期的", "王科长", date(2026, 11, 20), owner_id=wang.id),
        PromiseEntry(firm.id, "未到期的", "", date(2026, 12, 20)),
        PromiseEntry(firm.id, "兑现的"),
        PromiseEntry(firm.id, "撤销的"),
    ]
    visit = make_visit(firm, author=officer, promises=entries)
    rows = {row.text: row.id for row in queries.promises_of(visit.id)}
    from visits.core.db import db

    operations.keep_promise(
        actor_for(officer), visit, db.session.get(Promise, rows["兑现的"]), date(2026, 11, 10)
    )
    operations.withdraw_promise(actor_for(officer), db.session.get(Promise, rows["撤销的"]), "不再需要")
    other = make_enterprise("外地公司")
    make_visit(other, promises=[PromiseEntry(other.id, "别人的")])
    at("2026-11-23")
    return office.people["coordinator"]


def test_the_list_shows_open_promises_the_most_urgent_first(several, officer, wang, firm):
    assert listed(several) == ["逾期的", "未到期的", "别人的"]
    assert listed(several, standing=("overdue",)) == ["逾期的"]
    assert listed(several, standing=("kept", "withdrawn")) == ["兑现的", "撤销的"]
    assert listed(several, enterprise_id=firm.id) == ["逾期的", "未到期的"]
    assert listed(officer) == ["逾期的", "未到期的"]
    assert listed(officer, whose=("mine",)) == ["未到期的"]
    assert listed(wang) == listed(wang, whose=("mine",)) == ["逾期的"]
    assert listed(several, q="王科长") == ["逾期的"]
    assert listed(several, q="外地") == ["别人的"]


def test_my_groups_promises_are_those_of_its_visits_and_enterprises(several, officer, firm):
    leader, group = make_person([Role.GROUP_LEADER]), make_group()
    join(group, leader)
    make_link(make_enterprise(), group)
    assert listed(leader, whose=("group",)) == []
    other = make_enterprise("本组公司")
    make_link(other, group)
    make_visit(other, author=officer, promises=[PromiseEntry(other.id, "本组的")])
    assert listed(leader, whose=("group",)) == ["本组的"]


def test_the_page_of_the_list_and_the_first_page_show_them(client_for, several, officer, wang):
    page = client_for(several).get("promises.index")
    assert [row[1] for row in page.rows] == ["逾期的", "未到期的", "别人的"]
    assert [row[4] for row in page.rows] == ["已超期", "未兑现", "未兑现"]
    home = client_for(wang).get("home.index")
    assert "待我兑现的承诺" in home.main
    assert "逾期的" in home.main
    assert "未到期的" not in home.main
    answer = client_for(several).post("promises.export", kind="csv", status=200)
    assert "逾期的" in answer.response.get_data(as_text=True)


def test_whoever_is_to_keep_it_reads_it_without_reading_the_visit(
    client_for, several, wang, firm, database
):
    promise = database.session.scalars(sa.select(Promise).where(Promise.text == "逾期的")).one()
    page = client_for(wang).get("promises.show", promise_id=promise.id)
    assert f"/visits/{promise.visit_id}" not in page.links.values()
    stranger = make_person([Role.CADRE])
    client_for(stranger).get("promises.show", promise_id=promise.id, status=404)


def test_its_page_shows_what_the_enterprise_said(client_for, officer, firm, promise):
    make_visit(
        firm, author=officer, checks=[CheckEntry(Finding.PROGRESS, promise_id=promise.id, note="已选址")]
    )
    page = client_for(officer).get("promises.show", promise_id=promise.id)
    assert "有进展" in page.main
    assert "已选址" in page.main


def test_a_promise_with_a_past_is_not_taken_out_of_its_visit(client_for, database, officer, firm):
    visit = make_visit(firm, author=officer, promises=[PromiseEntry(firm.id, "协调停车")])
    promise = promised(database, visit)
    make_visit(firm, author=officer, checks=[CheckEntry(Finding.PROGRESS, promise_id=promise.id)])
    screen = client_for(officer)
    blank = {"promises-0-what": "", "promises-0-owner": "", "promises-0-due_on": ""}
    answer = screen.post("outreach.amend", blank, visit_id=visit.id, status=422)
    assert "撤销" in answer.main
    assert database.session.get(Promise, promise.id) is not None


def test_the_list_costs_no_more_for_many_rows(client_for, several, officer, firm, statements):
    screen = client_for(several)
    screen.get("promises.index")
    with statements() as few:
        screen.get("promises.index")
    make_visit(firm, author=officer, promises=[PromiseEntry(firm.id, f"承诺{n}") for n in range(9)])
    screen.get("home.index")
    with statements() as many:
        screen.get("promises.index")
    assert len(few) == len(many) <= 10


def test_in_an_enterprises_file_only_those_who_may_read_a_promise_are_led_to_it(
    client_for, officer, promise, firm
):
    colleague = make_person([Role.CADRE], make_unit())
    for person, leads in ((officer, True), (colleague, False)):
        page = client_for(person).get("home.enterprise_file", enterprise_id=firm.id)
        assert promise.text in page.main
        assert (f"/promises/{promise.id}" in page.links.values()) is leads
