"""Deputies, the calendar for other programs, whom to visit next, and who is visited too often."""

import logging
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from tests.factories.plans import make_plan
from tests.factories.programmes import join, make_group, make_link, make_programmes
from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.accounts.queries import absences_of
from visits.core.clock import now
from visits.core.errors import NotAllowed, NotFound, Refused
from visits.core.permissions import Role
from visits.core.secret_addresses import without_code
from visits.outreach import ics, operations, queries
from visits.outreach.models import CalendarFeed, PlanState, VisitKind, VisitPlan
from visits.outreach.operations import NewDay

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    make_programmes()
    return make_person([Role.CADRE], make_unit("经济发展局"), name="李干部")


@pytest.fixture
def deputy(database):
    return make_person([Role.OFFICER], make_unit("规划建设局"), name="王专员")


@pytest.fixture
def firm(database):
    return make_enterprise("湖畔精密机械有限公司", street="湖滨街道")


def away(person, deputy, first=TODAY, last=TODAY + timedelta(days=4)):
    return name_deputy(actor_for(person), AbsenceEntry(first, last, deputy.id))


def test_a_deputy_acts_on_the_days_of_absence_and_only_then(me, deputy, firm, at):
    plan = make_plan(firm, me)
    with pytest.raises(NotFound):
        queries.get_plan(actor_for(deputy), plan.id)
    away(me, deputy)
    actor = actor_for(deputy)
    assert queries.get_plan(actor, plan.id) is plan
    new = operations.move_plan(actor, plan, NewDay(TODAY, None, "本人外出"))
    assert new.owner_id == me.id
    make_visit(firm, author=deputy, plan_ids=[new.id])
    assert new.state is PlanState.DONE
    later = make_plan(firm, me, planned_on=TODAY + timedelta(days=20))
    at("2026-11-28")
    with pytest.raises(NotFound):
        queries.get_plan(actor_for(deputy), later.id)


def test_plans_of_the_days_of_absence_stand_in_the_calendar_of_the_deputy(me, deputy, client_for, database):
    days = {"之前企业": 1, "首日企业": 3, "末日企业": 5, "之后企业": 6}
    plans = {
        name: make_plan(make_enterprise(name), me, planned_on=TODAY + timedelta(days=number))
        for name, number in days.items()
    }
    make_plan(make_enterprise("本人企业"), deputy, planned_on=TODAY + timedelta(days=4))
    away(me, deputy, TODAY + timedelta(days=3), TODAY + timedelta(days=5))
    path, screen = feed_of(client_for, deputy), client_for(deputy)
    events = client_for(None).open(path).response.get_data().decode()
    for text in (screen.get("plans.index").main, screen.get("plans.mine").main, events):
        assert [name for name in days if name in text] == ["首日企业", "末日企业"]
        assert "本人企业" in text
    assert "末日企业 代李干部" in screen.get("plans.index").main
    assert "本人企业 代" not in screen.get("plans.index").main
    assert screen.get("plans.mine").main.count("由您代办 ") == 2
    assert "SUMMARY:走访：末日企业（代李干部）" in unfolded(events)
    shown = screen.get("plans.show", plan_id=plans["末日企业"].id)
    assert "改期" not in shown.main
    screen.get("plans.show", plan_id=plans["之后企业"].id, status=404)


def test_once_the_absence_is_over_its_plans_stand_there_no_more(me, deputy, firm, client_for, at, database):
    make_plan(firm, me, planned_on=TODAY + timedelta(days=4))
    away(me, deputy)
    assert firm.name in client_for(deputy).get("plans.index").main
    at("2026-11-28")
    assert firm.name not in client_for(deputy).get("plans.index").main


def test_deputies_do_not_hand_on(me, deputy, firm):
    third = make_person([Role.CADRE])
    plan = make_plan(firm, me)
    away(me, deputy)
    assert away(deputy, third)[1] == ["李干部"]
    with pytest.raises(NotFound):
        queries.get_plan(actor_for(third), plan.id)


