"""Every change to attached files: add, remove, sweep."""

import hashlib
import logging
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.attachments import queries, rules
from visits.attachments.examining import Examined, examine
from visits.attachments.models import Attachment
from visits.attachments.storage import Store
from visits.core import audit, authz
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import begin_write, db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import get_setting

ORPHANS_KEPT = timedelta(hours=24)
REMOVED_KEPT = timedelta(days=30)
ROOM_LEFT_ON_DISK = 200 * rules.MEGABYTE
DISK_FULL = N_(
    "The file cannot be stored: the server's disk is full or out of order. Tell the administrator."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taken:
    """What became of several files: those added, and of the others the name sent and the refusal."""

    added: list[Attachment] = field(default_factory=list)
    refused: list[tuple[str, Refused]] = field(default_factory=list)


def take_in(
    actor: Actor, store: Store, parent: Any, files: Iterable[tuple[str, bytes]], scanner: str = ""
) -> Taken:
    """Examine files (name sent, content) and hang each that is fit on a visit or problem.

    Ends the reading so far and begins the writing itself, for the lock must not wait for pictures.
    """
    _require(actor, Permission.ATTACHMENTS_ADD, parent)
    taken, fit = Taken(), []
    for name, content in files:
        try:
            fit.append((name, examine(content, name, scanner)))
        except Refused as refusal:
            taken.refused.append((name, refusal))
    begin_write()
    for name, file in fit:
        try:
            taken.added.append(attach(actor, store, parent, file))
        except Refused as refusal:
            taken.refused.append((name, refusal))
    return taken


def attach(actor: Actor, store: Store, parent: Any, file: Examined) -> Attachment:
    """Store an examined file and hang it on a visit or problem; raise Refused where there is no room."""
    _require(actor, Permission.ATTACHMENTS_ADD, parent)
    lock_name("attachments")
    _require_room(parent, file)
    stored = Attachment(
        storage_key=_keep(store, file),
        name=file.name,
        kind=file.kind,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        width=file.width,
        height=file.height,
        has_thumbnail=file.thumbnail is not None,
        uploaded_by_id=actor.person_id,
    )
    setattr(stored, queries.PARENTS[type(parent).__tablename__].key, parent.id)
    db.session.add(stored)
    db.session.flush()
    audit.record(actor, "attachment.added", stored, **_told(stored))
    return stored


def remove(actor: Actor, attachment: Attachment, reason: str) -> None:
    """Take a file off its visit or problem; its row stays, with who removed it and why."""
    _require(actor, Permission.ATTACHMENTS_REMOVE, attachment)
    if not reason.strip():
        raise Refused(N_("Say why the file is removed."), field="reason")
    attachment.removed_at, attachment.removed_by_id = now(), actor.person_id
    attachment.removed_reason = reason.strip()[: rules.MAX_REASON]
    audit.record(actor, "attachment.removed", attachment, reason=reason, **_told(attachment))


def sweep(actor: Actor, store: Store) -> dict[str, int]:
    """Delete files without a row that are older than a day, and the bytes of those removed 30 days ago."""
    _require(actor, Permission.ACCOUNTS_ADMIN)
    old = db.session.scalars(
        sa.select(Attachment).where(
            Attachment.removed_at < now() - REMOVED_KEPT, Attachment.erased_at.is_(None)
        )
    ).all()
    for attachment in old:
        attachment.erased_at = now()
        store.erase(attachment.storage_key)
    db.session.flush()
    known = queries.known_keys()
    orphans = [
        path for path, key in store.files_older_than(ORPHANS_KEPT.total_seconds()) if key not in known
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    if old or orphans:
        audit.record(actor, "attachments.swept", orphans=len(orphans), erased=len(old))
    return {"orphans": len(orphans), "erased": len(old)}


def _require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    if not authz.can(actor, permission, subject):
        raise NotAllowed()


def _require_room(parent: Any, file: Examined) -> None:
    if queries.count_present(parent) >= rules.MAX_FILES:
        raise Refused(
            N_(
                "There are %(limit)d files already. "
                "Remove one that is not needed, or join several in one PDF."
            ),
            limit=rules.MAX_FILES,
        )
    if queries.bytes_stored() + len(file.content) > get_setting("attachments_quota_mb") * rules.MEGABYTE:
        raise Refused(
            N_("The room for attachments (%(quota)d MB) is used up. Ask the administrator for more."),
            quota=get_setting("attachments_quota_mb"),
        )


def _keep(store: Store, file: Examined) -> str:
    try:
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(store.folder).free < ROOM_LEFT_ON_DISK:
            raise Refused(DISK_FULL)
        return store.keep(file.content, file.thumbnail)
    except OSError as error:
        log.exception("an attachment cannot be written to %s", store.folder)
        raise Refused(DISK_FULL) from error


def _told(attachment: Attachment) -> dict[str, Any]:
    place = {"visit_id": attachment.visit_id, "issue_id": attachment.issue_id}
    of = {key: value for key, value in place.items() if value}
    return {"name": attachment.name, "size": attachment.size, "sha256": attachment.sha256, **of}
