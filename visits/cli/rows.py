"""How a command tells what it found in the rows of a file."""

from collections.abc import Iterable

from flask_babel import gettext

from visits.enterprises.checking import RowError

Note = dict[str, object]


def as_row(error: RowError) -> Note:
    """One remark as plain values."""
    reason = gettext(error.reason, **error.params)
    return {"row": error.row, "column": error.column, "value": error.value, "reason": reason}


def unused(row: int, names: Iterable[str]) -> list[Note]:
    """The remarks on columns of the file that fill no field."""
    reason = gettext("This column is not used.")
    return [{"row": row, "column": name, "value": "", "reason": reason} for name in names]


def as_line(note: Note) -> str:
    """One remark as a line, with the value it is about where there is one."""
    if note["value"]:
        return gettext("Row %(row)d, %(column)s “%(value)s”: %(reason)s", **note)
    return gettext("Row %(row)d, %(column)s: %(reason)s", **note)
