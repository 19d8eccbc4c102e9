"""Which rows about signing in nobody needs any more; what happened stays in the audit log."""

from datetime import timedelta

import sqlalchemy as sa

from visits.accounts.models import PasswordLink, SignIn, SignInAttempt
from visits.core.clock import now
from visits.core.erasing import Spent
from visits.core.i18n import N_

LINKS_KEPT = timedelta(days=30)
SIGN_INS_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=7)


def spent(lifetime: timedelta) -> list[Spent]:
    """Links, sign-ins and attempts that were over so long ago; a sign-in is over after its lifetime too."""
    at = now()
    link_over = sa.or_(PasswordLink.ended_at < at - LINKS_KEPT, PasswordLink.expires_at < at - LINKS_KEPT)
    sign_in_over = sa.or_(
        SignIn.ended_at < at - SIGN_INS_KEPT, SignIn.created_at < at - lifetime - SIGN_INS_KEPT
    )
    return [
        Spent(N_("password links"), PasswordLink, (link_over,)),
        Spent(N_("sign-ins"), SignIn, (sign_in_over,)),
        Spent(N_("attempts to sign in"), SignInAttempt, (SignInAttempt.at < at - ATTEMPTS_KEPT,)),
    ]
