"""The pages by which problems are followed, given duties, fulfilled and re-opened."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import advance, make_entry
from tests.issues.reading import hrefs, numbers, states
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Level, Solved
from visits.issues.operations import ReportEntry
from visits.issues.rules import Outcome
from visits.issues.states import State


def test_following_and_no_longer(db, office, browser, problem):
    issue = problem()
    person = browser("leader")
    page = person.get("issues.show", issue_id=issue.id)
    assert page.posts_to(f"/issues/{issue.id}/follow")
    page = person.follow(person.post("issues.follow", page=page, issue_id=issue.id, is_on=True))
    assert "取消关注" in page.main
    assert numbers(person.get("issues.index", mine="followed")) == [issue.number]
    person.post("issues.follow", issue_id=issue.id, is_on=False)
    assert numbers(person.get("issues.index", mine="followed")) == []


def test_who_reads_only_what_he_follows_ends_up_at_the_list(db, office, browser, problem):
    officer = make_person([Role.OFFICER])
    issue = problem()
    do.watch(actor_for(officer), issue)
    person = browser(officer)
    page = person.follow(person.post("issues.follow", issue_id=issue.id, is_on=False))
    assert f"已取消关注{issue.number}" in page.main
    person.get("issues.show", issue_id=issue.id, status=404)
    person.post("issues.follow", issue_id=issue.id, is_on=True, status=404)


def test_a_duty_is_set_seen_at_home_and_reported(db, office, browser, problem):
    issue, helper = problem(State.ASSIGNED), make_unit()
    hand = make_person([Role.HANDLER], helper)
    boss = browser("coordinator")
    typed = {"unit_id": str(helper.id), "what": "出具用电增容方案", "due_on": "2026-11-25"}
    page = boss.follow(boss.post("issues.make_move", typed, issue_id=issue.id, move="set-duty"))
    assert "出具用电增容方案" in page.main
    assert "剩2个工作日" in page.main
    person = browser(hand)
    home = person.get("home.index")
    assert "本单位议定事项" in home.main
    assert "出具用电增容方案" in home.main
    page = person.get("issues.make_move", issue_id=issue.id, move="complete-duty", duty=1)
    answer = person.post(
        "issues.make_move", {"note": "方案已报送"}, page=page, issue_id=issue.id, move="complete-duty"
    )
    page = person.follow(answer)
    assert "方案已报送" in page.main
    assert "本单位议定事项" not in person.get("home.index").main


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"unit_id": "999999"}, ""),
        ({"what": " \u3000"}, "必填"),
        ({"due_on": "2026-11-22"}, "今天或以后"),
        ({"due_on": "9999-12-31x"}, ""),
        ({"due_on": ""}, "选择日期"),
    ],
)
def test_duties_that_are_not_set(db, office, browser, problem, data, words):
    issue = problem(State.ASSIGNED)
    typed = {"unit_id": str(office.unit.id), "what": "出具方案", "due_on": "2026-11-25"} | data
    page = browser("coordinator").post(
        "issues.make_move", typed, status=422, issue_id=issue.id, move="set-duty"
    )
    assert words in page.main


def test_closed_as_planned_it_is_fulfilled_or_re_opened(db, office, browser, problem, at):
    issue = problem(State.IN_PROGRESS)
    promised = ReportEntry(Outcome.PLANNED, "列入计划", "已告知", date.fromisoformat("2026-12-20"))
    do.report(office.handler, issue, promised)
    advance(office, issue, State.EVALUATING)
    do.record_evaluation(
        office.callback,
        issue,
        do.EvaluationEntry(Solved.UNSOLVED, Level.SATISFIED, accepts=True, evaluator="王经理"),
    )
    person = browser("handler")
    assert "fulfil" in hrefs(person.get("issues.show", issue_id=issue.id))
    page = person.follow(
        person.post(
            "issues.make_move", {"done": "管网完工", "told": "已上门"}, issue_id=issue.id, move="fulfil"
        )
    )
    assert "已反馈待审核" in page.main
    advance(office, issue, State.CLOSED)
    leader = browser("leader")
    assert "reopen" in hrefs(leader.get("issues.show", issue_id=issue.id))
    page = leader.follow(
        leader.post("issues.make_move", {"note": "抽查不属实"}, issue_id=issue.id, move="reopen")
    )
    assert "现为第3轮" in page.main
    assert "1级（专班办公室）" in page.main


def test_on_the_spot_is_said_only_while_it_is_so(db, office, browser, firm):
    issue = do.close_on_spot(office.cadre, make_entry(firm), "当场答复")
    leader = browser("leader")
    assert states(leader.get("issues.index")) == ["现场办结"]
    leader.post("issues.make_move", {"note": "没有解决"}, issue_id=issue.id, move="reopen-to-office")
    advance(office, issue, State.CLOSED)
    db.session.commit()
    assert states(leader.get("issues.index")) == ["已办结"]
    assert "当场解决并办结" not in leader.get("issues.show", issue_id=issue.id).main
