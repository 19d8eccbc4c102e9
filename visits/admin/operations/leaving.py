"""Closing an account or a unit, after a look at what is still in hand."""

from visits.accounts import operations as accounts
from visits.accounts.models import Person, Unit
from visits.admin.queries.holdings import groups_led_by, leaves_a_desk, open_in_unit
from visits.core.authz import Actor, require
from visits.core.db import lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.handover import queries as handover


def disable_person(actor: Actor, person: Person, reason: str, is_confirmed: bool = False) -> None:
    """Shut an account that answers for nothing any more; nothing is handed over by it.

    Where problems lie on a desk at which nobody else could sign, that has to be confirmed.
    """
    require(actor, Permission.ACCOUNTS_ADMIN)
    lock_name(f"handover {person.id}")
    if handover.answers_for_anything(person.id):
        raise Refused(N_("This person still answers for what stands above. Open a handover first."))
    if not is_confirmed and leaves_a_desk(person.id):
        raise Refused(
            N_("Nobody else in the unit can sign its open problems. Name a handler there, or tick this."),
            field="is_confirmed",
        )
    accounts.disable_person(actor, person, reason)


def close_unit(actor: Actor, unit: Unit, reason: str) -> None:
    """Take a unit out of use; refused while it has problems, groups or people."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    if count := open_in_unit(actor, unit.id).count:
        raise Refused(
            N_("%(count)d problems of this unit are open. Have them finished or reassigned first."),
            count=count,
        )
    if count := groups_led_by(unit.id):
        raise Refused(
            N_("This unit leads %(count)d service groups. Give them another unit first."), count=count
        )
    accounts.close_unit(actor, unit, reason)
