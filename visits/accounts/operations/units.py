"""Changes to units."""

from visits.accounts import queries
from visits.accounts.models import Unit
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission

NO_HEAD = N_("This unit has no unit head yet. Give somebody there the role first, then tick this.")


def create_unit(actor: Actor, name: str, head_confirms: bool = False) -> Unit:
    """Create a unit; it has nobody yet, so a head is asked for when it is changed later."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    _require_free_name(name)
    unit = Unit(name=name, head_confirms=head_confirms)
    db.session.add(unit)
    audit.record(actor, "unit.created", unit, name=name)
    return unit


def update_unit(actor: Actor, unit: Unit, name: str, head_confirms: bool, revision: int | None) -> None:
    """Rename a unit or change who speaks for it; without a head nobody could, so that is refused."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    unit.require_revision(revision)
    if name != unit.name:
        _require_free_name(name)
    if head_confirms and not unit.head_confirms and not queries.has_head(unit.id, today()):
        raise Refused(NO_HEAD, field="head_confirms")
    before = {"name": unit.name, "head_confirms": unit.head_confirms}
    unit.name, unit.head_confirms = name, head_confirms
    after = {"name": name, "head_confirms": head_confirms}
    audit.record(actor, "unit.updated", unit, **audit.difference(before, after))


def close_unit(actor: Actor, unit: Unit, reason: str) -> None:
    """Take a unit out of use from today on; its past stays. Nobody may belong to it any more."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    if queries.members_of_unit(unit.id, today()):
        raise Refused(N_("People belong to this unit still. Move them to another unit first."))
    unit.closed_on = today()
    audit.record(actor, "unit.closed", unit, reason=reason)


def reopen_unit(actor: Actor, unit: Unit) -> None:
    """Take a closed unit into use again."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    unit.closed_on = None
    audit.record(actor, "unit.reopened", unit)


def _require_free_name(name: str) -> None:
    if queries.get_unit_by_name(name):
        raise Refused(N_("There is a unit of this name already."), field="name")
