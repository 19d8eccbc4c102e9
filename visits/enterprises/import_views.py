"""Pages of the import of enterprises: choose a file, say what is where, see what would change, write it."""

from flask import Blueprint

from visits.enterprises import import_forms
from visits.enterprises.importing import file_warnings
from visits.enterprises.intake import ENTERPRISES
from visits.enterprises.wizard import Wizard

bp = Blueprint("imports", __name__)
WIZARD = Wizard(
    ENTERPRISES,
    "imports",
    {
        "progress": "enterprises/progress.html",
        "upload": "enterprises/upload.html",
        "columns": "enterprises/columns.html",
        "preview": "enterprises/preview.html",
        "imported": "enterprises/imported.html",
    },
    "enterprises.index",
    lambda labels, upload: import_forms.mapping_form(labels, upload.mapping, ENTERPRISES.columns),
    lambda form, labels: (import_forms.chosen_mapping(form, labels), {}),
    file_warnings,
)
WIZARD.lay_pages(bp, "/enterprises/import")
