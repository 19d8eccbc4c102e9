"""What is asked about records, once each, and what settles a question by itself."""

from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at, visit_entry
from tests.factories.programmes import make_group, make_link
from visits.attachments.kinds import Kind as FileKind
from visits.attachments.models import Attachment
from visits.core.calendar import fill_calendar
from visits.core.db import db
from visits.core.errors import NotAllowed
from visits.core.permissions import Role
from visits.core.scheduling import run_jobs
from visits.enterprises.models import ImportRun
from visits.honesty import jobs, operations
from visits.honesty.models import Closing, Kind, QuestionVisit, RecordQuestion
from visits.outreach import operations as outreach
from visits.outreach import queries
from visits.outreach.operations import Amendment
from visits.programmes.models import VisitMode

TEXT = "了解企业三季度生产经营情况,订单较上年略有增长,用工基本稳定,企业希望加快厂区北门道路修复进度。"
OTHER = "实地查看新建车间,设备正在安装调试,预计明年一季度投产,企业询问技改补助申报条件和时间安排。"


def asked():
    return list(db.session.scalars(sa.select(RecordQuestion).order_by(RecordQuestion.id)))


def kinds():
    return [question.kind for question in asked()]


def named_by(question):
    stmt = sa.select(QuestionVisit.visit_id).where(QuestionVisit.question_id == question.id)
    return set(db.session.scalars(stmt))


def amended(visit, author, **changes):
    """Correct a visit as its author would."""
    firm_ids = [pair.enterprise_id for pair, _ in queries.pairs_of(visit.id)]
    entry = visit_entry(people=[author], visited_on=visit.visited_on, summary=visit.summary)
    entry = replace(entry, enterprise_ids=firm_ids, no_issue_ids=frozenset(firm_ids))
    outreach.amend_visit(actor_for(author), visit, Amendment(replace(entry, **changes), "改正"))


def add_photo(visit, sha256="a" * 64, **values):
    values = {"kind": FileKind.JPEG, "width": 800, "height": 600} | values
    db.session.add(
        Attachment(
            visit_id=visit.id, name="照片.jpg", storage_key=uuid4().hex, size=9, sha256=sha256, **values
        )
    )
    db.session.flush()


def test_a_day_of_rest_is_asked_about_at_once_and_settled_by_a_correction(author):
    visit = make_visit(author=author, visited_on=date(2026, 11, 22))
    (question,) = asked()
    assert (question.kind, question.asked_id, question.visit_id, question.due_on) == (
        Kind.REST_DAY, author.id, visit.id, date(2026, 11, 26),
    )  # fmt: skip
    amended(visit, author, visited_on=date(2026, 11, 20))
    assert question.closing is Closing.BY_ITSELF
    assert kinds() == [Kind.REST_DAY]


def test_a_working_saturday_is_no_day_of_rest(author):
    fill_calendar([2026])
    make_visit(author=author, visited_on=date(2026, 10, 10))  # worked instead of a day of the holidays
    assert kinds() == []


def test_almost_the_same_text_is_asked_about_and_another_is_not(author, questions):
    first = make_visit(make_enterprise("甲机械有限公司"), author=author, summary=f"甲机械有限公司：{TEXT}")
    second = make_visit(
        make_enterprise("乙材料有限公司"), author=author, summary=f"乙材料有限公司：{TEXT}！"
    )
    make_visit(author=author, summary=OTHER)
    make_visit(author=author, summary="情况正常")
    make_visit(author=author, summary="情况正常")
    (question,) = asked()
    assert (question.kind, question.visit_id) == (Kind.SAME_TEXT, second.id)
    assert named_by(question) == {first.id, second.id}
    assert question.said["firms"] == ["甲机械有限公司"]
    assert questions() == [question]


def test_the_same_words_at_every_enterprise_are_asked_about_once(author, questions):
    visits = [make_visit(author=author, summary=TEXT) for _ in range(6)]
    assert [(one.kind, one.visit_id) for one in questions()] == [(Kind.SAME_TEXT, visits[1].id)]
    amended(visits[1], author, summary=OTHER)
    assert [one.visit_id for one in questions() if one.closing is None] == [visits[2].id]


def test_the_text_of_a_stranger_is_compared_only_within_the_group(author):
    stranger, colleague = make_person([Role.CADRE]), make_person([Role.CADRE])
    group, firms = make_group(), [make_enterprise() for _ in range(3)]
    for firm in firms[1:]:
        make_link(firm, group)
    make_visit(firms[0], author=stranger, summary=TEXT)
    make_visit(firms[1], author=author, summary=TEXT, group_id=group.id)
    assert kinds() == []
    make_visit(firms[2], author=colleague, summary=TEXT, group_id=group.id)
    assert kinds() == [Kind.SAME_TEXT]


def test_a_text_of_long_ago_is_not_compared(author, at):
    at("2026-06-01")
    make_visit(author=author, summary=TEXT)
    at("2026-11-23")
    make_visit(author=author, summary=TEXT)
    assert kinds() == []


