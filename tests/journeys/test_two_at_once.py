"""Two people act on one problem at the same moment: one is heard, the other is told and loses no word.

TWO_AT_ONCE sets how many rounds there are; by default few, for a quick run.
"""

import threading

import pytest
import sqlalchemy as sa

from config import env_int
from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.issues import make_issue, make_office
from tests.factories.plans import make_plan
from tests.support.databases import scratch_url
from tests.support.live_server import LiveServer
from tests.support.raw_browser import RawBrowser
from tests.support.zones import restored_zone
from visits.core.db import db, transaction
from visits.core.permissions import Role
from visits.core.schema import apart
from visits.enterprises.models import Enterprise

ROUNDS = env_int("TWO_AT_ONCE", 24)
NAMES = ("coordinator.one", "coordinator.two")


@pytest.fixture
def zone(tmp_path):
    """A zone with two coordinators; returns its address, the fields of a correction, and fresh problems."""
    target = restored_zone(scratch_url("two", tmp_path), tmp_path)
    with apart(target.url), transaction():
        office = make_office()
        for name in NAMES:
            make_person([Role.COORDINATOR], make_unit(), username=name, password=PASSWORD)
        firm = db.session.scalars(sa.select(Enterprise).order_by(Enterprise.id)).first()
        fresh = [make_issue(office, enterprise=firm) for _ in range(max(1, ROUNDS // 4))]
        issue = make_issue(office, enterprise=firm)
        db.session.flush()
        fields = {
            "enterprise_id": issue.enterprise_id,
            "description": issue.description,
            "category_id": issue.category_id,
            "complexity": issue.complexity.value,
        }
        units = (office.unit.id, office.other_unit.id)
        return target.url, issue.id, fields, [each.id for each in fresh], units


def at_once(people, path, typed):
    """Both open the form, then both send it; return each one's status and page."""
    hidden = [person.open_form(path) for person in people]
    return sent_at_once(people, path, [hidden[place] | typed[place] for place in range(len(people))])


def sent_at_once(people, path, bodies):
    """All send to one address at the same moment; return each one's status and page."""
    start, answers = threading.Barrier(len(people)), [None] * len(people)

    def send(place):
        start.wait(timeout=30)
        answers[place] = people[place].submit(path, {}, bodies[place])

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_exactly_one_of_two_is_heard(zone, tmp_path):
    url, issue_id, fields, fresh, units = zone
    heard = []
    with LiveServer(tmp_path, url=url, workers=2) as server:
        people = [RawBrowser(server.address, name) for name in NAMES]
        for turn in range(ROUNDS):
            typed = [
                fields | {"title": f"第{turn}轮{who}的标题", "note": f"第{turn}轮{who}的理由"}
                for who in "甲乙"
            ]
            answers = at_once(people, f"/issues/{issue_id}/correct", typed)
            assert sorted(status for status, _ in answers) == [303, 409]
            loser = next(place for place, (status, _) in enumerate(answers) if status == 409)
            assert typed[loser]["title"] in answers[loser][1]
            assert typed[loser]["note"] in answers[loser][1]
            heard.append(typed[1 - loser]["title"])
        for each in fresh:
            orders = [{"lead_unit_id": unit, "note": f"请{unit}尽快办理"} for unit in units]
            answers = at_once(people, f"/issues/{each}/assign", orders)
            assert sorted(status for status, _ in answers) == [303, 409]
            loser = next(place for place, (status, _) in enumerate(answers) if status == 409)
            assert orders[loser]["note"] in answers[loser][1]
    with apart(url) as engine, engine.connect() as connection:
        title = connection.execute(
            sa.text("SELECT title FROM issues WHERE id = :id"), {"id": issue_id}
        ).scalar()
        made = sa.text("SELECT count(*) FROM issue_moves WHERE issue_id = :id AND move = 'correct'")
        assert (title, connection.execute(made, {"id": issue_id}).scalar()) == (heard[-1], ROUNDS)
        for each in fresh:
            leads = sa.text("SELECT count(*) FROM dispatches WHERE issue_id = :id")
            assert connection.execute(leads, {"id": each}).scalar() == 1


@pytest.fixture
def plans(tmp_path):
    """A zone with two coordinators and a third one's plans; returns its address and the plans' ids."""
    target = restored_zone(scratch_url("joined", tmp_path), tmp_path)
    with apart(target.url), transaction():
        make_office()
        for name in NAMES:
            make_person([Role.COORDINATOR], make_unit(), username=name, password=PASSWORD)
        owner = make_person([Role.COORDINATOR], make_unit())
        made = [make_plan(owner=owner) for _ in range(max(1, ROUNDS // 4))]
        db.session.flush()
        return target.url, [plan.id for plan in made]


def test_two_join_one_visit_and_who_sends_twice_joins_once(plans, tmp_path):
    url, plan_ids = plans
    with LiveServer(tmp_path, url=url, workers=2) as server:
        one, other = (RawBrowser(server.address, name) for name in NAMES)
        for plan_id in plan_ids:
            answers = sent_at_once([one, other, one], f"/plans/{plan_id}/join", [{}, {}, {}])
            assert [status for status, _ in answers] == [303] * 3
    along = sa.text("SELECT count(*) FROM plan_companions WHERE plan_id = :id AND left_at IS NULL")
    with apart(url) as engine, engine.connect() as connection:
        assert [connection.execute(along, {"id": each}).scalar() for each in plan_ids] == [2] * len(
            plan_ids
        )
