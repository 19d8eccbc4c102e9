"""Marks of the problems of a visit, and what the visit's page says of problems that read alike."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, picked, problem_at
from tests.factories.programmes import make_programmes
from visits.core.permissions import Role
from visits.issues.models import Issue, RedFlag
from visits.issues.operations import link_repeat
from visits.outreach.models import Visit

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    make_programmes()
    return make_person(roles=[Role.CADRE])


@pytest.fixture
def screen(me, client_for):
    return client_for(me)


@pytest.fixture
def firm(database):
    return make_enterprise("杭州临平精密机械有限公司")


def folded_in(page):
    """The folded parts of the lines of problems."""
    lines = page.root.first(id="problems")
    return lines.all("details")


def test_a_red_flag_and_the_wish_for_silence_go_with_the_problem(screen, firm, category, database):
    [closed] = folded_in(screen.get("outreach.new"))
    assert "open" not in closed
    data = {
        "problems-0-title": "拟将产线迁往外地",
        "problems-0-category_id": str(category.id),
        "problems-0-red_flag": "moving_out",
        "problems-0-confidential": "y",
        "problems-1-title": "门口路灯不亮",
        "problems-1-category_id": str(category.id),
        "problems-1-red_flag": "safety",
        "problems-1-on_spot": "y",
        "problems-1-how": "当场修好",
    }
    faulty = screen.post("outreach.new", picked(firm, **data, mode="no"), status=422)
    assert "open" in folded_in(faulty)[0]
    page = screen.get(screen.post("outreach.new", picked(firm, **data)).location)
    assert "外迁" in page.main
    rows = database.session.execute(sa.select(Issue.red_flag, Issue.confidential).order_by(Issue.id))
    assert rows.all() == [(RedFlag.MOVING_OUT, True), (RedFlag.SAFETY, False)]


@pytest.mark.parametrize("flag", ["no", "\0", "MOVING_OUT"])
def test_an_unknown_red_flag_is_refused_beside_the_field(screen, firm, category, flag, database):
    data = {"problems-0-title": "拟外迁", "problems-0-category_id": str(category.id)}
    page = screen.post("outreach.new", picked(firm, **data, **{"problems-0-red_flag": flag}), status=422)
    assert "open" in folded_in(page)[0]
    assert "拟外迁" in page.root.first("input", name="problems-0-title")["value"]
    assert database.session.scalars(sa.select(Visit)).all() == []


def hint_of(page):
    """What the page of a visit says of problems that read alike."""
    return [item.text for item in page.root.all(class_="reads-alike")]


def test_after_saving_what_reads_alike_is_named_to_those_who_may_read_it(
    screen, me, firm, category, client_for, database
):
    earlier = make_visit(firm, author=me, problems=[problem_at(firm, title="厂区东门道路破损严重")])
    foreign = make_visit(firm, problems=[problem_at(firm, title="厂区东门道路破损积水")])
    numbers = dict(database.session.execute(sa.select(Issue.visit_id, Issue.number)).all())
    data = {
        "problems-0-title": "厂区东门道路破损",
        "problems-0-category_id": str(category.id),
        "frequency_reason": "路面破损需现场核实",
    }
    address = screen.post("outreach.new", picked(firm, **data)).location
    [told] = hint_of(screen.get(address))
    assert "近90天" in told
    assert "可并件或关联" in told
    assert numbers[earlier.id] in told
    assert numbers[foreign.id] not in told
    coordinator = client_for(make_person(roles=[Role.COORDINATOR]))
    [told] = hint_of(coordinator.get(address))
    assert {number for number in numbers.values() if number in told} == set(numbers.values())


def test_nothing_is_said_of_what_is_old_other_or_linked_already(
    me, firm, category, at, client_for, database
):
    make_visit(firm, author=me, problems=[problem_at(firm, title="厂区东门道路破损", how="当场修好")])
    make_visit(firm, author=me, problems=[problem_at(firm, title="招收一线工人困难")])
    data = {"problems-0-title": "厂区东门道路破损", "problems-0-category_id": str(category.id)}
    at("2027-03-01")
    screen = client_for(me)
    address = screen.post("outreach.new", picked(firm, **data)).location
    assert hint_of(screen.get(address)) == []
    second = screen.post("outreach.new", picked(firm, **data)).location
    assert len(hint_of(screen.get(second))) == 1
    first_id, last_id = database.session.scalars(
        sa.select(Issue.id).where(Issue.title == "厂区东门道路破损").order_by(Issue.id)
    ).all()[1:]
    office = actor_for(make_person(roles=[Role.COORDINATOR]))
    link_repeat(office, database.session.get(Issue, last_id), database.session.get(Issue, first_id))
    database.session.commit()
    assert hint_of(screen.get(second)) == []
