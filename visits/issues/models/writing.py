"""Table of the texts that people need again and again."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped


class ResponseTemplate(Revised, Stamped, Model):
    """A text for one field of one move's form; it fills what is blank and sends nothing."""

    __tablename__ = "response_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    move: Mapped[str] = mapped_column(sa.String(40), index=True)
    field: Mapped[str] = mapped_column(sa.String(40))
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("categories.id"))
    text: Mapped[str] = mapped_column(sa.Text())
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]
