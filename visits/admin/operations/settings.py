"""Changes to what the office itself may set."""

from datetime import date
from typing import Any

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import lock_name
from visits.core.errors import NotFound, Refused, Stale
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import KNOWN, Kind, get_setting, set_setting, setting_revision


def change_setting(actor: Actor, key: str, value: Any, revision: int | None = None) -> None:
    """Set one value; a day is given as a date or None, a number as a whole number, a text as text."""
    require(actor, Permission.ADMIN_SETTINGS)
    known = KNOWN.get(key)
    if known is None or known.kind is Kind.INNER:
        raise NotFound()
    if known.required and value in (None, ""):
        raise Refused(N_("This must be filled in."), field="value")
    if isinstance(value, date):
        if value > today():
            raise Refused(N_("This day lies in the future."), field="value")
        value = value.isoformat()
    if known.kind is Kind.NUMBER and (value is None or not known.least <= value <= known.most):
        raise Refused(
            N_("Enter a whole number from %(least)d to %(most)d."),
            field="value",
            least=known.least,
            most=known.most,
        )
    lock_name("settings")
    if revision is not None and revision != setting_revision(key):
        raise Stale()
    former = get_setting(key)
    if former == value:
        return
    set_setting(key, value, actor.person_id)
    audit.record(actor, "setting.changed", key=key, value=[former, value])
