"""Who is told of what happens to a problem: every move has its line, each line reaches the right people."""

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_entry, make_issue
from tests.factories.programmes import join, make_group, make_link
from tests.support.problem_ledgers import row
from visits.core.authz import can
from visits.core.db import db as handle
from visits.core.permissions import Permission, Role
from visits.inbox.models import Notice
from visits.inbox.operations import in_silence
from visits.inbox.words import sentence_of
from visits.issues import operations as do
from visits.issues.models import Block, Delay, Issue, Level, Outcome, RedFlag, Solved
from visits.issues.notifications import NOBODY, TOLD
from visits.issues.operations import (
    AssignEntry,
    EvaluationEntry,
    ExtensionEntry,
    ReportEntry,
    SuspensionEntry,
    WithdrawalAnswer,
)
from visits.issues.states import LIFE, State

S = State
# The moves of which nobody is told; whoever adds a move decides in which table it stands.
UNTOLD = {
    *("register", "close_on_spot", "sign", "record_contact", "add_progress", "add_note"),
    *("record_evaluation", "log_attempt", "correct", "recompute_due", "recompute_review", "split"),
    *("link_repeat", "rate_later", "hide_enterprise", "show_enterprise", "hand_over", "put_on_agenda"),
    *("order_supervision", "answer_supervision", "send_back_supervision", "end_supervision"),
    *(move for move in LIFE.moves if move.startswith("import:")),
}


@pytest.fixture
def world(office):
    """The office with whoever else may be told, or must not."""
    people = office.people | {
        "head": make_person([Role.UNIT_HEAD], office.unit),
        "supervisor": make_person([Role.SUPERVISOR]),
        "group_leader": make_person([Role.GROUP_LEADER]),
        "bystander": make_person([Role.CADRE]),
        "auditor": make_person([Role.AUDITOR]),
        "other_leader_of_a_group": make_person([Role.GROUP_LEADER]),
    }
    firm, group = make_enterprise(), make_group(unit=office.unit)
    handle.session.flush()
    join(group, people["group_leader"])
    make_link(firm, group)
    handle.session.flush()
    office.people = people
    return SimpleNamespace(office=office, people=people, firm=firm)


def told_of(world, move=None):
    """Who was told of the last move, as {who: kind}; each may read the problem, nobody the own act."""
    notices = handle.session.scalars(sa.select(Notice).where(Notice.event == last_event())).all()
    names = {person.id: name for name, person in world.people.items()}
    for notice in notices:
        reader = next(person for person in world.people.values() if person.id == notice.person_id)
        issue = handle.session.get(Issue, notice.subject_id)
        assert can(actor_for(reader), Permission.ISSUES_READ, issue), (names[reader.id], move)
        assert notice.person_id != notice.actor_id
        assert issue.number in sentence_of(notice)
    return {names[notice.person_id]: notice.kind.value for notice in notices}


def last_event():
    return handle.session.scalar(sa.text("select 'issue_moves:' || max(id) from issue_moves"))


def ask_extension(office, issue):
    return do.ask_extension(
        office.handler,
        issue,
        ExtensionEntry(Delay.OTHER, "材料未齐", date(2026, 12, 10), told_enterprise=True),
    )


def ask_suspension(office, issue):
    return do.ask_suspension(
        office.handler, issue, SuspensionEntry(next(iter(Block)), "待政策", "张主任", date(2026, 12, 20))
    )


def badly_rated(office, issue):
    entry = EvaluationEntry(Solved.UNSOLVED, Level.DISSATISFIED, evaluator="王经理", to_unit="请上门")
    return do.record_evaluation(office.callback, issue, entry)