def test_who_is_away_is_no_deputy_and_one_is_away_once_at_a_time(me, deputy):
    third = make_person([Role.CADRE])
    away(deputy, third)
    for person, chosen in ((me, deputy), (me, me), (deputy, me)):
        with pytest.raises(Refused):
            away(person, chosen)
    with pytest.raises(Refused):
        away(me, make_person([Role.HANDLER]))
    away(me, deputy, TODAY + timedelta(days=5), TODAY + timedelta(days=6))


def test_both_see_the_absence_and_it_can_be_ended(me, deputy, firm, client_for, database):
    screen = client_for(me)
    data = {"last_on": "2026-11-27", "deputy_id": str(deputy.id), "reason": "年休假"}
    page = screen.follow(screen.post("absences.new", data))
    assert "王专员" in page.main
    assert "由王专员代办" in screen.get("plans.mine").main
    assert "代办李干部的走访" in client_for(deputy).get("plans.mine").main
    plan = make_plan(firm, me)
    assert firm.name in client_for(deputy).get("plans.mine").main
    (row,) = absences_of(me.id)
    client_for(deputy).post(f"/absences/{row.id}/end", status=404)
    screen.post(f"/absences/{row.id}/end")
    client_for(deputy).get("plans.show", plan_id=plan.id, status=404)


def feed_of(client_for, person):
    """The address a person was shown, as a path."""
    page = client_for(person).post("feeds.address", {}, status=200)
    url = page.root.first("input", id="calendar-address")["value"]
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_program_reads_the_plans_by_the_address_alone(me, firm, client_for, database):
    plan = make_plan(firm, me, purpose="联系张经理 13912345678；核实", start_time=None)
    cancelled = make_plan(firm, me, planned_on=TODAY + timedelta(days=9))
    operations.cancel_plan(actor_for(me), cancelled, "企业停产")
    make_plan(make_enterprise("别人的企业"), None)
    path = feed_of(client_for, me)
    page = client_for(None).open(path)
    assert (page.status, page.response.mimetype) == (200, "text/calendar")
    assert page.response.headers["Cache-Control"] == "no-store"
    text = page.response.get_data().decode()
    lines = unfolded(text)
    assert "SUMMARY:走访：湖畔精密机械有限公司" in lines
    assert "DTSTART;VALUE=DATE:20261124" in lines
    assert lines.count("STATUS:CANCELLED") == 1
    assert "SUMMARY:【已取消】走访：湖畔精密机械有限公司" in lines
    assert [line for line in lines if line.endswith("\\n原因：企业停产")]
    assert f"UID:plan-{plan.id}@localhost" in lines
    assert "13912345678" not in text
    assert "别人的企业" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_new_address_ends_the_old_one_and_no_code_is_kept(me, client_for, database):
    first = feed_of(client_for, me)
    second = feed_of(client_for, me)
    visitor = client_for(None)
    assert [visitor.open(path).status for path in (first, second)] == [404, 200]
    client_for(me).post("/plans/calendar-address/revoke")
    assert visitor.open(second).status == 404
    code = second.split("/")[-1].removesuffix(".ics")
    kept = database.session.scalars(sa.select(CalendarFeed.token_hash)).all()
    assert len(kept) == 2
    assert code not in str(kept)
    assert without_code(f"GET {second}?lang=en HTTP/1.1") == "GET /calendar/***?lang=en HTTP/1.1"
    assert without_code("GET /calendar/2026/import") == "GET /calendar/2026/import"


