"""The demo zone ends with something on every list that a supervisor or coordinator looks at."""

from datetime import date

import pytest
import sqlalchemy as sa

from visits.accounts.models import Delegation, Person, Unit, UnitMembership
from visits.cli.demo.year import live_through
from visits.core.calendar import load_calendar
from visits.enterprises import tiers
from visits.enterprises.models import EnterpriseStatus, ImportRun
from visits.enterprises.standing import Amount
from visits.handover.models import HandoverItem
from visits.handover.states import ItemState
from visits.honesty.models import Answer, Closing, RecordQuestion
from visits.honesty.rules import Kind
from visits.issues import boards
from visits.issues.models import Duty, Issue, IssueMove
from visits.issues.states import State
from visits.meetings.models import Attendee
from visits.outreach.models import Finding, PlanState, Promise, VisitCheck, VisitPlan

MOVES = {
    "merge": 3,
    "unmerge": 1,
    "split": 1,
    "link_repeat": 1,
    "withdraw": 1,
    "refuse_withdrawal": 1,
    "reopen": 2,
    "raise_flag": 3,
    "hide_enterprise": 4,
    "complete_duty": 1,
}
STUCK = {
    "overdue": 5,
    "unsigned": 3,
    "stalled": 5,
    "returned": 1,
    "extended": 1,
    "review_due": 1,
    "rated_badly": 2,
    "red_flag": 1,
}


@pytest.mark.any_database
def test_the_last_weeks_leave_problems_stuck_joined_and_marked(db, at):
    at("2026-11-24")
    live_through(3, 1)
    made = dict(
        db.session.execute(sa.select(IssueMove.move, sa.func.count()).group_by(IssueMove.move)).all()
    )
    assert {move: made.get(move, 0) for move in MOVES if made.get(move, 0) < MOVES[move]} == {}
    conditions = boards.conditions_of(boards.days_of(load_calendar()))
    found = {
        key: db.session.scalar(sa.select(sa.func.count(Issue.id)).where(conditions[key])) for key in STUCK
    }
    assert {key: many for key, many in found.items() if many < STUCK[key]} == {}
    merged = db.session.scalars(sa.select(Issue.merged_into_id).where(Issue.state == State.MERGED)).all()
    assert merged
    assert None not in merged
    late = (Duty.done_at.is_(None), Duty.cancelled_at.is_(None), Duty.due_on < date(2026, 11, 24))
    assert db.session.scalar(sa.select(sa.func.count(Duty.id)).where(*late)) >= 1
    staff = sa.select(Unit.name, Person.name).join(UnitMembership, UnitMembership.unit_id == Unit.id)
    staff = staff.join(Person, Person.id == UnitMembership.person_id)
    present = db.session.execute(sa.select(Attendee.unit, Attendee.name)).all()
    assert len(present) > 3
    assert set(present) <= set(db.session.execute(staff).all())
    require_outreach(db)


def require_outreach(db):
    """Every part of the outreach has something to show."""
    kept = dict(
        db.session.execute(
            sa.select(Promise.kept_on.is_not(None), sa.func.count()).group_by(Promise.kept_on.is_not(None))
        ).all()
    )
    assert min(kept[True], kept[False]) > 3
    asked = set(db.session.scalars(sa.select(VisitCheck.finding)))
    assert asked & {Finding.NO_PROGRESS, Finding.WORSE}
    assert set(db.session.scalars(sa.select(VisitPlan.state))) == set(PlanState)
    kinds = set(db.session.scalars(sa.select(RecordQuestion.kind)))
    assert {Kind.SAME_TEXT, Kind.TWO_PLACES, Kind.REST_DAY, Kind.DENIED} <= kinds
    assert db.session.scalar(sa.select(sa.func.count(RecordQuestion.id))) < 40
    assert Answer.OTHER in set(db.session.scalars(sa.select(RecordQuestion.answer)))
    assert db.session.scalars(sa.select(RecordQuestion.closing)).all().count(Closing.NO_DOUBT) == 1
    assert set(db.session.scalars(sa.select(HandoverItem.state))) >= {ItemState.OFFERED, ItemState.DECLINED}
    assert db.session.scalars(sa.select(Delegation)).one().from_on > date(2026, 11, 24)
    ledger = db.session.scalars(sa.select(ImportRun)).one()
    assert (ledger.counts["visits"], ledger.counts["rejected"]) == (24, 2)
    board = tiers.get_board(tiers.Wanted(date(2026, 11, 24), 2025))
    assert board.chosen.reached[Amount.ONE] > 10
    assert board.statuses[EnterpriseStatus.MOVED] == 1
    assert board.little_giants.count > 2
