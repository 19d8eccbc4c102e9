"""Who else has a record's form open: a hint before two people write over each other."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import Model, db

FRESH = timedelta(seconds=100)  # the browser reports every 45 seconds
LONGEST_OPEN = 2 * 24 * 3600
RECORD = re.compile(r"(?:/[a-z-]+)+/[0-9]{1,9}(?=/|$)")


class OpenForm(Model):
    """A form that somebody's browser said is open; the record is named by its address."""

    __tablename__ = "open_forms"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    record: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    person_name: Mapped[str] = mapped_column(sa.String(60))
    seen_at: Mapped[datetime] = mapped_column(index=True)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="open-form")


def record_token() -> str | None:
    """Sign the record to which the present page belongs, for its form to report; None when there is none.

    Only who was shown the form gets the token, so that nobody learns of a record he may not see.
    """
    found = RECORD.match(request.path)
    return _serializer().dumps(found[0]) if found else None


def report_saved(actor: Actor, path: str) -> None:
    """Note that the actor is done with the form at this address: it is open no more."""
    if found := RECORD.match(path):
        done = (OpenForm.person_id == actor.person_id, OpenForm.record == found[0])
        db.session.execute(sa.delete(OpenForm).where(*done))


def report_open(actor: Actor, token: str) -> Sequence[str] | None:
    """Note that the actor has this record's form open; the names of the others; None for a false token."""
    try:
        record = str(_serializer().loads(token, max_age=LONGEST_OPEN))
    except BadData:
        return None
    table = OpenForm
    db.session.execute(sa.delete(table).where(table.seen_at < now() - FRESH))
    db.session.merge(
        OpenForm(person_id=actor.person_id, record=record, person_name=actor.name, seen_at=now())
    )
    others = (table.record == record, table.person_id != actor.person_id)
    return db.session.scalars(sa.select(table.person_name).where(*others).order_by(table.person_name)).all()
