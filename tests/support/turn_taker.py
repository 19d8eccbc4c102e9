"""A scheduler for the tests, as a process: one turn a second, each of which slowly writes down one line.

Called with the address of a database that has a table `lines (slot_id, pid)`.
"""

import os
import sys
import time
from datetime import timedelta
from threading import Event

import sqlalchemy as sa
from flask import Flask

from visits.core import slots
from visits.core.db import db, engine_options, transaction
from visits.core.scheduler import Entry, make_scheduler
from visits.core.schema import init_database
from visits.core.timetable import Times

JOB = "tests.write_lines"
LEASE = timedelta(seconds=1)
WORK_SECONDS = 0.15
ROUND_SECONDS = 0.4


def write_line(_on, hold):
    """Write down that the turn was done, unless it stands there."""
    slot_id = hold.__self__.slot_id
    with transaction():
        written = db.session.scalar(
            sa.text("SELECT count(*) FROM lines WHERE slot_id = :id"), {"id": slot_id}
        )
        if not written:
            values = {"id": slot_id, "pid": os.getpid()}
            db.session.execute(sa.text("INSERT INTO lines (slot_id, pid) VALUES (:id, :pid)"), values)
        time.sleep(WORK_SECONDS)  # work that takes its time, so that kills fall into it
        hold()
    return []


def main(url):
    """Take turns until killed."""
    slots.LEASE = LEASE
    app = Flask("visits")
    app.config |= {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url)}
    init_database(app)
    entry = Entry(JOB, Times("* * * * *", second="*"), write_line)
    make_scheduler(app, [entry], ROUND_SECONDS).start()
    Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
