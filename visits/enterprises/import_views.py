"""Pages of the import of enterprises: choose a file, say what is where, see what would change, write it."""

from flask import Blueprint

from visits.core.permissions import Permission
from visits.core.web import requires
from visits.enterprises import import_forms
from visits.enterprises.importing import file_warnings
from visits.enterprises.intake import ENTERPRISES
from visits.enterprises.wizard import Wizard

bp = Blueprint("imports", __name__)
WIZARD = Wizard(
    ENTERPRISES,
    "imports",
    {
        "upload": "enterprises/upload.html",
        "progress": "enterprises/progress.html",
        "columns": "enterprises/columns.html",
        "preview": "enterprises/preview.html",
        "imported": "enterprises/imported.html",
    },
    "enterprises.index",
    lambda labels, upload: import_forms.mapping_form(labels, upload.mapping, ENTERPRISES.columns),
    lambda form, labels: (import_forms.chosen_mapping(form, labels), {}),
    file_warnings,
)


@bp.route("/enterprises/import", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def start():
    return WIZARD.start()


@bp.get("/enterprises/import/<int:upload_id>/progress")
@requires(Permission.ENTERPRISES_IMPORT)
def progress(upload_id):
    return WIZARD.progress(upload_id)


@bp.post("/enterprises/import/<int:upload_id>/go-on")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def go_on(upload_id):
    return WIZARD.go_on(upload_id)


@bp.post("/enterprises/import/<int:upload_id>/discard")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def discard(upload_id):
    return WIZARD.discard(upload_id)


@bp.route("/enterprises/import/<int:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def map_columns(upload_id):
    return WIZARD.map_columns(upload_id)


@bp.post("/enterprises/import/<int:upload_id>/sheet")
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def choose_sheet(upload_id):
    return WIZARD.choose_sheet(upload_id)


@bp.route("/enterprises/import/<int:upload_id>", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT, late_write=True)
def preview(upload_id):
    return WIZARD.preview(upload_id)


@bp.get("/enterprises/import/<int:upload_id>/rejected.csv")
@requires(Permission.ENTERPRISES_IMPORT)
def rejected_csv(upload_id):
    return WIZARD.rejected_file(upload_id, "csv")


@bp.get("/enterprises/import/<int:upload_id>/rejected.xlsx")
@requires(Permission.ENTERPRISES_IMPORT)
def rejected_xlsx(upload_id):
    return WIZARD.rejected_file(upload_id, "xlsx")
