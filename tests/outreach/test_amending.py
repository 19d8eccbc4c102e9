"""Correcting a recorded visit: who, until when, what becomes of its facts, promises and problems."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at, visit_entry
from tests.factories.programmes import make_group, make_link
from visits.accounts.operations import PersonEntry, update_person
from visits.core import clock
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.errors import DomainError, NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues.models import Issue, IssueMove
from visits.outreach import history, operations, queries
from visits.outreach.entries import Outsider, PromiseEntry
from visits.outreach.models import Attendance, Promise, VisitPair, VisitVersion
from visits.outreach.operations import Amendment
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

MONDAY, LAST_FREE, TOO_LATE = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)
BOTH = (ENTERPRISE_VISIT, GROUP_LINKED)


@pytest.fixture(autouse=True)
def _monday(db):
    with clock.at(MONDAY):
        yield


@pytest.fixture
def me():
    return make_person(roles=[Role.CADRE], unit=make_unit())


@pytest.fixture
def firm():
    return make_enterprise("临平甲公司")


@pytest.fixture
def visit(me, firm):
    return make_visit(firm, author=me, summary="企业满产。")


def amend(person, visit, entry, reason="", moves=None, revision=None):
    amendment = Amendment(entry, reason, moves or {}, reason or "走访更正")
    operations.amend_visit(actor_for(person), visit, amendment, revision)


def entry_for(me, *firms, **values):
    return visit_entry(*firms, people=values.pop("people", [me]), **values)


def rows(db, model, visit):
    return db.session.scalars(sa.select(model).where(model.visit_id == visit.id).order_by(model.id)).all()


def amendments_of(person, visit):
    """All amendments that a visit's page lists, newest first."""
    return history.beside(queries.get_visible(actor_for(person), visit.id)).amendments


@pytest.mark.parametrize("day", [MONDAY, LAST_FREE])
def test_in_the_free_period_the_author_needs_no_reason(me, visit, firm, day):
    with clock.at(day):
        amend(me, visit, entry_for(me, firm, summary="企业停产。"))
    assert visit.summary == "企业停产。"


def test_afterwards_the_author_says_why(me, visit, firm):
    with clock.at(TOO_LATE):
        for blank in ("", "  "):
            with pytest.raises(Refused) as refusal:
                amend(me, visit, entry_for(me, firm, visited_on=MONDAY, summary="企业停产。"), blank)
            assert refusal.value.field == "reason"
        amend(me, visit, entry_for(me, firm, visited_on=MONDAY, summary="企业停产。"), "写错了")
    assert visit.summary == "企业停产。"


def test_a_coordinator_corrects_at_any_time_and_always_says_why(visit, me, firm):
    coordinator = make_person(roles=[Role.COORDINATOR])
    with pytest.raises(Refused):
        amend(coordinator, visit, entry_for(me, firm, summary="核实后更正"))
    amend(coordinator, visit, entry_for(me, firm, summary="核实后更正"), "企业来电更正")
    assert visit.summary == "核实后更正"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_corrects_it(visit, me, firm, role):
    if role is Role.COORDINATOR:
        return
    with pytest.raises(NotAllowed):
        amend(make_person(roles=[role]), visit, entry_for(me, firm, summary="别人的话"), "理由")


def test_the_former_wording_is_kept_with_who_when_and_why(db, me, visit, firm):
    second = make_enterprise("临平乙公司")
    with clock.at(TOO_LATE):
        entry = entry_for(me, second, visited_on=date(2026, 11, 20), mode=VisitMode.PHONE, place="会议室")
        amend(me, visit, entry, "选错企业")
    [version] = db.session.scalars(sa.select(VisitVersion)).all()
    assert (version.seq, version.made_by_id, version.reason) == (1, me.id, "选错企业")
    assert version.content["firms"][0]["name"] == "临平甲公司"
    assert version.content["summary"] == "企业满产。"
    [amended] = amendments_of(me, visit)
    assert amended.who == me.name
    assert {change.field: (change.old, change.new) for change in amended.changes} == {
        "firms": ("临平甲公司", "临平乙公司"),
        "no_issues": ("临平甲公司", "临平乙公司"),
        "visited_on": ("2026-11-23", "2026-11-20"),
        "mode": ("on_site", "phone"),
        "place": ("", "会议室"),
        "summary": ("企业满产。", ""),
    }
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "visit.amended")).one()
    assert entry.changes["firms"] == ["临平甲公司", "临平乙公司"]


def test_a_later_name_of_the_enterprise_is_no_correction(db, me, visit, firm):
    amend(me, visit, entry_for(me, firm, summary="第一次"))
    firm.name = "临平甲公司（新名）"
    amend(me, visit, entry_for(me, firm, summary="第二次"))
    assert [[c.field for c in row.changes] for row in amendments_of(me, visit)] == [["summary"]] * 2


