"""Templates at the forms of moves: which fields take one, and how a blank field is filled."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField

from visits.core.forms import BaseForm, choice, long_text, options, text, whole_number
from visits.issues import queries, responses
from visits.issues.moves import OFFERS
from visits.issues.operations.responses import TemplateEntry
from visits.issues.responses import PLACEHOLDERS
from visits.issues.states import MOVE_LABELS


def field_labels() -> dict[tuple[str, str], Any]:
    """The fields of moves' forms that take a longer text, by move and name, with their labels."""
    found = {}
    for move, offer in OFFERS.items():
        for kind in reversed(offer.form.__mro__):
            for name, field in vars(kind).items():
                if getattr(field, "field_class", None) is TextAreaField:
                    found[move, name] = field.args[0]
    return found


def takes_text(move: str) -> bool:
    """Whether the form of a move has a field that a template could fill."""
    return any(name == move for name, _ in field_labels())


def templates_for(move: str, row: Any) -> list[tuple[int, str]]:
    """The templates a person may choose at the form of a move, as (id, name)."""
    return [(one.id, one.name) for one in responses.fitting(move, row.Issue.category_id)]


def is_filling() -> bool:
    """Say whether this request only wants a template in the form; nothing is carried out by it."""
    return "fill" in request.form or (request.method == "GET" and "template" in request.args)


def fill_blank(form: Any, move: str, row: Any) -> bool:
    """Put the template asked for into its field, if that is blank; True when it went in."""
    wanted = whole_number(request.values.get("template"))
    for one in responses.fitting(move, row.Issue.category_id):
        if one.id == wanted and one.field in form and not (form[one.field].data or "").strip():
            form[one.field].data = responses.filled(one.text, row)
            return True
    return False


class TemplateForm(BaseForm):
    name = text(_l("Name of the template"), 40, required=True)
    place = choice(_l("For"), required=True, hint=_l("The step and its field that the text fills."))
    category_id = choice(_l("Category"), coerce=whole_number, hint=_l("Empty: for all categories."))
    text = long_text(_l("Text"), 1000, required=True, rows=6)
    is_closed = BooleanField(_l("No longer in use"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        places = [
            (f"{move}.{name}", f"{gettext(MOVE_LABELS[move])} · {label}")
            for (move, name), label in field_labels().items()
        ]
        self.place.choices = options(places, blank=gettext("Choose"))
        self.category_id.choices = options(queries.open_categories(), blank=gettext("All"))
        self.text.description = gettext(
            "Filled in from the problem: %(names)s", names=" ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        )

    def entry(self) -> TemplateEntry:
        move, field = self.place.data.split(".")
        return TemplateEntry(
            self.name.data or "",
            move,
            field,
            self.text.data or "",
            self.category_id.data,
            bool(self.is_closed.data),
        )
