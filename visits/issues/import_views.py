"""Pages of the import of a ledger of problems, of the imports there were, and of taking one back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import runs
from visits.enterprises.models import Cargo
from visits.enterprises.wizard import Wizard
from visits.issues import import_forms, operations
from visits.issues.ledger.carrying import LEDGER
from visits.issues.ledger.checking import file_warnings

bp = Blueprint("issue_ledger", __name__)
WIZARD = Wizard(
    LEDGER,
    "issue_ledger",
    {
        "upload": "issues/ledger/upload.html",
        "progress": "issues/ledger/progress.html",
        "columns": "issues/ledger/columns.html",
        "preview": "issues/ledger/preview.html",
        "imported": "issues/ledger/imported.html",
    },
    "issues.index",
    import_forms.mapping_form,
    import_forms.chosen,
    file_warnings,
    N_("Writing the problems"),
)
WIZARD.lay_pages(bp, "/issues/import")


@bp.get("/issues/imports")
@requires(Permission.ISSUES_IMPORT)
def imports():
    page = runs.list_runs(request.args, Cargo.ISSUES)
    return render_template("issues/ledger/imports.html", page=page)


@bp.route("/issues/imports/<int:run_id>", methods=["GET", "POST"])
@requires(Permission.ISSUES_IMPORT)
def undo(run_id):
    if (run := runs.get_run(run_id, Cargo.ISSUES)) is None:
        raise NotFound()
    form = import_forms.UndoForm()
    if carried_out(form, lambda: operations.undo_ledger(current_actor(), run, form.reason.data)):
        flash(_("The problems of this import are void."))
        return redirect(url_for("issue_ledger.undo", run_id=run_id), 303)
    return answer("issues/ledger/undo.html", form, run=run)
