"""What the import wizard need not remember for ever: lists never imported, cells of those that were."""

from datetime import timedelta

import sqlalchemy as sa

from visits.core.clock import now
from visits.core.db import db
from visits.enterprises.models import Upload

BEGUN_KEPT = timedelta(days=7)
CELLS_KEPT = timedelta(days=30)


def forget_old_uploads() -> int:
    """Drop imports begun a week ago and never finished, and the cells of those finished a month ago."""
    begun = sa.delete(Upload).where(Upload.committed_at.is_(None), Upload.created_at < now() - BEGUN_KEPT)
    done = (
        sa.update(Upload)
        .where(Upload.committed_at < now() - CELLS_KEPT, sa.func.length(Upload.cells) > 0)
        .values(cells=b"")
    )
    return sum(db.session.execute(statement).rowcount for statement in (begun, done))  # type: ignore[attr-defined]
