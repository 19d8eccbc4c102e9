"""Pages of the monthly report: the list, one report, each step of its life, the rows behind its numbers."""

from types import SimpleNamespace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core import authz
from visits.core.clock import today
from visits.core.errors import NotFound, Refused
from visits.core.forms import MonthForm
from visits.core.i18n import N_
from visits.core.list_pages import page_of, taken_home
from visits.core.markup import record_url
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues.confidence import KEPT
from visits.monthly import forms, listing, operations, pages, queries, rules
from visits.monthly.rules import Section
from visits.monthly.states import LIFE, STATE_LABELS, ReportState
from visits.reports.listing import list_rows, rows_of
from visits.reports.measures import MEASURES
from visits.reports.queries import Sheet, get_ground

bp = Blueprint("monthly", __name__)
TONES = {
    ReportState.DRAFT: "info",
    ReportState.FROZEN: "warning",
    ReportState.PUBLISHED: "success",
    ReportState.WITHDRAWN: "muted",
}


@bp.get("/monthly")
@requires(Permission.MONTHLY_READ)
def index():
    return render_template(
        "monthly/index.html",
        page=page_of(listing.of_reports(current_actor())),
        waiting=month_waiting(),
        tones=TONES,
    )


def month_waiting():
    """The last month that is over, where it has no report yet."""
    month = Month.of(today()).previous
    return None if queries.in_force(month) else month


@bp.post("/monthly/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/monthly/export.csv", defaults={"kind": "csv"})
@requires(Permission.MONTHLY_READ, late_write=True)
def export(kind):
    return taken_home(listing.of_reports(current_actor()), kind, [])


@bp.route("/monthly/new", methods=["GET", "POST"])
@requires(Permission.MONTHLY_WRITE, late_write=True)
def new():
    form, made = MonthForm(), []
    if not form.is_submitted():
        form.month.data = request.args.get("month") or str(month_waiting() or "")
    if carried_out(form, lambda: made.append(draft_month(form))):
        flash(_("The draft is made. Read the texts, edit what you want to say otherwise."))
        return redirect(report_url(made[0].id), 303)
    return answer("monthly/new.html", form)


def draft_month(form):
    """Draft the report of the month a form names."""
    if (month := form.wanted()) is None:
        raise Refused(N_("Write the month as 2026-10."), field="month")
    return operations.draft_report(current_actor(), month)


def report_url(report_id, anchor=None):
    """The address of a report's page."""
    return url_for("monthly.show", report_id=report_id, _anchor=anchor)


@bp.get("/monthly/<int:report_id>")
@requires(Permission.MONTHLY_READ)
def show(report_id):
    actor = current_actor()
    report = queries.get_report(actor, report_id)
    reading = queries.read_report(report)
    renewing = forms.RenewForm(revision=report.revision, ranks_units=reading.content.ranks_units)
    return render_template(
        "monthly/report.html",
        reading=reading,
        report=report,
        content=reading.content,
        issues=queries.issues_of_month(report.month),
        open_moves={
            move.name for move in LIFE.open_to(held_by(actor), report.state, facts_of(actor, reading))
        },
        is_over=rules.is_over(report.month, today()),
        broken=broken_of(reading),
        renewing=renewing,
        layout=pages.layout_of(reading, lambda *a, **k: rows_url(report.id, *a, **k)),
        corrections=[pages.corrected(row, record_link) for row in reading.content.corrections],
        state_labels=STATE_LABELS,
        tones=TONES,
        hidden=KEPT,
    )


def held_by(actor):
    """The permissions of the life of reports that this person holds."""
    return frozenset(p for p in LIFE.permissions if authz.may(actor, p))


def facts_of(actor, reading):
    """What the guards of the moves must know."""
    report = reading.report
    return operations.facts_of(actor, report, reading.content, is_untouched=reading.is_untouched)


def broken_of(reading):
    """The problems whose history does not add up, where the balance does not hold."""
    if rules.balance_of(reading.content.figures).holds:
        return []
    return queries.unbalanced_problems(sheet_of(reading.content.wanted("month")))


def sheet_of(wanted, *names):
    """The sheet that counts what is asked for."""
    return Sheet(get_ground().ask(current_actor(), wanted), *names)


def rows_url(report_id, key, of="month", part="numerator", **parts):
    """Where the rows of one number of a report are listed."""
    asked = {"of": of, "part": part, **parts}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{record_url('monthly.show', report_id)}/rows/{key}?{query}"


RECORD_PAGES = {
    "issue": "issues.show",
    "visit": "outreach.show",
    "enterprise": "home.enterprise_file",
}


def record_link(kind, key):
    """The page of a record that moved a figure."""
    return record_url(RECORD_PAGES[kind], key)


def require_readable(form):
    """Refuse a form without a page of its own whose hidden fields somebody spoilt."""
    if not form.validate():
        raise Refused(N_("This form cannot be read. Open the report again and try once more."))


@bp.post("/monthly/<int:report_id>/renew")
@requires(Permission.MONTHLY_WRITE, late_write=True)
def renew(report_id):
    form = forms.RenewForm()
    report = queries.get_report(current_actor(), report_id)
    require_readable(form)
    ranks = bool(form.ranks_units.data)
    operations.renew_figures(current_actor(), report, form.revision.data, ranks_units=ranks)
    flash(_("The figures are those of this moment. Texts that were edited stayed."))
    return redirect(report_url(report_id), 303)


