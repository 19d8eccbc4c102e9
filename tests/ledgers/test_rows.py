"""What a ledger says of each record: as the office keeps it, and no more than its reader may know."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask_babel import gettext

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_entry, make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import make_group, make_link
from visits.core.authz import SYSTEM
from visits.core.filters import Days, Picked
from visits.core.periods import Span
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Issue, Outcome
from visits.issues.states import State
from visits.ledgers.books import LEDGERS
from visits.ledgers.filters import By, Wanted
from visits.ledgers.models import Book
from visits.outreach.entries import PromiseEntry
from visits.reports import assemble
from visits.reports.filters import ReportFilter

H6 = [
    *("编号", "企业", "统一社会信用代码", "问题来源", "走访日期", "问题诉求", "问题描述", "类别"),
    *("主办单位", "协办单位", "责任人", "交办日期", "办理时限", "进展", "办理结果", "办结日期"),
    *("是否超期", "是否解决", "满意度", "销号"),
]
DONE = do.ReportEntry(Outcome.SOLVED, "已办", "已告知")
ALL = Wanted()
NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def rows(app):
    """The rows of a ledger's office set as dictionaries, headings in Chinese."""

    def read(actor, book=Book.PROBLEMS, wanted=ALL, **columns):
        with app.test_request_context():
            ledger = LEDGERS[book]
            listing = ledger.of(actor, wanted)
            chosen = ledger.columns(listing, columns.get("keys", ()), is_office="keys" not in columns)
            heads = [gettext(column.heading) for column in chosen]
            keys = listing.keys({})
            return [dict(zip(heads, row, strict=True)) for row in listing.cells_of(keys, chosen)]

    return read


def test_a_closed_problem_is_told_from_source_to_striking_off(office, rows, at):
    firm = make_enterprise("湖畔精密机械有限公司")
    issue = make_issue(office, State.CLOSED, enterprise=firm, title="门口道路破损")
    (row,) = rows(SYSTEM)
    assert list(row) == H6
    assert row == {
        "编号": issue.number,
        "企业": "湖畔精密机械有限公司",
        "统一社会信用代码": firm.code,
        "问题来源": "走访",
        "走访日期": None,
        "问题诉求": "门口道路破损",
        "问题描述": "货车进出困难，雨天积水，影响发货。",
        "类别": row["类别"],
        "主办单位": office.unit.name,
        "协办单位": None,
        "责任人": office.people["handler"].name,
        "交办日期": date(2026, 11, 23),
        "办理时限": issue.due_on,
        "进展": "2026-11-23 路面已修复，排水沟已清理。",
        "办理结果": "A 已解决",
        "办结日期": date(2026, 11, 23),
        "是否超期": "否",
        "是否解决": "已解决",
        "满意度": "满意",
        "销号": "是",
    }


def test_what_came_of_a_visit_names_its_day_and_who_solved_it_there(office, rows):
    firm = make_enterprise()
    author = make_person([Role.CADRE], name="现场干部")
    heard = problem_at(firm, title="证照到期提醒", how="当场告知换证流程。")
    make_visit(firm, author=author, visited_on=date(2026, 11, 20), problems=[heard])
    (row,) = rows(SYSTEM)
    assert (row["走访日期"], row["责任人"], row["主办单位"]) == (date(2026, 11, 20), "现场干部", None)
    assert (row["进展"], row["销号"], row["是否超期"]) == ("2026-11-23 当场告知换证流程。", "是", "否")


def test_late_is_what_was_answered_after_its_limit_or_is_not_answered_yet(office, rows, at):
    kinds = {name: make_issue(office, State.IN_PROGRESS, title=name) for name in ("按期", "晚报", "未报")}
    do.report(office.handler, kinds["按期"], DONE)
    due = kinds["晚报"].due_on
    at(due.isoformat())
    assert {row["是否超期"] for row in rows(SYSTEM)} == {"否"}  # its own day is not over
    at(date.fromordinal(due.toordinal() + 3).isoformat())
    do.report(office.handler, kinds["晚报"], DONE)
    told = {row["问题诉求"]: row["是否超期"] for row in rows(SYSTEM)}
    assert told == {"按期": "否", "晚报": "是", "未报": "是"}


