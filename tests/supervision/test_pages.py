"""The pages of supervision: what each person sees, how a form answers, what leaves the house on paper."""

import io
from datetime import date

import docx
import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.supervision import make_item, make_order, make_topic
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues import operations as issues
from visits.issues.models import Block, Outcome
from visits.issues.operations import AssignEntry, ReportEntry, SuspensionEntry
from visits.issues.states import State
from visits.supervision import operations
from visits.supervision.models import OrderProblem
from visits.supervision.operations import MeasureEntry, ReplyEntry
from visits.supervision.rules import Kind


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def office(database):
    made = make_office()
    made.people["supervisor"] = make_person([Role.SUPERVISOR], name="邱督查")
    database.session.flush()
    return made


@pytest.fixture
def browser(office, client_for, database):
    def open_for(name):
        database.session.commit()
        return client_for(office.people[name])

    return open_for


def of_other_unit(office):
    issue = make_issue(office)
    issues.assign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    return issue


def test_orders_are_shown_before_they_go_out(office, browser):
    mine, other, closed = (
        make_issue(office, State.IN_PROGRESS),
        of_other_unit(office),
        make_issue(office, State.CLOSED),
    )
    supervisor = browser("supervisor")
    numbers = f"{mine.number}, {other.number} {closed.number} WT20200101-001"
    page = supervisor.get(f"/supervision/orders/new?numbers={numbers.replace(' ', '+')}")
    for said in (
        "将下发督办单2份",
        office.unit.name,
        office.other_unit.name,
        "已不在办理中",
        "WT20200101-001",
    ):
        assert said in page.main
    data = {"reason": "超期未办结", "demand": "三日内办结", "workdays": "3"}
    empty = supervisor.post(page.url, data | {"reason": ""}, page=page, status=422)
    assert "三日内办结" in empty.main
    supervisor.post(empty.url, data, page=empty, status=303)
    listed = supervisor.get("supervision.orders")
    assert [row[1] for row in listed.rows] == [office.other_unit.name, office.unit.name]
    assert "督办中" in supervisor.get("issues.show", issue_id=mine.id).text


def test_the_unit_sees_its_order_on_home_and_replies(office, browser):
    first, second = (make_issue(office, State.IN_PROGRESS) for _ in range(2))
    order = make_order(office, first, second)
    handler = browser("handler")
    assert order.number in handler.get("home.index").main
    page = handler.get("supervision.reply", order_id=order.id)
    data = {"text": "已现场办公。", f"part_{first.id}": "本周修复。"}
    handler.post(page.url, data, page=page, status=303)
    shown = handler.get("supervision.show_order", order_id=order.id)
    assert "本周修复。" in shown.main
    assert "已回复待审核" in shown.text
    coordinator = browser("coordinator")
    assert "待审核的督办回复" in coordinator.get("home.index").main
    timeline = coordinator.get("issues.show", issue_id=first.id)
    assert order.number in timeline.links
    assert "督办单已回复" in timeline.text
    cadre = browser("cadre").get("issues.show", issue_id=first.id)
    assert order.number in cadre.text
    assert order.number not in cadre.links


@pytest.mark.parametrize(
    ("name", "status"),
    [("handler", 200), ("leader", 200), ("other_handler", 404), ("cadre", 403), ("callback", 403)],
)
def test_out_of_reach_is_not_there(office, browser, name, status):
    order = make_order(office)
    person = browser(name)
    for path in ("", "/sheet"):
        person.get(f"/supervision/orders/{order.id}{path}", status=status)
    person.post(f"/supervision/orders/{order.id}/sheet.docx", status=status)


def enterprise_name(issue):
    """The name of a problem's enterprise."""
    return db.session.get(Enterprise, issue.enterprise_id).name


def test_paper_and_word_say_the_same_and_keep_a_confidential_name(office, browser):
    open_issue, secret = make_issue(office, State.IN_PROGRESS), make_issue(office, State.IN_PROGRESS)
    secret.confidential = True
    order = make_order(office, open_issue, secret)
    operations.reply(office.handler, order, ReplyEntry("已办理。", {secret.id: "单独说明。"}))
    supervisor = browser("supervisor")
    page = supervisor.get("supervision.order_sheet", order_id=order.id)
    answer = supervisor.post(f"/supervision/orders/{order.id}/sheet.docx", page=page, status=200)
    word = docx.Document(io.BytesIO(answer.response.data))
    assert word.paragraphs[0].text == page.heading
    assert page.heading.endswith("企业问题诉求督办单")
    rows = [[cell.text for cell in row.cells] for row in word.tables[1].rows]
    assert [row[1] for row in rows[1:]] == [open_issue.number, secret.number]
    assert rows[2][2] == "企业要求保密"
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for text in ("一、督办事由", "三、督办要求", order.demand, "单独说明。"):
        assert text in said
        assert text in page.text
    shown = supervisor.get("supervision.show_order", order_id=order.id).main
    firm = enterprise_name(secret)
    assert firm in shown
    assert firm not in page.text
    of_unit = browser("handler").get("supervision.show_order", order_id=order.id).main
    assert enterprise_name(open_issue) in of_unit
    assert firm not in of_unit
    assert "企业要求保密" in of_unit


