"""The list of who is due and the board, as the people see them who use them."""

from datetime import date

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.programmes import join, make_group, make_link, make_programmes, require_visits
from visits.core.permissions import Role
from visits.enterprises.models import EnterpriseStatus
from visits.outreach.models import VisitPlan
from visits.programmes.models import ENTERPRISE_VISIT, GroupRole, Period, Round

LAKE, RIVER, HILL = "湖畔精密机械有限公司", "江滨电子有限公司", "青山食品有限公司"


@pytest.fixture
def zone(at, db):
    """Three firms, of which one was visited this month, one in spring, one never."""
    at("2026-11-20")
    programme = make_programmes()[ENTERPRISE_VISIT]
    require_visits(programme, date(2026, 1, 1))
    firms = {
        name: make_enterprise(name, park=park)
        for name, park in ((LAKE, "湖畔园"), (RIVER, "江滨园"), (HILL, ""))
    }
    make_visit(firms[LAKE], visited_on=date(2026, 11, 10))
    make_visit(firms[RIVER], visited_on=date(2026, 3, 10))
    firms["programme"] = programme
    return firms


@pytest.fixture
def coordinator(zone, client_for):
    return client_for(make_person([Role.COORDINATOR]))


def names(page):
    return [row[0] for row in page.rows]


def test_who_is_due_this_month_the_longest_unvisited_first(coordinator):
    page = coordinator.get("coverage.due")
    assert names(page) == [HILL, RIVER]
    assert "从未" in page.rows[0]
    assert "255" in page.rows[1]


def test_the_whole_scope_and_its_parts(coordinator, zone):
    assert set(names(coordinator.get("coverage.due", view="all"))) == {LAKE, RIVER, HILL}
    assert names(coordinator.get("coverage.due", standing="met")) == [LAKE]
    assert names(coordinator.get("coverage.due", standing="never")) == [HILL]
    assert names(coordinator.get("coverage.due", park="江滨园")) == [RIVER]
    assert names(coordinator.get("coverage.due", park="none")) == [HILL]
    assert names(coordinator.get("coverage.due", tier="别的")) == []


def test_the_whole_scope_counts_nobody_beyond_it(coordinator, zone, db):
    make_enterprise("停业的有限公司", status=EnterpriseStatus.LOST)
    for sort in ("since", "name", "-problems"):
        page = coordinator.get("coverage.due", view="all", sort=sort)
        assert set(names(page)) == {LAKE, RIVER, HILL}
        assert "共 3 条" in page.text


def test_a_page_beyond_the_last_is_the_last(coordinator):
    assert names(coordinator.get("coverage.due", page=9)) == [HILL, RIVER]


def test_a_round_sets_the_period(coordinator, zone, db):
    spring = Round(
        programme_id=zone["programme"], name="春季", from_on=date(2026, 3, 1), until_on=date(2026, 4, 1)
    )
    db.session.add(spring)
    db.session.commit()
    page = coordinator.get("coverage.due", round=spring.id, standing="due")
    assert set(names(page)) == {HILL, LAKE}
    assert names(coordinator.get("coverage.due", round=spring.id, standing="visited")) == [RIVER]


def test_open_problems_are_counted_and_opened(coordinator, zone, db):
    issue = make_issue(make_office(), enterprise=zone[RIVER])
    db.session.commit()
    page = coordinator.get("coverage.due", q="江滨")
    [link] = [a for a in page.root.all("a") if f"enterprise={zone[RIVER].id}" in a["href"]]
    assert link.text == "1"
    assert issue.title in coordinator.get(link["href"]).main


def test_officers_see_their_firms_leaders_their_groups(zone, client_for, db):
    group, officer, leader = make_group(), make_person([Role.OFFICER]), make_person([Role.GROUP_LEADER])
    join(group, leader, GroupRole.LEADER)
    make_link(zone[RIVER], group=group, officer=officer)
    make_link(zone[HILL], group=group)
    db.session.commit()
    assert names(client_for(officer).get("coverage.due")) == [RIVER]
    assert names(client_for(leader).get("coverage.due")) == [HILL, RIVER]
    client_for(make_person([Role.HANDLER])).get("coverage.due", status=403)


def test_the_board_says_by_park_what_its_links_open(coordinator, zone):
    page = coordinator.get("coverage.board", by="park", **{"from": "2026-11-01", "to": "2026-11-30"})
    lines = {row[0]: row[1:] for row in page.rows}
    assert [row[0] for row in page.rows] == ["未填园区", "江滨园", "湖畔园", "全部"]
    assert lines["湖畔园"] == ["1", "1", "1", "100.0%", "100.0%", "0", "0", "10", "10"]
    assert lines["江滨园"] == ["1", "0", "0", "0.0%", "0.0%", "1", "0", "255", "255"]
    assert lines["全部"] == ["3", "1", "1", "33.3%", "33.3%", "2", "1", "132", "255"]
    for row in page.root.all("tr"):
        for place, link in enumerate(row.all("a")):
            if place in (0, 1, 5, 6) and "/due?" in link["href"]:
                assert int(link.text) == len(coordinator.get(link["href"]).rows)


