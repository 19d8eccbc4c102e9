"""The table of attached files; their bytes lie beside the database."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.attachments.kinds import Kind as Kind
from visits.core.clock import now
from visits.core.db import Model


class Attachment(Model):
    """One file of a visit or of a problem; a removed one keeps its row, its bytes go some weeks later.

    `size` and `sha256` are those of the stored bytes, which for a picture are not the bytes sent.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        sa.CheckConstraint("(visit_id IS NULL) <> (issue_id IS NULL)", name="one_parent"),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name="removed_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[Kind]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    removed_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    erased_at: Mapped[datetime | None]
