"""The overview: its figures are those of the totals, and every number opens its rows."""

import re
from datetime import date
from html import unescape

import pytest

from tests.factories.accounts import make_person
from tests.reports.chance import Chance
from tests.reports.example import lay_example
from tests.reports.world import Problem, World
from tests.reports.world import november as nov
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting

MOST_STATEMENTS = 10
LINK = re.compile(r'<a href="([^"]+)" tabindex="-1"><(?:rect|circle)[^>]*><title>(.*?)</title>')
ERRORS = {
    "period=2026-13": "没有这个统计期",
    "period=9999999": "没有这个统计期",
    "from=2026-11-30&to=2026-11-01": "统计期的结束日期早于开始日期",
    "from=2026-11-03&to=9999-12-31": "请选择1980年至2199年之间的日期",
    "from=0001-01-01&to=0001-01-02": "请选择1980年至2199年之间的日期",
    "from=soon&to=2026-11-01": "起始日期",
}


@pytest.fixture
def opened(database, client_for, at):
    """Open the browser of somebody of these roles on the day after the worked example's months."""

    def begin(*roles, unit=None):
        person = make_person(roles=roles or [Role.LEADER], unit=unit)
        db.session.commit()
        return client_for(person)

    at("2026-12-10")
    return begin


@pytest.fixture
def leader(opened):
    lay_example()
    return opened()


def tiles(page):
    return {
        tile.first(class_="stat-label").text: tile.first(class_="stat-value").text
        for tile in page.root.all(class_="stat")
    }


def test_the_headlines_are_those_of_the_totals(leader):
    page = leader.get("/overview?period=2026-11")
    assert "2026年11月" in page.heading
    shown = tiles(page)
    assert shown["走访家次"] == "6家次"
    assert (shown["新登记"], shown["办结数"], shown["协助解决数"]) == ("9个", "5个", "4个")
    assert (shown["未办结"], shown["累计办结率"]) == ("3个", "62.5%")


@pytest.mark.any_database
def test_every_number_on_the_page_opens_that_many_rows(leader):
    page = leader.get("/overview?period=2026-11")
    links = [
        (link.text, link["href"]) for link in page.root.first("main").all("a") if "/totals/" in link["href"]
    ]
    numbers = {(int(text), href) for text, href in links if text.isdigit()}
    drawn = {
        (int(re.search(r" (\d+) [^ ]+$", unescape(said))[1]), unescape(href))
        for href, said in LINK.findall(page.response.text)
    }
    assert len(numbers) > 50
    assert len(drawn) > 30
    assert drawn <= numbers
    for number, href in numbers:
        shown = leader.get(href)
        assert (href, shown.status, len(shown.rows)) == (href, 200, number)


def test_changes_are_told_against_both_periods(opened):
    world = World()
    for day, times in ((date(2025, 11, 5), 4), (date(2026, 10, 5), 20), (date(2026, 11, 5), 25)):
        for _ in range(times):
            Problem(world, world.firm(), day).save()
    page = opened().get("/overview?period=2026-11")
    new = next(tile for tile in page.root.all(class_="stat") if tile.text.startswith("新登记"))
    assert [change.text for change in new.all("a", class_="tile-change")] == ["环比 ↑ 25.0%", "同比 ↑ 21"]
    assert "环比对照期：2026-10-01至2026-10-31。" in page.main
    year = opened().get("/overview?period=2026")
    new = next(tile for tile in year.root.all(class_="stat") if tile.text.startswith("新登记"))
    assert [change.text for change in new.all("a", class_="tile-change")] == ["同比 ↑ 41"]


def test_open_problems_are_told_by_their_age_and_how_many_are_overdue(opened):
    world = World()
    firm = world.firm()
    Problem(world, firm, date(2026, 9, 1)).assign(date(2026, 9, 1), date(2026, 9, 10)).save()
    Problem(world, firm, nov(23)).assign(nov(23), date(2026, 12, 20)).save()
    Problem(world, firm, nov(27)).save()
    Problem(world, firm, nov(27)).leave("rejected", nov(28)).save()
    page = opened().get("/overview?period=2026-11")
    ages = {row[0]: row[1:] for row in page.rows if "个工作日" in row[0]}
    assert ages == {
        "不超过5个工作日": ["2", "0"],
        "6–10个工作日": ["0", "0"],
        "11–20个工作日": ["0", "0"],
        "21–40个工作日": ["0", "0"],
        "超过40个工作日": ["1", "1"],
    }


