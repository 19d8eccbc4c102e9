"""Rows of a ledger of problems laid beside the office: which problems they bring, why they stay out."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_category
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_group, make_link
from tests.support.problem_ledgers import HEADER, fates, notes, reasons, row
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed
from visits.core.health import Weight
from visits.core.periods import local_date
from visits.enterprises.models import ImportRun
from visits.issues import integrity, operations, queries
from visits.issues.filters import broken_promises
from visits.issues.models import (
    Channel,
    Dispatch,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
    IssueSource,
    IssueText,
    Outcome,
)
from visits.issues.states import LIFE, State


def the_issue():
    return db.session.scalars(sa.select(Issue)).one()


def story(issue):
    """The moves of a problem: name, from, to, day."""
    stmt = sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq)
    return [(m.move, m.from_state, m.to_state, local_date(m.happened_at)) for m in db.session.scalars(stmt)]


def all_is_well():
    return all(finding.weight is Weight.FINE for finding in integrity.find_broken_records())


def test_a_closed_row_brings_the_whole_history(take_in, ledger_office):
    began = now()
    assert fates(take_in(row())) == (1, 1, 0, 0, 0, 0)
    issue = the_issue()
    assert story(issue) == [
        ("import:register", None, "registered", date(2025, 3, 4)),
        ("import:assign", "registered", "assigned", date(2025, 3, 5)),
        ("import:report", "assigned", "reported", date(2025, 3, 12)),
        ("import:close", "reported", "closed", date(2025, 3, 17)),
        ("import:rate", "closed", "closed", date(2025, 3, 17)),
    ]
    moves = db.session.scalars(sa.select(IssueMove).order_by(IssueMove.seq)).all()
    assert {move.origin for move in moves} == {"import"}
    assert all(move.recorded_at >= began for move in moves)
    assert [move.happened_at for move in moves] == sorted(move.happened_at for move in moves)
    assert {move.actor_id for move in moves} == {ledger_office["coordinator"].id}
    assert (issue.number, issue.external_no) == ("WT20250304-001", "2025-001")
    assert (issue.state, issue.outcome, issue.on_spot) == (State.CLOSED, Outcome.SOLVED, False)
    assert (issue.registered_on, issue.closed_on) == (date(2025, 3, 4), date(2025, 3, 17))
    assert (issue.due_on, issue.original_due_on) == (date(2025, 3, 14), date(2025, 3, 14))
    assert issue.lead_unit_id == ledger_office["unit"].id
    assert issue.title == issue.description == "厂区门口道路破损，货车进出困难。"
    assert db.session.get(IssueText, issue.id) is not None
    assert all_is_well()


def test_tasks_and_answers_are_those_the_ledger_names(take_in, ledger_office):
    began = now()
    take_in(row())
    lead, co_unit = db.session.scalars(sa.select(Dispatch).order_by(Dispatch.id)).all()
    assert (lead.kind, lead.unit_id, local_date(lead.answered_at)) == (
        "lead",
        ledger_office["unit"].id,
        date(2025, 3, 12),
    )
    assert (lead.signed_at, lead.contacted_at, lead.sign_due, lead.contact_due) == (None,) * 4
    assert (co_unit.kind, co_unit.unit_id, co_unit.due_on) == ("co", ledger_office["other_unit"].id, None)
    assert {local_date(task.ended_at) for task in (lead, co_unit)} == {date(2025, 3, 17)}
    answer = db.session.scalars(sa.select(Evaluation)).one()
    assert (answer.solved, answer.level, answer.channel, answer.is_proxy) == (
        "solved",
        "satisfied",
        "phone",
        True,
    )
    assert (answer.answered_on, answer.at >= began) == (date(2025, 3, 17), True)


def test_what_the_ledger_does_not_say_is_not_made_up(take_in):
    bare = row(
        办理时限="",
        反馈日期="",
        办理情况="",
        是否解决="",
        满意度="",
        评价方式="",
        协办单位="",
        交办日期="",
        主办单位="",
    )
    assert fates(take_in(bare)) == (1, 1, 0, 0, 0, 0)
    issue = the_issue()
    assert [name for name, *_ in story(issue)] == ["import:register", "import:close"]
    assert (issue.due_on, issue.original_due_on, issue.lead_unit_id) == (None, None, None)
    assert db.session.scalars(sa.select(Dispatch)).all() == []
    assert db.session.scalars(sa.select(Evaluation)).all() == []
    assert all_is_well()


def test_a_unit_without_limit_has_a_task_without_due_date(take_in):
    take_in(row(办理时限="", 协办单位=""))
    task = db.session.scalars(sa.select(Dispatch)).one()
    assert (task.due_on, task.original_due_on, task.ended_at is not None) == (None, None, True)


@pytest.mark.parametrize(
    ("changes", "state", "moves"),
    [
        ({"is_open": True}, "assigned", ["import:register", "import:assign"]),
        (
            {"is_open": True, "主办单位": "", "协办单位": "", "交办日期": "", "办理时限": ""},
            "registered",
            ["import:register"],
        ),
        (
            {"办结日期": "", "是否解决": "", "满意度": "", "评价方式": ""},
            "reported",
            ["import:register", "import:assign", "import:report"],
        ),
        (
            {
                "办结结果": "现场解决",
                "办结日期": "2025-3-4",
                "反馈日期": "",
                "主办单位": "",
                "协办单位": "",
                "交办日期": "",
                "办理时限": "",
            },
            "closed",
            ["import:close_on_spot", "import:rate"],
        ),
        (
            {"反馈日期": "", "是否解决": "", "满意度": ""},
            "closed",
            ["import:register", "import:assign", "import:close"],
        ),
    ],
)
def test_each_row_goes_as_far_as_the_ledger_says(take_in, changes, state, moves):
    plan = take_in(row(**changes))
    assert reasons(plan) == []
    assert plan.still_open == (state != "closed")
    issue = the_issue()
    assert (issue.state, [name for name, *_ in story(issue)]) == (state, moves)
    assert issue.on_spot is ("import:close_on_spot" in moves)
    assert all_is_well()


def test_the_moves_of_an_import_are_nobodys():
    everything = frozenset(LIFE.permissions)
    names = [name for name in LIFE.moves if name.startswith("import:")]
    assert len(names) == 7
    for name in names:
        for state in (None, *State):
            with pytest.raises(NotAllowed):
                LIFE.check(name, everything, state, None)


def test_an_open_problem_goes_on_where_the_ledger_stops(take_in, ledger_office):
    take_in(row(is_open=True, 协办单位=""))
    issue = the_issue()
    handler = actor_for(ledger_office["handler"])
    operations.sign(handler, issue)
    told = operations.ReportEntry(Outcome.SOLVED, "路面已修复，排水沟已清理。", "已电话告知企业。")
    operations.report(handler, issue, told)
    operations.pass_review(actor_for(ledger_office["coordinator"]), issue)
    assert issue.state is State.EVALUATING
    assert queries.last_seq(issue.id) == 5
    assert all_is_well()


def test_a_channel_left_empty_means_that_the_office_entered_it(take_in):
    take_in(
        row(评价方式=""),
        row(编号="2", 问题内容="缺电。", 评价方式="二维码"),
        row(编号="3", 问题内容="缺水。", 评价方式="纸质评价表"),
    )
    answers = db.session.scalars(sa.select(Evaluation).order_by(Evaluation.id)).all()
    assert [(a.channel, a.is_proxy) for a in answers] == [
        (Channel.LEDGER, True),
        (Channel.LINK, False),
        (Channel.PAPER, False),
    ]


def test_the_visit_it_was_heard_on_is_found_where_it_is_the_only_one(take_in, ledger_office):
    visit = make_visit(ledger_office["firm"], visited_on=date(2025, 3, 3))
    db.session.commit()
    take_in(row())
    issue = the_issue()
    assert (issue.source, issue.visit_id) == (IssueSource.VISIT, visit.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IssueProgramme)) > 0


def test_of_two_visits_on_a_day_none_is_guessed_and_the_group_is_the_one_of_the_day(take_in, ledger_office):
    group = make_group()
    make_link(ledger_office["firm"], group, from_on=date(2025, 1, 1))
    for _ in range(2):
        make_visit(ledger_office["firm"], visited_on=date(2025, 3, 3))
    db.session.commit()
    take_in(row())
    assert (the_issue().visit_id, the_issue().group_id) == (None, group.id)


def test_a_closed_unit_has_what_it_closed_long_ago(take_in):
    assert fates(take_in(row(主办单位="招商服务局")))[1] == 1


@pytest.mark.parametrize(
    ("state", "days", "says"),
    [
        ("已办结", {"is_open": True}, "the day of closing is missing"),
        ("办理中", {}, "gives a day of closing"),
    ],
)
def test_a_state_that_contradicts_the_days_is_told(take_in, state, days, says):
    plan = take_in({**row(**days), "状态": state}, header=(*HEADER, "状态"))
    assert [why for at, why in reasons(plan) if at == "状态" and says in why]


def test_one_day_stands_for_another_only_when_that_is_chosen(take_in):
    given = row(登记日期="", 交办日期="")
    assert fates(take_in(given))[1] == 0
    plan = take_in(given, visit_day_registers=True, registering_assigns=True)
    assert fates(plan)[1] == 1
    assert [day for *_, day in story(the_issue())][:2] == [date(2025, 3, 3)] * 2


def test_a_row_without_category_stays_out_where_none_is_chosen(take_in):
    assert "category is missing" in reasons(take_in(row(), category_id=0))[0][1]


def test_outcome_b_whose_day_is_over_stays_closed(take_in, at):
    plan = take_in(
        row(办结结果="B 列入计划", 计划完成时间="2025-6-30", 是否解决="未解决"),
        row(
            编号="2",
            问题内容="缺电。",
            办结结果="正在解决",
            计划完成时间=(today() + timedelta(days=5)).isoformat(),
        ),
    )
    assert ("计划完成时间", "The day promised is over") in [(c, why[:24]) for c, why in notes(plan)]
    issues = db.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    later = today() + timedelta(days=9)
    broken = db.session.scalars(sa.select(Issue.id).where(broken_promises(later))).all()
    assert broken == [issues[1].id]


def test_a_second_import_adds_nothing(take_in):
    rows = [row(), row(编号="", 问题内容="缺电。"), row(编号="2", 问题内容="缺水。", is_open=True)]
    assert fates(take_in(*rows)) == (3, 3, 0, 0, 0, 1)
    assert fates(take_in(*rows, dry_run=True)) == (3, 0, 3, 0, 0, 0)
    plan = take_in(*rows)
    assert (fates(plan), plan.run_id) == ((3, 0, 3, 0, 0, 0), None)
    assert db.session.scalar(sa.select(sa.func.count(Issue.id))) == 3


def test_a_second_import_adds_nothing_also_when_the_words_were_corrected(take_in, ledger_office):
    take_in(row(编号="", is_open=True, 协办单位=""))
    issue = the_issue()
    entry = operations.CorrectionEntry(
        issue.enterprise_id, "道路破损", "道路破损，已核实。", issue.category_id, issue.complexity
    )
    operations.correct(actor_for(ledger_office["coordinator"]), issue, entry, "已核实")
    db.session.commit()
    assert fates(take_in(row(编号="", is_open=True, 协办单位="")))[:3] == (1, 0, 1)


def test_a_problem_registered_by_hand_is_not_doubled(take_in, ledger_office):
    entry = operations.IssueEntry(
        ledger_office["firm"].id, "道路破损", SOUND_TEXT, make_category().id, external_no="2025-001"
    )
    operations.register_issue(actor_for(ledger_office["coordinator"]), entry)
    db.session.commit()
    day = today().isoformat()
    plan = take_in(row(is_open=True, 登记日期=day, 交办日期=day, 办理时限=day))
    assert fates(plan)[:3] == (1, 0, 1)


SOUND_TEXT = "厂区门口道路破损，货车进出困难。"


def test_the_ledger_having_gone_on_is_told_and_changes_nothing(take_in):
    take_in(row(is_open=True))
    plan = take_in(row())
    assert fates(plan)[:3] == (1, 0, 1)
    assert "not closed on the same day" in notes(plan)[-1][1]
    assert the_issue().state is State.ASSIGNED


def test_numbers_that_contradict_are_told_and_twins_taken_once(take_in):
    make_enterprise("星桥青禾食品有限公司", code=make_code(702))
    db.session.commit()
    plan = take_in(row(), row(), row(问题内容="缺水。"))
    assert fates(plan) == (3, 1, 0, 1, 1, 0)
    assert "Row 2 has this number too" in reasons(plan)[0][1]
    plan = take_in(row(企业名称="星桥青禾食品有限公司"))
    assert "WT20250304-001" in reasons(plan)[0][1]


def test_the_same_number_of_another_year_is_another_problem(take_in):
    take_in(row(编号="7"))
    later = {key: value.replace("2025-", "2026-") for key, value in row().items()}
    assert fates(take_in({**later, "编号": "7", "问题内容": "缺水。"}))[1] == 1


def test_numbers_follow_those_given_by_hand(take_in, at, ledger_office):
    at("2025-03-04")
    entry = operations.IssueEntry(ledger_office["firm"].id, "缺电", "缺电。", make_category().id)
    issue = operations.register_issue(actor_for(ledger_office["coordinator"]), entry)
    db.session.commit()
    assert issue.number == "WT20250304-001"
    at("2026-11-28")
    take_in(row(), row(编号="2", 问题内容="缺水。"))
    numbers = db.session.scalars(sa.select(Issue.number).order_by(Issue.id)).all()
    assert numbers == ["WT20250304-001", "WT20250304-002", "WT20250304-003"]


def test_an_undo_voids_all_but_what_was_worked_on(take_in, ledger_office):
    take_in(
        row(is_open=True, 协办单位=""), row(编号="2", 问题内容="缺水。"), row(编号="3", 问题内容="缺电。")
    )
    first, second, third = db.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    operations.sign(actor_for(ledger_office["handler"]), first)
    run = db.session.scalars(sa.select(ImportRun)).one()
    third_id = third.id
    operations.watch(actor_for(ledger_office["coordinator"]), third)
    found = operations.undo_ledger(actor_for(ledger_office["coordinator"]), run, "年份弄错了")
    db.session.commit()
    db.session.expire_all()
    assert found.voided == 1
    assert {one["issue_id"] for one in found.kept} == {first.id, third_id}
    assert story(second)[-1][:3] == ("import:undo", "closed", "void")
    assert (second.state, second.closed_on, second.closed_at) == (State.VOID, None, None)
    assert all_is_well()
    rows = [
        row(is_open=True, 协办单位=""),
        row(编号="2", 问题内容="缺水。"),
        row(编号="3", 问题内容="缺电。"),
    ]
    assert fates(take_in(*rows))[:3] == (3, 1, 2)
    assert fates(take_in(*rows))[:3] == (3, 0, 3)
