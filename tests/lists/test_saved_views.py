"""Saved views: kept by one's own name, shared by those who may, seen with the reader's own rights."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import make_programmes
from visits.core.audit import AuditEntry
from visits.core.known_lists import all_known
from visits.core.permissions import Role
from visits.issues.models import Issue
from visits.issues.states import State
from visits.lists.models import DefaultView, SavedView


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    office = make_office()
    office.people |= {
        "supervisor": make_person([Role.SUPERVISOR], name="督查员"),
        "rival": make_person([Role.COORDINATOR]),
        "admin": make_person([Role.ADMIN]),
        "auditor": make_person([Role.AUDITOR]),
    }
    for state in (State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS):
        make_issue(office, state)
    return office


@pytest.fixture
def browser(client_for, office):
    """A browser of one of the office's people: browser("coordinator")."""
    return lambda name: client_for(office.people[name])


def save(person, query, name, list_name="issues", status=303, **ticks):
    """Save what an address shows, from the bar above the list."""
    page = person.get(f"{person.url('issues.index')}?{query}") if list_name == "issues" else None
    url = f"{person.url('lists.new', list_name=list_name)}?{query}"
    return person.post(url, {"name": name} | ticks, page=page, status=status)


def bar(page):
    """What the bar of views says, as {name: address}, and the one that is open."""
    nav = page.root.first(class_="views-bar").first("nav")
    links = nav.all("a")
    here = [link.text for link in links if link["aria-current"]]
    return {link.text: link["href"] for link in links}, here


def test_a_view_is_an_address_with_a_name(browser, office):
    person = browser("coordinator")
    page = person.follow(save(person, "state=assigned&sort=-due&columns=number,title,due&page=9", "待签收"))
    links, here = bar(page)
    assert here == ["待签收"]
    assert len(page.rows) == 1
    assert "已保存" in page.main
    for part in ("state=assigned", "sort=-due", "columns=number%2Ctitle%2Cdue"):
        assert part in links["待签收"]
    assert "page=" not in links["待签收"]
    whole = person.get(links["全部"])
    assert (len(whole.rows), bar(whole)[1]) == (3, ["全部"])
    changed = person.get(f"{links['待签收']}&unit={office.unit.id}")
    assert bar(changed)[1] == ["待签收"]
    assert "有改动" in changed.main


def test_only_its_owner_sees_a_private_view(browser, db):
    save(browser("coordinator"), "state=assigned", "私人视图")
    view = db.session.query(SavedView).one()
    rival = browser("rival")
    assert "私人视图" not in rival.get("issues.index").main
    assert "私人视图" not in rival.get("lists.index", list_name="issues").main
    for address in ("edit", "move", "delete", "replace"):
        rival.post(f"/saved-views/{view.id}/{address}", {"name": "改"}, status=404)
    assert db.session.query(SavedView).one().name == "私人视图"


def test_a_shared_view_shows_everybody_their_own_rows(browser, office, db):
    save(browser("supervisor"), "state=assigned&state=in_progress", "在办", is_shared="y")
    for name, rows in (("coordinator", 2), ("handler", 2), ("other_handler", 0)):
        page = browser(name).get("issues.index")
        link = next(address for text, address in bar(page)[0].items() if "在办" in text)
        shown = browser(name).get(link)
        assert len(shown.rows) == rows
        counts = browser(name).get("lists.counts", list_name="issues").response.json
        assert list(counts.values()) == [rows]
    handler = browser("handler").get("lists.index", list_name="issues")
    assert "督查员" in handler.main
    assert not handler.posts_to(f"/saved-views/{db.session.query(SavedView).one().id}/move")


@pytest.mark.parametrize("name", ["cadre", "handler", "callback", "auditor"])
def test_who_may_not_share_finds_no_tick_and_is_not_obeyed(browser, db, name):
    person = browser(name)
    assert "is_shared" not in person.get(f"{person.url('issues.index')}?state=assigned").response.text
    save(person, "state=assigned", "我的", is_shared="y")
    assert [view.is_shared for view in db.session.query(SavedView)] == [False]


