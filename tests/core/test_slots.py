"""Turns of scheduled work: one holder at a time, taken over when it falls silent, never written by two."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from visits.core import clock, slots
from visits.core.db import transaction
from visits.core.scheduler import Entry, attend
from visits.core.scheduling import Job, Task, run_jobs
from visits.core.slots import JobSlot, SlotState, TurnLost
from visits.core.timetable import Times

DUE = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)


def rows(db):
    db.session.expire_all()
    return db.session.scalars(sa.select(JobSlot).order_by(JobSlot.slot_at)).all()


def test_one_turn_has_one_holder(db):
    assert slots.claim("a.job", DUE, "one") is not None
    assert slots.claim("a.job", DUE, "two") is None
    assert slots.claim("another.job", DUE, "two") is not None
    assert slots.claim("a.job", DUE + timedelta(days=1), "two") is not None


def test_a_silent_holder_loses_its_turn_and_can_write_nothing_more(db):
    with clock.at(DUE):
        lost = slots.claim("a.job", DUE, "one")
    with clock.at(DUE + slots.LEASE):
        assert slots.silent_slots() == []
    with clock.at(DUE + slots.LEASE * 2):
        assert slots.silent_slots() == [("a.job", DUE)]
        taken = slots.claim("a.job", DUE, "two")
        with pytest.raises(TurnLost):
            lost.end(1, 0, "")
        with pytest.raises(TurnLost), transaction():
            lost.hold()
        taken.end(3, 0, "")
    (row,) = rows(db)
    assert (row.state, row.done_count, row.times_begun, row.place) == (SlotState.DONE, 3, 2, "two")


def test_signs_of_life_keep_a_turn(db):
    with clock.at(DUE):
        turn = slots.claim("a.job", DUE, "one")
    with clock.at(DUE + slots.LEASE / 2), transaction():
        turn.hold()
    with clock.at(DUE + slots.LEASE * 1.4):
        assert slots.claim("a.job", DUE, "two") is None


def test_what_a_lost_turn_was_about_to_write_is_not_written(db):
    written = []

    def hold():
        if len(written) == 2:
            raise TurnLost()

    job = Job(
        "a.job",
        lambda _on: [(1, "1"), (2, "2"), (3, "3")],
        lambda key, _on: not written.append(key),
        "",
        "",
    )
    with pytest.raises(TurnLost):
        run_jobs([job], clock.today(), hold)
    assert written == [1, 2]


@pytest.fixture
def entry():
    ran = []

    def run(on, _hold):
        ran.append(on)
        if len(ran) == 1:
            raise RuntimeError("broken")
        return run_jobs([Task("a.job", lambda _on: "done", "", "")], on)

    return Entry("a.job", Times("30 8 * * *"), run), ran


def test_a_fault_is_noted_and_the_next_turn_comes(app, db, entry):
    entry, ran = entry
    db.session.commit()
    with clock.at(DUE), pytest.raises(RuntimeError):
        attend(app, entry)
    with clock.at(DUE + timedelta(hours=1)):
        attend(app, entry)
    with clock.at(DUE + timedelta(days=3)):
        attend(app, entry)
        attend(app, entry)
    assert len(ran) == 2
    first, last = rows(db)
    assert (first.state, first.failed_count, bool(first.said)) == (SlotState.FAILED, 1, True)
    assert (last.state, last.done_count, last.slot_at) == (SlotState.DONE, 1, DUE + timedelta(days=3))


def test_a_busy_database_is_asked_again_in_the_next_round(app, db, entry, monkeypatch):
    def busy(*_args):
        raise sa.exc.OperationalError("INSERT", {}, Exception("locked"))

    entry, ran = entry
    db.session.commit()
    with monkeypatch.context() as patch:
        patch.setattr(slots, "claim", busy)
        attend(app, entry)
    assert (ran, rows(db)) == ([], [])
