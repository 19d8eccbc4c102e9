"""The overview: one page at the desk, one screen for the wall."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from visits.core import charts
from visits.core.authz import reaches_all
from visits.core.clock import today
from visits.core.markup import number
from visits.core.permissions import Permission
from visits.core.rounding import in_percent, percent
from visits.core.settings import get_setting
from visits.core.web import current_actor, requires
from visits.reports import forms, overview, overview_charts, queries, spans
from visits.reports.addresses import known_part, rows_url
from visits.reports.spans import Kind

bp = Blueprint("overview", __name__)
UP_IS_GOOD = frozenset(
    [
        "visit_count",
        "enterprise_count",
        "closed",
        "solved",
        "close_rate",
        "on_time_rate",
        "satisfaction_rate",
    ]
)
UP_IS_BAD = frozenset(["overdue_open"])
ON_THE_WALL = (
    "visit_count",
    "enterprise_count",
    "new",
    "closed",
    "solved",
    "open",
    "overdue_open",
    "on_time_rate",
)
TOO_FEW_FOR_PERCENT = 10
UNIT_COLUMNS = (
    "new",
    "closed",
    "solved",
    "open",
    "overdue_open",
    "on_time_rate",
    "solved_rate_verified",
    "satisfaction_rate",
    "return_rate",
    "extension_rate",
)


@dataclass(frozen=True)
class Change:
    """How a figure stands to that of another period: in words, with what it was and the rows of that."""

    label: str
    text: str
    was: str
    url: str
    tone: str


@dataclass(frozen=True)
class Tile:
    """A headline figure with its changes."""

    label: str
    value: str
    unit: str
    url: str | None
    is_alarming: bool
    is_hidden: bool
    changes: list[Change]


@bp.get("/overview")
@requires(Permission.REPORTS_READ)
def index():
    return render_template("reports/overview.html", **asked(overview.HEADLINES))


@bp.get("/overview/screen")
@requires(Permission.REPORTS_READ)
def screen():
    return render_template("reports/overview_screen.html", **asked(ON_THE_WALL))


def asked(headlines):
    """What both pages show of the period in the address."""
    ground = queries.get_ground()
    form = forms.OverviewForm(ground)
    chosen = form.chosen()
    wanted = form.asks(chosen)
    found = overview.get_overview(current_actor(), chosen, wanted, ground)
    kept = {"programme": form.programme.data, **known_part(wanted)}
    days = {"from": chosen.span.from_on, "to": chosen.span.to_on}
    return {
        "form": form,
        "sees_all": reaches_all(current_actor(), Permission.REPORTS_READ),
        "hidden": ("period",) if chosen.kind is Kind.OWN else ("from", "to"),
        "found": found,
        "name": forms.period_name(chosen.text) if chosen.text else "",
        "tabs": tabs(chosen, kept),
        "steps": steps(chosen, kept),
        "tiles": [tile(found, key) for key in headlines],
        "charts": overview_charts,
        "draw": charts,
        "few": overview.FEW,
        "ranked": get_setting("rank_units"),
        "unit_columns": UNIT_COLUMNS,
        "rows_url": rows_url,
        "held": held(found),
        "parts": ({"period": chosen.text} if chosen.text else days) | kept,
    }


def tabs(chosen, kept):
    """The kinds of periods; each leads to the one that holds the last day of the present one."""
    named = ((Kind.MONTH, _("Month")), (Kind.QUARTER, _("Quarter")), (Kind.YEAR, _("Year")))
    found = [
        {
            "label": label,
            "url": url_for("overview.index", period=spans.text_of(kind, chosen.span.to_on), **kept),
            "active": kind is chosen.kind,
        }
        for kind, label in named
    ]
    days = {"from": chosen.span.from_on, "to": chosen.span.to_on}
    own = {
        "label": _("Own days"),
        "url": url_for("overview.index", **days, **kept),
        "active": chosen.kind is Kind.OWN,
    }
    return [*found, own]


def steps(chosen, kept):
    """The periods before and after: of the latest there is none after."""
    if chosen.kind is Kind.OWN:
        return []
    texts = [spans.neighbour(chosen, -1), spans.neighbour(chosen, 1)]
    latest = spans.text_of(chosen.kind, today())
    return [
        {"label": forms.period_name(text), "url": url_for("overview.index", period=text, **kept)}
        if text <= latest
        else None
        for text in texts
    ]


def held(found):
    """What the period is held against; the year before a year is the period before it."""
    sides = [(_("vs. year ago"), found.year_before)]
    if found.before is not found.year_before:
        sides.insert(0, (_("vs. before"), found.before))
    return [(label, totals) for label, totals in sides if totals]


def tile(found, key):
    """One headline figure."""
    figure = found.totals.figures[key]
    is_rate = figure.measure.unit == "%"
    return Tile(
        label=_(figure.measure.label),
        value=percent(figure.value) if is_rate else number(figure.value),
        unit="" if is_rate else _(figure.unit),
        url=None if figure.value is None else rows_url(found.wanted, key),
        is_alarming=key == "overdue_open" and bool(figure.value),
        is_hidden=figure.is_hidden,
        changes=[change(label, figure, totals) for label, totals in held(found) if not figure.is_hidden],
    )


def change(label, figure, totals):
    """How a figure changed since those totals."""
    was = totals.figures[figure.measure.key]
    key, is_rate = figure.measure.key, figure.measure.unit == "%"
    more = None if None in {figure.value, was.value} else figure.value - was.value
    span = totals.wanted.span
    value = percent(was.value) if is_rate else number(was.value)
    return Change(
        label=label,
        text=said(more, was.value, is_rate),
        was=_("%(first)s to %(last)s: %(value)s", first=span.from_on, last=span.to_on, value=value),
        url=rows_url(totals.wanted, key),
        tone=tone(key, more),
    )


def said(more, was, is_rate):
    """A change in words: of a rate in points, of a number in percent; of a few things in things."""
    if more is None:
        return "–"
    if not more:
        return "→"
    sign = "↑" if more > 0 else "↓"
    if is_rate and not in_percent(more):
        return "→"
    if is_rate:
        return _("%(sign)s %(points)s pts", sign=sign, points=str(in_percent(abs(more))))
    if was < TOO_FEW_FOR_PERCENT:
        return f"{sign} {number(abs(more))}"
    return f"{sign} {percent(abs(more) / was)}"


def tone(key, more):
    """Whether a change is good or bad news; of most figures it is neither."""
    if not round(more or 0, 3) or key not in UP_IS_GOOD | UP_IS_BAD:
        return ""
    return "good" if (more > 0) == (key in UP_IS_GOOD) else "bad"
