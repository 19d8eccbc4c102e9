"""What the unit that handled a problem learns of its rating: that there is one; of all, the total."""

import re

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_issue, make_office
from visits.core.authz import Actor
from visits.core.db import db as handle
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.anonymity import sight_columns, sight_of
from visits.issues.models import Channel, Issue, Level
from visits.issues.operations import EvaluationEntry
from visits.issues.rules import Solved
from visits.issues.standing import standings_of
from visits.issues.states import State

SECRETS = ("不满意", "未解决", "王经理", "电话里很生气", "电话回访", "link的话", "满意")
MEND = "请现场复核排水情况。"
BAD = EvaluationEntry(
    Solved.UNSOLVED, Level.DISSATISFIED, evaluator="王经理", comment="电话里很生气", to_unit=MEND
)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def rated_badly(office, db):
    issue = make_issue(office, State.EVALUATING)
    do.record_evaluation(office.callback, issue, BAD)
    db.session.commit()
    return issue


def told(page):
    return [word for word in SECRETS if word in page.main]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
def test_the_unit_reads_what_to_mend_and_nothing_of_the_answers(office, rated_badly, client_for, db, role):
    person = make_person([role, Role.CADRE], office.unit)
    db.session.commit()
    browser = client_for(person)
    page = browser.get("issues.show", issue_id=rated_badly.id)
    assert told(page) == []
    assert "企业已评价" in page.main
    assert MEND in page.main
    desk = browser.get(f"/desks/unit?issue={rated_badly.id}")
    assert told(desk) == []


def test_others_read_the_answers_and_who_typed_them(office, rated_badly, client_for):
    page = client_for(office.people["cadre"]).get("issues.show", issue_id=rated_badly.id)
    for words in ("不满意", "未解决", "王经理", "电话里很生气", "代录", office.people["callback"].name):
        assert words in page.main, words


@pytest.mark.parametrize(
    ("roles", "is_handling", "answers", "words"),
    [
        ({Role.SUPERVISOR}, False, True, True),
        ({Role.COORDINATOR}, False, True, True),
        ({Role.COORDINATOR, Role.HANDLER}, True, True, False),
        ({Role.CALLBACK}, False, True, False),
        ({Role.LEADER}, False, True, False),
        ({Role.HANDLER}, True, False, False),
        ({Role.HANDLER, Role.CADRE}, True, False, False),
        ({Role.UNIT_HEAD}, False, False, False),
    ],
)
def test_who_sees_answers_and_who_the_words_of_the_link(office, roles, is_handling, answers, words):
    issue = make_issue(office, State.CLOSED)
    actor = actor_for(make_person(list(roles), office.unit if is_handling else office.other_unit))
    assert isinstance(actor, Actor)
    asked = sa.select(*sight_columns(actor)).where(Issue.id == issue.id)
    sight = sight_of(actor, handle.session.execute(asked).one(), {office.unit.id})
    assert (sight.answers, sight.words) == (answers, words)


def test_the_words_of_the_link_reach_supervision_only(office, client_for, db):
    issue = make_issue(office, State.EVALUATING)
    code = do.make_link(office.coordinator, issue)
    entry = EvaluationEntry(
        Solved.UNSOLVED, Level.DISSATISFIED, channel=Channel.LINK, comment="没有人来过现场"
    )
    do.rate_by_link(code, entry)
    supervisor = make_person([Role.SUPERVISOR])
    db.session.commit()
    page = client_for(supervisor).get("issues.show", issue_id=issue.id)
    assert "没有人来过现场" in page.main
    assert "企业本人" in page.main
    for name in ("callback", "cadre", "handler"):
        assert (
            "没有人来过现场"
            not in client_for(office.people[name]).get("issues.show", issue_id=issue.id).main
        )
    assert (
        "针对不足重新办理"
        in client_for(office.people["handler"]).get("issues.show", issue_id=issue.id).main
    )


def test_no_filter_or_total_tells_the_unit(office, rated_badly, client_for):
    handler, leader = client_for(office.people["handler"]), client_for(office.people["leader"])
    assert rated_badly.number in leader.get("/issues?board=rated_badly").main
    assert rated_badly.number not in handler.get("/issues?board=rated_badly").main
    span = "?from=2026-11-01&to=2026-11-30"
    assert "0.0%" in leader.get(f"/totals{span}").main
    shown = {row[0]: row[1:3] for row in handler.get(f"/totals{span}").rows if len(row) > 2}
    hidden = {name: cells for name, cells in shown.items() if "满意率" in name or "企业自评" in name}
    assert hidden
    assert all(cells == ["–", "见“我的工作”合计"] for cells in hidden.values()), hidden
    handler.get(f"/totals/satisfaction_rate{span}", status=403)
    handler.get(f"/totals/solved_rate_verified{span}&part=denominator", status=403)
    handler.post(f"/totals/satisfaction_rate/export.csv{span}", status=403)
    leader.get(f"/totals/satisfaction_rate{span}", status=200)


@pytest.mark.parametrize("rated", [4, 5])
def test_a_unit_sees_its_total_from_five_up_and_a_month_late(office, client_for, at, db, rated):
    for number in range(rated):
        issue = make_issue(office, State.EVALUATING)
        level = Level.BASICALLY if number == 0 else Level.SATISFIED
        do.record_evaluation(
            office.callback, issue, EvaluationEntry(Solved.SOLVED, level, evaluator="王经理")
        )
    db.session.commit()
    assert [(s.rated, s.strict) for s in standings_of(office.handler)] == [(0, None)]
    at("2026-12-01")
    page = client_for(office.people["handler"]).get("home.index")
    if rated < 5:
        assert "不足5件，不显示" in page.main
        assert not re.search(r"\d+\.\d%", page.main)
    else:
        assert "80.0%" in page.main
        assert "100.0%" in page.main
    assert standings_of(office.coordinator) == []
    at("2027-12-01")
    assert [s.rated for s in standings_of(office.handler)] == [0]


def test_supervision_reads_bad_ratings_with_their_words(office, rated_badly, client_for, db, statements):
    good = make_issue(office, State.CLOSED)
    supervisor, insider = make_person([Role.SUPERVISOR]), make_person([Role.SUPERVISOR], office.unit)
    db.session.commit()
    browser = client_for(supervisor)
    with statements() as seen:
        page = browser.get("issue_ratings.index")
    assert len(seen) <= 10
    assert rated_badly.number in page.main
    assert "电话里很生气" in page.main
    assert good.number not in page.main
    assert rated_badly.number not in client_for(insider).get("issue_ratings.index").main
    for name in ("coordinator", "leader", "callback", "handler"):
        client_for(office.people[name]).get("issue_ratings.index", status=403)