def test_without_news_the_ledger_says_how_a_problem_stands(office, rows):
    make_issue(office, State.ASSIGNED)
    (row,) = rows(SYSTEM)
    assert (row["进展"], row["责任人"], row["销号"]) == ("待签收", None, "否")


def test_a_firm_that_asked_not_to_be_named_is_in_no_file(office, rows):
    firm = make_enterprise("云栖隐名精密机械有限公司", park="隐园")
    issue = do.register_issue(office.cadre, make_entry(enterprise=firm))
    do.hide_enterprise(office.cadre, issue, "企业不愿主办单位知道是谁反映的")
    advance(office, issue, State.IN_PROGRESS)
    for reader in (office.coordinator, office.handler, SYSTEM):
        (row,) = rows(reader)
        assert (row["企业"], row["统一社会信用代码"]) == ("企业要求保密", None)
        (row,) = rows(reader, keys=["park", "number"])
        assert row["所属园区"] is None
    park = Wanted(parts={"park": Picked(("隐园",))})
    assert rows(office.handler, wanted=park) == []  # a filter would tell as well
    assert len(rows(office.coordinator, wanted=park)) == 1


def test_no_visit_and_no_count_betrays_it_either(office, rows, db):
    firm = make_enterprise("云栖隐名精密机械有限公司")
    visit = make_visit(
        firm,
        author=office.people["cadre"],
        problems=[problem_at(firm, title="公开的"), problem_at(firm, title="保密的")],
    )
    plain, kept = (db.session.query(Issue).filter_by(title=title).one() for title in ("公开的", "保密的"))
    do.hide_enterprise(office.cadre, kept, "企业要求")
    (row,) = rows(SYSTEM, Book.VISITS)
    assert (row["反映问题编号"], visit.id) == (plain.number, plain.visit_id)
    (row,) = rows(SYSTEM, Book.ENTERPRISES)
    assert row["统计期内登记问题"] == 1


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
def test_a_unit_never_learns_how_it_was_rated(office, rows, role):
    make_issue(office, State.CLOSED)
    (row,) = rows(actor_for(make_person([role], office.unit)))
    assert list(row) == [head for head in H6 if head not in {"是否解决", "满意度"}]


def test_a_handler_who_also_oversees_reads_the_ratings_of_other_units(office, rows):
    make_issue(office, State.CLOSED)
    both = make_person([Role.HANDLER, Role.GROUP_LEADER], office.unit)
    (row,) = rows(actor_for(both))
    assert (row["是否解决"], row["满意度"]) == ("不向承办单位显示", "不向承办单位显示")
    overseer = make_person([Role.HANDLER, Role.COORDINATOR], office.other_unit)
    (row,) = rows(actor_for(overseer))
    assert (row["是否解决"], row["满意度"]) == ("已解决", "满意")


def test_a_period_is_of_the_day_that_was_chosen(office, rows, at):
    at("2026-10-12")
    make_issue(office, State.IN_PROGRESS, title="十月登记在办")
    make_issue(office, State.CLOSED, title="十月登记十月办结")
    late = make_issue(office, State.EVALUATING, title="十月登记十一月办结")
    at("2026-11-10")
    advance(office, late, State.CLOSED)
    make_issue(office, State.REGISTERED, title="十一月登记")
    make_issue(office, State.VOID, title="作废")
    make_issue(office, State.REJECTED, title="不予受理")

    def titles(by):
        return {row["问题诉求"] for row in rows(SYSTEM, wanted=Wanted(NOVEMBER, by))}

    assert titles(None) == titles(By.REGISTERED) == {"十一月登记"}
    assert titles(By.CLOSED) == {"十月登记十一月办结"}
    assert titles(By.OPEN) == {"十月登记在办", "十月登记十一月办结", "十一月登记"}
    rejected = Wanted(NOVEMBER, parts={"state": Picked((State.REJECTED,))})
    assert [row["问题诉求"] for row in rows(SYSTEM, wanted=rejected)] == ["不予受理"]