def test_those_who_share_look_after_what_is_shared(browser, db):
    save(browser("supervisor"), "state=assigned", "督办", is_shared="y")
    view_id = db.session.query(SavedView).one().id
    rival = browser("rival")
    rival.post("lists.edit", {"name": "督办件"}, saved_view_id=view_id)
    assert [(v.name, v.is_shared) for v in db.session.query(SavedView)] == [("督办件", True)]
    browser("handler").post("lists.edit", {"name": "改"}, saved_view_id=view_id, status=404)
    browser("handler").post("lists.delete", saved_view_id=view_id, status=403)
    browser("supervisor").post("lists.edit", {"is_shared": None}, saved_view_id=view_id)
    assert [v.is_shared for v in db.session.query(SavedView)] == [False]
    assert "督办件" not in rival.get("issues.index").main
    logged = [entry.action for entry in db.session.query(AuditEntry) if entry.action.startswith("view.")]
    assert logged == ["view.saved"] * 3


def test_a_list_opens_with_the_view_its_reader_chose_and_all_is_one_click_away(browser, db):
    person = browser("coordinator")
    save(person, "state=assigned", "待签收", is_default="y")
    answer = person.get("issues.index", status=302)
    page = person.get(answer.location)
    assert (len(page.rows), bar(page)[1]) == (1, ["待签收"])
    assert len(person.get(bar(page)[0]["全部"]).rows) == 3
    assert len(person.get("/issues?page=1").rows) == 3
    assert browser("rival").get("issues.index").status == 200
    form = person.get("lists.index", list_name="issues")
    person.post("lists.choose_default", {"view_id": ""}, list_name="issues", page=form)
    assert len(person.get("issues.index").rows) == 3
    person.post("lists.choose_default", {"view_id": "999"}, list_name="issues", status=404)


def test_a_default_that_is_no_longer_shared_is_none(browser, db):
    save(browser("supervisor"), "state=assigned", "督办", is_shared="y")
    view_id = db.session.query(SavedView).one().id
    person = browser("coordinator")
    person.post("lists.choose_default", {"view_id": str(view_id)}, list_name="issues")
    assert person.get("issues.index", status=302).location.startswith(f"/issues?view={view_id}&")
    browser("supervisor").post("lists.edit", {"is_shared": None}, saved_view_id=view_id)
    assert len(person.get("issues.index").rows) == 3
    browser("supervisor").post("lists.delete", saved_view_id=view_id)
    assert db.session.query(DefaultView).count() == 0


def test_views_are_renamed_ordered_replaced_and_deleted(browser, db):
    person = browser("coordinator")
    for name in ("甲", "乙", "丙"):
        save(person, f"q={name}{name}", name)
    ids = {view.name: view.id for view in db.session.query(SavedView)}

    def names():
        return [row[0] for row in person.get("lists.index", list_name="issues").rows]

    assert names() == ["甲", "乙", "丙"]
    person.post("lists.move", {"direction": "up"}, saved_view_id=ids["丙"])
    person.post("lists.move", {"direction": "down"}, saved_view_id=ids["甲"])
    assert names() == ["丙", "甲", "乙"]
    person.post("lists.edit", {"name": "丁"}, saved_view_id=ids["甲"])
    person.post("lists.delete", saved_view_id=ids["丙"])
    assert names() == ["丁", "乙"]
    person.post(f"/saved-views/{ids['乙']}/replace?state=registered&view={ids['乙']}", status=303)
    rows = person.get("lists.index", list_name="issues").rows
    assert [row[:2] for row in rows] == [["丁", "0"], ["乙", "1"]]


def test_what_cannot_be_kept_is_said(browser, db):
    person = browser("coordinator")
    assert "筛选" in save(person, "view=all&page=2", "空", status=422).summary
    assert save(person, "state=assigned", "", status=422).errors
    assert "长" * 41 in save(person, "state=assigned", "长" * 41, status=422).response.text
    save(person, "state=assigned", "同名")
    assert "名称" in save(person, "state=closed", "同名", status=422).errors[0]
    assert save(person, "q=" + "x" * 2100, "太长", status=422).summary
    assert db.session.query(SavedView).count() == 1
    save(browser("rival"), "state=assigned", "同名")


