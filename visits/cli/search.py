"""`search rebuild`: the texts by which records are found, and their indexes, made anew."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.cli.running import writing
from visits.core import search

group = AppGroup("search", help="The search in problems and visits.")


@group.command("rebuild")
def rebuild() -> None:
    """Write every text that is missing or wrong, and make the indexes anew; nobody can save meanwhile."""
    with writing():
        search.rebuild()
    click.echo(_("The search is made anew."))
