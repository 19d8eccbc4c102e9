"""Who is told of a monthly report: who publishes it, who reads it; the job that drafts one tells itself."""

from visits.accounts.queries import holding
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.permissions import Permission, roles_reaching
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice
from visits.monthly.models import MonthlyReport

# verb: whose right makes somebody hear of it, and what is said
TOLD = {
    "frozen": (Permission.MONTHLY_PUBLISH, N_("The monthly report of %(month)s is ready to be published.")),
    "published": (Permission.MONTHLY_READ, N_("The monthly report of %(month)s is published.")),
    "withdrawn": (Permission.MONTHLY_READ, N_("The monthly report of %(month)s is taken back.")),
}


def notify_moved(actor: Actor, report: MonthlyReport, verb: str) -> None:
    """Tell of what became of a report; nothing of its figures being renewed."""
    if verb in TOLD:
        permission, said = TOLD[verb]
        event = f"monthly_reports:{report.id}:{verb}:{report.revision}"
        telling = Telling(NoticeKind.REPORT, event, said, report, {"month": str(report.month)})
        post_notice(actor, holding(*roles_reaching(permission)), telling)
