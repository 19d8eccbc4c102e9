"""Requests on the pages: who sees them, who decides, what lists and the home page say, bad entries."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from visits.core.calendar import fill_calendar
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Block, Delay, IssueRequest, Level, Outcome, Solved
from visits.issues.operations import EvaluationEntry, ExtensionEntry, ReportEntry, SuspensionEntry
from visits.issues.states import State

REVIEW = date(2026, 12, 15)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    office = make_office()
    office.people["supervisor"] = make_person([Role.SUPERVISOR])
    return office


@pytest.fixture
def browser(client_for, office):
    return lambda name: client_for(office.people[name])


def extension_asked(office, wanted=date(2026, 12, 8)):
    issue = make_issue(office, State.IN_PROGRESS)
    entry = ExtensionEntry(Delay.WORKS, "设备下周安装。", wanted, told_enterprise=True)
    do.ask_extension(office.handler, issue, entry)
    return issue


def suspension_asked(office):
    issue = make_issue(office, State.IN_PROGRESS)
    entry = SuspensionEntry(Block.UPPER, "已报省厅，待批复。", "王科长", REVIEW)
    do.ask_suspension(office.handler, issue, entry)
    return issue


def ruling_asked(office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, ReportEntry(Outcome.EXPLAINED, "依法不予减免。", "已解释。"))
    do.pass_review(office.coordinator, issue)
    bad = EvaluationEntry(
        Solved.UNSOLVED, Level.DISSATISFIED, accepts=False, evaluator="王经理", to_unit="请继续沟通"
    )
    do.record_evaluation(office.callback, issue, bad)
    do.ask_ruling(office.leader, issue, "诉求无法律依据。")
    return issue


def decisions_on(page):
    return [
        a["href"].rsplit("/", 1)[1] for box in page.root.all(class_="card-decision") for a in box.all("a")
    ]


def move(browser, name, issue, step, data, status=303):
    return browser(name).post("issues.make_move", data, issue_id=issue.id, move=step, status=status)


def test_a_unit_asks_and_the_office_grants_an_earlier_day(browser, office, db):
    issue = make_issue(office, State.IN_PROGRESS)
    form = browser("handler").get("issues.make_move", issue_id=issue.id, move="ask-extension")
    assert "最迟为2026-12-11" in form.main
    assert form.root.first(id="wanted_on")["max"] == "2026-12-11"
    asked = {
        "reason": "works",
        "wanted_on": "2026-12-08",
        "plan": "设备本周到货，下周安装。",
        "told_enterprise": "y",
    }
    handler = browser("handler")
    page = handler.follow(
        handler.post("issues.make_move", asked, issue_id=issue.id, move="ask-extension", status=303)
    )
    assert "已提交：申请延期" in page.main
    assert "延期申请待审批" in page.main
    assert "等待审批" in page.main
    assert decisions_on(page) == []
    shown = browser("coordinator").get("issues.show", issue_id=issue.id)
    assert decisions_on(shown) == ["grant-extension", "refuse-extension"]
    for words in ("设备本周到货，下周安装。", "2026-12-08", office.people["handler"].name, "施工或采购"):
        assert words in shown.main
    form = browser("coordinator").get("issues.make_move", issue_id=issue.id, move="grant-extension")
    assert form.root.first(id="granted_on")["value"] == "2026-12-08"
    assert "设备本周到货" in form.main
    answer = move(browser, "coordinator", issue, "grant-extension", {"granted_on": "2026-12-07"})
    page = browser("coordinator").follow(answer)
    assert decisions_on(page) == []
    assert "已批准" in page.main
    db.session.expire_all()
    assert issue.due_on == date(2026, 12, 7)


def test_a_suspended_problem_says_when_it_is_looked_at_again(browser, office):
    issue = suspension_asked(office)
    assert decisions_on(browser("coordinator").get("issues.show", issue_id=issue.id)) == []
    page = browser("leader").get("issues.show", issue_id=issue.id)
    assert decisions_on(page) == ["suspend", "refuse-suspension"]
    page = browser("leader").follow(move(browser, "leader", issue, "suspend", {"review_on": "2026-12-15"}))
    light = page.root.first(class_="light")
    assert light.text == "挂账，12月15日复核"
    assert "light-grey" in light["class"]
    assert "2026-12-15" in page.main
    listed = browser("leader").get("issues.index", state="suspended")
    assert "挂账，12月15日复核" in listed.main
    page = browser("coordinator").follow(
        move(browser, "coordinator", issue, "resume", {"note": "省厅已批复"})
    )
    assert "办理中" in page.main


def test_a_review_day_that_is_a_day_off_is_said_to_move(browser, office):
    def moved(name, problem, move, data):
        person = browser(name)
        return person.follow(person.post("issues.make_move", data, issue_id=problem.id, move=move))

    issue = make_issue(office, State.IN_PROGRESS)
    form = browser("handler").get("issues.make_move", issue_id=issue.id, move="ask-suspension")
    assert "遇休息日顺延至下一工作日" in form.main
    asked = {"reason": "upper", "text": "已报省厅，待批复。", "owner": "王科长", "review_on": "2026-12-12"}
    page = moved("handler", issue, "ask-suspension", asked)
    said = "2026-12-12为休息日，复核日顺延至2026-12-14。"
    assert said in page.main
    page = moved("leader", issue, "suspend", {"review_on": "2026-12-12"})
    assert said in page.main
    assert "挂账，12月14日复核" in page.main
    other = suspension_asked(office)
    page = moved("leader", other, "suspend", {"review_on": "2026-12-15"})
    assert "休息日" not in page.main


def test_a_ruling_needs_the_second_person(browser, office, db):
    issue = ruling_asked(office)
    assert decisions_on(browser("leader").get("issues.show", issue_id=issue.id)) == []
    page = browser("supervisor").get("issues.show", issue_id=issue.id)
    assert decisions_on(page) == ["rule-closed", "refuse-ruling"]
    page = browser("supervisor").follow(move(browser, "supervisor", issue, "rule-closed", {"note": "同意"}))
    assert "已办结" in page.main
    assert "不满意" in page.main
    db.session.expire_all()
    assert issue.state is State.CLOSED


def test_home_says_what_waits_for_whose_decision(browser, office):
    extended, suspended, ruled = extension_asked(office), suspension_asked(office), ruling_asked(office)
    second = extension_asked(office, date(2026, 12, 4))
    do.grant_extension(office.coordinator, second, None)
    again = ExtensionEntry(Delay.WORKS, "还需两天。", date(2026, 12, 8), told_enterprise=True)
    do.ask_extension(office.handler, second, again)

    def waiting(name):
        cards = browser(name).get("home.index").root.all(class_="card")
        numbers = {"extended": extended, "suspended": suspended, "ruled": ruled, "second": second}
        return {
            card.first("h2").text.split()[0]: {
                key for key, row in numbers.items() if row.number in card.text
            }
            for card in cards
            if card.all("h2") and card.first("h2").text.startswith(("延期", "挂账", "核定"))
        }

    assert waiting("coordinator") == {"延期待审批": {"extended"}}
    assert waiting("leader") == {"延期待审批": {"second"}, "挂账待审批": {"suspended"}}
    assert waiting("supervisor") == {"核定办结待复核": {"ruled"}}


def test_lists_are_narrowed_to_what_is_asked_and_when_it_comes_back(browser, office):
    extended, suspended = extension_asked(office), suspension_asked(office)
    do.suspend(office.leader, suspended, None)
    plain = make_issue(office, State.IN_PROGRESS)
    person = browser("leader")

    def listed(**filters):
        text = person.get("issues.index", **filters).main
        return {
            key for key, row in {"e": extended, "s": suspended, "p": plain}.items() if row.number in text
        }

    assert listed(asked="extension") == {"e"}
    assert listed(asked=["extension", "suspension"]) == {"e"}
    assert listed(review_from="2026-12-15", review_to="2026-12-15") == {"s"}
    assert listed(review="this_week") == set()
    assert listed(review="nonsense", asked="nonsense") == {"e", "s", "p"}
    page = person.get("issues.index", columns=["asked", "review", "promised"], asked="extension")
    assert "延期" in page.root.first("table").text


def test_the_pages_cost_no_more_with_requests(browser, office, statements):
    fill_calendar([2026])
    issue = make_issue(office, State.IN_PROGRESS)
    for day in (4, 7, 8):
        entry = ExtensionEntry(Delay.WORKS, "安装。", date(2026, 12, day), told_enterprise=True)
        do.ask_extension(office.handler, issue, entry)
        do.refuse_extension(office.coordinator, issue, "请按期办理。")
    do.ask_extension(office.handler, issue, entry)
    counts = {}
    for name, address, values in (
        ("coordinator", "issues.show", {"issue_id": issue.id}),
        ("coordinator", "issues.make_move", {"issue_id": issue.id, "move": "grant-extension"}),
        ("handler", "issues.show", {"issue_id": issue.id}),
        ("coordinator", "home.index", {}),
        ("leader", "home.index", {}),
        ("supervisor", "home.index", {}),
    ):
        person = browser(name)
        with statements() as seen:
            person.get(address, **values)
        counts[name, address, values.get("move")] = len(seen)
    assert max(counts.values()) <= 10, counts


GOOD = {"reason": "works", "wanted_on": "2026-12-08", "plan": "设备安装。", "told_enterprise": "y"}
REST = {"reason": "upper", "review_on": "2026-12-15", "text": "待批复。", "owner": "王科长"}
# who, move, what is entered, the answer, how many fields have a sentence; with none it stands above them
BAD = [
    ("handler", "ask-extension", {}, 422, 3),
    ("handler", "ask-extension", GOOD | {"wanted_on": "2026-12-12"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"wanted_on": "2026-12-02"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"wanted_on": "31.12.2026"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"wanted_on": "9999-12-31"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"wanted_on": "0001-01-01"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"reason": "because"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"plan": "x" * 1001}, 422, 1),
    ("handler", "ask-extension", GOOD | {"plan": "\u200b \u200b"}, 422, 1),
    ("handler", "ask-extension", GOOD | {"told_enterprise": None}, 422, 1),
    ("other_handler", "ask-extension", GOOD, 404, 0),
    ("coordinator", "ask-extension", GOOD, 403, 0),
    ("coordinator", "grant-extension", {"granted_on": "2026-12-07"}, 422, 0),
    ("leader", "suspend", {"review_on": "2026-12-07"}, 422, 0),
    ("coordinator", "suspend", {"review_on": "2026-12-07"}, 422, 0),
    ("coordinator", "resume", {"note": "省厅已批复"}, 422, 0),
    ("handler", "ask-suspension", {}, 422, 4),
    ("handler", "ask-suspension", REST | {"review_on": "2026-12-24"}, 422, 1),
    ("handler", "ask-suspension", REST | {"review_on": "2026-11-23"}, 422, 1),
    ("handler", "ask-suspension", REST | {"owner": "x" * 61}, 422, 1),
    ("handler", "ask-suspension", REST | {"reason": "works"}, 422, 1),
    ("leader", "ask-ruling", {"note": "诉求无法律依据"}, 422, 0),
    ("supervisor", "rule-closed", {}, 422, 0),
    ("supervisor", "refuse-ruling", {"note": "继续办理"}, 422, 0),
    ("callback", "rule-closed", {}, 403, 0),
]


@pytest.mark.parametrize(("name", "step", "data", "status", "errors"), BAD)
def test_bad_entries_are_answered_and_write_nothing(browser, office, db, name, step, data, status, errors):
    issue = make_issue(office, State.IN_PROGRESS)
    db.session.commit()
    page = move(browser, name, issue, step, data, status=status)
    if status == 422:
        assert len(page.errors) == errors, page.errors
        assert page.summary
        kept = {field.verbatim.strip() for field in page.root.all("textarea")}
        assert {data[key] for key in ("plan", "note", "text") if data.get(key, "").strip("\u200b ")} <= kept
    db.session.expire_all()
    assert db.session.scalars(sa.select(IssueRequest)).all() == []
    assert (issue.state, issue.due_on) == (State.IN_PROGRESS, date(2026, 12, 2))


@pytest.mark.parametrize("granted", ["", "2026-12-09", "2026-12-02", "2025-01-01", "morgen"])
def test_a_bad_grant_keeps_the_request_and_what_was_typed(browser, office, db, granted):
    issue = extension_asked(office)
    db.session.commit()
    data = {"granted_on": granted, "note": "请抓紧安装"}
    page = move(browser, "coordinator", issue, "grant-extension", data, status=422)
    assert len(page.errors) == 1
    assert "请抓紧安装" in page.text
    assert "设备下周安装。" in page.main
    db.session.expire_all()
    assert (issue.extension_asked, issue.due_on) == (True, date(2026, 12, 2))


def test_two_who_decide_at_once_decide_once(browser, office, db):
    issue = extension_asked(office)
    db.session.commit()
    person, where = browser("coordinator"), {"issue_id": issue.id, "move": "refuse-extension"}
    form = person.get("issues.make_move", **where)
    do.grant_extension(office.coordinator, issue, None)
    db.session.commit()
    page = person.post("issues.make_move", {"note": "请按期办结"}, page=form, status=409, **where)
    assert "请按期办结" in page.text
    db.session.expire_all()
    assert issue.due_on == date(2026, 12, 8)