def test_units_with_few_cases_are_not_ranked(opened):
    world = World()
    firm = world.firm()
    for kept in (True, True, True, True, False):
        problem = Problem(world, firm, nov(2)).assign(nov(2), nov(20)).sign(nov(3))
        if kept:
            problem.report(nov(9)).pass_review(nov(10)).close(nov(11))
        problem.save()
    for _ in range(4):
        few = Problem(world, firm, nov(2)).assign(nov(2), nov(20), world.other_unit).sign(nov(3))
        few.report(nov(9)).pass_review(nov(10)).close(nov(11)).save()
    page = opened().get("/overview?period=2026-11")
    ranks = [(row[0], row[1], row[7]) for row in page.rows if len(row) > 8]
    assert ranks == [("1", world.unit.name, "80.0%"), ("样本不足", world.other_unit.name, "100.0%")]
    set_setting("rank_units", False)
    db.session.commit()
    page = opened().get("/overview?period=2026-11")
    assert "样本不足" not in page.main
    assert {row[0] for row in page.rows if len(row) > 8} == {world.unit.name, world.other_unit.name}


def test_parks_are_told_apart(opened):
    world = World()
    for park, times in (("湖畔园", 2), ("江滨园", 1), ("", 1)):
        for _ in range(times):
            Problem(world, world.firm(park=park), nov(5)).save()
    page = opened().get("/overview?period=2026-11")
    assert [row for row in page.rows if row[0].endswith("园")] == [
        ["湖畔园", "2", "2"],
        ["江滨园", "1", "1"],
    ]
    (number, href) = next(
        (text, href) for text, href in page.links.items() if text.isdigit() and "park=" in href
    )
    assert len(opened().get(href).rows) == int(number)


def test_the_wall_shows_the_same_and_leads_back(leader):
    page = leader.get("/overview/screen?period=2026-11")
    assert tiles(page)["走访家次"] == "6家次"
    assert page.links["退出投屏"] == "/overview?period=2026-11"
    assert page.root.first("nav", class_="menu") is None
    assert leader.get(page.links["退出投屏"]).links["投屏"] == page.url


@pytest.mark.parametrize(("query", "error"), ERRORS.items())
@pytest.mark.parametrize("path", ["/overview", "/overview/screen"])
def test_a_period_that_cannot_be_gives_this_month_and_says_why(leader, path, query, error):
    page = leader.get(f"{path}?{query}")
    assert "2026年12月" in page.heading
    assert error in page.main


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-Q4",
        "period=1981",
        "period=2199-12",
        "from=2026-11-03&to=2026-11-09",
        "to=2026-11-09",
        "from=2026-11-03",
        "from=0001-01-01&to=0001-01-02",
        "from=2026-11-03&to=9999-12-31",
        "from=&to=",
        "programme=99999999999999999999",
        "period=2026-11&programme=x",
    ],
)
def test_any_period_and_any_address_is_answered(leader, query):
    for path in ("/overview", "/overview/screen"):
        assert leader.get(f"{path}?{query}").status == 200
    assert leader.get(f"/totals?{query}").status == 200
    assert leader.get(f"/totals/open?{query}").status == 200


def test_steps_lead_to_the_periods_around_and_not_beyond_the_present(leader):
    page = leader.get("/overview?period=2026-Q3")
    assert page.links["2026年第2季度"].endswith("period=2026-Q2")
    assert page.links["2026年第4季度"].endswith("period=2026-Q4")
    assert "2027年第1季度" not in leader.get("/overview?period=2026-Q4").links


def test_people_of_a_unit_see_their_own_problems_and_no_answers(opened):
    world = lay_example()
    Problem(world, world.firm(), nov(5)).assign(nov(5), nov(20), world.other_unit).save()
    page = opened(Role.HANDLER, unit=world.unit).get("/overview?period=2026-11")
    shown = tiles(page)
    assert shown["满意率（含基本满意）"] == "–"
    assert "“我的工作”" in page.main
    assert world.unit.name in page.main
    assert world.other_unit.name not in page.main


def test_who_may_not_see_figures_is_told_so(opened):
    browser = opened(Role.ADMIN)
    browser.get("/overview", status=403)
    browser.get("/overview/screen", status=403)


@pytest.mark.parametrize("path", ["/overview", "/overview/screen"])
def test_more_rows_and_longer_periods_take_as_many_statements(opened, statements, path):
    chance = Chance(1)
    chance.lay(visits=10, problems=20)
    browser = opened()

    def sent_for(query):
        with statements() as sent:
            assert browser.get(f"{path}?{query}").status == 200
        return len(sent)

    before = sent_for("period=2026-11")
    chance.lay(visits=10, problems=20)
    db.session.commit()
    assert sent_for("period=2026-11") == sent_for("from=2026-01-05&to=2026-12-01") == before
    assert sent_for("period=2026") <= before <= MOST_STATEMENTS