def test_the_ledger_of_visits_has_a_row_for_each_firm_met(office, rows):
    firm, other = make_enterprise("甲厂", park="湖畔园"), make_enterprise("乙厂")
    author, guest = make_person([Role.CADRE], office.unit), make_person([Role.CADRE], name="同行人")
    promise = PromiseEntry(firm.id, "下周送政策清单")
    make_visit(
        firm, other, author=author, people=[author, guest], visited_on=date(2026, 11, 2),
        promises=[promise], problems=[problem_at(firm)], summary="介绍了扩产打算。",
    )  # fmt: skip
    make_visit(other, visited_on=date(2026, 10, 31))
    wanted = Wanted(NOVEMBER)
    first, second = rows(SYSTEM, Book.VISITS, wanted)
    assert (first["企业"], first["承诺事项"], second["企业"]) == ("甲厂", "下周送政策清单", "乙厂")
    assert (second["反映问题编号"], second["承诺事项"]) == (None, None)
    assert first["参加人员"] == f"{author.name}、同行人"
    assert first["走访日期"] == date(2026, 11, 2)
    in_park = Wanted(NOVEMBER, parts={"park": Picked(("湖畔园",))})
    assert [row["企业"] for row in rows(SYSTEM, Book.VISITS, in_park)] == ["甲厂"]
    of_unit = Wanted(parts={"unit": Picked((office.unit.id,))})
    assert len(rows(SYSTEM, Book.VISITS, of_unit)) == 2


def test_people_find_in_a_ledger_what_they_may_read(office, rows):
    mine = make_person([Role.CADRE])
    make_visit(author=mine)
    make_visit()
    make_issue(office, State.ASSIGNED)
    assert len(rows(SYSTEM, Book.VISITS)) == 2
    assert len(rows(actor_for(mine), Book.VISITS)) == 1
    assert rows(actor_for(mine)) == []
    assert len(rows(office.other_handler)) == 0
    assert len(rows(office.handler)) == 1


def test_the_register_says_what_the_period_brought_as_the_totals_do(office, rows, at):
    firm, idle = make_enterprise("甲厂"), make_enterprise("乙厂", park="江滨园")
    make_visit(firm, visited_on=date(2026, 11, 3), problems=[problem_at(firm)])
    make_visit(firm, visited_on=date(2026, 10, 3))
    make_issue(office, State.CLOSED, enterprise=firm)
    wanted = Wanted(NOVEMBER)
    told = {row["企业"]: row for row in rows(SYSTEM, Book.ENTERPRISES, wanted)}
    busy = told["甲厂"]
    assert (busy["统计期内走访家次"], busy["上次走访"]) == (1, date(2026, 11, 3))
    counts = [busy[head] for head in ("统计期内登记问题", "其中已办结", "其中已解决", "目前在办")]
    assert counts == [2, 1, 1, 1]
    assert (told["乙厂"]["统计期内走访家次"], told["乙厂"]["上次走访"]) == (0, None)
    figures = assemble.get_totals(SYSTEM, ReportFilter.of(Span(NOVEMBER.first, NOVEMBER.last))).figures
    assert sum(row["统计期内走访家次"] for row in told.values()) == figures["visit_count"].value
    assert sum(row["统计期内登记问题"] for row in told.values()) == figures["registered"].value
    parked = Wanted(parts={"park": Picked(("江滨园",))})
    assert [row["企业"] for row in rows(SYSTEM, Book.ENTERPRISES, parked)] == [idle.name]


def test_the_register_is_narrowed_to_a_programme_and_a_group(office, rows, db):
    firm = make_enterprise("甲厂")
    make_enterprise("乙厂")
    group = make_group()
    make_link(firm, group=group)
    db.session.flush()
    of_group = Wanted(parts={"group": Picked((group.id,))})
    assert [row["企业"] for row in rows(SYSTEM, Book.ENTERPRISES, of_group)] == ["甲厂"]
    programme = db.session.scalar(sa.text("SELECT min(id) FROM programmes"))
    scoped = Wanted(NOVEMBER, parts={"programme": Picked((programme,))})
    assert len(rows(SYSTEM, Book.ENTERPRISES, scoped)) == 2


def test_what_is_wanted_can_be_stored_and_read_again():
    wanted = Wanted(
        Days(date(2026, 1, 1), None),
        By.CLOSED,
        {"unit": Picked((3, 5), nothing=True), "state": Picked((State.CLOSED,)), "park": Picked()},
    )
    again = Wanted.from_stored(wanted.as_stored())
    assert (again.days, again.by) == (wanted.days, By.CLOSED)
    assert (again["unit"], again["state"].values, again["park"]) == (wanted["unit"], ("closed",), Picked())
