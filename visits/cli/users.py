"""Commands for accounts: the first one without the set-up page, and more of them."""

import sys
from typing import Any

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.accounts import operations, queries
from visits.accounts.models import LinkPurpose
from visits.accounts.rules import LINK_HOURS
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
@click.option("--unit", help="Name of the unit the person belongs to from always.")
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


@group.command("reset-password")
@click.argument("username")
@click.option(
    "--password-stdin", is_flag=True, help="Read the new password from the first line of the input."
)
def reset_password(username: str, password_stdin: bool) -> None:
    """Print a link by which the person sets a new password, or set it from the input."""
    password = _read_password(True) if password_stdin else None
    with writing():
        person = queries.get_person_by_username(username)
        if person is None:
            raise Refused(N_("There is no account called %(username)s."), username=username)
        purpose = LinkPurpose.RESET if person.password_hash else LinkPurpose.INVITE
        if password is not None:
            operations.set_password(SYSTEM, person, password)
        else:
            code = operations.make_password_link(SYSTEM, person, purpose)
    if password is not None:
        click.echo(_("The new password holds; %(name)s's sign-ins have ended.", name=person.name))
        return
    click.echo(_address("accounts.use_link", purpose=purpose, _anchor=code))
    hours = LINK_HOURS[purpose]
    words = _("The link works once, within %(hours)s hours. Hand it to the person alone.", hours=hours)
    click.echo(words, err=True)


def _address(endpoint: str, **values: Any) -> str:
    """An address people can open; where PUBLIC_BASE_URL is not set, its part after the host."""
    with current_app.test_request_context():
        path = url_for(endpoint, **values)
    return current_app.config["PUBLIC_BASE_URL"].rstrip("/") + path


@group.command("setup-token")
def show_setup_token() -> None:
    """Show the address at which another machine may open the set-up page."""
    if queries.count_people():
        raise click.ClickException(_("Set-up is over: there is an account already."))
    click.echo(_address("home.set_up", token=setup_token(str(current_app.secret_key))))
