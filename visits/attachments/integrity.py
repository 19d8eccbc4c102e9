"""Whether every attached file the tables speak of is there, in the folder or in a backup."""

from collections.abc import Mapping

import sqlalchemy as sa

from visits.attachments.models import Attachment
from visits.attachments.storage import Store
from visits.core.db import db
from visits.core.health import Finding, advice, fine, wrong
from visits.core.i18n import N_

SHOWN = 5
DAY = 24 * 60 * 60


def find_missing(store: Store) -> list[Finding]:
    """Look for each file by its size; `attachments check` reads them all."""
    rows = db.session.execute(
        sa.select(Attachment.name, Attachment.storage_key, Attachment.size).where(
            Attachment.erased_at.is_(None)
        )
    ).all()
    missing = [row.name for row in rows if _size(store, row.storage_key) != row.size]
    known = set(db.session.scalars(sa.select(Attachment.storage_key)))
    strays = sum(key not in known for _path, key in store.files_older_than(DAY))
    findings = [_missing(missing) if missing else fine("attachments", N_("Every attached file is there."))]
    if strays:
        findings.append(
            advice(
                "strays",
                N_("%(count)d files in the folder of attachments belong to nothing (attachments sweep)."),
                count=strays,
            )
        )
    return findings


def _size(store: Store, key: str) -> int | None:
    try:
        return store.path(key).stat().st_size
    except OSError:
        return None


def find_unlike(digests: Mapping[str, str]) -> list[Finding]:
    """Compare the tables with the files of a backup, given as {storage key: digest}."""
    rows = db.session.execute(
        sa.select(Attachment.name, Attachment.storage_key, Attachment.sha256).where(
            Attachment.erased_at.is_(None)
        )
    ).all()
    unlike = [row.name for row in rows if digests.get(row.storage_key) != row.sha256]
    return [_missing(unlike)] if unlike else []


def _missing(names: list[str]) -> Finding:
    return wrong(
        "attachments",
        N_("%(count)d attached files are missing or changed: %(names)s."),
        count=len(names),
        names=", ".join(names[:SHOWN]),
    )
