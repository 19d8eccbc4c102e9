"""Pages of the import of a ledger of visits, of the imports there were, and of taking one back."""

from flask import Blueprint

from visits.core.i18n import N_
from visits.enterprises.wizard import Wizard
from visits.outreach import import_forms, operations
from visits.outreach.ledger.carrying import LEDGER
from visits.outreach.ledger.checking import file_warnings

bp = Blueprint("ledger", __name__)
WIZARD = Wizard(
    LEDGER,
    "ledger",
    {
        "progress": "enterprises/ledger/progress.html",
        "upload": "outreach/ledger/upload.html",
        "columns": "outreach/ledger/columns.html",
        "preview": "outreach/ledger/preview.html",
        "imported": "outreach/ledger/imported.html",
        "imports": "outreach/ledger/imports.html",
        "undo": "outreach/ledger/undo.html",
    },
    "outreach.index",
    import_forms.mapping_form,
    import_forms.chosen,
    file_warnings,
    N_("Writing the visits"),
)
WIZARD.lay_pages(bp, "/visits/import")
WIZARD.lay_imports(bp, "/visits/imports", operations.undo_ledger, N_("The visits of this import are void."))
