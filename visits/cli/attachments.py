"""`attachments check|sweep`: whether all attached files are whole, and the room of those nobody needs."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext

from visits.attachments import operations, queries
from visits.attachments.storage import Store
from visits.cli.running import writing
from visits.core.authz import SYSTEM
from visits.enterprises.clearing import forget_old_uploads

group = AppGroup("attachments", help="Attached files.")


def _store() -> Store:
    return Store(current_app.config["ATTACHMENTS"])


@group.command("check")
def check() -> None:
    """Read every stored file again and compare checksums. Exit 1: some are missing or changed."""
    faults = queries.damaged(_store())
    for attachment_id, why in faults:
        click.echo(f"{attachment_id}: {gettext(why)}")
    click.echo(gettext("%(count)d attachments missing or changed.", count=len(faults)))
    sys.exit(1 if faults else 0)


@group.command("sweep")
def sweep() -> None:
    """Delete stray files older than a day, removed ones after 30 days, and old uploads of lists."""
    with writing():
        swept = operations.sweep(SYSTEM, _store())
        uploads = forget_old_uploads()
    click.echo(
        gettext(
            "%(orphans)d stray files deleted, %(erased)d removed attachments erased, "
            "%(uploads)d uploaded lists forgotten.",
            **swept,
            uploads=uploads,
        )
    )
