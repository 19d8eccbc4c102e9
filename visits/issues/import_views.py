"""Pages of the import of a ledger of problems, of the imports there were, and of taking one back."""

from flask import Blueprint

from visits.core.i18n import N_
from visits.enterprises.wizard import Wizard
from visits.issues import import_forms, operations
from visits.issues.ledger.carrying import LEDGER
from visits.issues.ledger.checking import file_warnings

bp = Blueprint("issue_ledger", __name__)
WIZARD = Wizard(
    LEDGER,
    "issue_ledger",
    {
        "progress": "enterprises/ledger/progress.html",
        "upload": "issues/ledger/upload.html",
        "columns": "issues/ledger/columns.html",
        "preview": "issues/ledger/preview.html",
        "imported": "issues/ledger/imported.html",
        "imports": "issues/ledger/imports.html",
        "undo": "issues/ledger/undo.html",
    },
    "issues.index",
    import_forms.mapping_form,
    import_forms.chosen,
    file_warnings,
    N_("Writing the problems"),
)
WIZARD.lay_pages(bp, "/issues/import")
WIZARD.lay_imports(
    bp, "/issues/imports", operations.undo_ledger, N_("The problems of this import are void.")
)
