"""The pages of problems, as the different people see and use them."""

import pytest

from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_category, make_entry, make_issue, make_office
from visits.core.calendar import fill_calendar
from visits.issues import operations as do
from visits.issues.models import Level, Outcome
from visits.issues.operations import AssignEntry, ReportEntry
from visits.issues.states import State


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def browser(client_for, office):
    """A browser of one of the office's people: browser("coordinator")."""
    return lambda name: client_for(office.people[name])


EVERYDAY = {
    "add-note", "add-progress", "ask-extension", "ask-suspension", "assign", "correct",
    "log-attempt", "pass-review", "reassign", "record-contact", "record-evaluation",
    "reject", "report", "request-info", "restore", "return",
    "send-back", "sign", "uphold", "void",
}  # fmt: skip


def moves_on(page):
    """The everyday moves a problem's page offers, as the last part of their addresses."""
    links = [a["href"] for a in page.root.first(class_="page-actions").all("a")]
    return [name for href in links if (name := href.rsplit("/", 1)[1]) in EVERYDAY]


def test_the_main_way_through_the_pages(browser, office):
    issue = make_issue(office)
    steps = [
        ("coordinator", "assign", {"lead_unit_id": str(office.unit.id)}),
        ("handler", "sign", {}),
        ("handler", "record-contact", {"contact": "王经理"}),
        ("handler", "add-progress", {"note": "已现场查看", "next_step": "周三施工"}),
        ("handler", "report", {"outcome": "A", "done": "路面已修复", "told": "已电话告知"}),
        ("coordinator", "pass-review", {}),
        (
            "callback",
            "record-evaluation",
            {"solved": "solved", "level": "satisfied", "evaluator": "王经理"},
        ),
    ]
    for name, move, data in steps:
        person = browser(name)
        page = person.get("issues.show", issue_id=issue.id)
        assert move in moves_on(page), (move, moves_on(page))
        answer = person.post("issues.make_move", data, issue_id=issue.id, move=move)
        page = person.follow(answer)
    assert moves_on(browser("coordinator").get("issues.show", issue_id=issue.id)) == ["add-note"]
    shown = browser("leader").get("issues.show", issue_id=issue.id)
    assert moves_on(shown) == ["add-note", "void"]
    for words in ("路面已修复", "周三施工", "王经理", issue.number):
        assert words in shown.main


@pytest.mark.parametrize(
    ("state", "name", "offered"),
    [
        (State.REGISTERED, "cadre", ["correct", "add-note"]),
        (
            State.REGISTERED,
            "coordinator",
            ["assign", "request-info", "reject", "correct", "add-note", "void"],
        ),
        (State.REGISTERED, "callback", ["add-note"]),
        (State.ASSIGNED, "handler", ["sign", "record-contact", "add-progress", "return", "add-note"]),
        (State.RETURNED, "coordinator", ["reassign", "uphold", "correct", "add-note", "void"]),
        (State.RETURNED, "leader", ["add-note"]),
        (
            State.IN_PROGRESS,
            "handler",
            [
                *["record-contact", "report", "add-progress", "return"],
                *["ask-extension", "ask-suspension", "add-note"],
            ],
        ),
        (State.REPORTED, "handler", ["add-note"]),
        (State.REPORTED, "coordinator", ["pass-review", "send-back", "correct", "add-note", "void"]),
        (State.EVALUATING, "callback", ["record-evaluation", "log-attempt", "add-note"]),
        (State.EVALUATING, "coordinator", ["correct", "add-note", "void"]),
        (State.REJECTED, "leader", ["restore", "add-note"]),
        (State.CLOSED, "leader", ["add-note", "void"]),
        (State.VOID, "coordinator", ["add-note"]),
    ],
)
def test_a_page_offers_only_what_one_may_do(browser, office, state, name, offered):
    issue = make_issue(office, state)
    assert moves_on(browser(name).get("issues.show", issue_id=issue.id)) == offered


@pytest.mark.parametrize(
    ("state", "name", "move"),
    [(State.REGISTERED, "cadre", "assign"), (State.CLOSED, "coordinator", "void")],
)
def test_a_move_one_may_not_make_has_no_form(browser, office, state, name, move):
    issue = make_issue(office, state)
    browser(name).get("issues.make_move", issue_id=issue.id, move=move, status=403)


