"""What templates may call: dates, numbers, rights."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext
from flask_login import current_user

from visits.core.authz import may
from visits.core.i18n import LANGUAGES, N_
from visits.core.periods import ONE_DAY
from visits.core.permissions import Permission
from visits.core.presence import record_token
from visits.core.web import chosen_language, current_actor

SITE_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def day(value: date | None) -> str:
    """Show a date with its weekday: 2026-11-23 周一."""
    return f"{value.isoformat()} {gettext(WEEKDAYS[value.weekday()])}" if value else ""


def last_day(value: date | None) -> date | None:
    """The last day of a time that ends before `value`: people read it with its last day."""
    return value - ONE_DAY if value else None


def moment(value: datetime | None) -> str:
    """Show a moment in the site's zone, to the minute."""
    return value.astimezone(SITE_ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


def number(value: int | float | Decimal | None) -> str:
    """Show a number with thin grouping; a decimal one without noughts at its end."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else value.normalize()
    return "–" if value is None else f"{value:,}".replace(",", "\u2009")


def percent(value: float | None) -> str:
    """Show a fraction as a percentage with one decimal."""
    return "–" if value is None else f"{value * 100:.1f}%"


def may_now(permission: str) -> bool:
    """Say whether the present visitor holds a permission for any row."""
    return may(current_actor(), Permission(permission))


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(day=day, last_day=last_day, moment=moment, number=number, percent=percent)
    app.jinja_env.globals.update(
        may=may_now,
        languages=LANGUAGES,
        language=lambda: chosen_language().split("_")[0],
        signed_in=lambda: current_user,
        record_token=record_token,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
