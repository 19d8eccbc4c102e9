"""What templates may call: dates, numbers, rights."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import FunctionType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode

from visits.core.authz import may
from visits.core.bulk import MOST
from visits.core.catalogues import spoken
from visits.core.filter_forms import WHOLE
from visits.core.i18n import LANGUAGES, N_
from visits.core.listing import Column, Kind
from visits.core.periods import ONE_DAY
from visits.core.permissions import Permission
from visits.core.presence import record_token
from visits.core.rounding import percent
from visits.core.web import chosen_language, current_actor

SENTINEL = 999_999_999  # an id that no record has
SITE_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def day(value: date | None) -> str:
    """Show a date with its weekday: 2026-11-23 周一."""
    return f"{value.isoformat()} {spoken().ugettext(WEEKDAYS[value.weekday()])}" if value else ""


def month_name(value: date) -> str:
    """Show a month as people say it: November 2026, 2026年11月."""
    return format_skeleton("yMMMM", value, locale=get_locale())


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


def plain_cell(column: Column, row: Any) -> str:
    """What a column of a list says of a row, without anything around it."""
    value = column.cell(row, spoken().ugettext)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if value is None:
        return "—"
    return number(value) if column.kind is Kind.NUMBER else str(value)  # type: ignore[arg-type]


@cache
def _address(app: Flask, endpoint: str, root: str) -> tuple[str, str]:
    """What stands before and behind the id in a record's address, where the application lies at `root`."""
    (name,) = next(app.url_map.iter_rules(endpoint)).arguments
    values: dict[str, Any] = {name: SENTINEL}
    before, after = url_for(endpoint, **values).split(str(SENTINEL))
    return before, after


def record_url(endpoint: str, record_id: int | str) -> str:
    """The address of a record, for lists that name hundreds: as `url_for`, without its work for each."""
    before, after = _address(current_app._get_current_object(), endpoint, request.script_root)  # type: ignore[attr-defined]
    return f"{before}{record_id}{after}"


@cache
def _file(_app: Flask, _root: str, name: str) -> str:
    return url_for("static", filename=name)


def static_url(name: str) -> str:
    """The address of a served file; a page names the same one dozens of times."""
    return _file(current_app._get_current_object(), request.script_root, name)  # type: ignore[attr-defined]


def here(**changes: Any) -> str:
    """The query of this address with some of it changed: here(page=2); None drops a key.

    With nothing left it says so: the bare address of a list may lead to the view a person chose for it.
    """
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changes and value]
    query = urlencode(kept + [(key, value) for key, value in changes.items() if value is not None])
    return f"?{query or WHOLE}"


def may_now(permission: str) -> bool:
    """Say whether the present visitor holds a permission for any row."""
    return may(current_actor(), Permission(permission))


class PageContext(Context):
    """What a template sees; a page calls macros and functions by the thousand, mostly macros.

    Jinja looks at whatever is called whether it wants the context, the environment or nothing besides its
    arguments. Of a macro that is known, and of a plain function without a mark.
    """

    @internalcode
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro or function for a template, with its arguments and the variables about it."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind is not FunctionType or called.__dict__:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.context_class = PageContext
    app.jinja_env.filters.update(
        day=day, last_day=last_day, moment=moment, month_name=month_name, number=number, percent=percent
    )
    app.jinja_env.globals.update(
        may=may_now,
        languages=LANGUAGES,
        language=lambda: chosen_language().split("_")[0],
        signed_in=lambda: current_user,
        record_token=record_token,
        plain_cell=plain_cell,
        record_url=record_url,
        bulk_most=MOST,
        static_url=static_url,
        here=here,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: spoken().ugettext(text),
        ngettext=lambda one, many, count: spoken().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: spoken().upgettext(context, text),
        npgettext=lambda context, one, many, count: spoken().unpgettext(context, one, many, count),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
