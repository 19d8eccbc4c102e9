"""The page of totals: its numbers, where they lead, and what it costs."""

from datetime import date, datetime

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.reports.chance import Chance
from tests.reports.example import lay_example
from tests.reports.problem import Problem
from tests.reports.world import World
from visits.core.authz import SYSTEM
from visits.core.periods import SITE_ZONE, Month
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.reports import assemble
from visits.reports.filters import ReportFilter
from visits.reports.measures import MEASURES
from visits.reports.shapes import Part

MOST_STATEMENTS = 10
NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def leader(db, client_for, at):
    at("2026-12-10")
    lay_example()
    person = make_person(roles=[Role.LEADER])
    db.session.commit()
    return client_for(person)


def test_the_page_says_the_sentence_and_the_figures(leader):
    page = leader.get(f"/totals?{NOVEMBER}")
    assert page.status == 200
    assert "统计期内走访企业6家次，协助企业解决各类问题4个。" in page.main
    said = next(one for one in page.root.all("p") if one["id"] == "sentence")
    assert [len(leader.get(link["href"]).rows) for link in said.all("a")] == [6, 4]
    rows = {row[0]: row[1:3] for row in page.rows}
    assert rows["累计办结率"] == ["62.5%", "5 ÷ 8"]
    assert rows["走访家次"][0] == "6 家次"
    assert rows["组团联企"][0] == "2"


@pytest.mark.any_database
def test_every_number_opens_a_page_with_that_many_rows(leader):
    page = leader.get(f"/totals?{NOVEMBER}")
    links = {
        (link.text, link["href"]) for link in page.root.first("main").all("a") if "/totals/" in link["href"]
    }
    numbers = [(int(text), href) for text, href in links if text.isdigit()]
    assert len(numbers) > 60
    for number, href in numbers:
        if "/excluded_events?" in href and "numerator" in href:
            continue
        shown = leader.get(href)
        assert (href, shown.status, len(shown.rows)) == (href, 200, number)


@pytest.mark.any_database
def test_every_list_shows_its_definition(leader):
    for key, measure in MEASURES.items():
        for part in Part:
            address = f"/totals/{key}?{NOVEMBER}&part={part.value}"
            if measure.set_name(part):
                assert "统计口径" in leader.get(address).main
            else:
                leader.get(address, status=404)


@pytest.mark.parametrize(
    "address", ["/totals/nothing", f"/totals/open?{NOVEMBER}&part=half", "/totals/open?part=denominator"]
)
def test_what_is_no_figure_is_not_found(leader, address):
    leader.get(address, status=404)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("from=2026-11-30&to=2026-11-01", "统计期的结束日期早于开始日期"),
        ("from=soon&to=2026-11-01", "起始日期"),
        ("to=9999", "截止日期"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(leader, query, error):
    page = leader.get(f"/totals?{query}")
    assert page.status == 200
    assert any(error in sentence for sentence in page.errors)


@pytest.mark.parametrize(
    "query", ["programme=99999999999999999999", "programme=x", "page=-1&sort=nothing", "unit=1;drop"]
)
def test_a_spoiled_address_is_no_fault(leader, query):
    assert leader.get(f"/totals?{NOVEMBER}&{query}").status == 200
    assert leader.get(f"/totals/visit_count?{NOVEMBER}&{query}").status == 200


@pytest.mark.parametrize(("value", "unit"), [(0, "problems"), (1, "problem"), (2, "problems")])
def test_one_problem_is_said_in_the_singular(value, unit):
    assert assemble.Figure(MEASURES["registered"], value, value, None).unit == unit


def test_the_page_of_one_programme_counts_that_programme(leader):
    address = next(
        href
        for text, href in leader.get(f"/totals?{NOVEMBER}").links.items()
        if text == "2" and "programme" in href
    )
    programme = address.split("programme=")[1].split("&")[0]
    rows = {row[0]: row[1] for row in leader.get(f"/totals?{NOVEMBER}&programme={programme}").rows}
    assert rows["走访家次"] == "2 家次"


def test_to_date_begins_where_the_office_counts_from(leader, db):
    set_setting("count_from", "2026-11-05")
    page = leader.get("/totals?from=2026-11-05&to=2026-12-10")
    assert "自2026年11月以来，累计走访企业5家次" in page.main
    assert "from=2026-11-05" in page.links["累计"]


def test_who_may_not_see_figures_is_told_so(db, client_for):
    person = make_person(roles=[Role.ADMIN])
    db.session.commit()
    client_for(person).get("/totals", status=403)


@pytest.mark.parametrize(("role", "is_told"), [(Role.LEADER, False), (Role.HANDLER, True)])
@pytest.mark.parametrize("address", ["/totals", "/totals/registered", "/overview"])
def test_who_sees_a_part_is_told_that_it_is_one(db, client_for, address, role, is_told):
    person = make_person(roles=[role], unit=make_unit())
    db.session.commit()
    assert ("不代表全区数据" in client_for(person).get(address).main) is is_told


def test_twice_the_rows_take_as_many_statements(db, client_for, statements, at):
    at("2026-11-23")
    chance = Chance(1)
    chance.lay(visits=10, problems=20)
    person = make_person(roles=[Role.LEADER])
    db.session.commit()
    browser = client_for(person)
    addresses = [f"/totals{path}?to=2026-11-23" for path in ("", "/open", "/visit_count", "/sign_rate")]

    def sent_for(address):
        with statements() as sent:
            assert browser.get(address).status == 200
        return len(sent)

    before = {address: sent_for(address) for address in addresses}
    chance.lay(visits=10, problems=20)
    db.session.commit()
    assert {address: sent_for(address) for address in addresses} == before
    assert max(before.values()) <= MOST_STATEMENTS


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-10-31T23:59:59", 10),
        ("2026-11-01T00:00:00", 11),
        ("2026-11-30T23:59:59", 11),
        ("2026-12-01T00:00:00", 12),
    ],
)
def test_a_month_begins_and_ends_at_midnight_of_the_site(db, at, moment, month):
    at("2026-12-31")
    world = World()
    instant = datetime.fromisoformat(moment).replace(tzinfo=SITE_ZONE)
    problem = Problem(world, world.firm(), instant.date(), on_spot=True)
    problem.moves[0].happened_at = problem.moves[0].recorded_at = instant
    problem.save()
    world.visit(instant.date(), [world.firm()])
    for number in (10, 11, 12):
        figures = assemble.get_totals(SYSTEM, ReportFilter.of(Month(2026, number).span)).figures
        got = {key: figures[key].value for key in ("new", "closed", "closed_events", "visit_count")}
        assert got == dict.fromkeys(got, int(number == month))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1),
        ({"established_on": date(2026, 12, 1)}, 0),
        ({"established_on": date(2026, 11, 30)}, 1),
        ({"status": "halted", "status_on": date(2026, 11, 1)}, 0),
        ({"status": "normal", "status_on": date(2027, 1, 5)}, 1),
    ],
)
def test_scope_is_who_was_in_business_in_the_period(db, at, changes, expected):
    at("2027-02-01")
    World().firm(**changes)
    figures = assemble.get_totals(SYSTEM, ReportFilter.of(Month(2026, 11).span)).figures
    assert figures["scope_count"].value == expected
