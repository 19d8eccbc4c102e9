"""Mail over TLS and with a password: what is sent to whom, and what is refused before anything is said."""

import socket
import ssl
from contextlib import suppress
from dataclasses import replace
from threading import Thread

import pytest

from tests.factories.inbox import make_delivery
from tests.support.hook_server import AUTHORITY
from tests.support.mail_server import MailDouble
from visits.core import outside
from visits.core.db import db
from visits.core.machine import CannotStart
from visits.inbox import delivery as sending
from visits.inbox.integrity import find_stuck_messages
from visits.inbox.models import Channel, Delivery, DeliveryState
from visits.inbox.ways import mail
from visits.inbox.ways.mail import Mailbox
from visits.inbox.wording import last_error_said

PASSWORD = "correct-horse"

# the double knows of no TLS where a conversation begins with it
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A file as VISITS_CA_FILE names one."""
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(file)
    return str(file)


@pytest.fixture(scope="session")
def proof():
    """A server's context by the name that its certificate gives it."""
    known = {}

    def for_name(name):
        if name not in known:
            known[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            AUTHORITY.issue_cert(name).configure_cert(known[name])
        return known[name]

    return for_name


def way(server, security, authority="", **fields):
    """A way of sending to a server, as the settings would make it."""
    return Mailbox(replace(server.way().server, security=security, **fields), authority)


def sent_by(mailbox):
    """Send the one message there is, and read what is kept of it."""
    found = sending.deliver_one(Channel.MAIL, mailbox.send)
    db.session.expire_all()
    return db.session.get(Delivery, found.parcel.delivery_id), found


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_goes_to_a_server_that_proves_itself(database, security, authority, proof):
    make_delivery(text="三件事")
    with MailDouble(secured=(security, proof("127.0.0.1")), password=PASSWORD) as server:
        row, _ = sent_by(way(server, security, authority, user="visits", password=PASSWORD))
    assert (row.state, row.last_error) == (DeliveryState.SENT, "")
    assert [message.get_content().strip() for message in server.taken] == ["三件事"]
    assert server.tried == [PASSWORD]


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(("name", "is_known"), [("other.example.org", True), ("127.0.0.1", False)])
def test_nothing_is_said_to_one_that_does_not(database, security, name, is_known, authority, proof):
    make_delivery()
    with MailDouble(secured=(security, proof(name)), password=PASSWORD) as server:
        mailbox = way(server, security, authority if is_known else "", user="visits", password=PASSWORD)
        row, found = sent_by(mailbox)
    assert (row.state, row.last_error) == (DeliveryState.WAITING, mail.NO_PROOF)
    assert (found.is_general, server.tried, server.conduct.seen) == (True, [], [])


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_tls_hears_neither_password_nor_mail(database, security, authority):
    make_delivery()
    with Scripted(b"220 here\r\n", b"250-here\r\n250 AUTH PLAIN\r\n") as server:
        row, _ = sent_by(way_to(server.port, security, authority))
    assert (row.state, row.last_error) == (DeliveryState.WAITING, mail.NO_TLS)
    assert b"MAIL" not in server.heard
    assert b"AUTH" not in server.heard


@pytest.mark.parametrize(
    ("given", "kept"),
    [({"user": "visits", "password": "wrong"}, f"{mail.NO_LOGIN} [535]"), ({}, f"{mail.SIGN_IN} [530]")],
)
def test_a_wrong_password_is_tried_once_a_try_and_said(app, database, given, kept, authority, proof, at):
    row = make_delivery()
    with MailDouble(secured=("starttls", proof("127.0.0.1")), password=PASSWORD) as server:
        for _ in range(2):
            row, found = sent_by(way(server, "starttls", authority, **given))
            at(row.next_at)
        assert (row.state, row.tries, row.last_error, found.is_general) == (
            DeliveryState.WAITING,
            2,
            kept,
            True,
        )
        assert server.tried == ["wrong"] * (2 if given else 0), "each no counts towards locking the account"
        weights = {finding.name: finding.weight for finding in find_stuck_messages(app.config)}
        assert weights["failing"] == "advice"
        row, _ = sent_by(way(server, "starttls", authority, user="visits", password=PASSWORD))
    assert row.state is DeliveryState.SENT
    assert len(server.taken) == 1


def test_where_no_message_would_pass_the_others_are_not_tried(app, database, authority, proof):
    for number in range(5):
        make_delivery(event=f"tests:{number}")
    with MailDouble(secured=("starttls", proof("127.0.0.1")), password=PASSWORD) as server:
        mailbox = way(server, "starttls", authority, user="visits", password="wrong")
        assert [tried.is_general for tried in sending.drain(mailbox.send)] == [True]
        postman = sending.Postman(app, mailbox.send)
        postman.look()
        postman.threads.shutdown(wait=True)
        assert postman.rests_until[Channel.MAIL] > sending.monotonic()
        assert 1 < len(server.tried) <= 1 + sending.THREADS
        seen = len(server.tried)
        postman.look()
    assert len(server.tried) == seen
    assert sending.due_channels()[Channel.MAIL] >= 5 - seen


CONVERSATIONS = [
    ([b"421 busy\r\n"], mail.BUSY, 421),
    ([b"554 no mail here\r\n"], mail.BUSY, 554),
    ([b"220 a\r\n", b"250-a\r\n250 AUTH NTLM\r\n"], mail.NO_WAY_IN, None),
    ([b"220 a\r\n", b"250 a\r\n"], mail.NO_WAY_IN, None),
    ([b"220 a\r\n", b"250-a\r\n250 AUTH LOGIN PLAIN\r\n", b"535 5.7.8 no\r\n"], mail.NO_LOGIN, 535),
    ([b"220 a\r\n", b"250-a\r\n250 AUTH PLAIN\r\n", b"454 4.7.0 later\r\n"], mail.BUSY, 454),
]
IN = [b"220 a\r\n", b"250-a\r\n250 AUTH PLAIN LOGIN\r\n", b"235 in\r\n"]


@pytest.mark.parametrize(
    ("said", "sentence", "code"),
    [
        *CONVERSATIONS,
        ([*IN, b"550 5.7.1 not you\r\n"], mail.NO_SENDER, 550),
        (
            [*IN, b"250 ok\r\n", b"554 5.7.1 relay access denied\r\n", b"250 ok\r\n"],
            mail.NOT_FORWARDED,
            554,
        ),
        ([*IN, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"], mail.NO_ANSWER, None),
    ],
)
def test_no_other_answer_ends_a_message(database, said, sentence, code):
    row = make_delivery(text="很长的一封信。\n" * 40_000)
    with Scripted(*said) as server:
        row, _ = sent_by(way_to(server.port, "none"))
    assert (row.state, row.last_error) == (
        DeliveryState.WAITING,
        f"{sentence} [{code}]" if code else sentence,
    )


def way_to(port, security, authority=""):
    sender = MailDouble().way().server.sender
    server = outside.MailServer("127.0.0.1", port, security, sender, "visits", PASSWORD)
    return Mailbox(server, authority)


class Scripted:
    """A server that says what it was told to, an answer to each line, and hangs up then."""

    def __init__(self, *answers):
        self.answers, self.heard = answers, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = Thread(target=self._speak, daemon=True)

    def _speak(self):
        line, _ = self.listener.accept()
        with line, suppress(OSError):
            for answer in self.answers:
                line.sendall(answer)
                self.heard += line.recv(4096)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(10)
        self.listener.close()


@pytest.mark.parametrize(
    ("security", "host", "sign_in", "said"),
    [
        ("none", "mail.example.org", ("visits", "SECRET"), "VISITS_MAIL_SECURITY"),
        ("tls", "mail.example.org", ("visits", "密码"), "VISITS_MAIL_PASSWORD"),
        ("tls", "mail.example.org", ("visits", "SECRET\r\nRSET"), "VISITS_MAIL_PASSWORD"),
    ],
)
def test_the_program_does_not_start_with_a_password_that_cannot_be_kept(security, host, sign_in, said):
    with pytest.raises(CannotStart, match=said) as refusal:
        outside.mail_server(host, 0, security, sign_in, "visits@example.org")
    assert sign_in[1] not in str(refusal.value)


@pytest.mark.parametrize(("host", "weight"), [("mail.example.org", "advice"), ("localhost", "fine")])
def test_mails_in_the_clear_are_pointed_at(app, database, monkeypatch, host, weight):
    server = outside.mail_server(host, 0, "none", ("", ""), "visits@example.org")
    monkeypatch.setitem(app.config, "MAIL_SERVER", server)
    assert find_stuck_messages(app.config)[0].weight == weight


def test_each_reason_is_said_in_chinese(app):
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        for sentence in (mail.NO_PROOF, mail.NO_TLS, mail.NO_LOGIN, mail.NO_WAY_IN, mail.SIGN_IN):
            assert last_error_said(sentence) != sentence
