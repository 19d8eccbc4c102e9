"""Messages on their way: servers that refuse, hang, say no or hang up, and what the outbox keeps of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.inbox import make_delivery, make_point
from tests.support.hook_server import HookDouble
from tests.support.mail_server import MailDouble
from visits.accounts import operations as accounts
from visits.core.authz import SYSTEM
from visits.core.clock import now
from visits.core.db import db
from visits.inbox import delivery as sending
from visits.inbox.models import Channel, Delivery, DeliveryState
from visits.inbox.rules import MOST_TRIES, pause_after
from visits.inbox.ways import mail, posting
from visits.inbox.ways.parcels import Failed
from visits.inbox.ways.robots import Robots


def tried(channel, way):
    """Send the next message of a channel, and read what is kept of it."""
    found = sending.deliver_one(channel, way.send)
    db.session.expire_all()
    row = db.session.get(Delivery, found.parcel.delivery_id)
    db.session.commit()
    return row


def test_a_mail_arrives_in_both_shapes(database):
    point = make_point(address="wang@example.org")
    row = make_delivery(
        point, subject="第3期\r\nBcc: other@example.org", text="三件事", html="<p>三件事</p>"
    )
    with MailDouble() as server:
        sent = tried(Channel.MAIL, server.way())
        assert sending.deliver_one(Channel.MAIL, server.way().send) is None
    (((recipients), message),) = server.conduct.taken
    assert recipients == ["wang@example.org"]
    assert message["Subject"] == "第3期 Bcc: other@example.org"
    assert message["Bcc"] is None
    assert message["Message-ID"] == f"<{row.message_id}@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "企业服务办 <visits@example.org>"
    assert abs(message["Date"].datetime - now()) < timedelta(minutes=1)
    assert message.get_body(("plain",)).get_content().strip() == "三件事"
    assert message.get_body(("html",)).get_content().strip() == "<p>三件事</p>"
    assert (sent.state, sent.tries, sent.last_error, sent.token) == (DeliveryState.SENT, 1, "", None)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("refuse", mail.NO_ANSWER),
        ("hang", mail.NO_ANSWER),
        ("drop", mail.NO_ANSWER),
        ("421", f"{mail.BUSY} [421]"),
        ("450", f"{mail.BUSY} [450]"),
    ],
)
def test_what_may_pass_is_tried_again_later(database, monkeypatch, kind, kept):
    monkeypatch.setattr(mail, "SECONDS", 0.5 if kind == "hang" else 20)
    row = make_delivery()
    with MailDouble(kind) as server:
        failed = tried(Channel.MAIL, server.way())
        assert sending.deliver_one(Channel.MAIL, server.way().send) is None, "tried again at once"
    assert (failed.state, failed.last_error, failed.tries) == (DeliveryState.WAITING, kept, 1)
    assert timedelta(seconds=55) < failed.next_at - now() < timedelta(seconds=75)
    make_due(row)
    monkeypatch.undo()
    with MailDouble() as server:
        assert tried(Channel.MAIL, server.way()).state is DeliveryState.SENT
    assert [message["Message-ID"] for message in server.taken] == [f"<{row.message_id}@example.org>"]


def make_due(row):
    db.session.execute(sa.update(Delivery).where(Delivery.id == row.id).values(next_at=now()))
    db.session.commit()


def test_the_same_id_goes_out_where_the_yes_was_lost(database):
    row = make_delivery()
    with MailDouble("drop") as server:
        tried(Channel.MAIL, server.way())
        make_due(row)
        tried(Channel.MAIL, server.way())
    first, second = server.conduct.seen
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.parametrize(("kind", "said"), [("550", mail.BAD_ADDRESS), ("554", mail.UNWANTED)])
def test_a_no_for_good_is_given_up_at_once(database, kind, said):
    make_delivery()
    with MailDouble(kind) as server:
        row = tried(Channel.MAIL, server.way())
    assert (row.state, row.tries, row.last_error) == (DeliveryState.DEAD, 1, f"{said} [{kind}]")
    assert row.ended_at is not None


def test_what_was_taken_is_sent_however_the_server_leaves(database):
    make_delivery()
    with MailDouble("yes and drop") as server:
        assert tried(Channel.MAIL, server.way()).state is DeliveryState.SENT
    assert len(server.taken) == 1


def test_eight_tries_within_a_day_then_it_is_given_up(database, at):
    row, begun, tries = make_delivery(), now(), 0
    with MailDouble("421") as server:
        while row.state is DeliveryState.WAITING:
            at(row.next_at)
            row = tried(Channel.MAIL, server.way())
            tries += 1
    assert (tries, row.state, row.last_error) == (8, DeliveryState.DEAD, f"{mail.BUSY} [421]")
    assert timedelta(hours=18) < row.ended_at - begun < timedelta(hours=24)


def test_what_ends_every_sender_is_given_up_too(database, at):
    row = make_delivery()
    for _ in range(MOST_TRIES):
        at(sending.claim(Channel.MAIL).held_until + timedelta(seconds=1))
    with MailDouble() as server:
        row = tried(Channel.MAIL, server.way())
    assert (row.state, row.last_error, server.taken) == (DeliveryState.DEAD, sending.LOST, [])


def test_pauses_grow_and_differ():
    assert [pause_after(tries, 0) / timedelta(minutes=1) for tries in (1, 2, 3, 7)] == [1, 3, 9, 729]
    assert pause_after(2, 1) == timedelta(minutes=3.6)


def test_one_that_is_held_is_left_alone_until_the_lease_is_over(database, at):
    make_delivery()
    held = sending.claim(Channel.MAIL)
    assert sending.claim(Channel.MAIL) is None
    at(held.held_until + timedelta(seconds=1))
    taken_over = sending.claim(Channel.MAIL)
    assert (taken_over.message_id, taken_over.tries) == (held.message_id, 2)
    assert not sending.settle(held, None), "the first sender must not note anything any more"
    assert sending.settle(taken_over, None)


def test_nothing_goes_to_people_who_left_or_places_taken_out(database):
    gone = make_person()
    rows = [make_delivery(make_point(person=gone)), make_delivery(make_point(address=""), event="tests:2")]
    accounts.disable_person(SYSTEM, gone, "left")
    db.session.commit()
    with MailDouble() as server:
        assert len(sending.drain(server.way().send)) == 2
    db.session.expire_all()
    assert {(row.state, row.last_error) for row in rows} == {(DeliveryState.DEAD, sending.NO_POINT)}
    assert server.conduct.seen == []


def test_a_fault_of_ours_is_no_end(database, caplog):
    make_delivery()

    class Broken:
        def send(self, parcel):
            raise ZeroDivisionError("SECRET")

    row = tried(Channel.MAIL, Broken())
    assert (row.state, row.last_error) == (DeliveryState.WAITING, sending.UNEXPECTED)


def test_a_server_that_hangs_holds_up_nobody_else(app, database):
    mails = [make_delivery(event=f"tests:{number}") for number in range(6)]
    with MailDouble("hang") as server, HookDouble() as host:
        hook = make_point(channel=Channel.WEBHOOK, address=host.address)
        rows = [make_delivery(hook, event=f"tests:{number}") for number in range(5)]
        letters, robots = server.way(), Robots(host.poster())
        postman = sending.Postman(
            app, lambda parcel: (letters if parcel.channel is Channel.MAIL else robots).send(parcel)
        )
        postman.look()
        assert server.conduct.has_come.wait(20)
        wait_until(lambda: states_of(rows) == {DeliveryState.SENT})
        assert states_of(mails) == {DeliveryState.WAITING}
        assert held() == sending.THREADS, "more conversations with one server than allowed"
    postman.end()
    assert len(host.posted) == 5


def states_of(rows):
    db.session.rollback()
    ids = [row.id for row in rows]
    return set(db.session.scalars(sa.select(Delivery.state).where(Delivery.id.in_(ids))))


def held():
    return db.session.scalar(sa.select(sa.func.count()).where(Delivery.token.is_not(None)))


def wait_until(is_so):
    pause = sending.Event()
    for _ in range(400):
        if is_so():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come to pass")


def test_failures_name_no_secrets(database):
    make_delivery()
    with MailDouble("550") as server:
        assert "SECRET" not in tried(Channel.MAIL, server.way()).last_error
    assert "SECRET" not in sending.written(Failed(posting.NO_ANSWER, 500))
