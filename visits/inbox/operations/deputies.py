"""Telling deputies that they were named."""

from datetime import timedelta

from visits.accounts.models import Delegation
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.inbox.models import Notice, NoticeKind
from visits.inbox.operations.telling import Telling, post_notice


def tell_deputy(actor: Actor, absence: Delegation, absent: str) -> list[Notice]:
    """Tell somebody of being named deputy: for whom, and from which to which day."""
    last_on = absence.until_on - timedelta(days=1)
    days = {"first": absence.from_on.isoformat(), "last": last_on.isoformat()}
    said = N_("You stand in for %(who)s from %(first)s to %(last)s.")
    telling = Telling(
        NoticeKind.HANDOVER, f"delegations:{absence.id}", said, absence, {"who": absent, **days}
    )
    return post_notice(actor, [absence.deputy_id], telling)
