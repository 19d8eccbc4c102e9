"""What a rule keeps from a receiver is offered to nobody, and does not hold up the rest."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.handover import make_handover, stand_in
from visits.accounts.models import Delegation, Person
from visits.admin.operations import disable_person
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.handover import operations
from visits.handover.models import Kind
from visits.handover.queries import items_of, pack_of
from visits.handover.states import HandoverState, ItemState
from visits.inbox.models import Notice
from visits.inbox.words import sentence_of


@pytest.fixture(autouse=True)
def _day(database, at):
    at("2026-11-23")


def away(person, days=1):
    """Somebody away from today on, with a deputy of no matter."""
    db.session.add(
        Delegation(
            person_id=person.id,
            deputy_id=make_person().id,
            from_on=today(),
            until_on=today() + timedelta(days),
        )
    )
    db.session.flush()


def absent_of(absence):
    return db.session.get(Person, absence.person_id)


def test_standing_in_for_the_receiver_is_offered_to_nobody(leaver):
    absent = absent_of(stand_in(leaver))
    handover = make_handover(leaver, absent)
    [aside] = items_of(handover.id, ItemState.DECLINED)
    assert (aside.kind, aside.is_set_aside) == (Kind.DEPUTY, True)
    assert "the absent person" in aside.reason
    told = db.session.scalars(sa.select(Notice).where(Notice.person_id == absent.id)).one()
    assert "6" in sentence_of(told)
    assert operations.accept_all(actor_for(absent), handover) == operations.Accepted(6, [])
    assert {item.state for item in items_of(handover.id)} == {ItemState.DONE, ItemState.DECLINED}
    with pytest.raises(Refused):
        disable_person(SYSTEM, leaver, "调离")  # until somebody else stands in


def test_what_a_receiver_cannot_take_goes_to_somebody_who_can(leaver, receiver):
    absence = stand_in(leaver)
    handover = make_handover(leaver, absent_of(absence))
    aside = [item.id for item in items_of(handover.id, ItemState.DECLINED)]
    handler = make_person([Role.HANDLER], name="周承办")
    for person in (handler, absent_of(absence)):
        with pytest.raises(Refused, match="cannot stand in for 吴请假") as refusal:
            operations.redirect_items(SYSTEM, handover, aside, person.id)
        assert refusal.value.field == "receiver_id"
    operations.redirect_items(SYSTEM, handover, aside, receiver.id)
    assert operations.accept_all(actor_for(receiver), handover).taken == 1
    assert pack_of(receiver.id, today())[0].name == "吴请假"


def test_accepting_takes_all_but_what_became_impossible_since(leaver, receiver):
    absence = stand_in(leaver)
    handover = make_handover(leaver, receiver)
    away(receiver)
    accepted = operations.accept_all(actor_for(receiver), handover)
    assert (accepted.taken, [item.name for item in accepted.aside]) == (6, ["吴请假"])
    assert accepted.aside[0].reason.startswith("Whoever takes over is away")
    assert absence.deputy_id == leaver.id
    assert handover.state is HandoverState.RUNNING
    told = db.session.scalars(sa.select(Notice).where(Notice.person_id == leaver.id)).all()
    assert len(told) == 2  # what was taken over, and what came back


def test_only_the_receiver_sets_aside_by_accepting(leaver, receiver):
    stand_in(leaver)
    handover = make_handover(leaver, receiver)
    away(receiver)
    [item] = [item for item in items_of(handover.id) if item.kind is Kind.DEPUTY]
    with pytest.raises(NotAllowed):
        operations.accept(actor_for(leaver), handover, [item.id])
    accepted = operations.accept(actor_for(receiver), handover, [item.id])
    assert (accepted.taken, accepted.aside) == (0, [item])


def test_a_stand_in_that_came_since_is_not_offered_to_the_absent(leaver):
    absent = make_person([Role.CADRE], name="吴请假")
    handover = make_handover(leaver, absent)
    assert operations.gather(SYSTEM, handover) == 0
    db.session.add(
        Delegation(
            person_id=absent.id, deputy_id=leaver.id, from_on=today(), until_on=today() + timedelta(3)
        )
    )
    db.session.flush()
    assert operations.gather(SYSTEM, handover) == 1
    assert [item.kind for item in items_of(handover.id, ItemState.DECLINED)] == [Kind.DEPUTY]