def stood_on_paper(page):
    """The words of how each problem stood, by its number."""
    return {row[1]: row[4] for row in page.rows if len(row) == 5}


def test_the_paper_keeps_how_a_problem_stood_when_it_was_issued(office, browser, at):
    issue = make_issue(office, State.IN_PROGRESS)
    at("2026-12-03")
    order = make_order(office, issue)
    person = browser("supervisor")
    page = person.get("supervision.order_sheet", order_id=order.id)
    said = stood_on_paper(page)[issue.number]
    assert "办理中" in said
    assert "超期" in said
    assert "签发时办理情况" in page.text
    at("2026-12-08")
    issues.report(office.handler, issue, ReportEntry(Outcome.SOLVED, "路面已修复。", "已告知。"))
    db.session.commit()
    person = browser("supervisor")
    assert stood_on_paper(person.get("supervision.order_sheet", order_id=order.id)) == {issue.number: said}
    assert "待审核" in person.get("supervision.show_order", order_id=order.id).main
    db.session.execute(sa.update(OrderProblem).values(stood=None))  # an order of old
    db.session.commit()
    page = person.get("supervision.order_sheet", order_id=order.id)
    assert "待审核" in stood_on_paper(page)[issue.number]
    assert "签发时" not in page.text


def test_problems_nobody_has_and_those_that_rest_stand_on_the_plan(office, browser):
    new, resting = make_issue(office), make_issue(office, State.IN_PROGRESS)
    entry = SuspensionEntry(Block.UPPER, "已报省厅，待批复。", "王科长", date(2026, 12, 15))
    issues.ask_suspension(office.handler, resting, entry)
    issues.suspend(office.leader, resting, None, "同意挂账。")
    person = browser("supervisor")
    page = person.get(f"/supervision/orders/new?numbers={new.number}+{resting.number}")
    assert "12月15日复核" in page.main
    assert "尚未交办" in page.main
    order = make_order(office, resting)
    db.session.commit()
    sheet = person.get("supervision.order_sheet", order_id=order.id)
    assert "12月15日复核" in stood_on_paper(sheet)[resting.number]


def test_whoever_judges_a_reply_reads_it_above_the_form(office, browser):
    order = make_order(office)
    operations.reply(office.handler, order, ReplyEntry("已约企业现场会商。", {}))
    for path in ("accept", "send-back"):
        assert (
            "已约企业现场会商。" in browser("supervisor").get(f"/supervision/orders/{order.id}/{path}").main
        )


def test_a_late_reply_is_lit_in_words_and_found(office, browser, at):
    late, early = make_order(office, workdays=1), make_order(office, workdays=10)
    at("2026-11-26")
    page = browser("leader").get("/supervision/orders?overdue=y")
    assert [row[0] for row in page.rows] == [late.number]
    assert "回复超期2个工作日" in page.main
    assert early.number not in page.main


def test_a_topic_from_its_suggestion_to_its_end(office, browser):
    problems = [make_issue(office) for _ in range(3)]
    coordinator = browser("coordinator")
    page = coordinator.get("topics.index")
    assert "建议立题" in page.main
    form = coordinator.get(f"/supervision/topics/new?category={problems[0].category_id}")
    ticked = [box["value"] for box in form.root.all("input", name="issue_ids") if "checked" in box]
    assert sorted(ticked) == sorted(str(issue.id) for issue in problems)
    data = {"title": "道路积水", "lead_unit_id": str(office.unit.id), "issue_ids": ticked}
    made = coordinator.post(
        form.url, data | {"category_id": str(problems[0].category_id)}, page=form, status=303
    )
    topic_url = made.response.location.split("#")[0]
    shown = coordinator.get(topic_url)
    coordinator.post(f"{topic_url}/start", page=shown, status=303)
    running = coordinator.get(f"{topic_url}/close")
    assert "专题成效" in coordinator.post(running.url, {"result": ""}, page=running, status=422).main
    coordinator.post(running.url, {"result": "已出台养护办法。"}, page=running, status=303)
    cadre = browser("cadre")
    home = cadre.get("home.index")
    assert "专题已办结，请了解企业反馈" in home.main
    ask = next(a["href"] for a in home.root.all("a") if a["href"].endswith("/ask"))
    form = cadre.get(ask)
    cadre.post(form.url, {"aftermath": "gone", "note": "王厂长说已修好"}, page=form, status=303)
    assert (
        "王厂长说已修好" in cadre.get("issues.show", issue_id=problems[0].id).text
        or "问题已消除" in cadre.get(topic_url).text
    )


