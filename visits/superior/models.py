"""Tables of superiors' forms: their versions, what stands in which cell, and the fillings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.i18n import N_
from visits.reports.shapes import Part


class When(StrEnum):
    """Which days a figure counts, told from the period a form is filled for."""

    CHOSEN = "chosen"
    BEFORE = "before"
    YEAR_BEFORE = "year_before"
    YEAR = "year"
    YEAR_BEFORE_TO_DATE = "year_before_to_date"
    TO_DATE = "to_date"


WHEN_LABELS = {
    When.CHOSEN: N_("The chosen period"),
    When.BEFORE: N_("The period before"),
    When.YEAR_BEFORE: N_("The same period a year before"),
    When.YEAR: N_("From New Year to the end of the period"),
    When.YEAR_BEFORE_TO_DATE: N_("From New Year to the same day, a year before"),
    When.TO_DATE: N_("From the beginning to the end of the period"),
}


class SuperiorForm(Revised, Stamped, Model):
    """A form that a superior asks for again and again; nobody fills one that was dropped."""

    __tablename__ = "superior_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    superior: Mapped[str] = mapped_column(sa.String(80), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    dropped_at: Mapped[datetime | None]


class FormVersion(Revised, Stamped, Model):
    """A workbook as the superior sent it, used for periods that end on `from_on` or later.

    `sheets` is what a page shows of it, `lost` what no filled copy will have. Once released neither the
    workbook nor what stands in its cells changes: the next version takes its place.
    """

    __tablename__ = "superior_form_versions"
    __table_args__ = (
        sa.UniqueConstraint("form_id", "number"),
        sa.Index(
            "ix_superior_form_versions_draft",
            "form_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("superior_forms.id"))
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sheets: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    lost: Mapped[list[str]]
    from_on: Mapped[date | None]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class MappedCell(Model):
    """What stands in one cell: `source` is a key of `sources`; in a repeated row, a column of its list.

    `part` names one of the two sets a figure is made of, none is the figure itself; `narrowed` narrows it
    down, as {dimension: id}.
    """

    __tablename__ = "superior_form_cells"
    __table_args__ = (sa.UniqueConstraint("version_id", "sheet", "row", "column"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("superior_form_versions.id"))
    sheet: Mapped[str] = mapped_column(sa.String(31))
    row: Mapped[int]
    column: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(80))
    part: Mapped[Part | None]
    period: Mapped[When] = mapped_column(default=When.CHOSEN)
    narrowed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[str] = mapped_column(sa.String(200), default="")


class RepeatedRow(Model):
    """The row of a sheet that is repeated for each thing of a list; `last_row` is the last one prepared."""

    __tablename__ = "superior_form_rows"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "sheet"),
        sa.CheckConstraint("first_row <= last_row", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("superior_form_versions.id"))
    sheet: Mapped[str] = mapped_column(sa.String(31))
    first_row: Mapped[int]
    last_row: Mapped[int]
    list_of: Mapped[str] = mapped_column(sa.String(80))
    period: Mapped[When] = mapped_column(default=When.CHOSEN)


class Filling(Model):
    """A version filled for a period: who did it when, the file as it was made, and what stood where."""

    __tablename__ = "superior_form_fillings"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("superior_form_versions.id"), index=True)
    from_on: Mapped[date | None]
    to_on: Mapped[date]
    as_of: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    said: Mapped[dict[str, Any]] = mapped_column(deferred=True)
