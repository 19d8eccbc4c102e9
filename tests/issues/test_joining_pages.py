"""The pages by which problems are joined, parted, withdrawn, marked, followed and given duties."""

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_category, make_issue
from tests.issues.reading import hrefs, numbers, relations_of
from visits.core.calendar import fill_calendar
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Issue, RedFlag
from visits.issues.states import State


def test_a_coordinator_merges_and_undoes_it(db, browser, problem):
    issue, target = problem(title="东门道路破损"), problem(title="东门外道路破损严重")
    person = browser("coordinator")
    form = person.get("issues.make_move", issue_id=issue.id, move="merge")
    assert f"{target.number} 东门外道路破损严重（待受理" in form.main
    answer = person.post(
        "issues.make_move",
        {"target_id": str(target.id), "note": "同一处路面"},
        issue_id=issue.id,
        move="merge",
    )
    page = person.follow(person.follow(answer, status=303))
    assert f"{issue.number}已并入本件" in page.main
    assert "东门外道路破损严重" in page.main
    own = person.get("issues.show", issue_id=issue.id, **{"as-merged": 1})
    assert "已并件" in own.main
    assert "unmerge" in hrefs(own)
    assert "同一处路面" in own.main
    person.post("issues.make_move", {"note": "地点不同"}, issue_id=issue.id, move="unmerge")
    db.session.expire_all()
    assert issue.state is State.REGISTERED


def test_a_merged_problem_leads_only_those_who_may_read_the_other_one(db, office, browser, firm, problem):
    target = problem(State.ASSIGNED)
    issue = make_issue(office, enterprise=firm)
    do.assign(office.coordinator, issue, do.AssignEntry(office.other_unit.id))
    do.merge(office.coordinator, issue, target, "同一件事")
    shown = browser("other_handler").get("issues.show", issue_id=issue.id)
    assert "您无权查看该件" in shown.main
    assert target.title not in shown.text
    assert (
        browser("cadre").get("issues.show", issue_id=issue.id, status=303).location.endswith(str(target.id))
    )


@pytest.mark.parametrize("move", ["merge", "link-repeat"])
def test_which_other_problem_is_not_taken(db, office, browser, firm, problem, move, at):
    foreign, merged, void = make_issue(office), problem(), problem(State.VOID)
    do.merge(office.coordinator, merged, problem(), "同一件事")
    at("2026-11-24")
    issue, person = problem(), browser("coordinator")
    tries = [
        ({"target_id": "", "number": ""}, "同一企业的另一件"),
        ({"target_id": str(foreign.id)}, ""),
        ({"target_id": str(issue.id)}, ""),
        ({"target_id": "999999999"}, ""),
        ({"target_id": "9" * 30}, ""),
        ({"target_id": "x"}, ""),
        ({"number": foreign.number}, "没有您有权查看的"),
        ({"number": "WT19000101-001"}, "没有您有权查看的"),
        ({"number": "' OR 1=1 --"}, "没有您有权查看的"),
        ({"number": issue.number}, "同一企业的另一件"),
        ({"number": void.number}, "作废"),
        ({"number": "长" * 21}, "最多20个字"),
    ]
    if move == "merge":
        tries += [({"number": merged.number}, "本身已并入"), ({"note": " "}, "必填")]
    for data, words in tries:
        page = person.post(
            "issues.make_move", {"note": "同一件事"} | data, status=422, issue_id=issue.id, move=move
        )
        assert words in page.main, (data, page.main)
        assert "同一件事" in page.text or "note" in data
    db.session.expire_all()
    assert (issue.state, issue.merged_into_id, issue.repeat_of_id) == (State.REGISTERED, None, None)


def test_a_problem_is_linked_by_its_number_as_a_repeat(db, office, browser, problem, at):
    earlier = problem(State.CLOSED)
    at("2027-04-01")
    issue, person = problem(), browser("coordinator")
    page = person.follow(
        person.post(
            "issues.make_move", {"number": earlier.number.lower()}, issue_id=issue.id, move="link-repeat"
        )
    )
    assert f"本件为重复反映，前件：{earlier.number}" in page.main
    assert f"企业再次反映：{issue.number}" in person.get("issues.show", issue_id=earlier.id).main
    assert numbers(person.get("issues.index", marks="repeat")) == [issue.number]