def test_a_sample_is_drawn_and_checked_on_its_pages(office, browser, at):
    at("2026-10-20")
    issue, visit = make_issue(office, State.CLOSED), make_visit()
    at("2026-11-23")
    supervisor = browser("supervisor")
    assert "抽取2026-10样本" in supervisor.get("samples.index").links
    page = supervisor.get("samples.draw")
    assert page.root.first("input", name="month")["type"] == "month"
    refused = supervisor.post("/supervision/samples/draw", {"month": "2026-11"}, page=page, status=422)
    assert "当月结束后" in refused.main
    supervisor.post("/supervision/samples/draw", {"month": "2026-10"}, page=page, status=303)
    listed = supervisor.get("/supervision/samples?month=2026-10&result=unchecked")
    assert issue.number in listed.main
    checks = [a["href"] for a in listed.root.all("a") if a["href"].endswith("/check")]
    assert len(checks) == 2
    for path in checks:
        form = supervisor.get(path)
        data = {"result": "untrue", "how": "phone", "checked_on": "2026-11-23", "note": "与企业说法不符"}
        supervisor.post(form.url, data, page=form, status=303)
    assert "重启" in supervisor.get("issues.show", issue_id=issue.id).text
    coordinator = browser("coordinator")
    home = coordinator.get("home.index")
    settle = next(a["href"] for a in home.root.all("a") if a["href"].endswith("/settle"))
    form = coordinator.get(settle)
    coordinator.post(form.url, {"note": "已与记录人核对"}, page=form, status=303)
    assert "核查不属实待处理的走访记录" not in coordinator.get("home.index").main
    assert visit.voided_at is None


PAGES = (
    "/",
    "/supervision/orders",
    "/supervision/orders/new",
    "/supervision/orders/new?numbers={numbers}",
    "/supervision/orders/{order}",
    "/supervision/orders/{order}/sheet",
    "/supervision/orders/{order}/withdraw",
    "/supervision/topics",
    "/supervision/topics/new?category={category}",
    "/supervision/topics/{topic}",
    "/supervision/topics/{topic}/problems/new",
    "/supervision/topics/{topic}/measures/new",
    "/supervision/samples",
    "/supervision/samples/items/{item}/check",
)


@pytest.mark.parametrize("address", PAGES)
def test_ten_statements_are_enough(office, browser, statements, address):
    problems = [make_issue(office, State.IN_PROGRESS) for _ in range(4)]
    orders = [make_order(office, *problems[:2]), make_order(office, problems[2])]
    topic = make_topic(office, problems)
    for _ in range(2):
        operations.add_measure(
            office.coordinator, topic, MeasureEntry("整治", office.unit.id, topic.proposed_on)
        )
    items = [make_item(Kind.VISIT, make_visit().id) for _ in range(3)]
    who = browser("supervisor")
    url = address.format(
        order=orders[0].id,
        topic=topic.id,
        category=topic.category_id,
        item=items[0].id,
        numbers=problems[3].number,
    )
    who.get(url)
    with statements() as seen:
        who.get(url)
    assert len(seen) <= 10, "\n".join(seen)


def test_a_topic_not_begun_says_so_and_takes_what_is_only_added(office, browser):
    topic = make_topic(office, [make_issue(office)])
    db.session.commit()
    coordinator = browser("coordinator")
    url = f"/supervision/topics/{topic.id}"
    shown = coordinator.get(url)
    assert "启动）" not in shown.main
    assert "不予立题" in shown.main
    assert "办结专题" not in shown.main
    form = coordinator.get(f"{url}/measures/new")
    coordinator.post(f"{url}/start", page=shown, status=303)
    begun = coordinator.get(url)
    assert "启动）" in begun.main
    assert "办结专题" in begun.main
    measure = {"text": "整治路面", "unit_id": str(office.unit.id), "due_on": str(topic.proposed_on)}
    coordinator.post(f"{url}/measures/new", measure, page=form, status=303)
    assert "整治路面" in coordinator.get(url).main
