"""What is erased by itself and when, what never is; the calendar's warning; the check of the database."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.inbox import make_notice, make_point
from visits.accounts import operations as accounts
from visits.accounts.models import LinkPurpose, PasswordLink, SignIn, SignInAttempt
from visits.core import clock, slots, submissions, surroundings
from visits.core.audit import AuditEntry
from visits.core.calendar import fill_calendar
from visits.core.db import write_next
from visits.core.erasing import PORTION, Spent, erase
from visits.core.permissions import Role
from visits.core.slots import JobSlot
from visits.core.submissions import Submission
from visits.digest.models import Digest
from visits.inbox.models import Delivery, DeliveryState, Notice, NoticeKind
from visits.inbox.operations import Message, queue_message
from visits.outreach.models import VisitDraft
from visits.outreach.operations import save_draft

BEGUN = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def jobs(app, db):
    """Do a job now; what each of its parts did and could not do."""

    def run(name, code=0):
        db.session.commit()
        write_next(False)
        done = app.test_cli_runner().invoke(args=["jobs", "once", name, "--format", "json"])
        assert done.exit_code == code, done.output
        db.session.rollback()
        db.session.expire_all()
        parts = json.loads(done.stdout)["parts"]
        return [part["done"] for part in parts], [row["sentence"] for p in parts for row in p["failed"]]

    return run


def count(db, model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def left(db, model, jobs, after):
    """How many rows there are before the purge at so long after the beginning, and how many after it."""
    before = count(db, model)
    with clock.at(BEGUN + after):
        jobs("house.purge")
    return before, count(db, model)


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        (PasswordLink, timedelta(days=30, hours=24)),
        (SignIn, timedelta(days=30, hours=12)),
        (SignInAttempt, timedelta(days=7)),
        (Submission, timedelta(days=30)),
        (Notice, timedelta(days=180)),
        (Delivery, timedelta(days=90)),
        (VisitDraft, timedelta(days=30)),
        (Digest, timedelta(days=366, hours=11, minutes=59, seconds=59)),
    ],
)
def test_rows_are_kept_as_long_as_said_and_then_erased(db, jobs, model, kept):
    with clock.at(BEGUN):
        person = make_person([Role.CADRE])
        accounts.make_password_link(actor_for(make_person([Role.ADMIN])), person, LinkPurpose.RESET)
        accounts.begin_sign_in(person, "127.0.0.1")
        db.session.add(Digest(person_id=person.id, day=clock.today(), content={}))
        db.session.add(SignInAttempt(username="x", address="127.0.0.1"))
        submissions.remember(str(uuid4()), person.id, "/")
        make_notice(person).read_at = clock.now()
        queue_message([make_point(person=person)], "tests:1", Message("Subject", "Text"))
        (message,) = db.session.scalars(sa.select(Delivery))
        message.state, message.ended_at = DeliveryState.SENT, clock.now()
        draft = save_draft(actor_for(person), str(uuid4()), [("summary", "typed")], None)
        save_draft(actor_for(person), draft.client_id, [("mode", "on_site")], draft.revision)
        db.session.commit()
    assert left(db, model, jobs, kept) == (1, 1)
    assert left(db, model, jobs, kept + timedelta(seconds=1)) == (1, 0)


def test_what_is_still_needed_stays_for_ever(db, jobs):
    with clock.at(BEGUN):
        person = make_person([Role.CADRE])
        make_notice(person)
        for name in ("waiting", "dead"):
            queue_message([make_point(person=make_person())], f"tests:{name}", Message("S", "T"))
        dead = db.session.scalars(sa.select(Delivery).order_by(Delivery.id.desc())).first()
        dead.state, dead.ended_at = DeliveryState.DEAD, clock.now()
        save_draft(actor_for(person), str(uuid4()), [("summary", "in a hurry")], None)
        db.session.commit()
    entries = count(db, AuditEntry)
    with clock.at(BEGUN + timedelta(days=2000)):
        jobs("house.purge")
    assert [count(db, model) for model in (Notice, Delivery, VisitDraft)] == [1, 2, 1]
    assert count(db, AuditEntry) == entries


def test_of_each_job_the_latest_turn_stays(db, jobs):
    for job, days in (("honesty.look", (0, 1, 2)), ("db.check", (0,)), ("issues.lapse", (0, 95))):
        for day in days:
            with clock.at(BEGUN + timedelta(days=day)):
                slots.claim_now(job, "server:1").end(0, 0, "")
    with clock.at(BEGUN + timedelta(days=100)):
        slots.claim_now("issues.lapse", "server:1").end(0, 0, "")
        jobs("house.purge")
    rows = db.session.execute(
        sa.select(JobSlot.job, JobSlot.slot_at).order_by(JobSlot.job, JobSlot.slot_at)
    )
    kept = [(job, (at - BEGUN).days) for job, at in rows if job != "house.purge"]
    assert kept == [("db.check", 0), ("honesty.look", 2), ("issues.lapse", 95), ("issues.lapse", 100)]


def test_it_erases_in_portions_and_says_how_much(db, jobs, statements):
    person, many = make_person(), PORTION * 2 + 7
    db.session.execute(
        sa.insert(Submission),
        [
            {"id": f"{n:036}", "person_id": person.id, "location": "/", "made_at": BEGUN}
            for n in range(many)
        ],
    )
    db.session.commit()
    with statements() as seen:
        done = erase(Spent("", Submission, (Submission.made_at < BEGUN + timedelta(days=1),)))
    assert (done, count(db, Submission)) == (many, 0)
    assert sum("DELETE" in str(statement) for statement in seen) == 3
    done, failed = jobs("house.purge")
    assert failed == []
    assert {"无"} == {said for part in done for said in part}


def test_a_row_that_came_to_life_again_is_not_erased(db, monkeypatch):
    person = make_person()
    notice = make_notice(person)
    notice.read_at = BEGUN
    db.session.commit()
    spent = Spent("", Notice, (Notice.read_at < clock.now(), sa.literal(1) == 1))
    real, scalars = db.session.scalars, []

    def unread_meanwhile(stmt):
        found = real(stmt)
        ids = found.all()
        if ids and not scalars:
            scalars.append(ids)
            db.session.execute(sa.update(Notice).values(read_at=None))
            db.session.commit()
        return type("Found", (), {"all": staticmethod(lambda: ids)})()

    monkeypatch.setattr(db.session, "scalars", unread_meanwhile)
    write_next(True)
    assert erase(spent) == 0
    monkeypatch.undo()
    assert count(db, Notice) == 1


@pytest.fixture
def calendar(db):
    """The working days are known to the end of 2026, but not those of 2027."""
    fill_calendar(range(2024, 2027))
    db.session.commit()


def warned(db, person):
    stmt = sa.select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)
    return [(notice.event, notice.kind, notice.params) for notice in db.session.scalars(stmt)]


def test_the_coordinators_are_warned_once_a_week_from_november_on(db, jobs, calendar):
    office, other = make_person([Role.COORDINATOR]), make_person([Role.LEADER])
    for day in ("2026-10-30", "2026-10-31", "2026-11-01"):  # before; a Saturday; a Sunday
        with clock.at(date.fromisoformat(day)):
            assert jobs("calendar.warn") == ([[]], [])
    for day, done in (
        ("2026-11-02", ["2027"]),
        ("2026-11-03", []),
        ("2026-11-06", []),
        ("2026-11-09", ["2027"]),
        ("2027-01-04", ["2027"]),
    ):
        with clock.at(date.fromisoformat(day)):
            assert jobs("calendar.warn") == ([done], []), day
    told = warned(db, office)
    assert [event for event, _, _ in told] == [
        f"calendar:2027:{week}" for week in ("2026-45", "2026-46", "2027-01")
    ]
    assert told[0][1:] == (NoticeKind.SYSTEM, {"year": 2027})
    assert warned(db, other) == []


def test_nobody_is_warned_of_a_year_that_is_known(db, jobs, calendar):
    make_person([Role.COORDINATOR])
    with clock.at(date(2025, 11, 10)):
        assert jobs("calendar.warn") == ([[]], [])


def test_the_check_finds_a_sound_database_sound(db, jobs):
    make_person([Role.ADMIN])
    with clock.at(date(2026, 11, 8)):
        (done,), failed = jobs("db.check")
    assert failed == []
    assert int(done[0]) > 5


def test_the_check_names_what_must_be_mended(db, jobs, monkeypatch):
    make_person([Role.ADMIN])
    damaged = surroundings.wrong("file", "The file of the database is damaged (%(answer)s).", answer="x")
    monkeypatch.setattr(surroundings, "look_inside", lambda: [damaged])
    with clock.at(date(2026, 11, 8)):
        _, (said,) = jobs("db.check", code=1)
    assert "数据库文件已损坏" in said or "damaged (x)" in said
    with clock.at(date(2026, 11, 8)):
        slot = db.session.scalars(sa.select(JobSlot).where(JobSlot.job == "db.check")).one()
    assert (slot.state, slot.failed_count) == ("failed", 1)


def test_the_backup_of_the_night_is_proved_and_the_last_ones_kept(db, jobs, app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "INSTANCE", tmp_path)
    monkeypatch.setattr("visits.cli.backup.NIGHTS_KEPT", 2)
    make_person([Role.ADMIN])
    for day in (1, 2, 3):
        with clock.at(datetime(2026, 11, day, 18, tzinfo=UTC)):
            (done,), failed = jobs("backup.nightly")
            assert (len(done), failed) == (1, [])
    kept = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(kept) == 2
    assert kept[-1] == done[0]


def test_a_backup_that_cannot_be_proved_is_a_failed_turn_and_older_ones_stay(
    db, jobs, app, monkeypatch, tmp_path
):
    monkeypatch.setitem(app.config, "INSTANCE", tmp_path)
    monkeypatch.setattr("visits.cli.backup.NIGHTS_KEPT", 1)
    make_person([Role.ADMIN])
    with clock.at(datetime(2026, 11, 1, 18, tzinfo=UTC)):
        jobs("backup.nightly")
    broken = surroundings.wrong("file", "Damaged.")
    monkeypatch.setattr("visits.cli.backup._inspect", lambda _manifest: [broken])
    with clock.at(datetime(2026, 11, 2, 18, tzinfo=UTC)):
        (done,), (said,) = jobs("backup.nightly", code=1)
    assert done == []
    assert "visits-20261103" in said
    assert len(list((tmp_path / "backups").iterdir())) == 2
    slot = db.session.scalars(sa.select(JobSlot).order_by(JobSlot.id.desc())).first()
    assert (slot.state, slot.failed_count) == ("failed", 1)
