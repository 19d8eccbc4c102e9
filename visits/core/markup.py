"""What templates may call: dates, numbers, addresses with changed parts, rights."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from visits.core.authz import may
from visits.core.i18n import LANGUAGES, N_
from visits.core.permissions import Permission
from visits.core.web import chosen_language, current_actor

SITE_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def day(value: date | None) -> str:
    """Show a date with its weekday: 2026-11-23 周一."""
    return f"{value.isoformat()} {gettext(WEEKDAYS[value.weekday()])}" if value else ""


def moment(value: datetime | None) -> str:
    """Show a moment in the site's zone, to the minute."""
    return value.astimezone(SITE_ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


def number(value: int | float | None) -> str:
    """Show a number with thin grouping."""
    return "–" if value is None else f"{value:,}".replace(",", "\u2009")


def percent(value: float | None) -> str:
    """Show a fraction as a percentage with one decimal."""
    return "–" if value is None else f"{value * 100:.1f}%"


def url_with(**changes: Any) -> str:
    """The present address with some query parts changed; None takes a part away."""
    parts: MultiDict[str, Any] = MultiDict(request.args)
    for key, value in changes.items():
        parts.poplist(key)
        if value is not None:
            parts[key] = value
    return url_for(
        request.endpoint or "home.index", **{**(request.view_args or {}), **parts.to_dict(flat=False)}
    )


def may_now(permission: str) -> bool:
    """Say whether the present visitor holds a permission for any row."""
    return may(current_actor(), Permission(permission))


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(day=day, moment=moment, number=number, percent=percent)
    app.jinja_env.globals.update(
        url_with=url_with,
        may=may_now,
        languages=LANGUAGES,
        language=lambda: chosen_language().split("_")[0],
        signed_in=lambda: current_user,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
