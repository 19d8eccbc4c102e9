"""The audit log: one row per change, written in the change's own transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import Model, append_only, db


class AuditEntry(Model):
    """Who did what to which record, and what changed."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    actor_name: Mapped[str] = mapped_column(sa.String(80))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_type: Mapped[str | None] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (sa.Index("ix_audit_entries_subject", "subject_type", "subject_id"),)


append_only(AuditEntry)


def record(actor: Actor, action: str, subject: Any = None, **changes: Any) -> None:
    """Add one audit row ("issue.assigned") to the running transaction."""
    if subject is not None and subject.id is None:
        db.session.flush()  # the row needs the subject's id
    db.session.add(
        AuditEntry(
            actor_id=actor.person_id,
            actor_name=actor.name,
            action=action,
            subject_type=type(subject).__tablename__ if subject is not None else None,
            subject_id=subject.id if subject is not None else None,
            changes=changes,
        )
    )


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """What changed between two flat readings of a record, as {key: [before, after]}."""
    keys = before.keys() | after.keys()
    return {
        key: [_plain(before.get(key)), _plain(after.get(key))]
        for key in sorted(keys)
        if before.get(key) != after.get(key)
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | type(None)) else str(value)