REPORT = ReportEntry(Outcome.SOLVED, "路面已修复，排水沟已清理。", "已电话告知企业。")
UNIT = {"handler": "desk", "head": "desk"}
ASKED = {"handler": "decided", "head": "decided"}
# state before, what somebody does first, what is done, who is told as which kind
CASES = {
    "assign": (
        S.REGISTERED,
        None,
        lambda o, i: do.assign(o.coordinator, i, AssignEntry(o.unit.id, (o.other_unit.id,))),
        UNIT | {"other_handler": "desk"},
    ),
    "request_info": (
        S.REGISTERED,
        None,
        lambda o, i: do.request_info(o.coordinator, i, "请补充"),
        {"cadre": "decide"},
    ),
    "complete_info": (
        S.REGISTERED,
        lambda o, i: do.request_info(o.coordinator, i, "请补充"),
        lambda o, i: do.complete_info(o.cadre, i, "已补充"),
        {"coordinator": "decide"},
    ),
    "reject": (
        S.REGISTERED,
        None,
        lambda o, i: do.reject(o.coordinator, i, "已在诉讼中", "建议司法途径"),
        {"cadre": "result"},
    ),
    "restore": (
        S.REJECTED,
        None,
        lambda o, i: do.restore(o.leader, i, "应当受理"),
        {"cadre": "result", "coordinator": "decide"},
    ),
    "sign": (S.ASSIGNED, None, lambda o, i: do.sign(o.handler, i), {}),
    "return": (
        S.ASSIGNED,
        None,
        lambda o, i: do.return_issue(o.handler, i, "不属本单位", o.other_unit.id),
        {"coordinator": "decide"},
    ),
    "reassign": (
        S.RETURNED,
        None,
        lambda o, i: do.reassign(o.coordinator, i, AssignEntry(o.other_unit.id)),
        {"other_handler": "desk"} | ASKED,
    ),
    "uphold": (S.RETURNED, None, lambda o, i: do.uphold(o.coordinator, i, "属本单位"), ASKED),
    "report": (
        S.IN_PROGRESS,
        None,
        lambda o, i: do.report(o.handler, i, REPORT),
        {"coordinator": "decide"},
    ),
    "pass_review": (
        S.REPORTED,
        None,
        lambda o, i: do.pass_review(o.coordinator, i),
        ASKED | {"callback": "decide"},
    ),
    "send_back": (S.REPORTED, None, lambda o, i: do.send_back(o.coordinator, i, "未办结"), UNIT),
    "close_evaluated": (
        S.EVALUATING,
        None,
        lambda o, i: advance(o, i, S.CLOSED),
        ASKED | {"cadre": "result"},
    ),
    "rework": (S.EVALUATING, None, badly_rated, UNIT),
    "void": (S.ASSIGNED, None, lambda o, i: do.void(o.coordinator, i, "重复"), UNIT | {"cadre": "result"}),
    "ask_extension": (S.IN_PROGRESS, None, ask_extension, {"coordinator": "decide"}),
    "grant_extension": (
        S.IN_PROGRESS,
        ask_extension,
        lambda o, i: do.grant_extension(o.coordinator, i, None),
        ASKED,
    ),
    "refuse_extension": (
        S.IN_PROGRESS,
        ask_extension,
        lambda o, i: do.refuse_extension(o.coordinator, i, "抓紧"),
        ASKED,
    ),
    "ask_suspension": (S.IN_PROGRESS, None, ask_suspension, {"leader": "decide"}),
    "suspend": (
        S.IN_PROGRESS,
        ask_suspension,
        lambda o, i: do.suspend(o.leader, i, None, ""),
        ASKED | {"cadre": "result"},
    ),
    "reopen": (
        S.CLOSED,
        None,
        lambda o, i: do.reopen(o.leader, i, "问题又出现"),
        UNIT | {"cadre": "result"},
    ),
    "raise_flag": (
        S.ASSIGNED,
        None,
        lambda o, i: do.raise_flag(o.coordinator, i, next(iter(RedFlag)), "拟外迁"),
        {"group_leader": "flag", "leader": "flag"},
    ),
    "lower_flag": (
        S.ASSIGNED,
        lambda o, i: do.raise_flag(o.coordinator, i, next(iter(RedFlag)), "拟外迁"),
        lambda o, i: do.lower_flag(o.coordinator, i, "已稳定"),
        {"cadre": "result"},
    ),
    "remind": (
        S.IN_PROGRESS,
        None,
        lambda o, i: do.remind(o.coordinator, i, "请抓紧"),
        {"handler": "urge", "head": "urge"},
    ),
    "remind_of_a_review": (
        S.REPORTED,
        None,
        lambda o, i: do.remind(o.leader, i, "请审核"),
        {"coordinator": "urge"},
    ),
    "escalate": (
        S.ASSIGNED,
        None,
        lambda o, i: do.escalate(o.coordinator, i, "跨区"),
        {"leader": "urge", "handler": "urge", "head": "urge"},
    ),
    "instruct": (
        S.ASSIGNED,
        None,
        lambda o, i: do.instruct(o.leader, i, "限期办结"),
        {"coordinator": "urge", "handler": "urge", "head": "urge"},
    ),
}


