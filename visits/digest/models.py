"""Tables of the digests that were made and of the steps of reminding that were taken."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Stamped
from visits.digest.rules import Rung


class Digest(Stamped, Model):
    """What one person was told on the morning of one working day.

    `content` holds what stood in it, in sections, as it was then; people without anything to do get none.
    """

    __tablename__ = "digests"
    __table_args__ = (sa.UniqueConstraint("person_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[date]
    content: Mapped[dict[str, Any]]


class LadderStep(Stamped, Model):
    """A step taken for one problem and due day: of each there is one, so that nobody is told twice."""

    __tablename__ = "ladder_steps"
    __table_args__ = (sa.UniqueConstraint("issue_id", "due_on", "rung"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    due_on: Mapped[date]
    rung: Mapped[Rung]
    day: Mapped[date]
