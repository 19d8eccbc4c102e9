"""Visits not finished yet: kept while they are typed, for their author alone, gone once recorded."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_category, make_visit
from tests.factories.programmes import make_programmes
from tests.support.browser import entries_of
from visits.core.audit import AuditEntry
from visits.core.permissions import Role
from visits.outreach import operations
from visits.outreach.models import Visit, VisitDraft

pytestmark = pytest.mark.usefixtures("database")
HOSTILE = '"><script>alert(1)</script>\u202e𠮷'


@pytest.fixture(autouse=True)
def _noon(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    make_programmes()
    return make_person(roles=[Role.CADRE])


@pytest.fixture
def screen(me, client_for):
    return client_for(me)


@pytest.fixture
def firm(database):
    return make_enterprise("杭州临平精密机械有限公司")


class Script:
    """What the page's script does: sends the form as it stands every few seconds."""

    def __init__(self, browser, page=None):
        self.browser = browser
        self.page = page or browser.get("outreach.new")
        self.client_id = self.page.root.first("input", name="client_id")["value"]
        self.revision = self.page.root.first("input", name="draft_revision")["value"]

    def keep(self, status=200, **fields):
        data = entries_of(self.page.posts_to("/visits/new"))
        own = {"client_id": self.client_id, "draft_revision": self.revision or "", "submission_id": ""}
        for name, value in (own | fields).items():
            data[name] = value
        accept = {"Accept": "application/json"}
        answer = self.browser.open("/visits/drafts", "POST", data=data, headers=accept)
        assert answer.status == status, answer.response.text[:200]
        assert "Set-Cookie" in answer.response.headers or status != 200, "typing keeps one signed in"
        said = answer.response.json
        self.revision = said.get("revision", self.revision)
        return said


def drafts(database):
    columns = (VisitDraft.id, VisitDraft.title, VisitDraft.fields, VisitDraft.revision)
    return database.session.execute(sa.select(*columns)).all()


def test_what_is_typed_is_kept_and_taken_up_again_on_another_machine(
    screen, me, firm, client_for, database
):
    script = Script(screen)
    assert "12:00" in script.keep(summary="企业", enterprises=f"#{firm.id}")["text"]
    marks = {"problems-0-red_flag": "stopping", "problems-0-confidential": "y"}
    script.keep(summary="企业满产", enterprises=f"#{firm.id}", **{"problems-0-title": "用电不足"} | marks)
    [draft] = drafts(database)
    assert (draft.title, draft.revision) == (firm.name, 2)
    elsewhere = client_for(me)
    [link] = [url for text, url in elsewhere.get("outreach.drafts").links.items() if firm.name in text]
    page = elsewhere.get(link)
    assert page.root.first("textarea", name="summary").verbatim.strip() == "企业满产"
    assert page.root.first("input", name="problems-0-title")["value"] == "用电不足"
    assert "checked" in page.root.first("input", name="enterprise_ids")
    kept = entries_of(page.posts_to("/visits/new"))
    assert {name: kept[name] for name in marks} == marks
    data = {"problems-0-category_id": str(make_category().id)}
    elsewhere.post("/visits/new", data, page=page)
    assert drafts(database) == []
    assert database.session.scalars(sa.select(Visit.client_id)).one() == script.client_id


def test_keeping_writes_no_audit_row_and_one_row_only(screen, database):
    script = Script(screen)
    before = database.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    for number in range(3):
        script.keep(summary=f"第{number}句")
    assert database.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == before
    assert len(drafts(database)) == 1


def test_an_empty_form_is_not_kept(screen, database):
    script = Script(screen)
    assert script.keep(visited_on="2026-11-23", mode="on_site", summary=" ")["revision"] is None
    assert drafts(database) == []


def test_of_two_windows_the_first_to_write_wins_and_the_other_is_told(screen, database):
    one, two = Script(screen), Script(screen)
    two.client_id = one.client_id
    one.keep(summary="第一窗口")
    assert "另一个窗口" in two.keep(409, summary="第二窗口")["text"]
    [draft] = drafts(database)
    assert ["summary", "第一窗口"] in draft.fields
    taken_up = Script(screen, screen.get("outreach.draft", draft_id=draft.id))
    taken_up.keep(summary="接着写")
    one.keep(409, summary="旧窗口再写")


