"""Pages of superiors' forms: the list, one form with its versions, what stands in which cell, filling."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.attachments.rules import disposition
from visits.core.authz import may
from visits.core.calendar import load_calendar
from visits.core.errors import NotFound
from visits.core.forms import whole_number
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, chosen_language, current_actor, requires
from visits.reports.filters import DIMENSIONS
from visits.reports.queries import get_ground
from visits.superior import forms, grid, operations, queries, rules, sources, telling
from visits.superior.faults import Check, seen_sheets
from visits.superior.models import WHEN_LABELS
from visits.superior.scan import MAX_COLUMN, MAX_ROW
from visits.superior.templates import LOST_LABELS

bp = Blueprint("superior", __name__)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABELS = {"lost_labels": LOST_LABELS, "when_labels": WHEN_LABELS}


@bp.get("/superior-forms")
@requires(Permission.SUPERIOR_READ)
def index():
    return render_template("superior/index.html", page=queries.list_forms(request.args))


@bp.route("/superior-forms/new", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE, late_write=True)
def new():
    form, made = forms.NewForm(), []

    def take_in():
        sent = form.file.data
        made.append(
            operations.add_form(current_actor(), form.entry(), sent.stream.read(), sent.filename or "")
        )

    if carried_out(form, take_in):
        flash(_("The workbook is taken in. Now say what belongs into its cells."))
        return redirect(url_for("superior.version", version_id=made[0].id), 303)
    return answer("superior/new.html", form)


@bp.get("/superior-forms/<int:superior_form_id>")
@requires(Permission.SUPERIOR_READ)
def show(superior_form_id):
    asked = queries.get_form(superior_form_id)
    fillings = None
    if may(current_actor(), Permission.SUPERIOR_FILL):
        fillings = queries.fillings_of(superior_form_id, request.args)
    return render_template(
        "superior/show.html",
        asked=asked,
        versions=queries.versions_of(superior_form_id),
        fillings=fillings,
        span_words=telling.span_words,
        **LABELS,
    )


@bp.route("/superior-forms/<int:superior_form_id>/edit", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE)
def edit(superior_form_id):
    asked = queries.get_form(superior_form_id, to_write=request.method == "POST")
    form = forms.DescriptionForm(obj=asked, data={"is_dropped": asked.dropped_at is not None})
    if carried_out(
        form,
        lambda: operations.revise_form(current_actor(), asked, form.entry(), form.revision.data),
    ):
        flash(_("Saved."))
        return redirect(url_for("superior.show", superior_form_id=superior_form_id), 303)
    return answer("superior/edit.html", form, asked=asked)


@bp.route("/superior-forms/<int:superior_form_id>/versions/new", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE, late_write=True)
def new_version(superior_form_id):
    asked = queries.get_form(superior_form_id)
    form, made = forms.VersionForm(), []

    def begin():
        sent = form.file.data
        content, name = (sent.stream.read(), sent.filename or "") if sent else (b"", "")
        made.append(operations.add_version(current_actor(), asked, content, name))

    if carried_out(form, begin):
        flash(_("The new version takes over what stood in the cells. Check it and put it into use."))
        return redirect(url_for("superior.version", version_id=made[0].id), 303)
    return answer("superior/new_version.html", form, asked=asked)


def chosen_sheet(version):
    """The sheet an address asks for, by its place; the first when it asks for none."""
    sheets = seen_sheets(version)
    place = whole_number(request.args.get("sheet")) or 1
    if not 1 <= place <= len(sheets):
        raise NotFound()
    return place, sheets[place - 1], sheets


@bp.get("/superior-forms/versions/<int:version_id>")
@requires(Permission.SUPERIOR_PREPARE)
def version(version_id):
    found = queries.get_version(version_id)
    place, sheet, sheets = chosen_sheet(found)
    placed, ground, calendar = queries.placement_of(version_id), get_ground(), load_calendar()
    check = Check({s.name: s for s in sheets}, placed, ground, calendar)
    faults = check.faults()
    labels = {
        (cell.row, cell.column): telling.label_of(cell, placed, ground, calendar)
        for cell in placed.cells
        if cell.sheet == sheet.name
    }
    wrong = {fault.at for fault in faults if fault.sheet == sheet.name}
    return render_template(
        "superior/version.html",
        version=found,
        asked=queries.get_form(found.form_id),
        place=place,
        sheet=sheet,
        tabs=sheet_tabs(version_id, sheets, place),
        places={s.name: number for number, s in enumerate(sheets, 1)},
        repeated=placed.rows.get(sheet.name),
        list_label=sources.list_label,
        rows_words=rules.rows_words,
        grid=grid.grid_of(sheet, placed, labels, wrong),
        faults=faults,
        **LABELS,
    )


def sheet_tabs(version_id, sheets, place):
    """The sheets of a workbook as tabs."""
    return [
        {
            "label": s.name + (_(" (hidden)") if s.is_hidden else ""),
            "url": url_for("superior.version", version_id=version_id, sheet=number),
            "active": number == place,
        }
        for number, s in enumerate(sheets, 1)
    ]


def version_to_change(version_id):
    """A version for a page that changes it; one in use has no such page."""
    found = queries.get_version(version_id, to_write=request.method == "POST")
    if request.method == "GET":
        operations.require_draft(found)
    return found


@bp.route("/superior-forms/versions/<int:version_id>/cell", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE)
def cell(version_id):
    found = version_to_change(version_id)
    place, sheet, _sheets = chosen_sheet(found)
    at = chosen_place(sheet)
    placed, ground = queries.placement_of(version_id), get_ground()
    form = cell_form(found, sheet, at, placed, ground)
    back = url_for("superior.version", version_id=version_id, sheet=place)
    if carried_out(form, lambda: operations.map_cell(current_actor(), found, sheet.name, at, form.entry())):
        flash(_("%(cell)s is noted.", cell=rules.address_of(*at)))
        return redirect(back, 303)
    return answer(
        "superior/cell.html",
        form,
        version=found,
        asked=queries.get_form(found.form_id),
        sheet=sheet,
        at=rules.address_of(*at),
        place=place,
        text=sheet.texts.get(at, ("", False))[0],
        is_mapped=mapped_at(placed, sheet.name, at) is not None,
        blanks=blanks(),
        back=back,
    )


def chosen_place(sheet):
    """The cell an address asks for; one inside a merged area is its first cell."""
    at = rules.position_of(request.args.get("at", ""))
    if at is None or at[0] > MAX_ROW or at[1] > MAX_COLUMN:
        raise NotFound(N_("There is no such cell. Write its column and row, such as C5."))
    area = sheet.covered.get(at)
    return (area[0], area[1]) if area else at


@bp.post("/superior-forms/versions/<int:version_id>/cell/clear")
@requires(Permission.SUPERIOR_PREPARE)
def clear_cell(version_id):
    found = queries.get_version(version_id, to_write=True)
    place, sheet, _sheets = chosen_sheet(found)
    at = chosen_place(sheet)
    operations.clear_cell(current_actor(), found, sheet.name, at)
    flash(_("%(cell)s stays as the template has it.", cell=rules.address_of(*at)))
    return redirect(url_for("superior.version", version_id=version_id, sheet=place), 303)


def mapped_at(placed, name, at):
    """What stands in a cell so far."""
    found = (c for c in placed.cells if (c.sheet, c.row, c.column) == (name, *at))
    return next(found, None)


def cell_form(found, sheet, at, placed, ground):
    """The form of a cell, as the cell is noted so far, or with words made of the cell's own text."""
    rows = placed.rows.get(sheet.name)
    is_repeated = rows is not None and rows.first_row <= at[0] <= rows.last_row
    columns = sources.columns_of(rows.list_of, load_calendar()) if is_repeated else {}
    figures = sources.figures_of(rows.list_of) if is_repeated else None
    mapped = mapped_at(placed, sheet.name, at)
    text = sheet.texts.get(at, ("", False))[0]
    data = {"words": rules.proposed_words(text, sources.TEXTS["text.office"].blanks[_language()])}
    if mapped is not None:
        data |= {
            "source": mapped.source,
            "period": mapped.period.value,
            "words": mapped.words or data["words"],
        }
        data |= {"part": mapped.part.value if mapped.part else "", **mapped.narrowed}
    elif data["words"]:
        data["source"] = sources.WORDS
    data["revision"] = found.revision
    return forms.cell_form(() if is_repeated else DIMENSIONS)(ground, columns, figures, data=data)


