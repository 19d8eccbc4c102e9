"""The page of totals and the rows behind each number."""

from dataclasses import replace
from types import SimpleNamespace

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.authz import reaches_all
from visits.core.charts import tag
from visits.core.clock import today
from visits.core.errors import NotAllowed, NotFound
from visits.core.i18n import N_
from visits.core.list_pages import taken_home
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.issues.anonymity import is_of_unit_only
from visits.reports import assemble, filters, forms, listing, prose, queries
from visits.reports.addresses import known_part, period_parts, rows_url
from visits.reports.measures import MEASURES, TABLES
from visits.reports.shapes import Part

bp = Blueprint("reports", __name__)
TILES = ("visit_count", "enterprise_count", "registered", "closed", "solved", "open", "overdue_open")
BY_PROGRAMME = (*TILES[:2], "person_times", "coverage_rate", *TILES[2:])
BY_PARK = (*BY_PROGRAMME, "close_rate", "satisfaction_rate")
BY_UNIT = (*TILES[:2], "person_times", *TILES[2:], "on_time_rate", "satisfaction_rate")
DIVIDED = {"programme": BY_PROGRAMME, "unit": BY_UNIT, "park": BY_PARK}


def totals_url(wanted):
    """Where the totals stand of which some rows are a part."""
    parts = {**period_parts(wanted.span), **known_part(wanted), "programme": wanted.programme}
    return url_for("reports.totals", **parts)


def known_views(wanted, address):
    """The two ways to count a past period, as tabs: by what is known now, by what was known then."""
    days = {wanted.known_on, wanted.span.to_on if wanted.span.to_on < today() else None} - {None}
    items = [
        {"label": _("As known now"), "url": address(wanted.as_known(None)), "active": not wanted.known_on}
    ]
    for day in sorted(days):
        label = _("As known then: %(day)s", day=day)
        items.append(
            {"label": label, "url": address(wanted.as_known(day)), "active": day == wanted.known_on}
        )
    return items if len(items) > 1 else []


def periods(wanted, counted_from):
    """The usual periods, as tabs."""
    named = (
        (_("This month"), filters.this_month()),
        (_("Last month"), filters.last_month()),
        (_("This year"), filters.this_year()),
        (_("To date"), filters.to_date(counted_from)),
    )
    return [
        {"label": label, "url": totals_url(replace(wanted, span=span)), "active": span == wanted.span}
        for label, span in named
    ]


@bp.get("/totals")
@requires(Permission.REPORTS_READ)
def totals():
    ground = queries.get_ground()
    form = forms.PeriodForm(ground)
    wanted = form.wanted(filters.this_month())
    found = assemble.get_totals(current_actor(), wanted, ground, DIVIDED)
    counted_from = prose.count_from()
    return render_template(
        "reports/totals.html",
        form=form,
        totals=found,
        sentence=prose.sentence(
            found, counted_from, lambda key, text: tag("a", text, href=rows_url(wanted, key), class_="link")
        ),
        periods=periods(wanted, counted_from),
        sees_all=reaches_all(current_actor(), Permission.REPORTS_READ),
        known=known_views(wanted, totals_url),
        tables=TABLES,
        tiles=TILES,
        parts=(("programme", _("By programme")), ("unit", _("By unit")), ("park", _("By park"))),
        divided=DIVIDED,
        rows_url=rows_url,
        Part=Part,
    )


def asked(key):
    """What an address asks for: the figure, which of its sets, of what, and the sheet that counts it."""
    measure, form, ground = MEASURES.get(key), forms.RowsForm(), queries.get_ground()
    wanted, part = form.wanted(filters.this_month()), form.chosen_part()
    if measure is None or (name := measure.set_name(part)) is None or not measure.is_answerable(wanted):
        raise NotFound()
    if measure.is_of_answers and is_of_unit_only(current_actor()):
        raise NotAllowed(
            N_("How enterprises rate your unit is shown in total only, on the page “My work”.")
        )
    sheet = queries.Sheet(ground.ask(current_actor(), wanted), name)
    return SimpleNamespace(
        measure=measure, part=part, wanted=wanted, ground=ground, sheet=sheet, set_name=name
    )


@bp.get("/totals/<string:key>")
@requires(Permission.REPORTS_READ)
def rows(key):
    found = asked(key)
    measure, wanted = found.measure, found.wanted
    shown = listing.list_rows(
        found.sheet, found.set_name, request.args, request.args.getlist("columns"), measure.label
    )
    return render_template(
        "reports/rows.html",
        measure=measure,
        page=shown.page,
        kind=shown.kind,
        wanted=wanted,
        narrowed=named_parts(found.ground, wanted),
        parts=other_parts(measure, wanted, found.part),
        sees_all=reaches_all(current_actor(), Permission.REPORTS_READ),
        known=known_views(wanted, lambda other: rows_url(other, key, found.part)),
        back=totals_url(wanted),
    )


@bp.post("/totals/<string:key>/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/totals/<string:key>/export.csv", defaults={"kind": "csv"})
@requires(Permission.REPORTS_READ, late_write=True)
def export_rows(key, kind):
    found = asked(key)
    _kind, listed = listing.rows_of(found.sheet, found.set_name, found.measure.label)
    span = found.wanted.span
    narrowed = [f"{span.from_on or ''} – {span.to_on}", *named_parts(found.ground, found.wanted)]
    if day := found.wanted.known_on:
        narrowed.append(_("As known then: %(day)s", day=day))
    return taken_home(listed, kind, [*narrowed, _(found.measure.definition)])


def named_parts(ground, wanted):
    """The names of the parts to which the rows are narrowed down."""
    names = {(named.dimension, named.id): named.name for named in ground.named}
    chosen = [
        (name, getattr(wanted, name)) for name in filters.DIMENSIONS if getattr(wanted, name) is not None
    ]
    named = [names.get(part, _("None named")) for part in chosen]
    return [*named, *registered_in_words(wanted.registered)]


def registered_in_words(days):
    """On which days the problems were registered to which the rows are narrowed down."""
    if days.first and days.last:
        yield _("registered from %(first)s to %(last)s", first=days.first, last=days.last)
    elif days.first:
        yield _("registered on %(first)s or later", first=days.first)
    elif days.last:
        yield _("registered on %(last)s or earlier", last=days.last)


def other_parts(measure, wanted, part):
    """Tabs for the two sets of a figure that has two."""
    labels = {Part.NUMERATOR: _("Those that count"), Part.DENOMINATOR: _("All of them")}
    if measure.key == "excluded_events":
        labels = {Part.NUMERATOR: _("Excluded"), Part.DENOMINATOR: _("Taken back")}
    items = [
        {"label": label, "url": rows_url(wanted, measure.key, which), "active": which is part}
        for which, label in labels.items()
        if measure.set_name(which)
    ]
    return items if len(items) > 1 else []
