"""What an enterprise fills in about a visit to it; the code in the address is all it needs."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import DataRequired

from visits.core.forms import text, whole_number
from visits.honesty.operations import SaidEntry
from visits.issues.public_forms import PublicForm

YES, NO = "yes", "no"


class SaidForm(PublicForm):
    visit = HiddenField()
    turn = HiddenField()
    has_come = RadioField(
        _l("Did somebody come?"),
        choices=[YES, NO],
        validators=[DataRequired(_l("Press one of the two buttons."))],
    )
    words = text(_l("Anything to add (optional)"), 200)

    def entry(self) -> SaidEntry:
        return SaidEntry(
            visit_id=whole_number(self.visit.data) or 0,
            has_come=self.has_come.data == YES,
            words=self.words.data or "",
            turn=whole_number(self.turn.data) or 0,
        )
