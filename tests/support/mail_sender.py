"""A sender for the tests, as a process: sends the mails of an outbox, one by one, until it is killed.

Called with the address of a database and the port of a mail server. The domain it sends from names it.
"""

import logging
import os
import sys
from datetime import timedelta
from email.headerregistry import Address
from threading import Event

from flask import Flask

from visits.core.db import db, engine_options
from visits.core.outside import MailServer
from visits.core.schema import init_database
from visits.inbox.delivery import deliver_one, due_channels
from visits.inbox.models import Channel
from visits.inbox.ways.mail import Mailbox

LEASE = timedelta(seconds=3)
PAUSE_SECONDS = 0.1


def main(url, port):
    """Send until killed."""
    app, pause = Flask("visits"), Event()
    app.config |= {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url)}
    init_database(app)
    sender = Address(addr_spec=f"visits@p{os.getpid()}.example.org")
    way = Mailbox(MailServer("127.0.0.1", port, "none", sender))
    with app.app_context():
        while True:
            is_due = bool(due_channels())
            db.session.rollback()
            if not is_due or deliver_one(Channel.MAIL, way.send, LEASE) is None:
                pause.wait(PAUSE_SECONDS)


if __name__ == "__main__":
    logging.disable()
    main(sys.argv[1], int(sys.argv[2]))
