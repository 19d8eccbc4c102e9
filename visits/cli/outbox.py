"""`outbox send`: send what waits in the outbox, once; `jobs run` does so all the time."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.inbox.delivery import drain, due_channels
from visits.inbox.ways.choosing import Ways
from visits.inbox.wording import failure_said

group = AppGroup("outbox", help="Messages that leave by mail and chat robots.")


@group.command("send")
def send() -> None:
    """Send all messages that are due. Exit 1: some could not be sent; they are tried again."""
    failed = 0
    for tried in drain(Ways(current_app.config).send):
        if tried.failure:
            failed += 1
            said = failure_said(tried.failure.sentence, tried.failure.code)
            click.echo(f" ✗ {tried.parcel.subject}: {said}", err=True)
        else:
            click.echo(f"   {tried.parcel.subject}")
    failed += sum(due_channels().values())  # not even tried: the server would not have taken them
    click.echo(
        _("Nothing is left to be sent now.") if not failed else _("Not sent: %(count)d.", count=failed)
    )
    sys.exit(1 if failed else 0)
