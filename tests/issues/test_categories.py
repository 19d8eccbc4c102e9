"""Categories of two levels, the units they lead to, and what units and offices without people can do."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import make_category, make_issue, make_office
from visits.accounts.operations import PersonEntry, disable_person, update_person, update_unit
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.categories import category_named, list_categories, open_categories
from visits.issues.models import Category, Outcome
from visits.issues.operations import AssignEntry, CategoryEntry, ReportEntry
from visits.issues.rules import Complexity
from visits.issues.states import State


@pytest.fixture
def office(database, at):
    at("2026-11-23")
    do.create_starter_categories(SYSTEM)
    return make_office()


@pytest.fixture
def coordinator(office, client_for):
    return client_for(office.people["coordinator"])


def first():
    return category_named("用工人才")


def finer(office, name="招聘难", parent=None, **values):
    return do.create_category(
        office.coordinator, CategoryEntry(name, parent_id=(parent or first()).id, **values)
    )


def refusal(action):
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.field


def test_a_finer_category_stands_under_its_parent_and_leads_to_its_unit(office):
    parent, child = first(), finer(office)
    parent.unit_id = office.unit.id
    names = [name for _, name in open_categories()]
    assert names[:3] == ["用工人才", "用工人才 / 招聘难", "融资金融"]
    issue = make_issue(office, category_id=child.id)
    assert queries.get_shown(office.coordinator, issue.id).usual_unit_id == office.unit.id
    child.unit_id = office.other_unit.id
    assert queries.get_shown(office.coordinator, issue.id).usual_unit_id == office.other_unit.id


@pytest.mark.parametrize("kind", ["itself", "other", "finer", "closed", "none"])
def test_there_are_two_levels_and_no_circle(office, kind):
    child = finer(office)
    closed = category_named("市场订单")
    do.update_category(office.coordinator, closed, CategoryEntry("市场订单", is_closed=True), None)
    category = category_named("融资金融")
    parent_id = {
        "itself": category.id,
        "other": category_named("其他").id,
        "finer": child.id,
        "closed": closed.id,
        "none": 999_999,
    }[kind]
    entry = CategoryEntry(category.name, parent_id=parent_id)
    assert refusal(lambda: do.update_category(office.coordinator, category, entry, None)) == "parent_id"
    entry = CategoryEntry("用工人才", parent_id=category.id)
    assert refusal(lambda: do.update_category(office.coordinator, first(), entry, None)) == "parent_id"
    entry = CategoryEntry("其他", parent_id=category.id)
    other = category_named("其他")
    assert refusal(lambda: do.update_category(office.coordinator, other, entry, None)) == "parent_id"


def test_twelve_and_sixty_are_enough(office):
    assert refusal(lambda: do.create_category(office.coordinator, CategoryEntry("第十三类"))) == "name"
    for number in range(60):
        finer(office, f"细类{number}")
    assert refusal(lambda: finer(office, "细类60")) == "name"
    closed = category_named("细类0")
    do.update_category(
        office.coordinator, closed, CategoryEntry("细类0", parent_id=first().id, is_closed=True), None
    )
    finer(office, "细类60")
    entry = CategoryEntry("细类0", parent_id=first().id)
    assert refusal(lambda: do.update_category(office.coordinator, closed, entry, None)) == "name"
    entry = CategoryEntry("细类1")
    assert refusal(lambda: do.update_category(office.coordinator, category_named("细类1"), entry, None))


def test_a_closed_category_keeps_its_problems_and_takes_no_new_ones(office):
    issue = make_issue(office, category_id=first().id)
    do.update_category(office.coordinator, first(), CategoryEntry("用工人才", is_closed=True), None)
    assert first().id not in dict(open_categories())
    assert queries.get_shown(office.coordinator, issue.id).category == "用工人才"


def test_what_holds_finer_ones_or_is_the_last_resort_is_not_closed(office):
    finer(office)
    for name in ("用工人才", "其他"):
        entry = CategoryEntry(name, is_closed=True)
        category = category_named(name)
        assert (
            refusal(lambda c=category, e=entry: do.update_category(office.coordinator, c, e, None))
            == "is_closed"
        )


def test_categories_change_places(office):
    second = category_named("融资金融")
    do.move_category(office.coordinator, second, up=True)
    do.move_category(office.coordinator, second, up=True)
    assert [name for _, name in open_categories()][:2] == ["融资金融", "用工人才"]
    do.move_category(office.coordinator, second, up=False)
    assert [name for _, name in open_categories()][:2] == ["用工人才", "融资金融"]


@pytest.mark.parametrize("who", ["cadre", "handler", "leader", "callback"])
def test_only_the_coordinator_keeps_categories(office, who):
    actor = getattr(office, who)
    with pytest.raises(NotAllowed):
        do.create_category(actor, CategoryEntry("新类"))
    with pytest.raises(NotAllowed):
        do.move_category(actor, first(), up=False)
    with pytest.raises(NotAllowed):
        do.update_category(actor, first(), CategoryEntry("新名"), None)


def test_two_who_change_one_category(office):
    with pytest.raises(Stale):
        do.update_category(office.coordinator, first(), CategoryEntry("新名"), first().revision - 1)


def test_the_page_counts_and_warns(office, coordinator):
    other = category_named("其他")
    make_issue(office, category_id=first().id)
    issue = make_issue(office, category_id=other.id)
    page = coordinator.get("issues.categories")
    assert "50.0%" in page.main
    assert next(row for row in page.rows if row[0] == "其他")[3:5] == ["1", "1 50.0%"]
    assert issue.category_id == other.id


def test_an_old_year_gives_no_warning(office, client_for, at):
    make_issue(office, category_id=category_named("其他").id)
    at("2028-01-10")
    page = client_for(office.people["coordinator"]).get("issues.categories")
    assert "请检查" not in page.main
    assert list_categories(date(2026, 11, 22)).of_year == 1


def test_on_the_page_a_category_is_made_moved_and_closed(office, coordinator):
    parent = first()
    form = coordinator.get("issues.new_category", parent=parent.id)
    coordinator.post("issues.new_category", {"name": "招聘难", "unit_id": str(office.unit.id)}, page=form)
    child = category_named("招聘难")
    assert (child.parent_id, child.unit_id) == (parent.id, office.unit.id)
    page = coordinator.get("issues.categories")
    second = category_named("融资金融")
    coordinator.post("issues.move_category", {"up": "1"}, page=page, category_id=second.id)
    assert [row[0] for row in coordinator.get("issues.categories").rows][:3] == [
        "融资金融",
        "用工人才",
        "招聘难",
    ]
    coordinator.post("issues.edit_category", {"is_closed": "y"}, category_id=child.id)
    assert "已停用" in coordinator.get("issues.categories").rows[-1][0]
    coordinator.post("issues.edit_category", {"parent_id": str(10**8)}, category_id=second.id, status=422)
    coordinator.post("issues.move_category", {"up": "1"}, page=page, category_id=10**8, status=404)


def test_the_categories_cost_the_same_however_many(office, coordinator, statements):
    for number in range(30):
        finer(office, f"细类{number}")
    with statements() as seen:
        coordinator.get("issues.categories")
    assert len(seen) <= 10


def test_assigning_suggests_the_usual_unit_and_marks_who_cannot_sign(office, coordinator):
    empty = make_unit("空白科")
    child = finer(office, unit_id=office.unit.id)
    issue = make_issue(office, category_id=child.id)
    page = coordinator.get("issues.make_move", issue_id=issue.id, move="assign")
    options = page.root.first("select", name="lead_unit_id").all("option")
    assert next(o["value"] for o in options if "selected" in o) == str(office.unit.id)
    assert "空白科（无人签收）" in [o.text for o in options]
    page = coordinator.post(
        "issues.make_move", {"lead_unit_id": str(empty.id)}, issue_id=issue.id, move="assign", status=422
    )
    assert "空白科" in page.summary


@pytest.mark.parametrize("has_leader", [True, False])
def test_without_a_leader_the_coordinator_rules_on_later_returns(office, has_leader):
    issue = make_issue(office, State.RETURNED)
    do.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    do.return_issue(office.other_handler, issue, "仍不属于本单位", office.unit.id)
    if not has_leader:
        disable_person(SYSTEM, office.people["leader"], "调离")
        do.reassign(office.coordinator, issue, AssignEntry(office.unit.id))
        return
    with pytest.raises(NotAllowed):
        do.reassign(office.coordinator, issue, AssignEntry(office.unit.id))
    do.reassign(office.leader, issue, AssignEntry(office.unit.id))


def test_where_the_head_speaks_a_handler_does_so_only_while_there_is_none(office):
    head = make_person([Role.UNIT_HEAD], office.unit)
    update_unit(SYSTEM, office.unit, office.unit.name, True, None)
    issue = make_issue(office, State.IN_PROGRESS)
    report = ReportEntry(Outcome.SOLVED, "已修复", "已告知")
    with pytest.raises(NotAllowed):
        do.report(office.handler, issue, report)
    update_person(SYSTEM, head, PersonEntry(head.username, head.name, [Role.CADRE], office.unit.id), None)
    do.report(office.handler, issue, report)
    assert issue.state is State.REPORTED


def test_the_usual_complexity_comes_with_the_category(office):
    category = make_category(complexity=Complexity.MAJOR)
    assert make_issue(office, category_id=category.id).complexity is Complexity.MAJOR
    assert db.session.get(Category, category.id).complexity is Complexity.MAJOR
    assert actor_for(office.people["leader"]).roles == {Role.LEADER}