@pytest.mark.parametrize("move", ["no-such-move", "rework", "close-evaluated", "add_progress", "register"])
def test_only_moves_of_people_have_a_page(browser, office, move):
    issue = make_issue(office)
    browser("coordinator").get("issues.make_move", issue_id=issue.id, move=move, status=404)


def test_who_may_not_see_a_problem_finds_none(browser, office):
    issue = make_issue(office, State.ASSIGNED)
    stranger = browser("other_handler")
    stranger.get("issues.show", issue_id=issue.id, status=404)
    stranger.get("issues.make_move", issue_id=issue.id, move="sign", status=404)
    assert issue.number not in stranger.get("issues.index").main


def test_a_refusal_keeps_what_was_typed(browser, office):
    issue = make_issue(office, State.IN_PROGRESS)
    typed = {"outcome": "B", "done": "已列入明年计划", "told": "已书面告知"}
    page = browser("handler").post("issues.make_move", typed, issue_id=issue.id, move="report", status=422)
    assert len(page.errors) == 1
    assert "已列入明年计划" in page.main
    assert issue.state == State.IN_PROGRESS


def test_a_stale_form_is_told_so_and_nothing_is_lost(browser, office, db):
    issue = make_issue(office)
    person = browser("coordinator")
    form = person.get("issues.make_move", issue_id=issue.id, move="reject")
    do.request_info(office.coordinator, issue, "请补充")
    db.session.commit()
    page = person.post(
        "issues.make_move",
        {"reason": "已进入诉讼程序", "told": "建议依法解决"},
        issue_id=issue.id,
        move="reject",
        page=form,
        status=409,
    )
    assert "已进入诉讼程序" in page.main
    assert issue.state == State.REGISTERED


def test_a_problem_without_a_visit(browser, office, db):
    firm, category = make_enterprise(), make_category()
    db.session.commit()
    person = browser("coordinator")
    page = person.post("issues.new", {"title": "x" * 81}, status=422)
    assert len(page.errors) >= 3
    answer = person.post(
        "issues.new",
        {
            "enterprise_id": str(firm.id),
            "title": "申请增容 <b>变压器</b>",
            "description": "扩产后用电不足",
            "category_id": str(category.id),
            "source": "hotline",
            "reporter_phone": "13812345678",
        },
    )
    shown = person.follow(answer)
    assert "WT20261123-001" in shown.main
    assert "<b>变压器</b>" in shown.main
    assert "13812345678" in shown.main
    assert "138****5678" in browser("leader").get(answer.location).main


FILTERS = [
    ({"state": "registered"}, {"new"}),
    ({"state": "open"}, {"new", "desk", "late"}),
    ({"state": "counted"}, {"new", "desk", "late", "spot"}),
    ({"state": "all"}, {"new", "desk", "late", "spot", "rejected", "void"}),
    ({}, {"new", "desk", "late", "spot", "rejected"}),
    ({"overdue": "y"}, {"late"}),
    ({"light": "red"}, {"late"}),
    ({"light": "green"}, {"desk"}),
    ({"outcome": "A"}, {"spot"}),
    ({"on_spot": "y"}, {"spot"}),
    ({"registered_to": "2026-10-31"}, {"late"}),
    ({"registered_from": "2026-11-23", "state": "open"}, {"new", "desk"}),
    ({"closed_from": "2026-11-01", "closed_to": "2026-11-30"}, {"spot"}),
    ({"closed_to": "2026-11-01"}, set()),
    ({"q": "独一无二"}, {"new"}),
    ({"unit": "UNIT"}, {"desk", "late"}),
    ({"enterprise": "FIRM"}, {"new"}),
    (
        {"state": "nonsense", "registered_from": "xx", "unit": "a"},
        {"new", "desk", "late", "spot", "rejected"},
    ),
]


