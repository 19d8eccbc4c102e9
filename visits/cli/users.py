"""Commands for accounts: the first one without the set-up page, and more of them."""

import sys

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.accounts import operations, queries
from visits.cli.running import writing
from visits.core.authz import SYSTEM
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Role
from visits.core.setup_token import setup_token
from visits.home.operations import lay_foundation

group = AppGroup("users", help="Accounts of people.")


@group.command("create")
@click.option("--username", required=True, help="What the person types to sign in.")
@click.option("--name", required=True, help="The person's name as everybody reads it.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([r.value for r in Role]))
@click.option("--unit", help="Name of the unit the person belongs to from today on.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of the input.")
def create(
    username: str, name: str, roles: tuple[str, ...], unit: str | None, password_stdin: bool
) -> None:
    """Create an account; on an empty database also what every office starts from."""
    password = _read_password(password_stdin)
    with writing():
        if not queries.count_people():
            lay_foundation()
        entry = operations.PersonEntry(username, name, [Role(role) for role in roles], _unit_id(unit))
        person = operations.create_person(SYSTEM, entry, password)
    click.echo(_("%(name)s can sign in now as %(username)s.", name=person.name, username=person.username))


def _read_password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().strip()
    return click.prompt(_("Password"), hide_input=True, confirmation_prompt=True).strip()


def _unit_id(name: str | None) -> int | None:
    if name is None:
        return None
    found = queries.get_unit_by_name(name)
    if found is None:
        raise Refused(N_("There is no unit called %(unit)s. Create it on the page Units first."), unit=name)
    return found.id


@group.command("setup-token")
def show_setup_token() -> None:
    """Show the address at which another machine may open the set-up page."""
    if queries.count_people():
        raise click.ClickException(_("Set-up is over: there is an account already."))
    with current_app.test_request_context():
        click.echo(url_for("home.set_up", token=setup_token(str(current_app.secret_key))))