def test_versions_cannot_be_changed(db, me, visit, firm):
    amend(me, visit, entry_for(me, firm, summary="改过"))
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.update(VisitVersion).values(reason="从来没有"))


def test_rows_that_still_hold_stay_and_others_are_superseded(db, me, visit, firm):
    second, guest = make_enterprise("临平乙公司"), make_person(unit=make_unit())
    with clock.at(LAST_FREE):
        entry = entry_for(me, firm, second, visited_on=MONDAY, people=[me, guest], summary="企业满产。")
        amend(me, visit, entry)
    pairs, people = rows(db, VisitPair, visit), rows(db, Attendance, visit)
    assert [(row.enterprise_id, row.superseded_at) for row in pairs] == [(firm.id, None), (second.id, None)]
    assert [row.superseded_at for row in people] == [None, None]
    assert pairs[0].recorded_at == visit.recorded_at < pairs[1].recorded_at
    with clock.at(TOO_LATE):
        amend(me, visit, entry_for(me, firm, second, people=[guest], visited_on=MONDAY), "未到场")
        amend(me, visit, entry_for(me, second, people=[guest], visited_on=date(2026, 11, 20)), "日期")
    current = [row for row in rows(db, VisitPair, visit) if row.superseded_at is None]
    assert [(row.enterprise_id, row.visited_on) for row in current] == [(second.id, date(2026, 11, 20))]
    assert {row.person_id for row in queries.attendances_of(visit.id)} == {guest.id}
    gone = [row for row in rows(db, VisitPair, visit) if row.superseded_at is not None]
    assert all(row.recorded_at <= row.superseded_at for row in gone)


def test_participants_stand_in_the_order_chosen_and_another_order_is_a_correction(db, me, firm):
    names = ("安宁", "陈涛", "赵静")
    first, second, third = (make_person(name=name) for name in names)
    visit = make_visit(firm, author=me, people=[second, third])
    head = queries.attendances_of(visit.id)[0]
    amend(me, visit, entry_for(me, firm, people=[second, first, third]))
    assert [row.name for row in queries.attendances_of(visit.id)] == ["陈涛", "安宁", "赵静"]
    assert head.superseded_at is None
    with pytest.raises(Refused):
        amend(me, visit, entry_for(me, firm, people=[second, first, third]))
    amend(me, visit, entry_for(me, firm, people=[third, second, first]))
    [change] = amendments_of(me, visit)[0].changes
    assert (change.field, change.old, change.new) == ("people", "陈涛、安宁、赵静", "赵静、陈涛、安宁")
    kept = queries.attendances_of(visit.id)
    amend(me, visit, entry_for(me, firm, people=[third, first]))
    assert queries.attendances_of(visit.id) == [kept[0], kept[2]]


def test_a_late_entry_stays_one_by_its_first_recording(db, me, firm):
    visit = make_visit(firm, author=me, visited_on=date(2026, 11, 2))
    amend(me, visit, entry_for(me, firm, visited_on=date(2026, 11, 2), summary="补充"))
    assert (visit.recorded_on, queries.pairs_of(visit.id)[0][0].is_late) == (MONDAY, True)
    amend(me, visit, entry_for(me, firm, visited_on=date(2026, 11, 20), summary="日期写错"))
    assert queries.pairs_of(visit.id)[0][0].is_late is False
    with clock.at(TOO_LATE):
        amend(me, visit, entry_for(me, firm, visited_on=date(2026, 11, 20), summary="再补"), "补充")
    assert queries.pairs_of(visit.id)[0][0].is_late is False


def test_participants_keep_the_unit_of_then_unless_the_day_is_another(db, me, visit, firm):
    [before] = queries.attendances_of(visit.id)
    me.name = "改名了"
    amend(me, visit, entry_for(me, firm, summary="补充"))
    assert queries.attendances_of(visit.id) == [before]
    amend(me, visit, entry_for(me, firm, visited_on=date(2026, 11, 20)))
    assert queries.attendances_of(visit.id)[0].name == "改名了"


def test_a_unit_entered_since_is_filled_in_where_none_was_stored(db, firm):
    late = make_person(roles=[Role.CADRE], name="陈晨")
    visit = make_visit(firm, author=late)
    assert [row.unit_name for row in queries.attendances_of(visit.id)] == [""]
    unit = make_unit("丙科")
    update_person(SYSTEM, late, PersonEntry("x", "陈晨", [Role.CADRE], unit.id), None)
    amend(late, visit, entry_for(late, firm, summary="补充"))
    assert [(row.name, row.unit_name) for row in queries.attendances_of(visit.id)] == [("陈晨", "丙科")]


def test_two_guests_of_one_name_are_two(db, me, visit, firm):
    guests = [Outsider("周某", "东湖街道")] * 2
    amend(me, visit, entry_for(me, firm, outsiders=guests))
    amend(me, visit, entry_for(me, firm, outsiders=[*guests, Outsider("吴某")]))
    assert [row.name for row in queries.attendances_of(visit.id)][1:] == ["周某", "周某", "吴某"]


