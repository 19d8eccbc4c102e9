"""What the form of every move has in common."""

from collections.abc import Sequence
from typing import Any

from visits.core.forms import BaseForm, long_text


class MoveForm(BaseForm):
    """The form of a move that asks for nothing; it is made for one problem.

    `about` are facts (label, value) that stand above the form, for `prepare` to fill.
    """

    about: Sequence[tuple[str, Any]] = ()

    def prepare(self, row: Any) -> None:
        """Fill choices and first values from the problem (a row of queries.get_shown)."""

    def remark(self) -> str:
        """What else to say when the move is made; usually nothing."""
        return ""


def noting(label: Any, *, required: bool = True, hint: Any = "") -> type[MoveForm]:
    """A form that asks for one text."""
    note = long_text(label, 2000, required=required, hint=hint)
    return type("NoteForm", (MoveForm,), {"note": note})