def get_text(report_id, section):
    """One text of a report within reach."""
    report = queries.get_report(current_actor(), report_id)
    known = {s.value: text for s, text in queries.texts_of(report.id).items()}
    if section not in known:
        raise NotFound()
    return report, Section(section), known[section]


@bp.route("/monthly/<int:report_id>/texts/<string:section>", methods=["GET", "POST"])
@requires(Permission.MONTHLY_WRITE)
def write(report_id, section):
    actor = current_actor()
    report, part, text = get_text(report_id, section)
    form = forms.TextForm(data={"words": text.said})
    if not form.is_submitted():
        form.revision.data = text.revision
    if carried_out(
        form,
        lambda: operations.write_text(actor, report, part, form.words.data or "", form.revision.data),
    ):
        flash(_("Saved."))
        return redirect(report_url(report_id, part.value), 303)
    return answer("monthly/text.html", form, report=report, text=text, heading=rules.SECTION_LABELS[part])


@bp.post("/monthly/<int:report_id>/texts/<string:section>/take")
@requires(Permission.MONTHLY_WRITE)
def take(report_id, section):
    form = forms.StepForm()
    report, part, _text = get_text(report_id, section)
    require_readable(form)
    operations.take_generated(current_actor(), report, part, form.revision.data)
    flash(_("The generated text stands."))
    return redirect(report_url(report_id, part.value), 303)


@bp.route("/monthly/<int:report_id>/freeze", methods=["GET", "POST"])
@requires(Permission.MONTHLY_WRITE, late_write=True)
def freeze(report_id):
    def carry_out(form):
        report = queries.get_report(current_actor(), report_id)
        return operations.freeze_report(current_actor(), report, form.revision.data)

    return step_page(report_id, "monthly/freeze.html", forms.StepForm(), carry_out)


@bp.route("/monthly/<int:report_id>/publish", methods=["GET", "POST"])
@requires(Permission.MONTHLY_PUBLISH)
def publish(report_id):
    def carry_out(form):
        report = queries.get_report(current_actor(), report_id)
        operations.publish_report(current_actor(), report, form.revision.data)
        return True

    return step_page(report_id, "monthly/publish.html", forms.StepForm(), carry_out)


@bp.route("/monthly/<int:report_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.MONTHLY_PUBLISH)
def withdraw(report_id):
    def carry_out(form):
        report = queries.get_report(current_actor(), report_id)
        operations.withdraw_report(current_actor(), report, form.reason.data or "", form.revision.data)
        return True

    return step_page(report_id, "monthly/withdraw.html", forms.WithdrawForm(), carry_out)


def step_page(report_id, template, form, carry_out):
    """The page of one step of a report's life: its form, and what sending it does."""
    report, done = queries.get_report(current_actor(), report_id), []
    if not form.is_submitted():
        form.revision.data = report.revision
    if carried_out(form, lambda: done.append(carry_out(form))):
        flash_step(template, done[0])
        return redirect(report_url(report_id), 303)
    return answer(template, form, reading=queries.read_report(report), report=report)


def flash_step(template, is_done):
    """Say what became of a step."""
    if not is_done:
        flash(
            _(
                "Figures moved since you looked at the draft, so it was renewed and not frozen. "
                "Read it again, then freeze it."
            ),
            "warning",
        )
        return
    said = {
        "monthly/freeze.html": _("The month is frozen. Somebody else publishes it."),
        "monthly/publish.html": _("The report is published."),
        "monthly/withdraw.html": _("The report is taken back. The month can be drafted again."),
    }
    flash(said[template])


def asked(report_id, key):
    """What an address asks for: the figure, which of its sets, and the sheet that counts it."""
    actor = current_actor()
    report = queries.get_report(actor, report_id)
    content = queries.read_report(report).content
    measure, form = MEASURES.get(key), forms.RowsForm()
    wanted, part = form.wanted(content), form.chosen_part()
    if measure is None or (name := measure.set_name(part)) is None:
        raise NotFound()
    return SimpleNamespace(
        report=report,
        content=content,
        measure=measure,
        wanted=wanted,
        part=part,
        set_name=name,
        sheet=sheet_of(wanted, name),
    )


@bp.get("/monthly/<int:report_id>/rows/<string:key>")
@requires(Permission.MONTHLY_READ)
def rows(report_id, key):
    found = asked(report_id, key)
    shown = list_rows(
        found.sheet, found.set_name, request.args, request.args.getlist("columns"), found.measure.label
    )
    return render_template(
        "monthly/rows.html",
        report=found.report,
        content=found.content,
        measure=found.measure,
        page=shown.page,
        kind=shown.kind,
        wanted=found.wanted,
        narrowed=pages.named_part(found.content, found.wanted),
    )


@bp.post("/monthly/<int:report_id>/rows/<string:key>/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/monthly/<int:report_id>/rows/<string:key>/export.csv", defaults={"kind": "csv"})
@requires(Permission.MONTHLY_READ, late_write=True)
def export_rows(report_id, key, kind):
    found = asked(report_id, key)
    _kind, listed = rows_of(found.sheet, found.set_name, found.measure.label)
    span = found.wanted.span
    said = [f"{span.from_on or ''} – {span.to_on}", *pages.named_part(found.content, found.wanted)]
    return taken_home(listed, kind, [*said, _(found.measure.definition)])