def _language():
    """Which of a blank's names is shown: the Chinese one, or the English."""
    return 0 if chosen_language().startswith("zh") else 1


def blanks():
    """The names of blanks with what fills them."""
    return [(text.blanks[_language()], _(text.label)) for text in sources.TEXTS.values()]


@bp.route("/superior-forms/versions/<int:version_id>/rows", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE)
def rows(version_id):
    found = version_to_change(version_id)
    place, sheet, _sheets = chosen_sheet(found)
    present = queries.placement_of(version_id).rows.get(sheet.name)
    form = forms.RowsForm(obj=present, data={"revision": found.revision})
    back = url_for("superior.version", version_id=version_id, sheet=place)
    if carried_out(form, lambda: operations.repeat_row(current_actor(), found, sheet.name, form.entry())):
        flash(_("Now say what belongs into the cells of the repeated row."))
        return redirect(back, 303)
    return answer(
        "superior/rows.html",
        form,
        version=found,
        asked=queries.get_form(found.form_id),
        sheet=sheet,
        place=place,
        is_set=present is not None,
        back=back,
    )


@bp.post("/superior-forms/versions/<int:version_id>/rows/clear")
@requires(Permission.SUPERIOR_PREPARE)
def clear_rows(version_id):
    found = queries.get_version(version_id, to_write=True)
    place, sheet, _sheets = chosen_sheet(found)
    operations.repeat_no_row(current_actor(), found, sheet.name)
    flash(_("No row of this sheet is repeated."))
    return redirect(url_for("superior.version", version_id=version_id, sheet=place), 303)


