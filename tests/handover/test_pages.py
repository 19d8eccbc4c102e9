"""Pages of handovers, as both parties, the office, the administrator and strangers see them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.handover import make_handover, make_leaver, share_view
from tests.factories.programmes import join, make_group
from visits.accounts.models import Delegation
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import ContactRole
from visits.enterprises.operations import ContactEntry, add_contact
from visits.handover import queries
from visits.handover.models import Handover, Kind
from visits.handover.states import HandoverState, ItemState
from visits.issues.models import Issue
from visits.programmes.models import GroupRole


@pytest.fixture
def people(database, at):
    at("2026-11-23")
    unit = make_unit("企业服务局")
    leaver, firms = make_leaver(2, 2, 1, unit)
    coordinator = make_person([Role.COORDINATOR], unit, name="陈主任")
    add_contact(actor_for(coordinator), firms[0], ContactEntry(ContactRole.LIAISON, "王联络", "主任"))
    join(make_group("第一服务组"), leaver, GroupRole.LIAISON)
    share_view(leaver)
    found = {
        "leaver": leaver,
        "receiver": make_person([Role.OFFICER], unit, name="孙接任"),
        "third": make_person([Role.OFFICER], unit, name="李三方"),
        "coordinator": coordinator,
        "admin": make_person([Role.ADMIN], name="管理员"),
    }
    db.session.commit()
    return found


@pytest.fixture
def browsers(people, client_for):
    return {name: client_for(person) for name, person in people.items()}


@pytest.fixture
def handover(people):
    made = make_handover(people["leaver"], people["receiver"], actor_for(people["coordinator"]))
    db.session.commit()
    return made


def boxes(page):
    return [box["value"] for box in page.root.all("input", name="item_ids")]


def of_kind(handover, kind):
    return [str(item.id) for item in queries.items_of(handover.id) if item.kind is kind]


def test_the_office_opens_one_and_the_receiver_takes_it_over_thing_by_thing(browsers, people):
    entry = {
        "from_id": str(people["leaver"].id),
        "to_id": str(people["receiver"].id),
        "from_on": "2026-11-23",
        "reason": "轮岗",
    }
    opened = browsers["coordinator"].post("handover.new", entry)
    taking = browsers["receiver"]
    home = taking.get("home.index")
    [url] = [url for words, url in home.links.items() if "钱离任" in words and "8项" in words]
    page = taking.get(url)
    assert "王联络（主任）" in page.main
    assert "联络员" in page.main
    handover = db.session.scalars(sa.select(Handover)).one()
    links = of_kind(handover, Kind.LINK)
    assert set(links) <= set(boxes(page))
    taking.post(opened.location, {"item_ids": links, "answer": "accept"}, page=page)
    page = taking.get(url)
    assert "6项事项待您接收" in page.main
    assert not set(links) & set(boxes(page))
    taking.post(opened.location, {"answer": "accept_all"}, page=page)
    assert "交接完成" in taking.get(url).main
    assert "钱离任" not in " ".join(taking.get("home.index").links)


def test_what_is_declined_comes_back_to_the_office_and_goes_to_a_third(browsers, people, handover):
    url = f"/handovers/{handover.id}"
    promise = of_kind(handover, Kind.PROMISE)
    page = browsers["receiver"].get(url)
    refused = browsers["receiver"].post(
        url, {"item_ids": promise, "answer": "decline", "reason": ""}, page=page, status=422
    )
    assert "退回理由" in refused.summary
    [box] = [box for box in refused.root.all("input", name="item_ids") if box["value"] == promise[0]]
    assert "checked" in box
    said = {"item_ids": promise, "answer": "decline", "reason": "不了解情况"}
    browsers["receiver"].post(url, said, page=page)
    desk = browsers["coordinator"]
    assert "1项已退回" in desk.get("home.index").main
    page = desk.get(url)
    assert "不了解情况" in page.main
    missing = {"item_ids": promise, "answer": "redirect", "receiver_id": ""}
    assert "接收人" in desk.post(url, missing, page=page, status=422).summary
    desk.post(url, missing | {"receiver_id": str(people["third"].id)}, page=page)
    third = browsers["third"].get(url)
    assert boxes(third) == promise
    browsers["third"].post(url, {"item_ids": promise, "answer": "accept"}, page=third)
    [item] = [i for i in queries.items_of(handover.id) if i.kind is Kind.PROMISE]
    assert (item.state, item.receiver_id) == (ItemState.DONE, people["third"].id)


def test_the_leaver_opens_one_for_the_own_work_only(browsers, people):
    page = browsers["leaver"].get("handover.new")
    assert page.root.first("select", name="from_id") is None
    entry = {"from_id": str(people["third"].id), "to_id": str(people["receiver"].id), "reason": "退休"}
    browsers["leaver"].post("handover.new", entry)
    made = db.session.scalars(sa.select(Handover)).one()
    assert made.from_id == people["leaver"].id
    own = browsers["leaver"].get("handover.show", handover_id=made.id)
    assert boxes(own)  # to offer to somebody else
    assert "全部接收" not in own.main


def test_an_older_form_is_told_that_the_pack_changed(browsers, people, handover):
    url = f"/handovers/{handover.id}"
    page = browsers["receiver"].get(url)
    redirected = {
        "item_ids": of_kind(handover, Kind.LINK),
        "answer": "redirect",
        "receiver_id": str(people["third"].id),
    }
    browsers["coordinator"].post(url, redirected)
    browsers["receiver"].post(url, {"answer": "accept_all"}, page=page, status=409)
    assert {item.state for item in queries.items_of(handover.id)} == {ItemState.OFFERED}


def test_a_form_sent_twice_takes_over_once(browsers, handover):
    url = f"/handovers/{handover.id}"
    page = browsers["receiver"].get(url)
    first = browsers["receiver"].post(url, {"answer": "accept_all"}, page=page)
    again = browsers["receiver"].post(url, {"answer": "accept_all"}, page=page)
    assert first.location == again.location
    fresh = browsers["receiver"].get(url)
    assert boxes(fresh) == []
    late = {"answer": "accept_all", "submission_id": None}
    browsers["receiver"].post(url, late, page=page, status=409)


def test_the_administrator_opens_one_from_the_account_and_reads_no_names(browsers, people):
    closing = browsers["admin"].get("admin.disable_person", person_id=people["leaver"].id)
    [link] = [url for url in closing.links.values() if url.startswith("/handovers/new")]
    page = browsers["admin"].get(link)
    [chosen] = [o for o in page.root.first("select", name="from_id").all("option") if "selected" in o]
    assert chosen["value"] == str(people["leaver"].id)
    opened = browsers["admin"].post(
        "handover.new", {"to_id": str(people["receiver"].id), "reason": "离职"}, page=page
    )
    shown = browsers["admin"].get(opened.location)
    titles = db.session.scalars(sa.select(Issue.title)).all()
    assert titles
    assert not any(title in shown.main for title in titles)
    assert "承诺0" not in shown.main
    assert "承诺0" not in browsers["admin"].get(f"{opened.location}/sheet").main


def test_no_stranger_sees_a_handover(browsers, handover, client_for):
    for role in (Role.OFFICER, Role.HANDLER, Role.ADMIN, Role.CALLBACK):
        stranger = client_for(make_person([role]))
        db.session.commit()
        stranger.get("handover.show", handover_id=handover.id, status=404)
        stranger.get("handover.sheet", handover_id=handover.id, status=404)
        assert stranger.get("handover.index").rows == []
    auditor = client_for(make_person([Role.AUDITOR]))
    assert boxes(auditor.get("handover.show", handover_id=handover.id)) == []
    auditor.get("handover.new", status=403)


def test_the_sheet_names_both_parties_and_is_saved_for_word(browsers, handover):
    sheet = browsers["receiver"].get("handover.sheet", handover_id=handover.id)
    for words in (
        "钱离任",
        "孙接任",
        "移交人（签字）",
        "接收人（签字）",
        "监交人（签字）",
        "承诺0",
        "王联络",
    ):
        assert words in sheet.text
    answer = browsers["leaver"].post("handover.download_sheet", handover_id=handover.id, status=200)
    assert answer.response.data.startswith(b"PK")


def test_what_came_since_is_added_by_a_button(browsers, people, handover):
    page = browsers["coordinator"].get("handover.show", handover_id=handover.id)
    share_view(people["leaver"], "新视图")
    db.session.commit()
    browsers["coordinator"].post("handover.gather", page=page, handover_id=handover.id)
    assert "新视图" in browsers["receiver"].get("handover.show", handover_id=handover.id).main
    browsers["receiver"].post("handover.gather", handover_id=handover.id, status=403)


def test_a_handover_is_withdrawn_with_a_reason(browsers, handover):
    desk = browsers["coordinator"]
    assert desk.post("handover.withdraw", {"reason": ""}, handover_id=handover.id, status=422).errors
    desk.post("handover.withdraw", {"reason": "不调了"}, handover_id=handover.id)
    db.session.expire_all()
    assert handover.state is HandoverState.WITHDRAWN
    assert "不调了" in desk.get("handover.show", handover_id=handover.id).main
    desk.get("handover.withdraw", handover_id=handover.id, status=409)


def test_a_day_to_come_is_said(browsers, people):
    entry = {
        "from_id": str(people["leaver"].id),
        "to_id": str(people["receiver"].id),
        "from_on": (today() + timedelta(10)).isoformat(),
        "reason": "轮岗",
    }
    opened = browsers["coordinator"].post("handover.new", entry)
    browsers["receiver"].post(opened.location, {"answer": "accept_all"})
    page = browsers["receiver"].get(opened.location)
    assert "到期生效" in page.main
    assert "2026-12-03" in page.main


def numbers(browser, leaver):
    """What the list counts of a handover: things, taken over, to be taken over, sent back, dropped."""
    [row] = [row for row in browser.get("handover.index").rows if leaver in row[0]]
    return [int(cell.split()[0]) for cell in row[4:9]]


def test_the_counts_of_the_list_add_up_to_the_things(browsers, people, handover):
    desk, taking = browsers["coordinator"], browsers["receiver"]
    page = taking.get("handover.show", handover_id=handover.id)
    things = len(boxes(page))
    assert numbers(desk, "钱离任") == [things, 0, things, 0, 0]
    said = {"item_ids": of_kind(handover, Kind.PROMISE), "answer": "decline", "reason": "不了解情况"}
    taking.post(f"/handovers/{handover.id}", said, page=page)
    assert numbers(desk, "钱离任") == [things, 0, things - 1, 1, 0]
    desk.post("handover.withdraw", {"reason": "不调了"}, handover_id=handover.id)
    assert numbers(desk, "钱离任") == [things, 0, 0, 0, things]


def test_what_was_accepted_for_a_day_to_come_counts_as_taken_over(browsers, people):
    later = make_handover(people["leaver"], people["receiver"], from_on=today() + timedelta(10))
    db.session.commit()
    things = len(queries.items_of(later.id))
    browsers["receiver"].post(f"/handovers/{later.id}", {"answer": "accept_all"})
    assert numbers(browsers["coordinator"], "钱离任") == [things, things, 0, 0, 0]
    assert "项到期生效" in browsers["coordinator"].get("handover.index").main
    assert f"已接收{things}/{things}项" in browsers["leaver"].get("home.index").main


def test_a_stand_in_for_the_receiver_is_told_row_by_row(browsers, people, client_for):
    absent = make_person([Role.OFFICER], name="谢请假")
    days = {"from_on": today(), "until_on": today() + timedelta(5)}
    later = {"from_on": today() + timedelta(20), "until_on": today() + timedelta(25)}
    for who, when in ((absent, later), (people["third"], days)):
        db.session.add(Delegation(person_id=who.id, deputy_id=people["leaver"].id, **when))
    db.session.flush()
    made = make_handover(people["leaver"], absent, actor_for(people["coordinator"]))
    db.session.commit()
    taking, url = client_for(absent), f"/handovers/{made.id}"
    page = taking.get(url)
    assert "接收人就是请假人本人" in page.main
    assert len(set(of_kind(made, Kind.DEPUTY)) & set(boxes(page))) == 1
    assert "接收人就是请假人本人" in browsers["coordinator"].get(f"{url}/sheet").main
    db.session.add(Delegation(person_id=absent.id, deputy_id=people["admin"].id, **days))  # since then
    db.session.commit()
    taking.post(url, {"answer": "accept_all"}, page=page)
    read = taking.get(url).main
    assert "已接收8项事项" in read
    assert "未能接收，已退回移交方另行安排：李三方。接收人在此期间也请假" in read
    states = [item.state for item in queries.items_of(made.id)]
    assert (states.count(ItemState.DONE), states.count(ItemState.DECLINED)) == (8, 2)


def test_who_has_the_page_open_is_told_among_those_who_lead_it_only(browsers, handover, client_for):
    auditor = client_for(make_person([Role.AUDITOR]))
    db.session.commit()
    told = {"coordinator": browsers["coordinator"], "leaver": browsers["leaver"]}
    for browser in told.values():
        assert "data-also-open" in browser.get("handover.show", handover_id=handover.id).response.text
    for browser in (auditor, browsers["receiver"], browsers["admin"]):
        page = browser.open(f"/handovers/{handover.id}")
        assert "data-also-open" not in page.response.text


def test_twice_the_things_take_the_same_statements(browsers, people, statements, client_for):
    counts = []
    for size in (2, 4):
        leaver, _firms = make_leaver(size, size, size, name=f"离任{size}")
        made = make_handover(leaver, people["receiver"])
        db.session.commit()
        for address in (f"/handovers/{made.id}", f"/handovers/{made.id}/sheet", "/handovers", "/"):
            with statements() as seen:
                browsers["receiver"].get(address)
            counts.append(len(seen))
    assert counts[:4] == counts[4:]
    assert max(counts[:3]) <= 10
