"""`seed demo` and `seed load`: invented zones, each in a database of its own."""

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.accounts.queries import count_people
from visits.cli.demo.year import live_through
from visits.cli.load.years import live_through_years
from visits.inbox.operations import in_silence

group = AppGroup("seed", help="Invented records, in a database of their own.")


@group.command("demo")
@click.option("--months", default=14, show_default=True, type=click.IntRange(1, 36))
@click.option("--seed", default=1, show_default=True, help="Another seed, another zone.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are records already.")
@click.option("--hostile", is_flag=True, help="Fill every text with what a page must stand.")
def demo(months: int, seed: int, if_empty: bool, hostile: bool) -> None:
    """Fill an EMPTY database with a demo zone; it is marked as demo for good."""
    if not current_app.config["DEMO"]:
        raise click.ClickException(_("Set VISITS_DEMO=1: the demo zone needs a database of its own."))
    if count_people():
        if if_empty:
            return
        raise click.ClickException(_("This database is not empty. Nothing was changed."))
    click.echo(_("The demo zone is being made; this takes a few minutes."))
    live_through(months, seed, hostile)
    click.echo(_("The demo zone is ready."))


@group.command("load")
@click.option("--years", default=5, show_default=True, type=click.IntRange(1, 20))
@click.option("--enterprises", default=3000, show_default=True, type=click.IntRange(10, 50_000))
@click.option("--seed", default=1, show_default=True, help="Another seed, another zone.")
def load(years: int, enterprises: int, seed: int) -> None:
    """Fill an EMPTY database with years of a busy zone, for measuring; it is marked as demo for good.

    A year brings four visits and two problems for each enterprise: as it stands 60,000 visits and 30,000
    problems, with --enterprises 30000 ten times as many.
    """
    if not current_app.config["DEMO"]:
        raise click.ClickException(_("Set VISITS_DEMO=1: the demo zone needs a database of its own."))
    if count_people():
        raise click.ClickException(_("This database is not empty. Nothing was changed."))
    with in_silence():
        live_through_years(years, enterprises, seed)
    click.echo(_("The load zone is ready."))