@bp.route("/superior-forms/versions/<int:version_id>/release", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_PREPARE)
def release(version_id):
    found = version_to_change(version_id)
    form = forms.ReleaseForm(data={"revision": found.revision})
    asked = queries.get_form(found.form_id)
    if carried_out(
        form,
        lambda: operations.release(current_actor(), found, form.from_on.data, form.revision.data),
    ):
        flash(_("The version is in use. Whoever may read all figures can fill the form now."))
        return redirect(url_for("superior.show", superior_form_id=asked.id), 303)
    return answer("superior/release.html", form, version=found, asked=asked)


@bp.post("/superior-forms/versions/<int:version_id>/discard")
@requires(Permission.SUPERIOR_PREPARE)
def discard(version_id):
    found = queries.get_version(version_id, to_write=True)
    form_id, is_first = found.form_id, found.number == 1
    operations.discard(current_actor(), found)
    flash(_("The version is discarded."))
    if is_first:
        return redirect(url_for("superior.index"), 303)
    return redirect(url_for("superior.show", superior_form_id=form_id), 303)


@bp.post("/superior-forms/versions/<int:version_id>/template.xlsx")
@requires(Permission.SUPERIOR_READ)
def template(version_id):
    return workbook_answer(*queries.content_of(version_id))


def workbook_answer(name, content):
    """A workbook to be kept, never to be opened by the browser itself."""
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return Response(content, content_type=MEDIA_TYPE, headers=headers)


@bp.route("/superior-forms/<int:superior_form_id>/fill", methods=["GET", "POST"])
@requires(Permission.SUPERIOR_FILL, late_write=True)
def fill(superior_form_id):
    asked = queries.get_form(superior_form_id)
    form, made = forms.FillForm(), []
    if carried_out(
        form,
        lambda: made.append(operations.fill_form(current_actor(), asked, form.chosen(), form.moment())),
    ):
        flash(_("The form is filled. Look it through and download it."))
        return redirect(url_for("superior.filling", filling_id=made[0].id), 303)
    return answer("superior/fill.html", form, asked=asked)


@bp.get("/superior-forms/fillings/<int:filling_id>")
@requires(Permission.SUPERIOR_FILL)
def filling(filling_id):
    row = queries.get_filling(filling_id)
    ground = get_ground()
    return render_template(
        "superior/filling.html",
        row=row,
        filling=row.Filling,
        cells=[telling.told_cell(said, ground) for said in row.Filling.said["cells"]],
        lists=[telling.told_list(said, ground) for said in row.Filling.said["lists"]],
        span_words=telling.span_words,
    )


@bp.post("/superior-forms/fillings/<int:filling_id>/filled.xlsx")
@requires(Permission.SUPERIOR_FILL)
def take(filling_id):
    return workbook_answer(*operations.take_filling(current_actor(), filling_id))
