"""Rows of a ledger of problems laid beside the office: which problems they bring, why they stay out."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_category
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_group, make_link
from tests.support.browser import apart
from tests.support.problem_ledgers import FIRM, HEADER, OTHER_UNIT, UNIT, problem_ledger, row
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed
from visits.core.health import Weight
from visits.core.periods import local_date
from visits.core.permissions import Role
from visits.enterprises.models import ImportRun
from visits.issues import integrity, operations, queries
from visits.issues.categories import OTHER
from visits.issues.filters import broken_promises
from visits.issues.ledger.carrying import PROBLEMS
from visits.issues.models import (
    Category,
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


@pytest.fixture
def office(database):
    """A coordinator, units of all kinds, an enterprise, the usual categories."""
    make_category()
    unit, other = make_unit(UNIT), make_unit(OTHER_UNIT)
    closed = make_unit("招商服务局")
    closed.closed_on = date(2026, 1, 1)
    make_unit("档案室")
    people = {
        "coordinator": make_person([Role.COORDINATOR]),
        "handler": make_person([Role.HANDLER], unit),
        "other": make_person([Role.HANDLER], other),
    }
    firm = make_enterprise(FIRM, code=make_code(701))
    db.session.commit()
    return {"unit": unit, "other_unit": other, "firm": firm, **people}


@pytest.fixture
def take_in(app, office):
    """Take a ledger in; return its plan."""

    def run(*rows, filename="台账.csv", dry_run=False, maps=(), header=HEADER, **chosen):
        actor = actor_for(office["coordinator"])
        usual = db.session.scalar(sa.select(Category.id).where(Category.code == OTHER))
        given = {"category_id": usual, "source": "visit", **chosen}
        db.session.rollback()

        def written():
            with app.app_context():
                content = problem_ledger(*rows, header=header)
                words = {"dry_run": dry_run, "maps": maps}
                found = PROBLEMS.import_file(actor, actor.person_id, content, filename, given, **words)
                db.session.commit()
                return found.plan

        plan = apart(written)
        db.session.rollback()
        db.session.expire_all()
        return plan

    return run


def fates(plan):
    counts = plan.counts()
    return tuple(counts[key] for key in ("rows", "created", "unchanged", "skipped", "rejected", "open"))


def reasons(plan):
    return [(error.column, error.reason % error.params) for error in plan.errors()]


def notes(plan):
    return [(note.column, note.reason % note.params) for note in plan.warnings]


def the_issue():
    return db.session.scalars(sa.select(Issue)).one()


def story(issue):
    """The moves of a problem: name, from, to, day."""
    stmt = sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq)
    return [(m.move, m.from_state, m.to_state, local_date(m.happened_at)) for m in db.session.scalars(stmt)]


def all_is_well():
    return all(finding.weight is Weight.FINE for finding in integrity.find_broken_records())


def test_a_closed_row_brings_the_whole_history(take_in, office):
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
    assert {move.actor_id for move in moves} == {office["coordinator"].id}
    assert (issue.number, issue.external_no) == ("WT20250304-001", "2025-001")
    assert (issue.state, issue.outcome, issue.on_spot) == (State.CLOSED, Outcome.SOLVED, False)
    assert (issue.registered_on, issue.closed_on) == (date(2025, 3, 4), date(2025, 3, 17))
    assert (issue.due_on, issue.original_due_on) == (date(2025, 3, 14), date(2025, 3, 14))
    assert issue.lead_unit_id == office["unit"].id
    assert issue.title == issue.description == "厂区门口道路破损，货车进出困难。"
    lead, co_unit = db.session.scalars(sa.select(Dispatch).order_by(Dispatch.id)).all()
    assert (lead.kind, lead.unit_id, local_date(lead.answered_at)) == (
        "lead",
        office["unit"].id,
        date(2025, 3, 12),
    )
    assert (lead.signed_at, lead.contacted_at, lead.sign_due, lead.contact_due) == (None,) * 4
    assert (co_unit.kind, co_unit.unit_id, co_unit.due_on) == ("co", office["other_unit"].id, None)
    assert {local_date(task.ended_at) for task in (lead, co_unit)} == {date(2025, 3, 17)}
    answer = db.session.scalars(sa.select(Evaluation)).one()
    assert (answer.solved, answer.level, answer.channel, answer.is_proxy) == (
        "solved",
        "satisfied",
        "phone",
        True,
    )
    assert (answer.answered_on, answer.at >= began) == (date(2025, 3, 17), True)
    assert db.session.get(IssueText, issue.id) is not None
    assert all_is_well()


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


def test_the_moves_of_an_import_are_nobodys(office):
    everything = frozenset(LIFE.permissions)
    names = [name for name in LIFE.moves if name.startswith("import:")]
    assert len(names) == 7
    for name in names:
        for state in (None, *State):
            with pytest.raises(NotAllowed):
                LIFE.check(name, everything, state, None)


def test_an_open_problem_goes_on_where_the_ledger_stops(take_in, office):
    take_in(row(is_open=True, 协办单位=""))
    issue = the_issue()
    handler = actor_for(office["handler"])
    operations.sign(handler, issue)
    told = operations.ReportEntry(Outcome.SOLVED, "路面已修复，排水沟已清理。", "已电话告知企业。")
    operations.report(handler, issue, told)
    operations.pass_review(actor_for(office["coordinator"]), issue)
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


def test_the_visit_it_was_heard_on_is_found_where_it_is_the_only_one(take_in, office):
    visit = make_visit(office["firm"], visited_on=date(2025, 3, 3))
    db.session.commit()
    take_in(row())
    issue = the_issue()
    assert (issue.source, issue.visit_id) == (IssueSource.VISIT, visit.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IssueProgramme)) > 0


def test_of_two_visits_on_a_day_none_is_guessed_and_the_group_is_the_one_of_the_day(take_in, office):
    group = make_group()
    make_link(office["firm"], group, from_on=date(2025, 1, 1))
    for _ in range(2):
        make_visit(office["firm"], visited_on=date(2025, 3, 3))
    db.session.commit()
    take_in(row())
    assert (the_issue().visit_id, the_issue().group_id) == (None, group.id)


REJECTED = [
    ({"企业名称": "远山茶叶有限公司"}, "企业名称", "The register has no enterprise of this name"),
    ({"企业名称": "湖畔精密机器有限公司"}, "企业名称", f"Nearest are: {FIRM}"),
    ({"企业名称": ""}, "企业名称", "The enterprise is missing"),
    ({"问题内容": ""}, "问题内容", "The problem is missing"),
    ({"主办单位": "经发局"}, "主办单位", f"Nearest are: {UNIT}"),
    ({"主办单位": "飞鸽传书办"}, "主办单位", "There is no unit of this name"),
    ({"主办单位": f"{UNIT}、{OTHER_UNIT}"}, "主办单位", "One unit is in charge"),
    ({"协办单位": "规建局"}, "协办单位", f"Nearest are: {OTHER_UNIT}"),
    ({"登记日期": ""}, "登记日期", "The day of registration is missing"),
    ({"登记日期": "去年春天"}, "登记日期", ""),
    ({"登记日期": "2025-2-30"}, "登记日期", ""),
    ({"登记日期": "3/5/2025"}, "登记日期", ""),
    ({"登记日期": "1999-12-31"}, "登记日期", "before the year 2000"),
    ({"登记日期": "2025-3-2"}, "登记日期", "before 2025-03-03, the day under “走访日期”"),
    ({"交办日期": "2025-3-1"}, "交办日期", "before 2025-03-04, the day under “登记日期”"),
    ({"反馈日期": "2025-3-4"}, "反馈日期", "before 2025-03-05, the day under “交办日期”"),
    ({"办结日期": "2025-3-3"}, "办结日期", "before 2025-03-12, the day under “反馈日期”"),
    ({"办理时限": "2025-3-1"}, "办理时限", "before 2025-03-05"),
    ({"办结日期": "2999-1-1"}, "办结日期", "lies in the future"),
    ({"反馈日期": "2999-1-1"}, "反馈日期", "lies in the future"),
    ({"主办单位": ""}, "反馈日期", "needs a unit in charge"),
    ({"主办单位": ""}, "办理时限", "needs a unit in charge"),
    ({"交办日期": ""}, "交办日期", "The day of the assignment is missing"),
    ({"办结结果": ""}, "办结结果", "The outcome is missing"),
    ({"办结结果": "办结"}, "办结结果", "Not one outcome"),
    ({"办结结果": "A 暂不能解决"}, "办结结果", "Not one outcome"),
    ({"办结结果": "B"}, "计划完成时间", "Outcome B needs the day"),
    ({"办结结果": "B", "计划完成时间": "2025-3-10"}, "计划完成时间", "on which it was promised"),
    ({"办结日期": "", "反馈日期": ""}, "办结结果", "An outcome needs the day"),
    ({"办结日期": ""}, "是否解决", "the day of closing is missing"),
    (
        {"办结日期": "", "是否解决": "", "满意度": "", "评价方式": "", "办理时限": ""},
        "办理时限",
        "needs a due date",
    ),
    ({"问题来源": "飞鸽传书"}, "问题来源", "Not a known source"),
    ({"类别": "天外来客"}, "类别", "There is no category of this name"),
    ({"是否解决": "大概"}, "是否解决", "Not one of"),
    ({"满意度": "还行"}, "满意度", "Not one of"),
    ({"评价方式": "托梦"}, "评价方式", "Not one of"),
    ({"办结结果": "现场解决"}, "办结结果", "never assigned"),
    ({"编号": "2.0250E+11"}, "编号", ""),
    ({"编号": "号" * 61}, "编号", "Longer than 60"),
    ({"问题内容": "长" * 5001}, "问题内容", "Longer than 5000"),
    ({"问题内容": "#N/A"}, "问题内容", "#N/A"),
    (
        {"主办单位": "招商服务局", "办结日期": "", "是否解决": "", "满意度": "", "评价方式": ""},
        "主办单位",
        "not in use",
    ),
    (
        {"主办单位": "档案室", "办结日期": "", "是否解决": "", "满意度": "", "评价方式": ""},
        "主办单位",
        "Nobody in this unit",
    ),
]


@pytest.mark.parametrize(("changes", "column", "says"), REJECTED)
def test_a_row_that_cannot_be_right_is_told_and_stays_out(take_in, changes, column, says):
    plan = take_in(row(**changes))
    assert fates(plan) == (1, 0, 0, 0, 1, 0)
    assert [why for at, why in reasons(plan) if at == column and says in why], reasons(plan)
    assert db.session.scalar(sa.select(sa.func.count(Issue.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0


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


def test_a_second_import_adds_nothing_also_when_the_words_were_corrected(take_in, office):
    take_in(row(编号="", is_open=True, 协办单位=""))
    issue = the_issue()
    entry = operations.CorrectionEntry(
        issue.enterprise_id, "道路破损", "道路破损，已核实。", issue.category_id, issue.complexity
    )
    operations.correct(actor_for(office["coordinator"]), issue, entry, "已核实")
    db.session.commit()
    assert fates(take_in(row(编号="", is_open=True, 协办单位="")))[:3] == (1, 0, 1)


def test_a_problem_registered_by_hand_is_not_doubled(take_in, office):
    entry = operations.IssueEntry(
        office["firm"].id, "道路破损", SOUND_TEXT, make_category().id, external_no="2025-001"
    )
    operations.register_issue(actor_for(office["coordinator"]), entry)
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


def test_numbers_follow_those_given_by_hand(take_in, at, office):
    at("2025-03-04")
    entry = operations.IssueEntry(office["firm"].id, "缺电", "缺电。", make_category().id)
    issue = operations.register_issue(actor_for(office["coordinator"]), entry)
    db.session.commit()
    assert issue.number == "WT20250304-001"
    at("2026-11-28")
    take_in(row(), row(编号="2", 问题内容="缺水。"))
    numbers = db.session.scalars(sa.select(Issue.number).order_by(Issue.id)).all()
    assert numbers == ["WT20250304-001", "WT20250304-002", "WT20250304-003"]


def test_an_undo_voids_all_but_what_was_worked_on(take_in, office):
    take_in(
        row(is_open=True, 协办单位=""), row(编号="2", 问题内容="缺水。"), row(编号="3", 问题内容="缺电。")
    )
    first, second, third = db.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    operations.sign(actor_for(office["handler"]), first)
    run = db.session.scalars(sa.select(ImportRun)).one()
    third_id = third.id
    operations.watch(actor_for(office["coordinator"]), third)
    found = operations.undo_ledger(actor_for(office["coordinator"]), run, "年份弄错了")
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
