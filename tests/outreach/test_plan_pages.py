"""Pages of plans, without script as with it: the month, planning, moving, joining, recording."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan
from tests.factories.programmes import make_programmes
from tests.support.browser import entries_of
from visits.core.calendar import fill_calendar
from visits.core.permissions import Role
from visits.outreach.models import PlanState, Visit, VisitPlan

pytestmark = pytest.mark.usefixtures("database")
TODAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-09-14")


@pytest.fixture
def me(database):
    make_programmes()
    return make_person([Role.CADRE], make_unit("经济发展局"), name="李干部")


@pytest.fixture
def colleague(database):
    return make_person([Role.OFFICER], make_unit("规划建设局"), name="王专员")


@pytest.fixture
def screen(me, client_for):
    return client_for(me)


@pytest.fixture
def firm(database):
    return make_enterprise("湖畔精密机械有限公司")


def plans_in(database):
    return database.session.scalars(sa.select(VisitPlan).order_by(VisitPlan.id)).all()


def cell_of(page, day):
    """What stands in the calendar under a day of the month."""
    for cell in page.root.all("li"):
        time = cell.first("time")
        if "plan-day" in (cell["class"] or "") and time and time["datetime"] == day:
            return cell
    raise AssertionError(f"no {day} in the calendar")


def test_a_visit_is_planned_and_stands_in_the_month(screen, firm, colleague, database):
    data = {
        "enterprise": f"#{firm.id}",
        "planned_on": "2026-09-18",
        "start_time": "09:30",
        "purpose": "了解用工情况",
        "companion_ids": str(colleague.id),
    }
    page = screen.follow(screen.post("plans.new", data))
    for words in ("2026-09-18 周五", "09:30", "了解用工情况", "王专员", "李干部"):
        assert words in page.main
    month = screen.get("plans.index")
    assert firm.name in cell_of(month, "2026-09-18").text
    assert "湖畔" not in screen.get("plans.index", month="2026-10").main
    (plan,) = plans_in(database)
    assert plan.programme_id is not None


def test_the_month_is_called_as_people_say_it(screen):
    assert screen.get("plans.index", month="2026-11").root.first("h2").text == "2026年11月"
    screen.post("accounts.choose_language", {"language": "en"}, status=None)
    assert screen.get("plans.index", month="2026-11").root.first("h2").text == "November 2026"


def test_the_month_marks_holidays_and_worked_weekends(screen, database):
    fill_calendar([2026])
    page = screen.get("plans.index")
    kinds = {day: cell_of(page, f"2026-09-{day}")["class"] for day in ("18", "19", "20", "25")}
    assert "day-work" in kinds["18"]
    assert "day-rest" in kinds["19"]
    assert "day-makeup" in kinds["20"]
    assert "day-holiday" in kinds["25"]
    assert "班" in cell_of(page, "2026-09-20").text
    assert "中秋" in cell_of(page, "2026-09-25").text


def test_without_script_an_enterprise_is_found_by_words_and_chosen_among_several(screen, firm, database):
    other = make_enterprise("湖畔食品有限公司")
    page = screen.post("plans.new", {"enterprise": "湖畔"}, status=422)
    assert page.errors
    page = screen.post(
        "plans.new",
        {"enterprise_id": str(other.id), "enterprise": None, "show": "1"},
        page=page,
        status=200,
    )
    screen.post("plans.new", {}, page=page)
    assert [plan.enterprise_id for plan in plans_in(database)] == [other.id]


def test_above_the_cap_the_form_says_who_was_there_and_asks_why(screen, firm, colleague, database):
    for day in (2, 9):
        make_visit(firm, author=colleague, visited_on=date(2026, 9, day))
    data = {"enterprise": f"#{firm.id}", "planned_on": "2026-09-18", "purpose": "了解用工"}
    page = screen.post("plans.new", data, status=422)
    assert "30天内已走访2次" in page.main
    assert "2026-09-09 周三 · 王专员 · 规划建设局" in page.main
    assert entries_of(page.posts_to("/plans/new"))["purpose"] == "了解用工"
    screen.post("plans.new", {"frequency_reason": "核实停产情况"}, page=page)
    (plan,) = plans_in(database)
    assert plan.frequency_reason == "核实停产情况"
    assert "核实停产情况" in screen.get("plans.show", plan_id=plan.id).main


def test_another_units_plan_is_joined_from_the_form_in_one_click(screen, firm, colleague, database, me):
    plan = make_plan(firm, colleague, planned_on=FRIDAY, purpose="内部事由")
    screen.get("plans.show", plan_id=plan.id, status=404)
    page = screen.get("plans.new", enterprise=firm.id)
    assert "2026-09-18 周五 · 王专员 · 规划建设局" in page.main
    assert "内部事由" not in page.main
    button = next(b for b in page.root.all("button") if "加入本次走访" in b.text)
    token = {"csrf_token": screen.token(page)}
    joined = screen.follow(screen.open(button["formaction"], method="POST", data=token))
    assert "李干部" in joined.main
    assert "您已参加" in screen.get("plans.new", enterprise=firm.id).main
    screen.post(f"/plans/{plan.id}/leave")
    screen.get("plans.show", plan_id=plan.id, status=404)


def test_plans_before_the_day_are_counted_listed_and_joined_too(screen, firm, colleague, me, database):
    """What a plan is refused for stands there to be joined, on whichever side of the day it lies."""
    third = make_person([Role.CADRE], make_unit("财政局"), name="赵科长")
    before = [
        make_plan(firm, third, planned_on=date(2026, 9, 16)),
        make_plan(firm, colleague, planned_on=FRIDAY),
    ]
    make_plan(firm, colleague, planned_on=date(2026, 9, 30), is_invited=True)
    data = {"enterprise": f"#{firm.id}", "planned_on": "2026-09-25"}
    page = screen.post("plans.new", data, status=422)
    assert "共2次" in page.summary
    assert "前后30天内已走访0次、计划走访3次、其中应邀走访1次 30天内上限2次" in page.main
    assert "2026-09-16 周三 · 赵科长 · 财政局" in page.main
    joins = {b["formaction"] for b in page.root.all("button") if "加入本次走访" in b.text}
    assert joins >= {f"/plans/{plan.id}/join" for plan in before}
    assert "再走访一次将超过" in page.main
    screen.post("plans.new", {"frequency_reason": "核实停产情况"}, page=page)
    page = screen.post("plans.new", data | {"planned_on": "2026-09-24", "show": "1"}, status=200)
    assert "已超过频次上限" in page.main
    assert "再走访一次" not in page.main


def test_visits_after_the_day_of_a_late_record_are_counted_and_listed(screen, firm, colleague, database):
    for day in (9, 11):
        make_visit(firm, author=colleague, visited_on=date(2026, 9, day))
    data = {"enterprises": f"#{firm.id}", "visited_on": "2026-09-07", "no_issue_ids": "all"}
    page = screen.post("outreach.new", data, status=422)
    assert "前后30天内已走访2次、计划走访0次 30天内上限2次" in page.main
    assert "2026-09-11 周五 · 王专员" in page.main


def test_a_plan_is_put_off_and_cancelled_with_a_reason(screen, firm, me, database):
    plan = make_plan(firm, me, planned_on=FRIDAY)
    data = {"planned_on": "2026-09-19", "reason": "企业负责人出差"}
    page = screen.follow(screen.post("plans.move", data, plan_id=plan.id))
    assert "非工作日" in page.main
    assert "企业负责人出差" in page.main
    new = plans_in(database)[1]
    screen.get("plans.move", plan_id=plan.id, status=409)
    assert "改期后的计划" in screen.get("plans.show", plan_id=plan.id).main
    screen.post("plans.cancel", {"reason": " "}, plan_id=new.id, status=422)
    page = screen.follow(screen.post("plans.cancel", {"reason": "企业停产"}, plan_id=new.id))
    assert "企业停产" in page.main
    assert firm.name not in screen.get("plans.index").main


def test_from_plan_to_record_in_one_click(screen, firm, me, colleague, database):
    plan = make_plan(firm, me, planned_on=TODAY, companion_ids=[colleague.id], is_invited=True)
    assert firm.name in screen.get("home.index").main
    page = screen.get("outreach.new", plan=plan.id)
    form = entries_of(page.posts_to("/visits/new"))
    assert form.getlist("enterprise_ids") == [str(firm.id)]
    assert sorted(form.getlist("participant_ids")) == sorted([str(me.id), str(colleague.id)])
    assert (form["visited_on"], form["kind"], form["plan_ids"]) == ("2026-09-14", "invited", str(plan.id))
    page = screen.follow(screen.post("outreach.new", {"no_issue_ids": "all"}, page=page))
    assert "计划日期" in page.main
    (stored,) = plans_in(database)
    assert stored.state is PlanState.DONE
    assert "已完成" in screen.get("plans.show", plan_id=plan.id).main
    assert firm.name not in screen.get("plans.mine").main


def test_a_visit_near_an_own_plan_offers_to_end_it(screen, firm, me, database):
    near = make_plan(firm, me, planned_on=date(2026, 9, 16))
    make_plan(firm, me, planned_on=FRIDAY)
    page = screen.get("outreach.new", enterprise=firm.id)
    boxes = {box["value"]: "checked" in box for box in page.root.all("input", name="plan_ids")}
    assert boxes == {str(near.id): False}
    screen.post("outreach.new", {"no_issue_ids": "all", "plan_ids": str(near.id)}, page=page)
    assert [plan.state for plan in plans_in(database)] == [PlanState.DONE, PlanState.PLANNED]


def test_a_plan_for_the_very_day_is_ticked_once_and_can_be_unticked(screen, firm, me, database):
    plan = make_plan(firm, me, planned_on=TODAY)
    page = screen.post("outreach.new", {"enterprises": firm.name, "show": "1"}, status=200)
    assert entries_of(page.posts_to("/visits/new"))["plan_ids"] == str(plan.id)
    page = screen.post("outreach.new", {"plan_ids": None, "show": "1"}, page=page, status=200)
    screen.post("outreach.new", {"no_issue_ids": "all"}, page=page)
    assert plans_in(database)[0].state is PlanState.PLANNED


def test_the_script_gets_the_same_part_of_the_form(screen, firm, me, colleague):
    make_plan(firm, colleague, planned_on=FRIDAY)
    mine = make_plan(firm, me, planned_on=TODAY)
    page = screen.open(f"/visits/crowding?enterprises=%23{firm.id}&visited_on=2026-09-14")
    assert "王专员" in page.response.json["html"]
    assert f'value="{mine.id}"' in page.response.json["html"]
    for day in (2, 9):
        make_visit(firm, author=colleague, visited_on=date(2026, 9, day))
    kept = screen.open(
        f"/visits/crowding?enterprise=%23{firm.id}&planned_on=2026-09-15&frequency_reason=核实情况"
    )
    assert "核实情况" in kept.response.json["html"]
    assert screen.open("/visits/crowding?enterprises=%23999999&visited_on=gestern&mode=x").status == 200


def test_a_visit_above_the_cap_is_asked_about_and_saved(screen, firm, colleague, database):
    for day in (2, 9):
        make_visit(firm, author=colleague, visited_on=date(2026, 9, day))
    page = screen.post("outreach.new", {"enterprises": f"#{firm.id}", "no_issue_ids": "all"}, status=422)
    assert "已被走访2次" in page.summary
    address = screen.post("outreach.new", {"frequency_reason": "企业反映停电"}, page=page).location
    assert "企业反映停电" in screen.get(address).main
    assert database.session.scalar(sa.select(sa.func.count(Visit.id))) == 3


def test_my_month_names_what_is_over_and_what_comes(client_for, firm, me, at, database):
    make_plan(firm, me, planned_on=date(2026, 9, 15), purpose="已过的计划")
    make_plan(firm, me, planned_on=FRIDAY, purpose="将到的计划")
    database.session.commit()
    at("2026-09-16")
    screen = client_for(me)
    page = screen.get("plans.mine")
    assert page.main.index("已过的计划") < page.main.index("将到的计划")
    assert "已过期尚未登记" in page.main
    assert "尚未登记" in screen.get("home.index").main


def test_the_page_of_the_enterprise_and_of_the_group_leader_show_the_plan(
    firm, me, colleague, client_for, database
):
    make_plan(firm, me, planned_on=FRIDAY)
    page = client_for(colleague).get("home.enterprise_file", enterprise_id=firm.id)
    assert "近期走访计划" in page.main
    assert "李干部" in page.main
    office = client_for(make_person([Role.COORDINATOR]))
    assert firm.name in office.get("plans.index", who="all").main
    assert firm.name not in office.get("plans.index").main
    assert firm.name not in client_for(colleague).get("plans.index", who="all").main


def test_the_office_plans_for_somebody_else(firm, me, client_for, database):
    office = client_for(make_person([Role.COORDINATOR]))
    data = {"enterprise": f"#{firm.id}", "owner_id": str(me.id)}
    page = office.follow(office.post("plans.new", data))
    assert "李干部" in page.main
    assert plans_in(database)[0].owner_id == me.id


def test_pages_of_plans_take_few_statements(screen, me, colleague, statements, database):
    for number in range(12):
        plan = make_plan(make_enterprise(), me, planned_on=date(2026, 9, 14 + number))
    database.session.commit()
    for endpoint, values in (
        ("plans.index", {}),
        ("plans.mine", {}),
        ("plans.new", {}),
        ("plans.show", {"plan_id": plan.id}),
        ("plans.move", {"plan_id": plan.id}),
    ):
        with statements() as seen:
            screen.get(endpoint, **values)
        assert len(seen) <= 10, endpoint


def test_time_and_purpose_of_a_plan_are_edited_and_the_day_stays(screen, me, firm, database, client_for):
    plan = make_plan(firm, me, planned_on=FRIDAY, purpose="了解用工情况")
    database.session.commit()
    shown = screen.get("plans.show", plan_id=plan.id)
    assert f"/plans/{plan.id}/edit" in shown.links.values()
    page, stale = (screen.get("plans.edit", plan_id=plan.id) for _window in range(2))
    screen.post(
        "plans.edit", {"start_time": "14:30", "purpose": "核实停产情况"}, plan_id=plan.id, page=page
    )
    shown = screen.get("plans.show", plan_id=plan.id)
    assert "14:30" in shown.main
    assert "核实停产情况" in shown.main
    assert [(row.planned_on, row.state) for row in plans_in(database)] == [(FRIDAY, PlanState.PLANNED)]
    screen.post("plans.edit", {"purpose": "过期的页面"}, plan_id=plan.id, page=stale, status=409)
    stranger = client_for(make_person([Role.CADRE], make_unit()))
    stranger.get("plans.edit", plan_id=plan.id, status=404)
    screen.post("plans.cancel", {"reason": "企业改期"}, plan_id=plan.id)
    screen.get("plans.edit", plan_id=plan.id, status=409)