def test_promises_are_added_corrected_and_taken_away_but_kept_ones_stay(db, me, firm):
    promises = [PromiseEntry(firm.id, word) for word in ("修路", "送政策", "已办的事")]
    visit = make_visit(firm, author=me, promises=promises)
    road, _policy, kept = rows(db, Promise, visit)
    operations.keep_promise(actor_for(me), visit, kept, MONDAY)
    wanted = [PromiseEntry(firm.id, "修路灯", "市政", promise_id=road.id), PromiseEntry(firm.id, "回访")]
    amend(me, visit, entry_for(me, firm, promises=wanted))
    assert [(row.text, row.kept_on) for row in rows(db, Promise, visit)] == [
        ("修路灯", None),
        ("已办的事", MONDAY),
        ("回访", None),
    ]
    [amended] = amendments_of(me, visit)
    assert "送政策" in amended.changes[0].old
    for foreign in (kept.id, 999_999):
        with pytest.raises(Refused):
            amend(me, visit, entry_for(me, firm, promises=[PromiseEntry(firm.id, "x", promise_id=foreign)]))


def heard(db):
    return db.session.scalars(sa.select(Issue)).one()


def test_a_problem_stays_with_its_enterprise_unless_it_is_told_to_go(db, me, firm):
    second = make_enterprise("临平乙公司")
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    with pytest.raises(Refused) as refusal:
        amend(me, visit, entry_for(me, second, no_issue_ids=frozenset()))
    assert refusal.value.field == "no_issue_ids"
    amend(me, visit, entry_for(me, second))
    assert heard(db).enterprise_id == firm.id


def test_a_problem_that_goes_along_says_so_in_its_own_log(db, me, firm):
    second = make_enterprise("临平乙公司")
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    issue = heard(db)
    entry = entry_for(me, second, no_issue_ids=frozenset())
    amend(me, visit, entry, moves={issue.id: second.id})
    assert issue.enterprise_id == second.id
    move = db.session.scalars(sa.select(IssueMove).where(IssueMove.move == "correct")).one()
    assert (move.note, move.details["enterprise_id"]) == ("走访更正", [firm.id, second.id])
    with pytest.raises(Refused):
        amend(me, visit, entry_for(me, second))  # ticked, although a problem came from it


def test_a_foreign_problem_or_enterprise_is_not_moved(db, me, firm):
    second, other = make_enterprise(), make_enterprise()
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    make_visit(other, author=me, problems=[problem_at(other)])
    mine, foreign = db.session.scalars(sa.select(Issue.id).order_by(Issue.id)).all()
    for moves in ({foreign: second.id}, {mine: other.id}, {999_999: second.id}):
        with pytest.raises(Refused):
            amend(me, visit, entry_for(me, second), moves=moves)


def test_what_hangs_on_nothing_changed_stays_as_it_was_stored(db, me, firm):
    group, later = make_group(), make_group()
    link = make_link(firm, group)
    visit = make_visit(firm, author=me, programmes=BOTH)
    assert visit.group_id == group.id
    link.group_id = later.id
    db.session.flush()
    amend(me, visit, replace(entry_for(me, firm, programmes=BOTH, summary="补充"), group_id=group.id))
    assert visit.group_id == group.id


def test_another_enterprise_brings_its_own_group(db, me, firm):
    second, group, other = make_enterprise(), make_group(), make_group()
    make_link(firm, group)
    make_link(second, other)
    visit = make_visit(firm, author=me, programmes=BOTH)
    amend(me, visit, replace(entry_for(me, second, programmes=BOTH), group_id=group.id))
    assert visit.group_id == other.id
    assert queries.pairs_of(visit.id)[0][0].group_id == other.id


def test_what_is_refused(me, visit, firm):
    for entry, error in (
        (entry_for(me, firm, summary="企业满产。"), Refused),
        (entry_for(me, firm, visited_on=date(2026, 11, 24)), Refused),
        (entry_for(me), Refused),
        (entry_for(me, firm, people=[]), Refused),
        (entry_for(me, firm, programmes=()), Refused),
        (entry_for(me, firm, promises=[PromiseEntry(firm.id + 1, "给别人")]), Refused),
    ):
        with pytest.raises(DomainError) as refusal:
            amend(me, visit, entry)
        assert type(refusal.value) is error
    with pytest.raises(Stale):
        amend(me, visit, entry_for(me, firm, summary="改"), revision=visit.revision - 1)


def test_a_void_visit_is_not_corrected_any_more(me, visit, firm):
    operations.void_visit(actor_for(me), visit, "重复", {})
    with pytest.raises(WrongState):
        amend(me, visit, entry_for(me, firm, summary="改"), "理由")
