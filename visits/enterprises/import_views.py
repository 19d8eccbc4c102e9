"""Pages of the import wizard: choose a file, say what is where, see what would change, have it written."""

import io

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from visits.core import export
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.listing import Cell, Column, Kind
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import columns, import_forms, import_report, importing, stages, uploads
from visits.enterprises.models import AT_WORK, STAGE_LABELS, UploadStage

bp = Blueprint("imports", __name__)
PAGES = {
    UploadStage.READ: "imports.map_columns",
    UploadStage.CHECKED: "imports.preview",
    UploadStage.WRITTEN: "imports.preview",
}


def the_upload(upload_id):
    """One's own upload of an address."""
    if (found := stages.get_upload(upload_id, current_actor().person_id)) is None:
        raise NotFound()
    return found


def address_of(upload):
    """The page on which the wizard stands with an upload."""
    return url_for(PAGES.get(upload.stage, "imports.progress"), upload_id=upload.id)


@bp.route("/enterprises/import", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def start():
    form = import_forms.UploadForm()
    kept = []

    def keep():
        file = form.file.data
        kept.append(uploads.keep_upload(current_actor(), file.read(), file.filename or ""))

    if carried_out(form, keep):
        return redirect(address_of(kept[0]), 303)
    return answer(
        "enterprises/upload.html",
        form,
        unfinished=stages.unfinished(current_actor().person_id),
        discard_form=import_forms.ConfirmForm(formdata=None),
        stage_labels=STAGE_LABELS,
        is_stalled=stages.is_stalled,
    )


@bp.get("/enterprises/import/<int:upload_id>/progress")
@requires(Permission.ENTERPRISES_IMPORT)
def progress(upload_id):
    found = the_upload(upload_id)
    if found.stage not in PAGES:
        return render_template(
            "enterprises/progress.html",
            upload=found,
            form=import_forms.ConfirmForm(formdata=None),
            stage_labels=STAGE_LABELS,
            stalled=stages.is_stalled(found.stage, found.beat_at),
            at_work=found.stage in AT_WORK,
        )
    if request.headers.get("HX-Request"):
        return Response("", mimetype="text/plain", headers={"HX-Redirect": address_of(found)})
    return redirect(address_of(found), 303)


@bp.post("/enterprises/import/<int:upload_id>/go-on")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def go_on(upload_id):
    found = the_upload(upload_id)
    uploads.go_on(found)
    return redirect(address_of(found), 303)


@bp.post("/enterprises/import/<int:upload_id>/discard")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def discard(upload_id):
    uploads.discard(the_upload(upload_id))
    return redirect(url_for("imports.start"), 303)


@bp.route("/enterprises/import/<int:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def map_columns(upload_id):
    found = the_upload(upload_id)
    if found.stage not in (UploadStage.READ, UploadStage.CHECKED):
        return redirect(address_of(found), 303)
    table = stages.table_of(found)
    heading = columns.heading_of(table, found.heading_row)
    form = import_forms.mapping_form(heading.labels, found.mapping)

    def choose():
        uploads.choose_columns(found, import_forms.chosen_mapping(form, heading.labels))

    if carried_out(form, choose):
        return redirect(address_of(found), 303)
    return columns_page(found, table, form, import_forms.SheetForm(table, heading, formdata=None))


def columns_page(found, table, form, sheet_form):
    """The page on which columns are mapped, with the form for another sheet or row of headings."""
    heading = columns.heading_of(table, found.heading_row)
    return answer(
        "enterprises/columns.html",
        form,
        upload=found,
        table=table,
        sheet_form=sheet_form,
        header=heading.labels,
        sample=columns.sample_of(table, heading, found.mapping),
        notes=importing.file_warnings(table, heading, found.mapping),
    )


@bp.post("/enterprises/import/<int:upload_id>/sheet")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def choose_sheet(upload_id):
    found = the_upload(upload_id)
    if found.stage not in (UploadStage.READ, UploadStage.CHECKED):
        return redirect(address_of(found), 303)
    table = stages.table_of(found)
    heading = columns.heading_of(table, found.heading_row)
    form = import_forms.SheetForm(table, heading)

    def read_again():
        is_other = form.sheet.data not in ("", None, table.sheet)
        uploads.read_again(
            found, form.sheet.data or table.sheet, None if is_other else form.heading_row.data
        )

    if carried_out(form, read_again):
        return redirect(address_of(found), 303)
    mapping = import_forms.mapping_form(heading.labels, found.mapping)
    mapping.form_errors = [*form.form_errors, *(e for field in form for e in field.errors)]
    return columns_page(found, table, mapping, form)


@bp.route("/enterprises/import/<int:upload_id>", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def preview(upload_id):
    found = the_upload(upload_id)
    form = import_forms.ConfirmForm()
    if carried_out(form, lambda: uploads.confirm(found)):
        return redirect(address_of(found), 303)
    if found.stage not in (UploadStage.CHECKED, UploadStage.WRITTEN):
        return redirect(address_of(found), 303)
    is_done = found.stage == UploadStage.WRITTEN
    return answer(
        "enterprises/imported.html" if is_done else "enterprises/preview.html",
        form,
        upload=found,
        report=found.outcome,
    )


@bp.get("/enterprises/import/<int:upload_id>/rejected.csv")
@requires(Permission.ENTERPRISES_IMPORT)
def rejected_csv(upload_id):
    return rejected_file(the_upload(upload_id), "csv")


@bp.get("/enterprises/import/<int:upload_id>/rejected.xlsx")
@requires(Permission.ENTERPRISES_IMPORT)
def rejected_xlsx(upload_id):
    return rejected_file(the_upload(upload_id), "xlsx")


def rejected_file(found, kind):
    """The rejected rows with their reasons, as a file to be mended and imported again."""
    errors = import_report.errors_of(uploads.rejected_of(found))
    table = stages.table_of(found)
    heading = columns.heading_of(table, found.heading_row)
    rows: list[tuple[Cell, ...]] = [
        (number, "；".join(_(r.reason, **r.params) for r in reasons), *cells)
        for number, reasons, cells in importing.rejected_cells(table, heading, errors)
    ]
    title = _("Rejected rows")
    made = export.Table(
        title,
        [
            Column("row", N_("Row"), kind=Kind.NUMBER, width=6),
            Column("why", N_("Why it was rejected"), width=50),
            *(Column(f"column_{n}", label or "–", width=18) for n, label in enumerate(heading.labels)),
        ],
        rows,
        notes=[(_("Spreadsheet"), found.filename), (_("Rows"), str(len(rows)))],
    )
    file = io.BytesIO()
    export.WRITERS[kind](made, file)
    file.seek(0)
    name = f"{title}-{upload_name(found)}.{kind}"
    return send_file(file, mimetype=export.MIMETYPES[kind], as_attachment=True, download_name=name)


def upload_name(found):
    """An upload's file name without what a file name cannot hold, and without its ending."""
    stem = found.filename.rpartition(".")[0] or found.filename
    return "".join(c for c in stem if c.isalnum() or c in "-_（）()") or str(found.id)
