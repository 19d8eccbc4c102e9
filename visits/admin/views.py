"""Pages of the administration: people and units that leave, the calendar, the settings, the audit log."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from visits.accounts import queries as accounts
from visits.admin import forms, listing, operations, queries
from visits.admin.filter_forms import LogFilter
from visits.admin.notices import FIRST_YEAR, LAST_YEAR, read_year
from visits.admin.telling import subject_of, told
from visits.admin.words import verb_label
from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import ROLE_LABELS, Permission
from visits.core.settings import KNOWN, Kind, get_setting, setting_revision
from visits.core.slots import SLOT_LABELS
from visits.core.subjects import address_of
from visits.core.timetable import TIMETABLE
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires

bp = Blueprint("admin", __name__)
TELLING = {
    "actor_of": listing.actor_of,
    "told": told,
    "subject_of": subject_of,
    "verb_label": verb_label,
    "address_of": address_of,
}


@bp.route("/people/<int:person_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def disable_person(person_id):
    if (person := accounts.get_person(person_id)) is None:
        raise NotFound()
    form, actor = forms.DisableForm(), current_actor()
    if carried_out(
        form,
        lambda: operations.disable_person(actor, person, form.reason.data, bool(form.is_confirmed.data)),
    ):
        flash(_("%(name)s's account is disabled.", name=person.name))
        return redirect(url_for("accounts.people"), 303)
    return answer(
        "admin/disable.html",
        form,
        person=person,
        holdings=queries.holdings_of(actor, person.id),
        desk=queries.DESK,
        sole_roles=[_(ROLE_LABELS[role]) for role in queries.sole_roles(person.id)],
    )


@bp.route("/units/<int:unit_id>/close", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def close_unit(unit_id):
    if (unit := accounts.get_unit(unit_id)) is None or unit.closed_on is not None:
        raise NotFound()
    form, actor = forms.ReasonForm(), current_actor()
    if carried_out(form, lambda: operations.close_unit(actor, unit, form.reason.data)):
        flash(_("%(name)s is no longer in use.", name=unit.name))
        return redirect(url_for("accounts.units"), 303)
    return answer("admin/close_unit.html", form, unit=unit, held=queries.open_in_unit(actor, unit.id))


@bp.get("/calendar")
@requires(SIGNED_IN)
def calendar():
    return show_year(today().year)


@bp.get("/calendar/<int:year>")
@requires(SIGNED_IN)
def calendar_year(year):
    return show_year(the_year(year))


def the_year(year):
    """A year that may have a calendar, or the page that says there is none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    return year


