"""Every reading of attached files: which hang where, how much room they take, which are damaged."""

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.attachments.models import Attachment
from visits.attachments.storage import Store
from visits.core.authz import Actor, predicate_for
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.permissions import Permission

# The tables lie above this slice; a parent is known by its table and id.
PARENTS = {"visits": Attachment.visit_id, "issues": Attachment.issue_id}
MISSING = N_("The file is missing in the store.")
CHANGED = N_("The file is not what was stored: its checksum differs.")


def uploaded(actor: Actor) -> sa.ColumnElement[bool]:
    """Files I added."""
    return Attachment.uploaded_by_id == actor.person_id


def hangs_on(parent: Any) -> sa.ColumnElement[bool]:
    """The files of one visit or problem."""
    return PARENTS[type(parent).__tablename__] == parent.id


def present(parent: Any) -> sa.ColumnElement[bool]:
    """The files of one visit or problem that nobody removed."""
    return sa.and_(hangs_on(parent), Attachment.removed_at.is_(None))


def list_of(actor: Actor, parent: Any) -> Sequence[Any]:
    """All files of a parent, removed ones too, the oldest first: (Attachment, who, remover, removable)."""
    remover = aliased(Person)
    return db.session.execute(
        sa.select(
            Attachment,
            Person.name.label("who"),
            remover.name.label("remover"),
            predicate_for(actor, Permission.ATTACHMENTS_REMOVE, Attachment).label("removable"),
        )
        .outerjoin(Person, Person.id == Attachment.uploaded_by_id)
        .outerjoin(remover, remover.id == Attachment.removed_by_id)
        .where(hangs_on(parent))
        .order_by(Attachment.id)
    ).all()


def get_present(parent: Any, attachment_id: int) -> Attachment:
    """One file of this parent that is not removed; raise NotFound, also for a file of another parent."""
    found = db.session.scalar(sa.select(Attachment).where(Attachment.id == attachment_id, present(parent)))
    if found is None:
        raise NotFound()
    return found


def count_present(parent: Any) -> int:
    """How many files hang on a parent."""
    return db.session.scalar(sa.select(sa.func.count(Attachment.id)).where(present(parent))) or 0


def bytes_stored() -> int:
    """How much room all stored files take, without thumbnails."""
    kept = sa.select(sa.func.sum(Attachment.size)).where(Attachment.erased_at.is_(None))
    return int(db.session.scalar(kept) or 0)


def known_keys() -> set[str]:
    """The keys of all files that have a row and were not erased."""
    return set(db.session.scalars(sa.select(Attachment.storage_key).where(Attachment.erased_at.is_(None))))


def damaged(store: Store) -> list[tuple[int, str]]:
    """Read every stored file again; (id, why) of each that is missing or no longer what was stored."""
    rows = db.session.execute(
        sa.select(Attachment.id, Attachment.storage_key, Attachment.sha256)
        .where(Attachment.erased_at.is_(None))
        .order_by(Attachment.id)
    ).all()
    answers = ((row.id, _fault_of(store.read(row.storage_key), row.sha256)) for row in rows)
    return [(attachment_id, why) for attachment_id, why in answers if why]


def _fault_of(content: bytes | None, sha256: str) -> str | None:
    if content is None:
        return MISSING
    return None if hashlib.sha256(content).hexdigest() == sha256 else CHANGED