def test_one_person_at_two_places_at_once(author):
    times = {"start_time": time(9), "end_time": time(10)}
    first = make_visit(author=author, **times)
    guest = make_person([Role.CADRE])
    later = {"start_time": time(10), "end_time": time(11)}
    make_visit(author=guest, people=[guest, author], **later)  # begins as the other ends
    make_visit(author=guest, people=[guest, author], mode=VisitMode.PHONE, **times)
    make_visit(author=guest, people=[guest], **times)
    assert kinds() == []
    second = make_visit(author=guest, people=[guest, author], start_time=time(9, 59), end_time=time(10))
    question = asked()[0]
    assert (question.kind, question.asked_id) == (Kind.TWO_PLACES, guest.id)
    assert named_by(question) == {first.id, second.id}
    assert question.said["people"] == ["赵走访"]


def test_late_entries_are_asked_about_from_five_on_but_not_those_of_a_ledger(author, questions):
    visits = [make_visit(author=author, visited_on=date(2026, 11, 9)) for _ in range(4)]
    assert questions() == []
    visits.append(make_visit(author=author, visited_on=date(2026, 11, 10)))
    run = ImportRun(filename="台账.xlsx")
    db.session.add(run)
    db.session.flush()
    visits[0].import_run_id = run.id
    assert questions() == []
    visits[0].import_run_id = None
    (question,) = questions()
    assert (question.kind, question.said["count"]) == (Kind.LATE_BURST, 5)
    assert named_by(question) == {visit.id for visit in visits}
    outreach.void_visit(actor_for(author), visits[2], "重复录入", {})
    assert question.closing is Closing.BY_ITSELF
    assert len(questions()) == 1


def test_more_than_eight_enterprises_on_site_in_a_day(author, questions):
    for _ in range(8):
        make_visit(author=author)
    make_visit(*(make_enterprise() for _ in range(9)), author=author, mode=VisitMode.SYMPOSIUM)
    assert questions() == []
    make_visit(author=author)
    assert [(one.kind, one.said["count"]) for one in questions()] == [(Kind.MANY_FIRMS, 9)]


def test_a_month_entered_on_its_last_day(author, at, questions):
    at("2026-11-30")
    for day in (24, 24, 25, 26, 27):
        make_visit(author=author, visited_on=date(2026, 11, day))
    (question,) = questions()
    assert (question.kind, question.said) == (
        Kind.MONTH_END, {"month": "2026-11", "day": "2026-11-30", "count": 5},
    )  # fmt: skip


def test_a_month_entered_day_by_day_is_not_asked_about(author, at, questions):
    for day in (24, 25, 26, 27, 30):
        at(f"2026-11-{day}")
        make_visit(author=author)
    assert questions() == []


def test_a_long_run_without_problems_is_asked_about_once(author, at, questions):
    for day in range(2, 7):
        at(f"2026-11-0{day}")
        make_visit(*(make_enterprise() for _ in range(4)), author=author, mode=VisitMode.SYMPOSIUM)
    at("2026-11-09")
    (question,) = questions()
    assert (question.kind, question.said["count"]) == (Kind.SILENT_RUN, 20)
    make_visit(*(make_enterprise() for _ in range(20)), author=author, mode=VisitMode.SYMPOSIUM)
    assert questions() == [question]


def test_a_problem_ends_a_run(author, questions):
    make_visit(*(make_enterprise() for _ in range(15)), author=author, mode=VisitMode.SYMPOSIUM)
    firm = make_enterprise()
    make_visit(firm, author=author, problems=[problem_at(firm)])
    make_visit(*(make_enterprise() for _ in range(15)), author=author, mode=VisitMode.SYMPOSIUM)
    assert questions() == []


def test_the_same_photo_on_two_visits(author, questions):
    first, second, third = (make_visit(author=author) for _ in range(3))
    add_photo(first)
    add_photo(first)
    add_photo(third, "b" * 64)
    add_photo(third, removed_reason="错传", removed_at=third.recorded_at)
    add_photo(second, kind=FileKind.PDF, width=None, height=None)
    assert questions() == []
    add_photo(second)
    (question,) = questions()
    assert (question.kind, question.visit_id, named_by(question)) == (
        Kind.SAME_PHOTO, second.id, {first.id, second.id},
    )  # fmt: skip
    photo = db.session.scalars(sa.select(Attachment).order_by(Attachment.id.desc())).first()
    photo.removed_at, photo.removed_reason = second.recorded_at, "传错"
    questions()
    assert question.closing is Closing.BY_ITSELF


def test_a_void_visit_settles_and_is_asked_about_no_more(author, questions):
    visit = make_visit(author=author, visited_on=date(2026, 11, 22))
    outreach.void_visit(actor_for(author), visit, "误录", {})
    assert [one.closing for one in questions()] == [Closing.BY_ITSELF]


def test_the_job_asks_piece_by_piece_and_twice_nothing(author):
    for _ in range(6):
        make_visit(author=author, visited_on=date(2026, 11, 9))
    visit = make_visit(author=author, visited_on=date(2026, 11, 22))
    db.session.commit()
    first = run_jobs(jobs.JOBS, date(2026, 11, 23))
    assert [len(outcome.done) for outcome in first] == [0, 1]
    assert [outcome.done + outcome.failed for outcome in run_jobs(jobs.JOBS, date(2026, 11, 23))] == [
        [],
        [],
    ]
    visit.voided_at, visit.void_reason = visit.recorded_at, "误录"
    db.session.commit()
    assert [len(outcome.done) for outcome in run_jobs(jobs.JOBS, date(2026, 11, 23))] == [1, 0]


def test_nobody_but_the_office_has_records_looked_at(author):
    with pytest.raises(NotAllowed):
        operations.raise_questions(actor_for(author), date(2026, 11, 23))
