"""Both ways to count a past period: by what is known now, and by what was known then."""

import csv
from io import StringIO

import pytest

from tests.factories.accounts import make_person
from tests.reports.example import lay_example
from tests.reports.world import november
from visits.core.permissions import Role

NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def leader(db, client_for, at):
    """A leader in December; one visit of November was entered late, on 2 December."""
    at("2026-12-10")
    world = lay_example()
    world.visit(
        november(25), [world.firm(name="补录的企业")], recorded=november(30).replace(month=12, day=2)
    )
    person = make_person(roles=[Role.LEADER])
    db.session.commit()
    return client_for(person)


def figure(page, name):
    return next(row[1] for row in page.rows if row[0] == name)


def test_a_past_month_offers_both_views_by_name(leader):
    now = leader.get(f"/totals?{NOVEMBER}")
    assert figure(now, "走访家次") == "7 家次"
    assert "按现在掌握的情况统计，含此后的补录和更正" in now.main
    then = leader.get(now.links["按当时掌握：2026-11-30"])
    assert figure(then, "走访家次") == "6 家次"
    assert "按2026-11-30日终时已录入的情况统计" in then.main
    assert figure(leader.get(then.links["按现在掌握"]), "走访家次") == "7 家次"


def test_every_link_keeps_the_day_as_known_at(leader):
    then = leader.get(f"/totals?{NOVEMBER}&as_of=2026-11-30")
    links = [a["href"] for a in then.root.first("main").all("a") if "/totals" in a["href"]]
    without = [href for href in links if "as_of=2026-11-30" not in href]
    assert len(links) > 60
    assert set(without) == {then.links["按现在掌握"], "/totals"}  # the latter takes the choices back


def test_the_rows_are_those_of_then_and_lead_back_there(leader):
    page = leader.get(f"/totals/visit_count?{NOVEMBER}&as_of=2026-11-30")
    assert len(page.rows) == 6
    assert "补录的企业" not in page.main
    assert "as_of=2026-11-30" in page.links["返回数据总览"]
    now = leader.get(page.links["按现在掌握"])
    assert len(now.rows) == 7
    assert "补录的企业" in now.main


def test_so_is_what_is_taken_home(leader):
    address = f"/totals/visit_count/export.csv?{NOVEMBER}&as_of=2026-11-30"
    answer = leader.post(address, {"every": "1"}, status=200)
    text = answer.response.data.decode("utf-8-sig")
    assert "补录的企业" not in text
    assert sum("有限公司" in "".join(row) for row in csv.reader(StringIO(text))) == 6


@pytest.mark.parametrize("day", ["2026-12-10", ""])
def test_today_is_now(leader, day):
    page = leader.get(f"/totals?{NOVEMBER}&as_of={day}")
    assert figure(page, "走访家次") == "7 家次"
    assert "按现在掌握的情况统计" in page.main


@pytest.mark.parametrize(
    ("day", "error"),
    [("2026-12-11", "请选择今天或更早的日期"), ("soon", "年-月-日"), ("9999-99-99", "年-月-日")],
)
def test_a_day_that_cannot_be_is_refused_in_words(leader, day, error):
    page = leader.get(f"/totals?{NOVEMBER}&as_of={day}")
    assert page.status == 200
    assert any(error in sentence for sentence in page.errors)
    assert figure(page, "走访家次") == "7 家次"
    assert len(leader.get(f"/totals/visit_count?{NOVEMBER}&as_of={day}").rows) == 7
