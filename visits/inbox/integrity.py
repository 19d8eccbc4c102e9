"""Whether messages can leave, and do."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from visits.core.clock import now
from visits.core.health import Finding, advice, fine, wrong
from visits.core.i18n import N_
from visits.inbox import post_queries
from visits.inbox.models import DeliveryState
from visits.inbox.ways.choosing import has_no_mail

LONGEST_WAIT = timedelta(minutes=15)


def find_stuck_messages(settings: Mapping[str, Any]) -> list[Finding]:
    """Look at the mail server of the settings and at the outbox."""
    return [_mail(settings), _sending(), _failing(), _given_up()]


def _mail(settings: Mapping[str, Any]) -> Finding:
    if server := settings["MAIL_SERVER"]:
        if server.is_overheard:
            said = N_(
                "Mails go to %(host)s in the clear (VISITS_MAIL_SECURITY is none): others can read them."
            )
            return advice("mail", said, host=server.host)
        return fine("mail", N_("Mails leave by %(host)s."), host=server.host)
    if has_no_mail(settings):
        return advice("mail", N_("No mail server is named (VISITS_MAIL_HOST): nobody can be told by mail."))
    return fine("mail", N_("No mail server is named: mails are written to the log."))


def _sending() -> Finding:
    due = post_queries.longest_due()
    if due and now() - due > LONGEST_WAIT:
        minutes = int((now() - due).total_seconds() // 60)
        return wrong(
            "outbox",
            N_("Messages have been waiting for %(minutes)d minutes. Does “flask jobs run” run?"),
            minutes=minutes,
        )
    return fine("outbox", N_("No message waits longer than it should."))


def _failing() -> Finding:
    if count := post_queries.count_failing():
        return advice(
            "failing",
            N_("Messages not taken that wait for another try: %(count)d. The page of the outbox says why."),
            count=count,
        )
    return fine("failing", N_("No message waits for another try."))


def _given_up() -> Finding:
    if count := post_queries.counts_by_state().get(DeliveryState.DEAD):
        return advice(
            "undelivered",
            N_("Messages that could not be delivered: %(count)d. The page of the outbox says why."),
            count=count,
        )
    return fine("undelivered", N_("Every message has been delivered."))
