"""A mail server that behaves well or badly, on this machine; what it has taken is there to be read."""

import asyncio
import email
import email.policy
import socket
from email.headerregistry import Address
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from visits.core.outside import MailServer
from visits.inbox.ways.mail import Mailbox


def free_port():
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Conduct:
    """What the server does with a mail: `taken` holds those it said yes to."""

    def __init__(self, kind="well"):
        self.kind, self.taken, self.seen = kind, [], []
        self.has_come, self.is_over = Event(), False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - its name there
        """Answer to a recipient."""
        answers = {"421": "421 4.3.2 too busy", "450": "450 4.2.1 later", "550": "550 5.1.1 unknown SECRET"}
        if self.kind in answers:
            self.seen.append(address)
            return answers[self.kind]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - its name there
        """Answer to the text of a mail."""
        self.seen.append(message := email.message_from_bytes(envelope.content, policy=email.policy.SMTP))
        self.has_come.set()
        if self.kind == "hang":
            while not self.is_over:
                await asyncio.sleep(0.02)
        if self.kind == "drop":
            server.transport.abort()
        if self.kind == "554":
            return "554 5.7.1 spam"
        if self.kind != "drop":
            self.taken.append((envelope.rcpt_tos, message))
        if self.kind == "yes and drop":
            asyncio.get_running_loop().call_later(0.01, server.transport.abort)
        return "250 OK"


class MailDouble:
    """The server, open inside the block, and the way of sending that leads to it.

    `secured` is "tls", or "starttls" where that is offered, with the context that proves who it is. With
    a `password` it lets nobody send who does not sign in; `tried` holds the passwords that came.
    """

    def __init__(self, kind="well", conduct=None, secured=None, password=None):
        self.conduct, self.port = conduct or Conduct(kind), free_port()
        self.secured, self.password, self.tried = secured or ("none", None), password, []
        self.controller = None

    def __enter__(self):
        if self.conduct.kind != "refuse":
            self.controller = Controller(self.conduct, "127.0.0.1", self.port, **self._settings())
            self.controller.start()
        return self

    def _settings(self):
        security, context = self.secured
        settings = {}
        if security != "none":
            settings["ssl_context" if security == "tls" else "tls_context"] = context
        if self.password:
            settings |= {"auth_required": True, "authenticator": self._judge}
            settings["auth_require_tls"] = security == "starttls"  # over "tls" it knows of none
        return settings

    def _judge(self, _server, _session, _envelope, _mechanism, sign_in):
        self.tried.append(sign_in.password.decode())
        is_right = (sign_in.login, sign_in.password) == (b"visits", self.password.encode())
        return AuthResult(success=is_right, handled=False)

    def __exit__(self, *_):
        self.conduct.is_over = True
        if self.controller:
            self.controller.stop()

    @property
    def taken(self):
        """The mails it said yes to."""
        return [message for _, message in self.conduct.taken]

    def way(self, sender="visits@example.org"):
        """A way of sending by this server."""
        name = Address(display_name="企业服务办", addr_spec=sender)
        return Mailbox(MailServer("127.0.0.1", self.port, "none", name))
