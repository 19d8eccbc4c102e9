"""Pages of the import of a ledger of visits, of the imports there were, and of taking one back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import runs
from visits.enterprises.models import Cargo
from visits.enterprises.wizard import Wizard
from visits.outreach import import_forms, operations
from visits.outreach.ledger.carrying import LEDGER
from visits.outreach.ledger.checking import file_warnings

bp = Blueprint("ledger", __name__)
WIZARD = Wizard(
    LEDGER,
    "ledger",
    {
        "upload": "outreach/ledger/upload.html",
        "progress": "outreach/ledger/progress.html",
        "columns": "outreach/ledger/columns.html",
        "preview": "outreach/ledger/preview.html",
        "imported": "outreach/ledger/imported.html",
    },
    "outreach.index",
    import_forms.mapping_form,
    import_forms.chosen,
    file_warnings,
    N_("Writing the visits"),
)
WIZARD.lay_pages(bp, "/visits/import")


@bp.get("/visits/imports")
@requires(Permission.OUTREACH_IMPORT)
def imports():
    page = runs.list_runs(request.args, Cargo.VISITS)
    return render_template("outreach/ledger/imports.html", page=page)


@bp.route("/visits/imports/<int:run_id>", methods=["GET", "POST"])
@requires(Permission.OUTREACH_IMPORT)
def undo(run_id):
    if (run := runs.get_run(run_id, Cargo.VISITS)) is None:
        raise NotFound()
    form = import_forms.UndoForm()
    if carried_out(form, lambda: operations.undo_ledger(current_actor(), run, form.reason.data)):
        flash(_("The visits of this import are void."))
        return redirect(url_for("ledger.undo", run_id=run_id), 303)
    return answer("outreach/ledger/undo.html", form, run=run)