def test_thirty_views_are_enough(browser, office, db):
    db.session.add_all(
        SavedView(
            list_name="issues", owner_id=office.coordinator.person_id, name=str(n), query="q=x", position=n
        )
        for n in range(30)
    )
    db.session.commit()
    assert "30" in save(browser("coordinator"), "state=assigned", "多", status=422).summary


def test_a_view_whose_values_are_gone_still_opens(browser, office, db):
    query = "unit=99999&state=gone&columns=gone&sort=gone&category=x"
    db.session.add(
        SavedView(
            list_name="issues", owner_id=office.coordinator.person_id, name="旧", query=query, position=1
        )
    )
    db.session.commit()
    person = browser("coordinator")
    page = person.get(bar(person.get("issues.index"))[0]["旧"])
    assert "gone （无法识别，未采用）" in page.main
    assert person.get("lists.counts", list_name="issues").status == 200


def test_the_same_form_twice_makes_one_view(browser, db):
    person = browser("coordinator")
    page = person.get("/issues?state=assigned")
    places = {
        person.post("/saved-views/issues/new?state=assigned", {"name": "一"}, page=page).location
        for _ in "ab"
    }
    assert len(places) == 1
    assert db.session.query(SavedView).count() == 1


def test_every_known_list_has_its_views(browser, app):
    make_programmes()  # one of the lists is about what a programme asks for
    with app.app_context():
        lists = dict(all_known())
    for name, known in lists.items():
        person = browser(
            {"people": "admin", "suggestions": "admin", "audit": "auditor"}.get(name, "coordinator")
        )
        page = person.follow(save(person, "q=没有这样的词&who=x", "新视图", list_name=name))
        assert bar(page)[1] == ["新视图"]
        [row] = person.get("lists.index", list_name=name).rows
        assert row[0] == "新视图"
        assert row[1] == "0" or name.startswith(
            "ledger."
        )  # ledgers are of a period, not looked through by words
        stranger = browser("cadre" if name in {"people", "audit"} else "admin")
        if stranger.get(known.endpoint, status=None).status == 403:
            stranger.get("lists.index", list_name=name, status=404)
            stranger.get("lists.counts", list_name=name, status=404)
    browser("coordinator").get("lists.index", list_name="nothing", status=404)


def test_a_page_with_many_views_costs_as_many_statements(browser, office, db, statements):
    person, counts = browser("coordinator"), []
    for start in (0, 1, 10):
        with statements() as listed:
            person.get("issues.index")
        with statements() as managed:
            person.get("lists.index", list_name="issues")
        with statements() as counted:
            person.get("lists.counts", list_name="issues")
        counts.append((len(listed), len(managed), len(counted)))
        db.session.add_all(
            SavedView(
                list_name="issues",
                owner_id=office.coordinator.person_id,
                name=f"{start + number}",
                query="state=assigned&light=red",
                position=number,
            )
            for number in range(9)
        )
        db.session.commit()
    assert counts[1] == counts[2]
    assert max(max(line) for line in counts) <= 10, counts


def menu_line(page):
    """The menu lines that are marked as where one is."""
    return [link.text for link in page.root.first("nav").all("a") if link["aria-current"] == "page"]


def test_the_pages_of_views_and_bulk_actions_mark_the_list_in_the_menu(browser, office, db):
    person = browser("coordinator")
    save(person, "state=assigned", "待签收")
    view_id = db.session.scalar(sa.select(SavedView.id))
    pages = [
        person.get("lists.index", list_name="issues"),
        person.get(f"{person.url('lists.new', list_name='issues')}?state=assigned"),
        person.get("lists.edit", saved_view_id=view_id),
    ]
    number = db.session.scalar(sa.select(Issue.id).where(Issue.state == State.ASSIGNED))
    sent = person.post(f"/issues/bulk/remind?row={number}", {"note": "请抓紧办理"})
    pages.append(person.follow(sent))
    whole = person.get("issues.index", view="all")
    assert [menu_line(page) for page in pages] == [menu_line(whole)] * 4
    assert len(menu_line(whole)) == 1
