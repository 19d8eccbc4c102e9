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


MENU = (
    Entry(N_("My work"), "home.index", icon="home"),
    Entry(N_("Enterprises"), "enterprises.index", icon="building-factory-2", permission=P.ENTERPRISES_READ),
    Entry(N_("Visits"), "outreach.index", icon="walk", permission=P.OUTREACH_READ),
    Entry(N_("Problems"), "issues.index", icon="message-report", permission=P.ISSUES_READ),
    Entry(N_("Totals"), "reports.totals", icon="chart-bar", permission=P.REPORTS_READ),
    Entry(N_("Service groups"), "programmes.groups", icon="users-group", permission=P.PROGRAMMES_READ),
    Entry(N_("Programmes"), "programmes.index", icon="flag", permission=P.PROGRAMMES_READ),
    Entry(N_("People"), "accounts.people", icon="user-cog", permission=P.ACCOUNTS_ADMIN),
    Entry(N_("Units"), "accounts.units", icon="sitemap", permission=P.ACCOUNTS_ADMIN),
)


def frame() -> dict[str, Any]:
    """What the page frame shows: menu, zone name, demo mark. Error pages may stand without a database."""
    if not getattr(current_user, "is_authenticated", False) or "actor" not in g:
        return {"navigation": [], "demo": current_app.config["DEMO"]}
    slice_name = (request.endpoint or "").split(".")[0]
    items = [
        {
            "label": gettext(entry.label),
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "active": request.endpoint == entry.endpoint
            or (slice_name == entry.endpoint.split(".")[0] and not _is_named(request.endpoint)),
        }
        for entry in MENU
        if entry.permission is None or may(g.actor, entry.permission)
    ]
    return {
        "navigation": [{"label": None, "items": items}],
        "demo": current_app.config["DEMO"],
        "site_name": get_setting("zone_name"),
        "new_visit_url": url_for("outreach.new") if may(g.actor, P.OUTREACH_RECORD) else None,
        "search_url": url_for("enterprises.index") if may(g.actor, P.ENTERPRISES_READ) else None,
    }


def _is_named(endpoint: str | None) -> bool:
    return any(entry.endpoint == endpoint for entry in MENU)
