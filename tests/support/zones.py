"""A month of the demo zone as the first revision of the tables kept it, in a backup made at that time."""

import sqlalchemy as sa

from config import ROOT
from visits.core.backups import restoring
from visits.core.backups.restoring import Target
from visits.core.backups.tables import tables_in
from visits.core.schema import apart

FIRST_REVISION = "4b1e6c2f9a70"
OLD_BACKUP = ROOT / "tests" / "fixtures" / f"zone-at-{FIRST_REVISION}.tar.gz"


def no_inspection(_manifest):
    """Look at nothing."""
    return []


def target_in(url, folder):
    """An installation below a folder."""
    return Target(url, folder, folder / "attachments")


def restored_zone(url, folder):
    """Put the zone into an empty database, brought up to date; return where."""
    target = target_in(url, folder)
    restoring.restore_backup(OLD_BACKUP, target, no_inspection)
    return target


def counts_of(url):
    """How many rows each table holds."""
    with apart(url) as engine, engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in tables_in(connection)
        }