def test_filters_show_exactly_their_rows(db, at, client_for):
    at("2026-10-09")
    office = make_office()
    firm = make_enterprise()
    found = {"late": make_issue(office, State.ASSIGNED)}
    at("2026-11-23")
    found["new"] = make_issue(office, title="独一无二的诉求", enterprise=firm)
    found["desk"] = make_issue(office, State.IN_PROGRESS)
    found["rejected"] = make_issue(office, State.REJECTED)
    found["void"] = make_issue(office, State.VOID)
    found["spot"] = do.close_on_spot(office.cadre, make_entry(), "当场答复", Level.SATISFIED)
    db.session.commit()
    names = {issue.number: name for name, issue in found.items()}
    person = client_for(office.people["coordinator"])
    for filters, expected in FILTERS:
        given = {k: {"UNIT": office.unit.id, "FIRM": firm.id}.get(v, v) for k, v in filters.items()}
        page = person.get("issues.index", **given)
        assert {names[row[0]] for row in page.rows} == expected, filters


def test_a_light_is_said_in_words(browser, office, at):
    make_issue(office, State.ASSIGNED)
    at("2026-12-02")
    assert "今天到期" in browser("leader").get("issues.index").main
    at("2026-12-07")
    assert "超期3个工作日" in browser("leader").get("issues.index").main


def test_statements_do_not_grow_with_the_rows(browser, office, statements):
    fill_calendar([2026])  # as the set-up does; only then is it kept between requests
    issue_id = make_issue(office, State.CLOSED).id
    counts = []
    for _ in range(2):
        for name in ("coordinator", "handler"):
            person = browser(name)
            with statements() as listed:
                person.get("issues.index")
            with statements() as shown:
                person.get("issues.show", issue_id=issue_id)
            counts.append((name, len(listed), len(shown)))
        for _ in range(3):
            make_issue(office, State.IN_PROGRESS)
    assert counts[:2] == counts[2:]
    assert max(max(count[1:]) for count in counts) <= 10, counts


def test_categories_are_kept_by_the_coordinator(browser, office, db):
    category = make_category()
    db.session.commit()
    person = browser("coordinator")
    person.post(
        "issues.edit_category",
        {"name": "规划用地", "unit_id": str(office.unit.id), "complexity": "major"},
        category_id=category.id,
    )
    assert ["规划用地", office.unit.name] in [row[:2] for row in person.get("issues.categories").rows]
    page = person.post("issues.new_category", {"name": "第十四类"}, status=422)
    assert len(page.errors) == 1
    browser("cadre").get("issues.categories", status=403)


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.EXPLAINED])
def test_whether_it_accepts_is_marked_as_required_where_it_is_asked(office, client_for, db, outcome):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, ReportEntry(outcome, "已办理", "已说明"))
    do.pass_review(office.coordinator, issue)
    db.session.commit()
    page = client_for(office.people["callback"]).get(
        "issues.make_move", issue_id=issue.id, move="record-evaluation"
    )
    marks = [label.text.strip()[-1] for label in page.root.all("label") if label["for"] == "accepts"]
    assert marks == ([] if outcome is Outcome.SOLVED else ["*"])


@pytest.mark.parametrize(("description", "times"), [("夜间断电 ", 1), ("夜间断电，影响三班生产", 2)])
def test_a_description_that_repeats_the_title_is_not_shown_besides(browser, office, description, times):
    issue = make_issue(office, title="夜间断电", description=description)
    for address in ({"endpoint": "issues.show", "issue_id": issue.id}, {"endpoint": "desks.office"}):
        page = browser("coordinator").get(**address)
        shown = [page.root.first("h1"), *page.root.all("h2"), *page.root.all("p", class_="text")]
        assert sum("夜间断电" in said.text for said in shown) == times


def tasks_on(page):
    """Of each unit's task, how it is signed and how far it is."""
    table = next(table for table in page.root.all("table") if table.first(data_label="首次联系企业"))
    return [
        tuple(row.first("td", data_label=column).text for column in ("签收时间", "状态"))
        for row in table.first("tbody").all("tr")
    ]


def test_a_task_says_the_last_day_and_what_the_heading_says(browser, office, db):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    db.session.commit()
    page = browser("coordinator").get("issues.show", issue_id=issue.id)
    assert tasks_on(page) == [("期限 2026-11-24", "待签收"), ("—", "协办待答复")]
    do.sign(office.handler, issue)
    do.answer_as_co_unit(office.other_handler, issue, "已配合勘查")
    db.session.commit()
    (_, lead), (_, co_unit) = tasks_on(browser("coordinator").get("issues.show", issue_id=issue.id))
    assert (lead, co_unit) == ("办理中", "已回复")
