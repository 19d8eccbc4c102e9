"""The one screen on which a visit is recorded, used without script as with it."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, picked, problem_at
from tests.factories.programmes import join, make_group, make_link, make_programmes
from tests.support.browser import entries_of
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue, State
from visits.outreach import queries
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Visit

pytestmark = pytest.mark.usefixtures("database")
BOTH = ("企业大走访", "组团联企")


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    make_programmes()
    return make_person(roles=[Role.CADRE], unit=make_unit("经济发展局"), name="李干部")


@pytest.fixture
def screen(me, client_for):
    return client_for(me)


@pytest.fixture
def firm(database):
    return make_enterprise("杭州临平精密机械有限公司")


def ticked(page, name):
    return [box["value"] for box in page.root.all("input", name=name) if "checked" in box]


def stored(database):
    return database.session.scalars(sa.select(Visit)).all()


def test_the_form_opens_with_what_is_usual(screen, me):
    page = screen.get("outreach.new")
    assert page.root.first("input", name="visited_on")["value"] == "2026-11-23"
    form = entries_of(page.posts_to("/visits/new"))
    assert form["participant_ids"] == str(me.id)
    assert form["mode"] == "on_site"
    assert len(ticked(page, "programme_ids")) == 1


def test_a_visit_without_problems_takes_an_enterprise_and_a_tick(screen, firm):
    answer = screen.post("outreach.new", picked(firm, no_issue_ids="all"))
    page = screen.get(answer.location)
    assert firm.name in page.main
    assert "李干部" in page.main
    assert "企业大走访" in page.main


def test_what_is_missing_is_told_all_at_once(screen, firm):
    page = screen.post("outreach.new", picked(firm, **{"promises-0-due_on": "2026-12-01"}), status=422)
    assert [fault for fault in page.errors if firm.name in fault and "暂无问题" in fault]
    assert len(page.errors) == 2


def test_a_visit_with_problems_promises_and_outside_people(screen, firm, category, database):
    data = picked(
        firm,
        **{
            "problems-0-title": "用电容量不足",
            "problems-0-category_id": str(category.id),
            "problems-0-urgency": "urgent",
            "problems-1-title": "门口路灯不亮",
            "problems-1-category_id": str(category.id),
            "problems-1-on_spot": "y",
            "problems-1-how": "当场联系市政修好",
            "problems-1-level": "satisfied",
            "promises-0-what": "下周带供电公司上门",
            "promises-0-owner": "李干部",
            "promises-0-due_on": "2026-11-30",
            "outsiders-0-name": "周某",
            "outsiders-0-unit_name": "东湖街道",
            "summary": "企业满产。",
        },
    )
    page = screen.get(screen.post("outreach.new", data).location)
    for words in ("用电容量不足", "门口路灯不亮", "下周带供电公司上门", "东湖街道", "企业满产。"):
        assert words in page.main
    rows = database.session.execute(sa.select(Issue.title, Issue.state).order_by(Issue.id)).all()
    assert rows == [("用电容量不足", State.REGISTERED), ("门口路灯不亮", State.CLOSED)]


def test_without_script_an_enterprise_is_found_by_a_part_of_its_name(screen, firm):
    page = screen.post("outreach.new", {"enterprises": "临平精密", "show": "1"}, status=200)
    assert ticked(page, "enterprise_ids") == [str(firm.id)]
    assert page.root.first("input", name="enterprises")["value"] == ""
    screen.post("outreach.new", {"no_issue_ids": "all"}, page=page)


def test_without_script_several_that_match_are_offered_as_ticks(screen, database):
    first, second = make_enterprise("临平电子有限公司"), make_enterprise("临平纺织有限公司")
    page = screen.post("outreach.new", {"enterprises": "临平", "no_issue_ids": "all"}, status=422)
    assert len(page.errors) == 1
    offered = [box["value"] for box in page.root.all("input", name="enterprise_ids")]
    assert sorted(offered) == sorted([str(first.id), str(second.id)])
    screen.post("outreach.new", {"enterprise_ids": str(second.id)}, page=page)
    [visit] = stored(database)
    assert [f.name for f in queries.firms_of_visits([visit.id])[visit.id]] == [second.name]


def test_digits_typed_are_the_end_of_a_code_and_never_an_id(screen, firm, database):
    page = screen.post("outreach.new", {"enterprises": f"{firm.id}{firm.id}", "show": "1"}, status=200)
    assert ticked(page, "enterprise_ids") == []
    page = screen.post("outreach.new", {"enterprises": firm.code[-6:], "show": "1"}, status=200)
    assert ticked(page, "enterprise_ids") == [str(firm.id)]


def test_picked_and_typed_enterprises_may_stand_side_by_side(screen, firm, database):
    second = make_enterprise("余杭纺织有限公司")
    screen.post("outreach.new", {"enterprises": f"#{firm.id},余杭纺织", "no_issue_ids": "all"})
    [visit] = stored(database)
    assert {f.name for f in queries.firms_of_visits([visit.id])[visit.id]} == {firm.name, second.name}


def test_an_enterprise_nobody_knows_is_said_and_kept(screen):
    page = screen.post("outreach.new", {"enterprises": "没有这家", "no_issue_ids": "all"}, status=422)
    assert page.root.first("input", name="enterprises")["value"] == "没有这家"
    assert "没有这家" in page.errors[0]


def test_what_is_open_at_the_enterprise_comes_first(screen, me, firm, database):
    promise = PromiseEntry(firm.id, "协调周边停车位", "王科长", date(2026, 12, 1))
    make_visit(firm, author=me, problems=[problem_at(firm, title="用气价格高")], promises=[promise])
    page = screen.get("outreach.new", enterprise=firm.id)
    assert ticked(page, "enterprise_ids") == [str(firm.id)]
    asked = [row.first("legend").text for row in page.root.all("fieldset") if "data-about" in row]
    assert ["协调周边停车位" in asked[0], "用气价格高" in asked[1], len(asked)] == [True, True, 2]


def test_group_linked_is_pre_ticked_for_the_enterprises_of_my_groups(screen, me, firm, database):
    group = make_group()
    join(group, me)
    make_link(firm, group)
    other = make_enterprise()
    assert len(ticked(screen.get("outreach.new", enterprise=firm.id), "programme_ids")) == 2
    assert len(ticked(screen.get("outreach.new", enterprise=other.id), "programme_ids")) == 1
    page = screen.post("outreach.new", picked(firm, show="1"), status=200)
    assert len(ticked(page, "programme_ids")) == 2
    answer = screen.post("outreach.new", {"no_issue_ids": "all"}, page=page)
    shown = screen.get(answer.location).main
    assert all(name in shown for name in (*BOTH, group.name))
    straight = screen.get(screen.post("outreach.new", picked(firm, no_issue_ids="all")).location).main
    assert all(name in straight for name in (*BOTH, group.name))


def test_group_linked_once_shown_and_unticked_stays_so(screen, me, firm, database):
    group = make_group()
    join(group, me)
    make_link(firm, group)
    page = screen.get("outreach.new", enterprise=firm.id)
    visit_only = page.root.all("input", name="programme_ids")[0]["value"]
    data = {"programme_ids": visit_only, "no_issue_ids": "all"}
    assert "组团联企" not in screen.get(screen.post("outreach.new", data, page=page).location).main


TYPED = {
    "visited_on": "2026-11-20",
    "mode": "symposium",
    "kind": "topical",
    "problems-0-title": "招工困难",
    "problems-0-description": "一线工人缺口三十名",
    "problems-0-wish": "组织专场招聘",
    "problems-0-red_flag": "moving_out",
    "problems-0-confidential": "y",
    "promises-0-what": "联系人社局",
    "promises-0-owner": "李干部",
    "outsiders-0-name": "吴某",
    "outsiders-0-unit_name": "人社局",
    "summary": "座谈两小时",
    "place": "二楼会议室",
    "start_time": "09:30",
    "new_name": "临平新锐科技有限公司",
    "new_reason": "执照在办",
}


@pytest.mark.parametrize("wrong", [{}, {"visited_on": "2026-11-24"}, {"end_time": "08:00"}, {"mode": "no"}])
def test_nothing_typed_is_lost_on_an_error(screen, firm, wrong, database):
    data = picked(firm, **(TYPED | wrong))
    page = screen.post("outreach.new", data, status=422)
    assert page.errors
    kept = entries_of(page.posts_to("/visits/new"))
    del data["enterprises"], data["mode"]
    lost = {key: value for key, value in data.items() if kept[key].strip() != value}
    assert lost == {}
    assert kept["enterprise_ids"] == str(firm.id)
    assert stored(database) == []


def test_more_lines_come_without_script_and_keep_what_was_typed(screen, firm, category):
    data = {"problems-0-title": "招工困难", "problems-0-category_id": str(category.id), "more": "problems"}
    page = screen.post("outreach.new", picked(firm, **data), status=200)
    kept = entries_of(page.posts_to("/visits/new"))
    assert kept["problems-0-title"] == "招工困难"
    assert "problems-2-title" in kept
    assert "promises-1-what" not in kept


@pytest.mark.parametrize("kind", ["problems", "promises", "outsiders"])
def test_lines_added_by_script_are_read_whatever_their_numbers(screen, firm, category, kind, database):
    values = {
        "problems": {"title": "招工困难", "category_id": str(category.id)},
        "promises": {"what": "联系人社局"},
        "outsiders": {"name": "吴某"},
    }
    data = {f"{kind}-7-{name}": value for name, value in values[kind].items()}
    tick = {} if kind == "problems" else {"no_issue_ids": "all"}
    screen.post("outreach.new", picked(firm, **data, **tick))
    assert len(stored(database)) == 1


def test_participants_keep_the_order_in_which_they_were_chosen(screen, me, firm, database):
    first, second = make_person(name="赵静"), make_person(name="陈涛")
    chosen = [str(person.id) for person in (second, me, first)]
    page = screen.post("outreach.new", picked(firm, participant_ids=chosen), status=422)
    assert entries_of(page.posts_to("/visits/new")).getlist("participant_ids") == chosen
    page = screen.get(screen.post("outreach.new", {"no_issue_ids": "all"}, page=page).location)
    assert page.main.index("陈涛") < page.main.rindex("李干部") < page.main.index("赵静")
    listed = screen.get("/visits?columns=names").main
    assert listed.index("陈涛") < listed.index("赵静")
    [visit] = stored(database)
    page = screen.get("outreach.amend", visit_id=visit.id)
    assert entries_of(page.posts_to(f"/visits/{visit.id}/amend")).getlist("participant_ids") == chosen


def test_an_enterprise_not_in_the_register_is_named_on_the_spot(screen, database):
    data = {"new_name": "临平新锐科技有限公司", "new_reason": "执照正在办理", "no_issue_ids": "all"}
    screen.post("outreach.new", data)
    assert database.session.scalar(sa.select(Enterprise.is_provisional)) is True


@pytest.mark.parametrize(
    "data",
    [
        {"no_issue_ids": "all"},
        {"no_issue_ids": "all", "new_name": "没有原因的公司"},
        {"no_issue_ids": "all", "new_reason": "没有名称"},
        {"firm": True},
        {"firm": True, "no_issue_ids": "all", "participant_ids": []},
        {"firm": True, "no_issue_ids": "all", "programme_ids": []},
        {"firm": True, "no_issue_ids": "all", "visited_on": ""},
        {"firm": True, "no_issue_ids": "all", "visited_on": "1970-01-01"},
        {"firm": True, "problems-0-title": "没有类别"},
        {"firm": True, "problems-0-description": "没有标题"},
        {"firm": True, "no_issue_ids": "all", "problems-0-red_flag": "safety"},
        {"firm": True, "no_issue_ids": "all", "problems-0-confidential": "y"},
        {"firm": True, "no_issue_ids": "all", "promises-0-owner": "只有谁"},
        {"firm": True, "no_issue_ids": "all", "outsiders-0-unit_name": "只有单位"},
        {"firm": True, "no_issue_ids": "all", "participant_ids": "99999"},
        {"firm": True, "no_issue_ids": "all", "programme_ids": "99999"},
        {"firm": True, "no_issue_ids": "all", "programme_ids": "abc"},
        {"firm": True, "no_issue_ids": "99999"},
        {"firm": True, "no_issue_ids": "all", "place": "长" * 121},
        {"firm": True, "no_issue_ids": "all", "client_id": "短"},
        {"firm": True, "no_issue_ids": "all", "client_id": "\0" * 36},
        {"enterprises": "\0", "no_issue_ids": "all\0"},
        {"firm": True, "no_issue_ids": "all", "mode": "\0", "group_id": "99999"},
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_stored(screen, firm, data, database):
    data = dict(data)
    if data.pop("firm", False):
        data |= picked(firm)
    page = screen.post("outreach.new", data, status=422)
    assert page.summary
    assert stored(database) == []


@pytest.mark.parametrize(
    ("spot", "faults"),
    [
        ({"on_spot": "y"}, 1),
        ({"how": "修好了"}, 1),
        ({"on_spot": "y", "how": "修好了"}, 0),
    ],
)
def test_solved_on_the_spot_says_how(screen, firm, category, spot, faults):
    data = {"problems-0-title": "路灯不亮", "problems-0-category_id": str(category.id)}
    data |= {f"problems-0-{name}": value for name, value in spot.items()}
    page = screen.post("outreach.new", picked(firm, **data), status=422 if faults else 303)
    assert len(page.errors if faults else []) == faults


def test_sent_twice_it_is_one_visit(screen, firm, database):
    page = screen.get("outreach.new")
    data = picked(firm, no_issue_ids="all")
    first = screen.post("outreach.new", data, page=page)
    second = screen.post("outreach.new", data, page=page)
    assert first.location == second.location
    third = screen.post("outreach.new", {**data, "submission_id": "0" * 36}, page=page)
    assert third.location == first.location
    assert len(stored(database)) == 1


def test_html_in_every_field_stays_text(screen, firm, category):
    mark = "<script>x</script>"
    data = {
        "problems-0-title": mark,
        "problems-0-category_id": str(category.id),
        "problems-0-description": mark,
        "promises-0-what": mark,
        "outsiders-0-name": mark,
        "summary": mark,
        "place": mark,
    }
    page = screen.get(screen.post("outreach.new", picked(firm, **data)).location)
    assert page.main.count(mark) == 5


@pytest.mark.parametrize("role", [Role.HANDLER, Role.CALLBACK, Role.LEADER, Role.ADMIN, Role.AUDITOR])
def test_who_does_not_go_to_enterprises_gets_no_form(client_for, role):
    browser = client_for(make_person(roles=[role]))
    browser.get("outreach.new", status=403)
    browser.get("outreach.lookup", status=403)


def test_the_type_ahead_marks_what_was_picked(screen, firm):
    page = screen.get("outreach.lookup", q="临平")
    assert page.response.json == [{"value": f"#{firm.id}", "text": firm.name, "note": firm.code}]


def test_the_screen_takes_few_statements(screen, me, firm, database, statements):
    group = make_group()
    join(group, me)
    make_link(firm, group)
    make_visit(firm, author=me, problems=[problem_at(firm)])
    database.session.commit()
    with statements() as seen:
        screen.get("outreach.new", enterprise=firm.id)
    assert len(seen) <= 10