def test_every_move_has_its_line_and_those_untold_are_meant_so():
    assert set(TOLD) == set(LIFE.moves)
    assert {move for move, lines in TOLD.items() if lines == NOBODY} == UNTOLD


@pytest.mark.parametrize("case", CASES)
def test_who_is_told(world, case):
    before, first, act, expected = CASES[case]
    issue = make_issue(world.office, before, enterprise=world.firm)
    if first:
        first(world.office, issue)
    handle.session.flush()
    act(world.office, issue)
    assert told_of(world, case) == expected


def test_a_second_return_and_a_second_extension_are_for_a_leader(world):
    issue = make_issue(world.office, S.RETURNED, enterprise=world.firm)
    do.reassign(world.office.coordinator, issue, AssignEntry(world.office.other_unit.id))
    do.return_issue(world.office.other_handler, issue, "也不属本单位", world.office.unit.id)
    assert told_of(world) == {"leader": "decide"}


def test_withdrawal_is_asked_about_and_a_denial_warns_the_supervisor(world):
    officer = make_person([Role.OFFICER])
    world.people["officer"] = officer
    handle.session.flush()
    issue = do.register_issue(actor_for(officer), make_entry(world.firm))
    handle.session.flush()
    do.ask_withdrawal(actor_for(officer), issue, "企业表示不再需要")
    assert told_of(world) == {"callback": "decide"}
    do.refuse_withdrawal(
        world.office.callback, issue, WithdrawalAnswer("王经理", is_free=False, said="没有说过")
    )
    assert told_of(world) == {"officer": "decided", "supervisor": "decide"}


def test_whoever_follows_a_problem_hears_how_it_ends(world):
    issue = make_issue(world.office, S.EVALUATING, enterprise=world.firm)
    supervisor = actor_for(world.people["supervisor"])
    do.watch(supervisor, issue)
    advance(world.office, issue, S.CLOSED)
    assert told_of(world)["supervisor"] == "result"


def test_one_who_acts_in_two_roles_is_not_told_what_the_system_made_of_it(world):
    both = make_person([Role.CADRE, Role.CALLBACK])
    world.people["both"] = both
    handle.session.flush()
    issue = do.register_issue(actor_for(both), make_entry(world.firm))
    advance(world.office, issue, S.EVALUATING)
    entry = EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王经理")
    do.record_evaluation(actor_for(both), issue, entry)
    assert issue.state is S.CLOSED
    assert told_of(world) == ASKED


def test_telling_costs_two_statements_however_many_are_told(world, statements):
    for _ in range(20):
        make_person([Role.HANDLER], world.office.unit)
    quiet, loud = (make_issue(world.office, enterprise=world.firm) for _ in range(2))
    handle.session.flush()
    entry = AssignEntry(world.office.unit.id, (world.office.other_unit.id,))
    with in_silence(), statements() as before:
        do.assign(world.office.coordinator, quiet, entry)
    with statements() as after:
        do.assign(world.office.coordinator, loud, entry)
    assert len(after) - len(before) <= 2
    assert handle.session.scalar(sa.select(sa.func.count(Notice.id))) == 23


def test_an_import_tells_nobody(take_in, db):
    take_in(row())
    assert db.session.scalar(sa.select(sa.func.count(Issue.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 0
