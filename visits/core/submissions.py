"""The same form sent twice gives the same answer: forms carry an id, each success leaves it here."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, db
from visits.core.erasing import Spent
from visits.core.i18n import N_

KEPT = timedelta(days=30)


class Submission(Model):
    """One form that was accepted, and where its sender was sent."""

    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    location: Mapped[str] = mapped_column(sa.String(500))
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)


def answer_of(submission_id: str, person_id: int) -> str | None:
    """Where this person was sent when the form was accepted before; None when it is new."""
    return db.session.scalar(
        sa.select(Submission.location).where(
            Submission.id == submission_id, Submission.person_id == person_id
        )
    )


def remember(submission_id: str, person_id: int, location: str) -> None:
    """Note in the running transaction that the form was accepted."""
    db.session.add(Submission(id=submission_id, person_id=person_id, location=location[:500]))


def spent() -> Spent:
    """The notes no browser will send again."""
    return Spent(N_("forms sent"), Submission, (Submission.made_at < now() - KEPT,))
