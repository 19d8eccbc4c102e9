"""Who is told: never of an own act or twice, not the disabled, deputies of the absent too."""

from datetime import timedelta

import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_issue
from visits.accounts import operations as accounts
from visits.accounts.models import Delegation
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.inbox.models import Notice, NoticeKind, NoticeSwitch
from visits.inbox.operations import Telling, post_notice

TOLD = Telling(NoticeKind.DESK, "tests:1", "Told")


def told(*people):
    stmt = sa.select(Notice.person_id).where(Notice.person_id.in_([person.id for person in people]))
    return set(db.session.scalars(stmt))


def make_absence(person, deputy, *, from_days=0, days=1):
    from_on = today() + timedelta(days=from_days)
    absence = Delegation(person_id=person.id, deputy_id=deputy.id, from_on=from_on)
    absence.until_on = from_on + timedelta(days=days)
    db.session.add(absence)
    db.session.flush()


def test_nobody_is_told_of_an_own_act(database):
    one, other = make_person(), make_person()
    post_notice(actor_for(one), [one.id, other.id], TOLD)
    assert told(one, other) == {other.id}


def test_nobody_is_told_twice_of_one_event(database):
    one, other = make_person(), make_person()
    post_notice(SYSTEM, [one.id, one.id], TOLD)
    post_notice(SYSTEM, [one.id, other.id], TOLD)
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 2


def test_the_disabled_and_those_who_switched_the_kind_off_are_left_out(database):
    gone, silent, there = make_person(), make_person(), make_person()
    accounts.disable_person(SYSTEM, gone, "left")
    db.session.add(NoticeSwitch(person_id=silent.id, kind=NoticeKind.DESK))
    db.session.flush()
    post_notice(SYSTEM, [gone.id, silent.id, there.id], TOLD)
    assert told(gone, silent, there) == {there.id}


def test_the_deputy_is_told_too_and_for_whom(database):
    away, deputy, later = make_person(), make_person(), make_person()
    make_absence(away, deputy)
    make_absence(deputy, later, from_days=1)
    post_notice(SYSTEM, [away.id], TOLD)
    rows = db.session.execute(sa.select(Notice.person_id, Notice.on_behalf_of_id)).all()
    assert set(rows) == {(away.id, None), (deputy.id, away.id)}


def test_who_acts_is_not_told_as_a_deputy_either(database):
    away, deputy = make_person(), make_person()
    make_absence(away, deputy)
    post_notice(actor_for(deputy), [away.id], TOLD)
    assert told(away, deputy) == {away.id}


def test_a_notice_leads_to_its_record(database):
    issue, person = make_issue(), make_person()
    (notice,) = post_notice(SYSTEM, [person.id], Telling(NoticeKind.FLAG, "tests:2", "Told", issue))
    assert (notice.subject_type, notice.subject_id) == ("issues", issue.id)
