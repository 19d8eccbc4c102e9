"""Forms of the import wizard."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.fields import SelectChoice, SelectField

from visits.core.errors import Refused
from visits.core.forms import BaseForm, choice, options
from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import LOOKED_AT, Heading
from visits.enterprises.columns import Columns, shown

SHOWN_CELLS, SHOWN_CHARACTERS = 4, 40


class UploadForm(BaseForm):
    file = FileField(
        _l("Spreadsheet"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("xlsx, xls, xlsb, ods or csv, up to 20 MB."),
        render_kw={"accept": ".xlsx,.xlsm,.xls,.xlsb,.et,.ods,.csv"},
    )


class ConfirmForm(BaseForm):
    """A form that only says yes."""


class SheetForm(BaseForm):
    sheet = choice(_l("Sheet"))
    heading_row = choice(_l("Row of the column headings"), coerce=lambda value: int(value or 0))

    def __init__(self, table: Table, heading: Heading, **kwargs: Any) -> None:
        super().__init__(data={"sheet": table.sheet, "heading_row": heading.row}, **kwargs)
        self.sheet.choices = options([(name, name) for name in (table.sheet, *table.other_sheets)])
        rows = zip(table.row_numbers[:LOOKED_AT], table.rows, strict=False)
        self.heading_row.choices = options([(number, _line(number, row)) for number, row in rows])


def _line(number: int, row: list[str]) -> str:
    filled = [text for cell in row if (text := shown(cell))]
    said = " | ".join(filled[:SHOWN_CELLS])[:SHOWN_CHARACTERS]
    return gettext("Row %(number)d: %(cells)s", number=number, cells=said)


def mapping_form(
    labels: list[str],
    mapping: dict[str, int],
    columns: Columns,
    base: type[BaseForm] = BaseForm,
    filled: dict[str, Any] | None = None,
) -> BaseForm:
    """Make the form that maps each column of the file to a field, or to none, on top of another form."""
    targets = [
        SelectChoice("", gettext("Leave out")),
        *(SelectChoice(f.key, gettext(f.label)) for f in columns.fields),
    ]
    by_column = {column: key for key, column in mapping.items()}
    fields = {
        f"column_{n}": SelectField(
            name or gettext("(no heading)"), choices=targets, default=by_column.get(n, "")
        )
        for n, name in enumerate(labels)
    }
    return type("MappingForm", (base,), fields)(data=filled)


def chosen_mapping(form: BaseForm, labels: list[str]) -> dict[str, int]:
    """What a mapping form says, as {field: column}; two columns for one field are refused."""
    found: dict[str, int] = {}
    for n in range(len(labels)):
        key = form[f"column_{n}"].data
        if key in found:
            other = labels[found[key]] or gettext("(no heading)")
            raise Refused(
                N_("The column “%(other)s” goes there already. Leave one of the two out."),
                field=f"column_{n}",
                other=other,
            )
        if key:
            found[key] = n
    return found
