"""The list of visits, a visit's page, and who sees which."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import join, make_group, make_link
from visits.core import clock
from visits.core.permissions import Role
from visits.issues.withheld import reads_all_of_visit
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode
from visits.programmes.queries import programme_ids_by_code

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def coordinator(client_for, database):
    return client_for(make_person(roles=[Role.COORDINATOR]))


def firms_on(page):
    return {row[1] for row in page.rows}


def test_the_list_shows_both_dates_and_marks_late_entries(coordinator):
    make_visit(make_enterprise("临平甲公司"), visited_on=date(2026, 11, 20))
    make_visit(make_enterprise("临平乙公司"), visited_on=date(2026, 11, 2))
    recent, old = coordinator.get("outreach.index").rows
    assert ["2026-11-20" in recent[0], "2026-11-23" in recent[7], "补录" in recent[7]] == [1, 1, 0]
    assert ["2026-11-02" in old[0], "2026-11-23" in old[7], "补录" in old[7]] == [1, 1, 1]


def test_the_filters_narrow_the_list(coordinator):
    group, person = make_group(), make_person(roles=[Role.CADRE])
    linked, plain = make_enterprise("临平联企公司"), make_enterprise("余杭走访公司")
    make_link(linked, group)
    both = (ENTERPRISE_VISIT, GROUP_LINKED)
    make_visit(linked, programmes=both, visited_on=date(2026, 10, 8), mode=VisitMode.PHONE)
    make_visit(plain, author=person, visited_on=date(2026, 11, 23))
    ids = programme_ids_by_code()
    for filters, wanted in (
        ({}, {linked.name, plain.name}),
        ({"q": "联企"}, {linked.name}),
        ({"from": "2026-11-01"}, {plain.name}),
        ({"to": "2026-10-31"}, {linked.name}),
        ({"programme": ids[GROUP_LINKED]}, {linked.name}),
        ({"programme": ids[ENTERPRISE_VISIT]}, {linked.name, plain.name}),
        ({"mode": "phone"}, {linked.name}),
        ({"group": group.id}, {linked.name}),
        ({"person": person.id}, {plain.name}),
        ({"late": "y"}, {linked.name}),
        ({"from": "nonsense", "programme": "abc", "page": "-3"}, {linked.name, plain.name}),
        ({"person": "\0", "sort": "\0"}, {linked.name, plain.name}),
        ({"mode": "flying"}, {linked.name, plain.name}),
    ):
        assert firms_on(coordinator.get("outreach.index", **filters)) == wanted, filters


def test_nothing_found_says_what_to_do(coordinator):
    assert coordinator.get("outreach.index").rows == []
    assert "/visits" in coordinator.get("outreach.index", q="没有").links.values()


def test_only_who_may_miss_a_problem_is_told_that_he_may(client_for):
    unit = make_unit()
    author, colleague = make_person([Role.CADRE], unit), make_person([Role.HANDLER], unit)
    firm, quiet = make_enterprise("临平甲公司"), make_enterprise("临平乙公司")
    none, perhaps = "本次走访没有登记问题。", "本次走访没有登记问题，或者您无权查看。"
    heard = make_visit(firm, author=author, problems=[problem_at(firm)])
    silent = make_visit(quiet, author=author)
    for visit, person, wanted in (
        (silent, author, none),
        (silent, colleague, none),
        (silent, make_person([Role.COORDINATOR]), none),
        (heard, colleague, perhaps),
    ):
        assert wanted in client_for(person).get("outreach.show", visit_id=visit.id).main
    shown = client_for(author).get("outreach.show", visit_id=heard.id).main
    assert none not in shown
    assert perhaps not in shown


@pytest.mark.parametrize(
    ("roles", "is_there", "wanted"),
    [
        ([Role.COORDINATOR], False, True),
        ([Role.CADRE], True, True),
        ([Role.GROUP_LEADER], True, True),
        ([Role.CADRE], False, False),
        ([Role.HANDLER], True, False),
        ([Role.HANDLER, Role.CADRE], True, True),
    ],
)
def test_who_reads_every_problem_of_a_visit(roles, is_there, wanted):
    actor = actor_for(make_person(roles))
    assert reads_all_of_visit(actor, {actor.person_id} if is_there else {None}) is wanted


def test_a_problem_solved_on_the_spot_reads_as_in_the_list(coordinator, client_for):
    firm = make_enterprise("临平甲公司")
    solved = replace(problem_at(firm), how="当场联系市政修好")
    visit = make_visit(firm, problems=[solved])
    page = coordinator.get("outreach.show", visit_id=visit.id)
    [row] = [row for row in page.rows if solved.title in row[1]]
    [listed] = coordinator.get("/issues?state=all").rows
    assert row[3] == "现场办结"
    assert "现场办结" in listed


def everybody_around_one_visit():
    """A visit and the people of its reach, by the role they hold."""
    unit, group, enterprise = make_unit(), make_group(), make_enterprise("临平甲公司")
    people = {role: make_person(roles=[role]) for role in Role}
    officer = people[Role.OFFICER]
    make_link(enterprise, group, officer)
    join(group, people[Role.GROUP_LEADER])
    companion = make_person(roles=[Role.CADRE], unit=unit)
    colleague = make_person(roles=[Role.HANDLER], unit=unit)
    visit = make_visit(enterprise, author=people[Role.CADRE], people=[companion], group_id=group.id)
    return visit, people, companion, colleague


SEE_IT = {
    Role.CADRE,
    Role.OFFICER,
    Role.GROUP_LEADER,
    Role.COORDINATOR,
    Role.SUPERVISOR,
    Role.LEADER,
    Role.AUDITOR,
}
BLIND = {Role.SPECIALIST, Role.HANDLER, Role.UNIT_HEAD}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_visits_in_the_list_and_by_address(client_for, role):
    visit, people, _companion, _colleague = everybody_around_one_visit()
    browser = client_for(people[role])
    allowed = role in SEE_IT | BLIND
    page = browser.get("outreach.index", status=200 if allowed else 403)
    assert (len(page.rows) if allowed else 0) == (1 if role in SEE_IT else 0)
    expected = 200 if role in SEE_IT else 404 if role in BLIND else 403
    browser.get("outreach.show", visit_id=visit.id, status=expected)


def test_participants_and_their_unit_see_the_visit(client_for):
    visit, _people, companion, colleague = everybody_around_one_visit()
    for person in (companion, colleague):
        assert client_for(person).get("outreach.show", visit_id=visit.id).status == 200
    stranger = make_person(roles=[Role.CADRE])
    client_for(stranger).get("outreach.show", visit_id=visit.id, status=404)


def test_a_visit_of_two_units_is_marked_as_joint(coordinator):
    people = [make_person(unit=make_unit()) for _unit in range(2)]
    visit = make_visit(people=people)
    assert "联合走访" in coordinator.get("outreach.show", visit_id=visit.id).main
    assert "联合走访" in coordinator.get("outreach.index").rows[0][4]


def test_a_promise_is_marked_as_kept_on_the_visit_page(database, client_for):
    enterprise, author = make_enterprise(), make_person(roles=[Role.CADRE])
    visit = make_visit(enterprise, author=author, promises=[PromiseEntry(enterprise.id, "带专家上门")])
    browser = client_for(author)
    page = browser.get("outreach.show", visit_id=visit.id)
    [keep] = [a["href"] for a in page.root.all("a") if a["href"].endswith("/keep")]
    assert len(browser.post(keep, {"kept_on": "2026-11-24"}, status=422).errors) == 1
    browser.post(keep, {"kept_on": "2026-11-23"})
    assert database.session.scalar(sa.select(Promise.kept_on)) == date(2026, 11, 23)
    browser.post(keep, {"kept_on": "2026-11-23"}, status=422)
    browser.get("/promises/999/keep", status=404)


def test_a_void_visit_says_so(coordinator, database):
    visit = make_visit()
    visit.voided_at, visit.void_reason = clock.now(), "重复录入"
    database.session.flush()
    assert "重复录入" in coordinator.get("outreach.show", visit_id=visit.id).main


def test_twice_the_rows_take_the_same_statements(coordinator, database, statements):
    counts = []
    for _round in range(2):
        for _number in range(3):
            enterprise, other = make_enterprise(), make_enterprise()
            promises = [PromiseEntry(enterprise.id, "回访")]
            visit = make_visit(enterprise, other, problems=[problem_at(enterprise)], promises=promises)
        database.session.commit()
        for address in ("/visits", f"/visits/{visit.id}"):
            with statements() as seen:
                coordinator.get(address)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10