def test_each_way_to_break_the_board_down(coordinator, zone):
    for by in ("programme", "group", "tag", "tier"):
        assert coordinator.get("coverage.board", by=by).rows


def test_a_street_is_a_line_whose_visits_are_opened(coordinator, zone, db):
    zone[LAKE].street = zone[RIVER].street = "湖畔街道"
    db.session.commit()
    period = {"from": "2026-03-01", "to": "2026-11-30"}
    page = coordinator.get("coverage.board", by="street", **period)
    assert [(row[0], row[3]) for row in page.rows] == [("未填街道", "0"), ("湖畔街道", "2"), ("全部", "2")]
    links = page.root.all("a", class_="link")
    [street] = [a["href"] for a in links if "street=%E6" in a["href"] and "sort=-visits" in a["href"]]
    [lake] = [
        a["href"]
        for a in coordinator.get(street).root.all("a", class_="link")
        if zone[LAKE].code in a["href"]
    ]
    [visit] = coordinator.get(lake).rows
    assert LAKE in visit
    assert names(coordinator.get("coverage.due", street="none", view="all")) == [HILL]


def test_whoever_needs_no_visit_stands_in_a_line_of_its_own(at, db, client_for):
    at("2026-11-20")
    make_programmes()
    make_enterprise(LAKE)
    browser = client_for(make_person([Role.COORDINATOR]))
    page = browser.get("coverage.board", by="tier")
    assert page.rows[0][:2] == ["未规定频次", "1"]
    link = next(a["href"] for a in page.root.all("a", class_="link") if "tier=none" in a["href"])
    assert names(browser.get(link)) == [LAKE]


def test_nobody_is_due_while_no_programme_says_how_often(at, db, client_for):
    at("2026-11-20")
    make_programmes()
    make_enterprise(LAKE)
    browser = client_for(make_person([Role.COORDINATOR]))
    assert "尚未规定走访频次" in browser.get("coverage.due").main
    assert names(browser.get("coverage.due", view="all")) == [LAKE]
    assert "尚未规定走访频次" in browser.get("coverage.board").main


def test_both_pages_cost_few_statements(coordinator, zone, statements, db):
    for number in range(30):
        make_enterprise(f"甲乙丙丁{number}有限公司")
    db.session.commit()
    for endpoint in ("coverage.due", "coverage.board"):
        with statements() as seen:
            coordinator.get(endpoint)
        assert len(seen) <= 10, endpoint


def test_a_quarterly_firm_is_due_until_the_quarter_is_met(at, db, client_for):
    at("2026-11-20")
    programme = make_programmes()[ENTERPRISE_VISIT]
    require_visits(programme, date(2026, 1, 1), visits=2, period=Period.QUARTER)
    firm = make_enterprise(LAKE)
    make_visit(firm, visited_on=date(2026, 10, 8))
    browser = client_for(make_person([Role.COORDINATOR]))
    [row] = browser.get("coverage.due").rows
    assert row[4:6] == ["2", "1"]
    assert "12月31日" in row[6] or "2026-12-31" in row[6]
    make_visit(firm, visited_on=date(2026, 11, 19))
    db.session.commit()
    assert names(browser.get("coverage.due")) == []


def test_who_is_due_is_planned_in_one_go_and_nobody_else(coordinator, zone, db):
    page = coordinator.get("coverage.due")
    assert page.root.first("button", formaction="/due/plan")
    form = coordinator.get("/due/plan?all=1")
    assert (HILL in form.main, RIVER in form.main, LAKE in form.main) == (True, True, False)
    done = coordinator.follow(
        coordinator.post(
            "/due/plan", {"first_on": "2026-11-23", "a_day": "1", "purpose": "走访"}, page=form
        )
    )
    for words in (f"{HILL} 已办理 安排在2026-11-23", f"{RIVER} 已办理 安排在2026-11-24"):
        assert words in done.main
    plans = db.session.query(VisitPlan).order_by(VisitPlan.planned_on).all()
    assert [(plan.enterprise_id, plan.planned_on) for plan in plans] == [
        (zone[HILL].id, date(2026, 11, 23)),
        (zone[RIVER].id, date(2026, 11, 24)),
    ]
    assert {plan.programme_id for plan in plans} == {zone["programme"]}
