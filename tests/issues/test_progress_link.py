"""The link by which an enterprise follows its problem: who makes it, and what its page shows."""

import re

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from tests.support.links import (
    GOOD,
    OVER,
    UNKNOWN,
    linked,
    ratings,
    sent,
)
from visits.core.db import db as handle
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Level, Outcome, ProgressLink
from visits.issues.operations import ReportEntry
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def visitor(client_for, office):
    return client_for(None)


@pytest.mark.parametrize(
    ("name", "status"),
    [("cadre", 200), ("coordinator", 200), ("callback", 200), ("leader", 403), ("handler", 403)],
)
def test_who_makes_a_link(client_for, office, name, status):
    issue = make_issue(office, State.IN_PROGRESS)
    browser = client_for(office.people[name])
    page = browser.get("issues.show", issue_id=issue.id)
    assert ("生成链接和受理回执" in page.main) is (status == 200)
    browser.post("issue_receipts.make", issue_id=issue.id, status=status)
    links = handle.session.scalar(sa.select(sa.func.count(ProgressLink.id)))
    assert links == (1 if status == 200 else 0)


def test_nobody_of_the_handling_unit_makes_one(office):
    issue = make_issue(office, State.IN_PROGRESS)
    insider = actor_for(make_person([Role.COORDINATOR, Role.HANDLER], office.unit))
    with pytest.raises(NotAllowed, match="Your unit handles"):
        do.make_link(insider, issue)


def test_the_receipt_shows_link_and_code_once_and_a_due_date_only_when_assigned(client_for, office, db):
    issue = make_issue(office, State.REGISTERED)
    browser = client_for(office.people["coordinator"])
    page = browser.post("issue_receipts.make", issue_id=issue.id, status=200)
    address = page.root.first("input", id="link")["value"]
    assert re.fullmatch(r"http://localhost/r/[\w-]{32}", address)
    assert address in page.main
    assert "该链接只能在本机打开" in page.text
    assert page.root.first("img")["src"].startswith("data:image/svg+xml")
    assert page.heading.endswith("企业问题诉求受理回执")
    assert "办理时限" not in page.main
    shown = browser.get("issues.show", issue_id=issue.id)
    assert address not in shown.response.text
    assert "原链接和原回执上的二维码将立即失效" in shown.main
    advance(office, issue, State.ASSIGNED)
    db.session.commit()
    assert (
        f"办理时限 {issue.due_on}"
        in browser.post("issue_receipts.make", issue_id=issue.id, status=200).main
    )


def test_the_link_begins_with_the_public_address(client_for, office, app, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_BASE_URL", "https://visits.example.gov.cn/")
    issue = make_issue(office)
    page = client_for(office.people["cadre"]).post("issue_receipts.make", issue_id=issue.id, status=200)
    assert page.root.first("input", id="link")["value"].startswith("https://visits.example.gov.cn/r/")
    assert "只能在本机打开" not in page.text


def test_a_new_link_ends_the_former(office, visitor):
    issue = make_issue(office, State.EVALUATING)
    former, newer = linked(office, issue), linked(office, issue)
    assert OVER in visitor.get(former, status=410).main
    sent(visitor, former, GOOD, 410)
    sent(visitor, newer, GOOD, 303)
    assert [said.level for said in ratings(issue)] == [Level.SATISFIED]


def test_no_link_leads_to_what_is_long_over(at, office):
    issue = make_issue(office, State.CLOSED)
    at("2026-12-24")
    with pytest.raises(Refused, match="30 days"):
        do.make_link(office.coordinator, issue)


SAYS = [
    (State.REGISTERED, "已收到您反映的问题", "将尽快确定承办单位"),
    (State.ASSIGNED, "已确定承办单位", "将接手办理，并主动与您联系"),
    (State.RETURNED, "正在重新核定承办单位", "您无需重复反映"),
    (State.IN_PROGRESS, "正在办理", "办理结果会向您反馈"),
    (State.REPORTED, "已有办理结果，正在核查", "核查后请您评价"),
    (State.EVALUATING, "请您评价办理结果", "满意则办结"),
    (State.CLOSED, "已办结", "您无需再作任何操作"),
    (State.REJECTED, "未予受理", "其他办理渠道"),
    (State.VOID, "该登记已撤销", "请与我们联系"),
]


@pytest.mark.parametrize(("state", "heading", "next_"), SAYS)
def test_the_page_says_who_does_what_next(office, visitor, statements, state, heading, next_):
    issue = make_issue(office, state)
    address = linked(office, issue)
    with statements() as seen:
        page = visitor.get(address, status=200)
    assert len(seen) <= 10
    assert page.heading == heading
    assert next_ in page.main
    assert issue.title in page.main
    assert ("办理时限" in page.main) is (state in {State.ASSIGNED, State.RETURNED, State.IN_PROGRESS})


def test_the_page_shows_nothing_of_the_office(office, visitor):
    issue = make_issue(
        office,
        State.IN_PROGRESS,
        reporter_name="陈静",
        reporter_phone="13912345678",
        external_no="12345-77",
    )
    do.add_note(office.coordinator, issue, "内部意见：先不要答应")
    do.add_progress(office.handler, issue, "内部进展：已请示", "下周再议")
    do.report(
        office.handler, issue, ReportEntry(Outcome.SOLVED, "内部做法：换了管", "已告知您排水沟清理完毕。")
    )
    page = visitor.get(linked(office, issue), status=200)
    assert "已告知您排水沟清理完毕" not in page.main  # the office has not checked it yet
    do.pass_review(office.coordinator, issue, "内部：可以")
    handle.session.commit()
    page = visitor.get(linked(office, issue), status=200)
    assert "已告知您排水沟清理完毕" in page.main
    hidden = [person.name for person in office.people.values()]
    hidden += ["内部", "陈静", "1391", "5678", "12345-77", "下周再议"]
    assert [word for word in hidden if word in page.response.text] == []


def test_chinese_first_english_on_demand(office, visitor):
    address = linked(office, make_issue(office, State.EVALUATING))
    english = visitor.get(f"{address}?lang=en", status=200)
    assert english.heading == "What do you say of the result?"
    assert 'lang="en"' in english.response.text.partition("<head>")[0]
    assert visitor.get(f"{address}?lang=xx", status=200).heading == "请您评价办理结果"
    assert sent(visitor, f"{address}?lang=en", GOOD, 303).location.endswith("?lang=en")


def test_the_address_is_kept_to_itself(office, visitor):
    address = linked(office, make_issue(office, State.EVALUATING))
    for path in (address, f"/r/{UNKNOWN}", "/r/short"):
        headers = visitor.open(path).response.headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "Set-Cookie" not in headers
