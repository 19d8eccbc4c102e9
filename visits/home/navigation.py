"""The menu: what stands in it, for whom."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext
from flask_login import current_user

from visits.core.authz import may
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.settings import get_setting


@dataclass(frozen=True)
class Entry:
    """One line of the menu; open to whoever holds its permission for any row."""

    label: str
    endpoint: str
    icon: str
    permission: P | None = None


INBOX = "inbox.index"
MENU = (
    (
        N_("My desk"),
        (
            Entry(N_("My work"), "home.index", icon="home"),
            Entry(N_("Inbox"), INBOX, icon="bell"),
            Entry(N_("Acceptance desk"), "desks.office", icon="inbox", permission=P.ISSUES_ACCEPT),
            Entry(N_("Unit desk"), "desks.unit", icon="clipboard-list", permission=P.ISSUES_HANDLE),
            Entry(N_("Callback desk"), "desks.callback", icon="phone", permission=P.ISSUES_EVALUATE),
            Entry(N_("Overview"), "overview.index", icon="chart-histogram", permission=P.REPORTS_READ),
            Entry(N_("Totals"), "reports.totals", icon="chart-bar", permission=P.REPORTS_READ),
            Entry(N_("Monthly reports"), "monthly.index", icon="report", permission=P.MONTHLY_READ),
            Entry(
                N_("Superior's forms"), "superior.index", icon="table-export", permission=P.SUPERIOR_READ
            ),
            Entry(N_("Ledgers"), "ledgers.index", icon="books", permission=P.REPORTS_READ),
        ),
    ),
    (
        N_("Enterprises and visits"),
        (
            Entry(
                N_("Enterprises"),
                "enterprises.index",
                icon="building-factory-2",
                permission=P.ENTERPRISES_READ,
            ),
            Entry(
                N_("Tiers of enterprises"),
                "tiers.board",
                icon="stack-2",
                permission=P.ENTERPRISES_READ,
            ),
            Entry(N_("Visits"), "outreach.index", icon="walk", permission=P.OUTREACH_READ),
            Entry(N_("Visit plans"), "plans.index", icon="calendar-month", permission=P.OUTREACH_READ),
            Entry(N_("Due for a visit"), "coverage.due", icon="calendar-due", permission=P.COVERAGE_READ),
            Entry(N_("Coverage board"), "coverage.board", icon="chart-dots", permission=P.COVERAGE_READ),
            Entry(N_("Promises"), "promises.index", icon="heart-handshake", permission=P.OUTREACH_READ),
            Entry(
                N_("Service groups"), "programmes.groups", icon="users-group", permission=P.PROGRAMMES_READ
            ),
            Entry(N_("Programmes"), "programmes.index", icon="flag", permission=P.PROGRAMMES_READ),
            Entry(N_("Handovers"), "handover.index", icon="arrows-exchange", permission=P.HANDOVER_READ),
            Entry(
                N_("Tidy the register"),
                "cleaning.provisional",
                icon="checklist",
                permission=P.ENTERPRISES_WRITE,
            ),
        ),
    ),
    (
        N_("Problems and meetings"),
        (
            Entry(N_("Problems"), "issues.index", icon="message-report", permission=P.ISSUES_READ),
            Entry(
                N_("Coordination meetings"),
                "meetings.index",
                icon="calendar-event",
                permission=P.MEETINGS_READ,
            ),
        ),
    ),
    (
        N_("Supervision"),
        (
            Entry(
                N_("Supervision board"),
                "desks.board",
                icon="alert-triangle",
                permission=P.SUPERVISION_BOARD,
            ),
            Entry(
                N_("Supervision orders"),
                "supervision.orders",
                icon="gavel",
                permission=P.SUPERVISION_READ,
            ),
            Entry(
                N_("Topics of common problems"),
                "topics.index",
                icon="topology-star-3",
                permission=P.SUPERVISION_FOLLOW,
            ),
            Entry(
                N_("Questions about records"),
                "honesty.index",
                icon="checklist",
                permission=P.HONESTY_CLOSE,
            ),
            Entry(N_("Samples"), "samples.index", icon="dice-5", permission=P.SUPERVISION_SAMPLES),
            Entry(
                N_("Bad ratings"),
                "issue_ratings.index",
                icon="mood-sad",
                permission=P.ISSUES_SUPERVISE,
            ),
        ),
    ),
    (
        N_("Administration"),
        (
            Entry(N_("Categories"), "issues.categories", icon="category", permission=P.ISSUES_ACCEPT),
            Entry(
                N_("Response templates"),
                "issue_responses.index",
                icon="message-plus",
                permission=P.ISSUES_ACCEPT,
            ),
            Entry(N_("Time limits"), "issue_limits.index", icon="hourglass", permission=P.ISSUES_LIMITS),
            Entry(N_("Calendar"), "admin.calendar", icon="calendar", permission=P.ADMIN_CALENDAR),
            Entry(N_("People"), "accounts.people", icon="user-cog", permission=P.ACCOUNTS_ADMIN),
            Entry(N_("Units"), "accounts.units", icon="sitemap", permission=P.ACCOUNTS_ADMIN),
            Entry(N_("Roles"), "accounts.roles", icon="shield-check", permission=P.ACCOUNTS_ADMIN),
            Entry(N_("Settings"), "admin.settings", icon="settings", permission=P.ADMIN_SETTINGS),
            Entry(N_("Feedback"), "feedback.index", icon="message-dots", permission=P.FEEDBACK_ANSWER),
            Entry(N_("Jobs"), "admin.jobs", icon="clock-cog", permission=P.ADMIN_JOBS),
            Entry(N_("Outbox"), "outbox.index", icon="mail", permission=P.INBOX_DELIVER),
            Entry(N_("Audit log"), "admin.log", icon="history", permission=P.ADMIN_LOG),
        ),
    ),
)


def _items(entries: tuple[Entry, ...], present: str) -> list[dict[str, Any]]:
    return [
        {
            "label": gettext(entry.label),
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "active": entry.endpoint == present,
            "count": current_user.unread if entry.endpoint == INBOX else None,
        }
        for entry in entries
        if entry.permission is None or may(g.actor, entry.permission)
    ]


def _present() -> str:
    """The menu line under which the present page lies: the one whose address begins its address.

    A page that belongs to a list says so in `g.menu_endpoint`.
    """
    path = url_for(g.menu_endpoint) if "menu_endpoint" in g else request.path
    lines = {url_for(entry.endpoint): entry.endpoint for _, entries in MENU for entry in entries}
    fitting = [url for url in lines if path == url or path.startswith(f"{url}/")]
    return lines[max(fitting, key=len)] if fitting else ""


def frame() -> dict[str, Any]:
    """What the page frame shows: menu, zone name, demo mark; little where a fault may be the database's."""
    if g.get("is_bare_page") or not getattr(current_user, "is_authenticated", False) or "actor" not in g:
        return {"navigation": [], "demo": current_app.config["DEMO"]}
    groups = [{"label": gettext(label), "items": _items(entries, _present())} for label, entries in MENU]
    return {
        "navigation": [group for group in groups if group["items"]],
        "demo": current_app.config["DEMO"],
        "site_name": get_setting("zone_name"),
        "new_visit_url": url_for("outreach.new") if may(g.actor, P.OUTREACH_RECORD) else None,
        "search_url": url_for("enterprises.index") if may(g.actor, P.ENTERPRISES_READ) else None,
    }