def test_without_script_a_button_keeps_the_form_and_it_may_be_sent_afterwards(screen, firm, database):
    page = screen.get("outreach.new")
    data = {"enterprises": f"#{firm.id}", "no_issue_ids": "all", "summary": "先放着"}
    form = {**{name: control["value"] for name, control in hidden(page).items()}, **data}
    assert screen.open("/visits/drafts", "POST", data=form).status == 302
    assert firm.name in screen.get("outreach.drafts").main
    assert "/drafts" not in screen.post("/visits/new", data, page=page).location
    assert drafts(database) == []


def hidden(page):
    found = page.posts_to("/visits/new").all("input", type="hidden")
    return {control["name"]: control for control in found}


def test_nobody_else_sees_or_throws_away_a_draft(screen, client_for, database):
    Script(screen).keep(summary="只给自己看")
    [draft] = drafts(database)
    for role in (Role.CADRE, Role.COORDINATOR):
        other = client_for(make_person(roles=[role]))
        assert "只给自己看" not in other.get("outreach.drafts").text
        other.get("outreach.draft", draft_id=draft.id, status=404)
        other.post("outreach.discard_draft", draft_id=draft.id, status=404)
    client_for(make_person(roles=[Role.AUDITOR])).get("outreach.drafts", status=403)
    assert len(drafts(database)) == 1


def test_two_people_with_one_form_id_have_a_draft_each(screen, client_for, database):
    mine, other = Script(screen), Script(client_for(make_person(roles=[Role.CADRE])))
    other.client_id = mine.client_id
    mine.keep(summary="我的")
    other.keep(summary="他的")
    assert len(drafts(database)) == 2


def test_a_draft_is_discarded_for_good(screen, database):
    Script(screen).keep(summary="不要了")
    [draft] = drafts(database)
    screen.post("outreach.discard_draft", draft_id=draft.id)
    assert drafts(database) == []
    screen.post("outreach.discard_draft", draft_id=draft.id, status=404)


def test_what_comes_late_does_not_bring_a_recorded_visit_back_as_a_draft(screen, me, database):
    visit = make_visit(author=me)
    script = Script(screen)
    script.client_id = visit.client_id
    assert "已保存" in script.keep(409, summary="迟到的请求")["text"]
    assert drafts(database) == []


def test_a_refused_visit_stays_a_draft(screen, firm, database):
    script = Script(screen)
    script.keep(summary="还没写完", enterprises=f"#{firm.id}")
    screen.post("/visits/new", {"client_id": script.client_id, "summary": "还没写完"}, status=422)
    assert len(drafts(database)) == 1


def test_what_cannot_be_kept_is_said(screen, me, database, monkeypatch):
    script = Script(screen)
    assert "200000" in script.keep(422, summary="长" * 200_001)["text"]
    script.keep(422, **{f"problems-{n % 900}-title{'x' * (n // 900)}": "x" for n in range(2_100)})
    script.client_id = "../../etc/passwd"
    script.keep(422, summary="x")
    monkeypatch.setattr(operations.drafting, "MOST_DRAFTS", 1)
    Script(screen).keep(summary="第一份")
    assert "未完成" in Script(screen).keep(422, summary="第二份")["text"]
    assert len(drafts(database)) == 1


def test_a_refused_button_shows_the_form_as_it_was_typed(screen):
    page = screen.get("outreach.new")
    form = {name: control["value"] for name, control in hidden(page).items()}
    answer = screen.open("/visits/drafts", "POST", data={**form, "client_id": "x", "summary": "别丢了"})
    assert answer.status == 422
    assert answer.root.first("textarea", name="summary").verbatim.strip() == "别丢了"


def test_odd_fields_and_hostile_text_are_kept_as_they_are_or_left_out(screen, database):
    odd = {"csrf_token2": "x", "summary": HOSTILE, "visited_on": "gestern", "promises-x-what": "x"}
    odd |= {"draft_revision": "eins", "participant_ids": "9" * 40, "enterprise_ids": "0", "kind": "\x00"}
    Script(screen).keep(**odd)
    [draft] = drafts(database)
    assert {"csrf_token", "csrf_token2", "draft_revision", "kind", "promises-x-what"}.isdisjoint(
        dict(draft.fields)
    )
    page = screen.get("outreach.draft", draft_id=draft.id)
    assert "<script>alert" not in page.response.text
    assert "<script>alert" not in screen.get("outreach.drafts").response.text


def test_the_list_takes_the_same_statements_for_many_drafts(screen, me, database, statements):
    counts = []
    for _round in range(2):
        for _number in range(3):
            operations.save_draft(actor_for(me), str(uuid4()), [("summary", "草稿")], None)
        database.session.commit()
        with statements() as seen:
            screen.get("outreach.drafts")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10