def test_a_problem_is_split_without_script(db, office, browser, problem):
    issue, category, person = problem(State.ASSIGNED), make_category(), browser("coordinator")
    part = {"parts-0-title": "路灯不亮", "parts-0-category_id": str(category.id)}
    half = {"parts-3-description": "没有标题"}
    page = person.post(
        "issues.make_move", {"note": "两件事"} | part | half, status=422, issue_id=issue.id, move="split"
    )
    assert page.root.first("input", name="parts-0-title")["value"] == "路灯不亮"
    assert "第1部分" in page.main
    assert "用不到的部分留空即可" in page.main
    assert "parts-0" not in page.main.lower()
    assert "没有标题" in page.root.first("textarea", name="parts-3-description").text
    assert "必填" in page.main
    other = {"parts-4-title": "排水不畅", "parts-4-category_id": str(category.id)}
    page = person.follow(
        person.post("issues.make_move", {"note": "两件事"} | part | other, issue_id=issue.id, move="split")
    )
    parts = relations_of(office.coordinator, issue).parts
    assert [row.title for row in parts] == ["路灯不亮", "排水不畅"]
    for row in parts:
        assert row.number in page.main
    assert f"由{issue.number}" in person.get("issues.show", issue_id=parts[0].id).main


def test_a_part_is_not_hinted_to_be_the_same_as_its_like(office, browser, firm, problem):
    issue, category = problem(title="东门道路破损"), make_category()
    parts = [
        do.PartEntry("东门道路破损甲", "", category.id),
        do.PartEntry("东门道路破损乙", "", category.id),
    ]
    one, _ = do.split(office.coordinator, issue, parts, "两件事")
    person = browser("coordinator")
    for each in (issue, one):
        assert "疑似同一问题" not in person.get("issues.show", issue_id=each.id).main
    stranger = problem(title="东门道路破损")
    page = person.get("issues.show", issue_id=one.id).main
    assert "疑似同一问题" in page
    assert stranger.number in page


def test_the_form_to_split_folds_what_is_rarely_needed_and_says_what_goes_on(browser, problem):
    issue = problem()
    page = browser("coordinator").get("issues.make_move", issue_id=issue.id, move="split")
    assert [box.first("legend").text for box in page.root.all("fieldset")][-2:] == ["第1部分", "第2部分"]
    folded = [box for box in page.root.all("details") if box.text.strip().startswith("第")]
    assert [("open" in box) for box in folded] == [False] * 3
    assert f"{issue.number}本身照常办理" in page.main


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "1至5件"),
        ({"note": " ", "parts-0-title": "路灯"}, "必填"),
        ({"parts-0-title": "长" * 81}, "最多80个字"),
        ({"parts-0-title": "路灯", "parts-0-category_id": "999999"}, ""),
        ({"parts-0-title": "路灯", "parts-0-urgency": "very"}, ""),
        ({"parts-9-title": "第十件"}, ""),
    ],
)
def test_what_cannot_be_split_is_said_at_its_field(db, browser, problem, data, words):
    issue = problem()
    page = browser("coordinator").post(
        "issues.make_move", {"note": "两件事"} | data, status=422, issue_id=issue.id, move="split"
    )
    assert words in page.main
    assert db.session.query(Issue).filter(Issue.split_from_id.is_not(None)).count() == 0


def test_a_withdrawal_goes_through_the_callback(db, office, browser, problem):
    officer = make_person([Role.OFFICER])
    issue, other = problem(State.IN_PROGRESS), problem(State.IN_PROGRESS)
    for each in (issue, other):
        do.watch(actor_for(officer), each)
        page = browser(officer).post(
            "issues.make_move", {"note": "企业来电说不要了"}, issue_id=each.id, move="ask-withdrawal"
        )
    caller = browser("callback")
    page = caller.get("issues.show", issue_id=issue.id)
    assert {"withdraw", "refuse-withdrawal"} <= set(hrefs(page, "card-decision"))
    answer = {"evaluator": "王经理", "note": "单位打电话让我们撤。"}
    page = caller.post("issues.make_move", answer, status=422, issue_id=issue.id, move="withdraw")
    assert "自愿撤回" in page.main
    supervisor = browser(make_person([Role.SUPERVISOR]))
    waiting = supervisor.get("issues.index", asked="withdrawal")
    assert set(numbers(waiting)) == {issue.number, other.number}
    caller.post("issues.make_move", answer, issue_id=issue.id, move="refuse-withdrawal")
    caller.post(
        "issues.make_move",
        answer | {"is_free": "y", "note": "已自行解决"},
        issue_id=other.id,
        move="withdraw",
    )
    db.session.expire_all()
    assert (issue.state, other.state) == (State.IN_PROGRESS, State.WITHDRAWN)
    denied = supervisor.get("issues.index", marks="withdrawal_denied")
    assert numbers(denied) == [issue.number]
    assert numbers(supervisor.get("issues.index", asked="withdrawal")) == []


