"""How a command writes: one transaction, one commit, a refusal as a plain sentence and a non-zero exit."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import gettext

from visits.core.db import db, renew_statistics, write_next
from visits.core.errors import DomainError


@contextmanager
def refusing() -> Iterator[None]:
    """Run the block; a refusal ends the command with its sentence."""
    try:
        yield
    except DomainError as refusal:
        db.session.rollback()
        raise click.ClickException(gettext(refusal.message, **refusal.params)) from refusal


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in one writing transaction and commit it; a refusal ends the command."""
    write_next(True)
    try:
        with refusing():
            yield
            db.session.commit()
    finally:
        write_next(False)


def end_import(dry_run: bool) -> None:
    """Keep what an import wrote and let the database look at its new size; a dry run keeps nothing."""
    if dry_run:
        db.session.rollback()
        return
    db.session.commit()
    renew_statistics()