def show_year(year):
    """The twelve months of a year."""
    return render_template(
        "admin/calendar.html",
        year=queries.get_year(year),
        today=today(),
        changes=queries.changes_of(year),
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


@bp.route("/calendar/days/<string:day>", methods=["GET", "POST"])
@requires(Permission.ADMIN_CALENDAR)
def calendar_day(day):
    on = the_day(day)
    known = queries.day_of(on)
    form = forms.DayForm(data={"kind": "work" if known.is_workday else "rest", "label": known.label})
    made = []
    if carried_out(
        form,
        lambda: made.append(
            operations.change_day(
                current_actor(), on, form.kind.data == "work", form.label.data or "", form.source.data
            )
        ),
    ):
        return published(made[0])
    return answer("admin/day.html", form, day=on, known=known, source=queries.source_of(on))


def the_day(text):
    """A day as an address writes it, in a year that may have a calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None
    the_year(day.year)
    return day


def published(change):
    """Go to what a change has moved, or back to the year where it moved nothing."""
    if change.moved:
        flash(_("Saved. %(count)d open due dates have moved.", count=len(change.moved)))
        return redirect(url_for("admin.calendar_change", change_id=change.id), 303)
    flash(_("Saved. No open due date has moved."))
    return redirect(url_for("admin.calendar_year", year=change.year), 303)


@bp.route("/calendar/<int:year>/import", methods=["GET", "POST"])
@requires(Permission.ADMIN_CALENDAR)
def import_year(year):
    form, read = forms.YearForm(), []
    the_year(year)
    if not carried_out(form, lambda: read.append(read_year(form.text.data, year))):
        return answer("admin/import_year.html", form, year=year)
    entered = {"text": form.text.data, "edition": get_setting("calendar_edition")}
    return show_preview(read[0], forms.PublishForm(formdata=None, data=entered))


def show_preview(plan, form):
    """What publishing would change, with the form that publishes."""
    found = operations.preview(plan.days)
    return answer("admin/preview.html", form, year=queries.get_year(plan.year), preview=found)


@bp.post("/calendar/<int:year>/publish")
@requires(Permission.ADMIN_CALENDAR)
def publish_year(year):
    form, made = forms.PublishForm(), []
    plan = read_year(form.text.data or "", the_year(year))
    source, edition = form.source.data or "", form.edition.data or None
    if carried_out(
        form, lambda: made.append(operations.publish_year(current_actor(), plan, source, edition))
    ):
        return published(made[0])
    return show_preview(plan, form)


@bp.get("/calendar/changes/<int:change_id>")
@requires(Permission.ADMIN_CALENDAR)
def calendar_change(change_id):
    row = queries.get_change(change_id)
    return render_template("admin/calendar_change.html", change=row.CalendarChange, who=row.who)


LOG = KnownList(
    "audit",
    N_("Audit log"),
    "admin.log",
    "admin.log_entry",
    Permission.ADMIN_LOG,
    LogFilter,
    lambda _actor, form: listing.of_log(form.filters()),
)
LISTS = (LOG,)


@bp.get("/audit")
@requires(Permission.ADMIN_LOG)
def log():
    form = LogFilter()
    page = page_of(LOG.of(current_actor(), form))
    names = listing.names_in(page.rows)
    return render_template("admin/log.html", page=page, form=form, names=names, **TELLING)


@bp.post("/audit/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/audit/export.csv", defaults={"kind": "csv"})
@requires(Permission.ADMIN_LOG, late_write=True)
def export_log(kind):
    form = LogFilter()
    return taken_home(listing.of_log(form.filters(), listing.all_names()), kind, form.said)


@bp.get("/audit/<int:entry_id>")
@requires(Permission.ADMIN_LOG)
def log_entry(entry_id):
    if (entry := listing.get_entry(entry_id)) is None:
        raise NotFound()
    return render_template("admin/log_entry.html", entry=entry, names=listing.names_in([entry]), **TELLING)


@bp.get("/jobs")
@requires(Permission.ADMIN_JOBS)
def jobs():
    planned = queries.list_jobs()
    return render_template(
        "admin/jobs.html",
        planned=planned,
        forgotten=any(queries.is_forgotten(job) for job in planned),
        turns=queries.list_turns(),
        took=queries.took,
        names=TIMETABLE,
        labels=SLOT_LABELS,
    )


@bp.get("/settings")
@requires(Permission.ADMIN_SETTINGS)
def settings():
    return render_template("admin/settings.html", rows=queries.list_settings())


@bp.route("/settings/<string:key>", methods=["GET", "POST"])
@requires(Permission.ADMIN_SETTINGS)
def setting(key):
    known = KNOWN.get(key)
    if known is None or known.kind is Kind.INNER:
        raise NotFound()
    value = get_setting(key)
    if known.kind is Kind.DAY and value:
        value = date.fromisoformat(value)
    form = forms.setting_form(known)(data={"value": value, "revision": setting_revision(key)})
    if carried_out(
        form,
        lambda: operations.change_setting(current_actor(), key, form.value.data, form.revision.data),
    ):
        flash(_("Saved."))
        return redirect(url_for("admin.settings"), 303)
    return answer("admin/setting.html", form, known=known)