def test_marks_stand_beside_the_state_and_narrow_the_list(db, office, browser, problem):
    issue, plain = problem(State.ASSIGNED), problem(State.ASSIGNED)
    leader = browser("leader")
    for move, data in (
        ("raise-flag", {"red_flag": "stopping", "note": "已停产一周"}),
        ("escalate", {"note": "超期未办"}),
        ("escalate", {"note": "仍未办"}),
        ("remind", {"note": "请抓紧"}),
        ("instruct", {"note": "请经发局牵头"}),
    ):
        leader.post("issues.make_move", data, issue_id=issue.id, move=move)
    page = leader.get("issues.show", issue_id=issue.id)
    for words in ("预警：停产", "提级：2级（分管领导）", "请经发局牵头", "请抓紧"):
        assert words in page.main
    for query in ({"red_flag": "stopping"}, {"escalated": "1"}, {"escalated": ["2", "3"]}):
        found = leader.get("issues.index", **query)
        assert numbers(found) == [issue.number], query
    assert "预警" in leader.get("issues.index").main
    assert numbers(leader.get("issues.index", escalated="3")) == []
    found = leader.get("issues.index", red_flag="-")
    assert set(numbers(found)) <= {issue.number, plain.number}


def test_the_enterprise_s_name_is_kept_from_the_registration_on(db, browser, firm):
    person = browser("cadre")
    category = make_category()
    db.session.commit()
    page = person.follow(
        person.post(
            "issues.new",
            {
                "enterprise_id": str(firm.id),
                "title": "欠薪",
                "description": "两个月未发工资",
                "category_id": str(category.id),
                "red_flag": "unpaid_wages",
                "confidential": "y",
            },
        )
    )
    assert "企业要求保密" in page.main
    assert "预警：欠薪" in page.main
    assert "show-enterprise" in hrefs(page)


def test_a_look_at_what_reads_alike_before_it_is_registered_again(db, office, browser, firm, problem):
    known = problem(title="厂区东门道路破损", description="货车进出困难。")
    make_issue(office, title="厂区东门道路破损")
    person = browser("coordinator")
    typed = {
        "enterprise_id": str(firm.id),
        "title": "东门道路破损严重",
        "description": "货车进出困难，请修。",
        "category_id": str(known.category_id),
    }
    page = person.post("issues.new", typed, status=200)
    assert "尚未登记" in page.main
    assert known.number in page.main
    assert "货车进出困难，请修。" in page.text
    assert db.session.query(Issue).filter(Issue.title == "东门道路破损严重").count() == 0
    page = person.follow(person.post("issues.new", page=page))
    assert "东门道路破损严重" in page.main
    assert "疑似同一问题" in page.main
    assert db.session.query(Issue).filter(Issue.title == "东门道路破损严重").count() == 1


def test_the_look_discloses_nothing_that_may_not_be_read(db, browser, firm, problem):
    known = problem(title="厂区东门道路破损", description="货车进出困难。")
    stranger = browser(make_person([Role.CADRE]))
    answer = stranger.post(
        "issues.new",
        {
            "enterprise_id": str(firm.id),
            "title": "厂区东门道路破损",
            "description": "货车进出困难。",
            "category_id": str(known.category_id),
        },
    )
    page = stranger.follow(answer)
    assert known.number not in page.text
    assert "疑似同一问题" not in page.main


def test_the_fullest_page_costs_no_more_than_ten_statements(db, office, browser, problem, statements):
    fill_calendar([2026])
    earlier, issue = problem(), problem(State.ASSIGNED)
    do.link_repeat(office.coordinator, issue, earlier)
    do.raise_flag(office.leader, issue, RedFlag.CASH, "资金链紧张")
    counts, issue_id = [], issue.id
    for _ in range(2):
        for _ in range(3):
            do.merge(office.coordinator, problem(), issue, "同一件事")
        for name in ("coordinator", "handler"):
            person = browser(name)
            with statements() as seen:
                person.get("issues.show", issue_id=issue_id)
            with statements() as merging:
                person.get("issues.make_move", issue_id=issue_id, move="merge", status=None)
            counts.append((len(seen), len(merging)))
    assert counts[:2] == counts[2:]
    assert max(map(max, counts)) <= 10, counts


def test_other_problems_do_not_name_the_enterprise_that_is_not_to_be_named(db, office, browser, problem):
    kept, plain = problem(State.ASSIGNED), problem(State.ASSIGNED)
    do.hide_enterprise(office.coordinator, kept, "企业要求保密")
    do.merge(office.coordinator, kept, plain, "同一件事")
    handler = browser("handler")
    page = handler.get("issues.show", issue_id=kept.id)
    assert plain.title not in page.text
    assert kept.title not in handler.get("issues.show", issue_id=plain.id).text
    assert kept.title in browser("coordinator").get("issues.show", issue_id=plain.id).text
