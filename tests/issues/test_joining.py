"""Problems merged and told apart, split, and linked as repeats, against the database."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_category, make_entry, make_issue
from tests.issues.reading import relations_of
from visits.core.authz import SYSTEM
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues import joined, queries
from visits.issues import operations as do
from visits.issues.models import Dispatch, Issue, IssueMove, IssueSource, Watcher
from visits.issues.operations import AssignEntry, PartEntry
from visits.issues.states import State


def running(db, issue):
    stmt = sa.select(Dispatch.id).where(Dispatch.issue_id == issue.id, Dispatch.ended_at.is_(None))
    return db.session.scalars(stmt.order_by(Dispatch.id)).all()


def pointers(db, *issues):
    db.session.expire_all()
    return [issue.merged_into_id for issue in issues]


def followers(issue):
    return sorted(joined.follower_ids(issue.id))


def test_a_merged_problem_keeps_its_number_and_ends_at_the_units(db, office, problem):
    issue, target = problem(State.ASSIGNED), problem(State.IN_PROGRESS)
    number = issue.number
    do.merge(office.coordinator, issue, target, "同一处路面", issue.revision)
    db.session.expire_all()
    assert (issue.state, issue.number, issue.merged_into_id) == (State.MERGED, number, target.id)
    assert running(db, issue) == []
    assert len(running(db, target)) == 1
    assert target.state is State.IN_PROGRESS
    row = queries.moves_of(issue.id)[-1].IssueMove
    assert (row.move, row.note, row.details["into"]) == ("merge", "同一处路面", target.number)


def test_undone_it_is_what_it_was_and_its_unit_goes_on(db, office, problem):
    issue, target = problem(State.REGISTERED), problem()
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    before, due = running(db, issue), issue.due_on
    do.merge(office.coordinator, issue, target, "同一处路面")
    do.unmerge(office.coordinator, issue, "地点不同", issue.revision)
    db.session.expire_all()
    assert (issue.state, issue.merged_into_id, issue.due_on) == (State.IN_PROGRESS, None, due)
    assert running(db, issue) == before
    assert len(before) == 2
    row = queries.moves_of(issue.id)[-1].IssueMove
    assert (row.from_state, row.to_state) == (State.MERGED, State.IN_PROGRESS)


def test_only_the_tasks_that_ended_with_the_merge_begin_again(db, office, problem):
    issue, target = problem(State.RETURNED), problem()
    do.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    (task,) = running(db, issue)
    do.merge(office.coordinator, issue, target, "同一处路面")
    do.unmerge(office.coordinator, issue, "地点不同")
    assert running(db, issue) == [task]


def test_a_question_that_waited_for_its_answer_waits_again(db, office, problem):
    issue, target = problem(), problem()
    do.request_info(office.coordinator, issue, "请补充地点")
    do.merge(office.coordinator, issue, target, "同一处路面")
    assert issue.needs_info is False
    do.unmerge(office.coordinator, issue, "地点不同")
    assert (issue.state, issue.needs_info) == (State.REGISTERED, True)


def test_what_was_asked_for_lapses_with_the_merge(db, office, problem):
    issue, target = problem(State.IN_PROGRESS), problem()
    officer = actor_for(make_person([Role.OFFICER]))
    do.watch(officer, issue)
    do.ask_withdrawal(officer, issue, "企业说不再需要")
    do.merge(office.coordinator, issue, target, "同一处路面")
    assert issue.withdrawal_asked is False
    assert queries.requests_of(issue.id)[0].IssueRequest.decision == "lapsed"


def test_pointers_never_lead_to_a_merged_problem(db, office, problem):
    a, b, c, d = (problem() for _ in range(4))
    for issue, target in ((a, b), (b, c), (c, d)):
        do.merge(office.coordinator, issue, target, "同一件事")
    assert pointers(db, a, b, c) == [d.id] * 3


@pytest.mark.parametrize(
    ("undone", "left"),
    [
        ("a", [None, "d", "d"]),
        ("b", ["b", None, "d"]),
        ("c", ["c", "c", None]),
        ("bc", ["b", None, None]),
        ("cb", ["b", None, None]),
        ("ab", [None, None, "d"]),
        ("ba", [None, None, "d"]),
        ("abc", [None, None, None]),
    ],
)
def test_undoing_a_merge_undoes_what_it_re_pointed_and_nothing_else(db, office, problem, undone, left):
    named = dict(zip("abcd", (problem() for _ in range(4)), strict=True))
    for issue, target in ("ab", "bc", "cd"):
        do.merge(office.coordinator, named[issue], named[target], "同一件事")
    for name in undone:
        do.unmerge(office.coordinator, named[name], "不是同一件事")
    expected = [named[name].id if name else None for name in left]
    assert pointers(db, *(named[name] for name in "abc")) == expected


def test_what_was_merged_anew_since_stays_where_it_is(db, office, problem):
    a, b, c = (problem() for _ in range(3))
    do.merge(office.coordinator, a, b, "同一件事")
    do.merge(office.coordinator, b, c, "同一件事")
    do.unmerge(office.coordinator, a, "不是")
    do.merge(office.coordinator, a, c, "与这一件相同")
    do.unmerge(office.coordinator, b, "不是")
    assert pointers(db, a, b) == [c.id, None]


def test_author_and_followers_follow_the_problem_that_stays(db, office, problem):
    issue, target = problem(), problem()
    officer, leader = actor_for(make_person([Role.OFFICER])), office.leader
    do.watch(officer, issue)
    do.watch(leader, issue)
    do.watch(leader, target)
    do.merge(office.coordinator, issue, target, "同一件事")
    everybody = sorted([office.cadre.person_id, officer.person_id, leader.person_id])
    assert followers(target) == everybody
    assert queries.get_visible(officer, target.id) is target
    do.unmerge(office.coordinator, issue, "不是")
    assert followers(target) == [leader.person_id]
    assert followers(issue) == sorted([officer.person_id, leader.person_id])


def test_a_closed_problem_may_be_merged_into(db, office, problem):
    issue, target = problem(), problem(State.CLOSED)
    do.merge(office.coordinator, issue, target, "上月已经办结的同一件事")
    assert issue.merged_into_id == target.id


def test_into_what_a_problem_cannot_be_merged(db, office, problem):
    issue = problem()
    other_firm = make_issue(office)
    rejected, void = problem(State.REJECTED), problem(State.VOID)
    merged, kept = problem(), problem()
    do.merge(office.coordinator, merged, kept, "同一件事")
    for target, words in (
        (None, "Choose another problem"),
        (issue, "Choose another problem"),
        (other_firm, "Choose another problem"),
        (rejected, "Choose a problem that counts"),
        (void, "Choose a problem that counts"),
        (merged, "is itself merged"),
    ):
        with pytest.raises(Refused, match=words):
            do.merge(office.coordinator, issue, target, "同一件事")
    with pytest.raises(Refused, match="Write why"):
        do.merge(office.coordinator, issue, kept, " ")
    assert (issue.state, pointers(db, issue)) == (State.REGISTERED, [None])


@pytest.mark.parametrize(
    "state", [State.REPORTED, State.EVALUATING, State.CLOSED, State.REJECTED, State.VOID]
)
def test_from_which_states_nothing_is_merged(db, office, problem, state):
    with pytest.raises(WrongState):
        do.merge(office.coordinator, problem(state), problem(), "同一件事")


def test_who_may_not_merge_or_undo(db, office, problem):
    issue, target = problem(), problem()
    for actor in (office.handler, office.cadre, office.leader, office.callback):
        with pytest.raises(NotAllowed):
            do.merge(actor, issue, target, "同一件事")
    do.merge(office.coordinator, issue, target, "同一件事")
    for actor in (office.handler, office.cadre, office.leader):
        with pytest.raises(NotAllowed):
            do.unmerge(actor, issue, "不是")
    with pytest.raises(WrongState):
        do.unmerge(office.coordinator, target, "没有并过")
    with pytest.raises(Stale):
        do.unmerge(office.coordinator, issue, "不是", issue.revision - 1)


def test_a_problem_is_split_into_others_and_goes_on(db, office, firm):
    issue = make_issue(
        office, State.ASSIGNED, enterprise=firm, source=IssueSource.HOTLINE, reporter_name="王经理"
    )
    category = make_category()
    parts = do.split(
        office.coordinator,
        issue,
        [PartEntry("路灯不亮", "东门路灯全部不亮。", category.id), PartEntry("排水不畅", "", category.id)],
        "两件事归不同单位",
        issue.revision,
    )
    db.session.expire_all()
    assert [part.state for part in parts] == [State.REGISTERED] * 2
    assert len({part.number for part in parts} | {issue.number}) == 3
    for part in parts:
        assert (part.split_from_id, part.enterprise_id, part.source) == (
            issue.id, firm.id, IssueSource.HOTLINE,
        )  # fmt: skip
        assert (part.reporter_name, part.registered_by_id) == ("王经理", issue.registered_by_id)
        assert queries.get_visible(office.cadre, part.id) is part
    assert issue.state is State.ASSIGNED
    assert queries.moves_of(issue.id)[-1].IssueMove.details["parts"] == [part.number for part in parts]
    relations = relations_of(office.coordinator, issue)
    assert [row.number for row in relations.parts] == [part.number for part in parts]
    assert relations_of(office.coordinator, parts[0]).split_from.number == issue.number


def test_what_cannot_be_split(db, office, problem):
    issue, category = problem(), make_category()
    part = PartEntry("路灯不亮", "东门路灯全部不亮。", category.id)
    for parts, words in (([], "one to 5 parts"), ([part] * 6, "one to 5 parts")):
        with pytest.raises(Refused, match=words):
            do.split(office.coordinator, issue, parts, "两件事")
    with pytest.raises(Refused, match="Write why"):
        do.split(office.coordinator, issue, [part], "")
    with pytest.raises(NotAllowed):
        do.split(office.cadre, issue, [part], "两件事")
    with pytest.raises(WrongState):
        do.split(office.coordinator, problem(State.CLOSED), [part], "两件事")
    assert (
        db.session.scalar(sa.select(sa.func.count(Issue.id)).where(Issue.split_from_id.is_not(None))) == 0
    )


def test_a_part_with_a_fault_leaves_nothing_behind(db, office, problem):
    issue, category = problem(), make_category()
    parts = [PartEntry("路灯不亮", "东门。", category.id), PartEntry("  ", "东门。", category.id)]
    with pytest.raises(Refused):
        do.split(office.coordinator, issue, parts, "两件事")
    db.session.rollback()
    assert (
        db.session.scalar(sa.select(sa.func.count(Issue.id)).where(Issue.split_from_id.is_not(None))) == 0
    )


def test_a_repeat_says_how_long_the_earlier_one_had_been_closed(db, at, office, problem):
    earlier = problem(State.CLOSED)
    at("2026-12-23")
    issue = problem()
    do.link_repeat(office.coordinator, issue, earlier, "同一路段又破损", issue.revision)
    assert issue.repeat_of_id == earlier.id
    details = queries.moves_of(issue.id)[-1].IssueMove.details
    assert (details["earlier_id"], details["repeat_days"]) == (earlier.id, 30)


def test_a_repeat_of_what_was_never_closed_has_no_days(db, at, office, problem):
    earlier = problem(State.ASSIGNED)
    at("2026-11-25")
    issue = problem()
    at("2026-11-26")
    advance(office, earlier, State.CLOSED)
    do.link_repeat(office.coordinator, issue, earlier)
    assert queries.moves_of(issue.id)[-1].IssueMove.details["repeat_days"] is None


def test_of_what_a_problem_cannot_be_a_repeat(db, at, office, problem):
    earlier, void = problem(), problem(State.VOID)
    at("2026-11-24")
    issue, later = problem(), problem()
    for target, words in (
        (None, "Choose another problem"),
        (issue, "Choose another problem"),
        (make_issue(office), "Choose another problem"),
        (later, "registered before"),
        (void, "is void"),
    ):
        with pytest.raises(Refused, match=words):
            do.link_repeat(office.coordinator, issue, target)
    do.link_repeat(office.coordinator, issue, earlier)
    with pytest.raises(Refused, match="already"):
        do.link_repeat(office.coordinator, issue, earlier)
    with pytest.raises(NotAllowed):
        do.link_repeat(office.cadre, issue, earlier)


def test_the_most_alike_come_first_and_only_those_one_may_read(db, at, office, firm, problem):
    make_category()
    same = problem(title="厂区东门道路破损严重", description="货车进出困难。")
    other = problem(title="申请高新技术企业认定", description="材料清单不清楚。")
    make_issue(office, title="厂区东门道路破损严重")
    old = problem(State.CLOSED, title="厂区东门道路破损")
    at("2027-03-01")
    words = ("东门道路破损", "厂区东门外道路破损，货车进出困难。")
    found = joined.alike_ones(office.coordinator, firm.id, *words)
    assert [row.id for row in found] == [same.id]
    assert found[0].score > 0.5
    assert joined.near_ones(SYSTEM, same) == []
    stranger = actor_for(make_person([Role.CADRE]))
    assert joined.alike_ones(stranger, firm.id, *words) == []
    assert old.id not in {row.id for row in joined.near_ones(office.coordinator, other)}


def test_offered_to_merge_are_the_open_ones_first_and_nothing_without_a_like_word(
    db, office, firm, problem
):
    make_category()
    alike = {"title": "厂区东门道路破损严重", "description": "货车进出困难。"}
    closed, older = problem(State.CLOSED, **alike), problem(**alike)
    later = problem(State.IN_PROGRESS, **alike)
    less = problem(title="厂区东门路灯不亮", description="夜间进出困难。")
    problem(title="申请高新技术企业认定", description="材料清单不清楚。")
    issue = problem(**alike)
    offered = [near.id for near in joined.near_ones(office.coordinator, issue)]
    assert offered == [later.id, older.id, closed.id, less.id]


def test_problems_are_found_by_number_only_within_the_enterprise_and_the_reach(db, office, problem):
    issue, other, foreign = problem(), problem(), make_issue(office)
    assert joined.by_number(office.coordinator, issue, f" {other.number.lower()} ") is other
    assert joined.by_number(office.coordinator, issue, foreign.number) is None
    assert joined.by_number(actor_for(make_person([Role.CADRE])), issue, other.number) is None


def test_relations_leave_out_what_the_reader_may_not_read(db, office, problem):
    issue, target = problem(), problem()
    do.merge(office.coordinator, issue, target, "同一件事")
    handler = actor_for(make_person([Role.HANDLER], office.unit))
    assert relations_of(handler, issue).merged_into is None
    assert relations_of(office.coordinator, target).merged[0].number == issue.number
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Watcher)) == 1
    assert db.session.scalars(sa.select(IssueMove.move).where(IssueMove.issue_id == target.id)).all() == [
        "register"
    ]


def test_a_problem_registered_as_confidential_and_with_a_red_flag_says_so(db, office):
    issue = do.register_issue(office.cadre, make_entry(confidential=True, red_flag="stopping"))
    db.session.expire_all()
    assert (issue.confidential, issue.red_flag) == (True, "stopping")
    details = queries.moves_of(issue.id)[0].IssueMove.details
    assert (details["confidential"], details["red_flag"]) == (True, "stopping")
    assert issue.registered_on == date(2026, 11, 23)
