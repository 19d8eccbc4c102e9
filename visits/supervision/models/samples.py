"""Tables of the monthly samples: what was drawn from which records by which seed, what checking found."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised
from visits.core.i18n import N_
from visits.supervision.rules import Kind


class Result(StrEnum):
    """What a check found."""

    TRUE = "true"
    UNTRUE = "untrue"


class How(StrEnum):
    """How it was checked."""

    VISIT = "visit"
    PHONE = "phone"


KIND_LABELS = {Kind.ISSUE: N_("Closed problem"), Kind.VISIT: N_("Recorded visit")}
RESULT_LABELS = {Result.TRUE: N_("Found true"), Result.UNTRUE: N_("Found not true")}
HOW_LABELS = {How.VISIT: N_("Went there"), How.PHONE: N_("Rang up")}


class Sample(Model):
    """What was drawn for one month: by which seed, and from what.

    `population` holds rows of kind, id and weight, so that the same draw can be made again.
    """

    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), unique=True)
    seed: Mapped[int] = mapped_column(sa.BigInteger())
    population: Mapped[list[Any]] = mapped_column(sa.JSON())
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    drawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class SampleItem(Revised, Model):
    """One record drawn, or a visit the office passed on, which is of no sample; none is checked twice.

    A visit found not true is marked for the coordinator until somebody settles what becomes of it.
    """

    __tablename__ = "sample_items"
    __table_args__ = (
        sa.CheckConstraint("(issue_id IS NULL) <> (visit_id IS NULL)", name="one_record"),
        sa.CheckConstraint("(kind = 'issue') = (issue_id IS NOT NULL)", name="kind_of_record"),
        sa.CheckConstraint("sample_id IS NOT NULL OR kind = 'visit'", name="passed_on"),
        sa.CheckConstraint(
            "(result IS NULL) = (checked_on IS NULL) AND (result IS NULL) = (how IS NULL)", name="checked"
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR (kind = 'visit' AND result = 'untrue')", name="settles_a_mark"
        ),
        sa.Index("ix_sample_items_sample", "sample_id", "result"),
        sa.Index("ix_sample_items_open", "result", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int | None] = mapped_column(sa.ForeignKey("samples.id"))
    kind: Mapped[Kind]
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), unique=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), unique=True)
    on_spot: Mapped[bool] = mapped_column(default=False)
    result: Mapped[Result | None]
    how: Mapped[How | None]
    note: Mapped[str] = mapped_column(sa.Text(), default="")
    checked_on: Mapped[date | None]
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    settlement: Mapped[str] = mapped_column(sa.Text(), default="")