def test_guessed_codes_are_soon_not_looked_at_any_more(client_for):
    visitor = client_for(None)
    statuses = [visitor.open(f"/calendar/{number:032d}.ics").status for number in range(32)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert visitor.open("/calendar/kurz.ics").status == 404


def test_no_log_holds_the_code(me, client_for, caplog, database):
    path = feed_of(client_for, me)
    with caplog.at_level(logging.INFO):
        logging.getLogger("visits").info("GET %s", path)
    assert path.split("/")[-1].removesuffix(".ics") not in caplog.text


def test_a_disabled_account_has_no_calendar(me, client_for, database):
    path = feed_of(client_for, me)
    me.disabled_at = now()
    database.session.commit()
    assert client_for(None).open(path).status == 404


def test_long_lines_are_folded_between_characters():
    text = ics.folded("SUMMARY:" + "走访企业" * 40)
    assert all(len(part.encode()) <= 75 for part in text.split("\r\n"))
    assert text.replace("\r\n ", "") == "SUMMARY:" + "走访企业" * 40
    assert ics.escaped("甲,乙;丙\\丁\n戊") == "甲\\,乙\\;丙\\\\丁\\n戊"
    assert ics.escaped("电话0571-8888 6666") == "电话***"


def test_whom_to_visit_next_the_longest_unvisited_first(me, deputy, firm, client_for, database):
    group = make_group()
    join(group, me)
    never, other = make_enterprise("从未走访食品厂"), make_enterprise("与我无关公司")
    make_link(firm, group=group)
    make_link(never, officer=me)
    make_visit(firm, author=deputy, visited_on=TODAY - timedelta(days=12), problems=[problem_at(firm)])
    page = client_for(me).get("due.index")
    assert page.main.index(never.name) < page.main.index(firm.name)
    assert "12" in page.main
    assert other.name not in page.main
    office = client_for(make_person([Role.COORDINATOR])).get("due.index")
    assert other.name in office.main


def test_several_are_planned_over_working_days_and_each_row_says_what_became_of_it(
    me, client_for, database
):
    firms = [make_enterprise(f"第{number}精密机械厂") for number in range(5)]
    for each in firms:
        make_link(each, officer=me)
    for _ in range(2):
        make_visit(firms[0], author=me)
    screen = client_for(me)
    address = "/plans/suggested/plan?" + "&".join(f"row={each.id}" for each in firms)
    data = {"first_on": "2026-11-27", "a_day": "2", "purpose": "四季度走访"}
    result = screen.follow(screen.post(address, data))
    assert "上限为2次" in result.main
    days = database.session.scalars(sa.select(VisitPlan.planned_on).order_by(VisitPlan.id)).all()
    assert days == [date(2026, 11, 27)] * 2 + [date(2026, 11, 30)] * 2


def test_who_is_visited_too_often(me, deputy, firm, client_for, database):
    for day in (5, 12, 19):
        make_visit(firm, author=me, visited_on=date(2026, 11, day))
    make_visit(firm, author=deputy, kind=VisitKind.INVITED)
    twice = make_enterprise("两次走访公司")
    for day in (5, 12):
        make_visit(twice, author=me, visited_on=date(2026, 11, day))
    office = client_for(make_person([Role.COORDINATOR]))
    page = office.get("due.often")
    (row,) = page.rows
    assert row[0] == firm.name
    assert row[2] == "3"
    assert "企业技改期间按约定跟进" in page.main
    client_for(me).get("due.often", status=403)
    exported = office.post("/visits/too-often/export.csv", status=200)
    assert firm.name in exported.response.get_data().decode("utf-8-sig")


def test_only_who_plans_makes_an_address(firm):
    with pytest.raises(NotAllowed):
        operations.make_feed(actor_for(make_person([Role.AUDITOR])))


def test_lists_take_few_statements(me, client_for, statements, database):
    for number in range(12):
        make_link(make_enterprise(f"第{number}厂"), officer=me)
    database.session.commit()
    screen, office = client_for(me), client_for(make_person([Role.COORDINATOR]))
    for browser, endpoint in ((screen, "due.index"), (screen, "plans.mine"), (office, "due.often")):
        with statements() as seen:
            browser.get(endpoint)
        assert len(seen) <= 10, endpoint
