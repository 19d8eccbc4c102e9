"""Forms of the limit rules: a new rule, the end of one, and the question which one holds."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from visits.core.forms import BaseForm, QueryForm, choice, choices, day, member, options, text, whole_number
from visits.issues import queries
from visits.issues.models import COMPLEXITY_LABELS, URGENCY_LABELS
from visits.issues.operations import RuleEntry
from visits.issues.operations.limits import MOST
from visits.issues.rules import Complexity, Limits, Urgency


class Workdays(NumberRange):
    """A number within its bounds; what is no number is told the bounds, and nothing else."""

    def __call__(self, form: Any, field: Any) -> None:
        field.errors[:] = []
        super().__call__(form, field)


def workdays(label: Any, *, least: int = 0, required: bool = True, hint: Any = "") -> IntegerField:
    """A number of working days."""
    presence = InputRequired(_l("This must be filled in.")) if required else Optional()
    fitting = Workdays(least, MOST, _l("Between %(min)s and %(max)s working days."))
    return IntegerField(
        label, description=hint, validators=[presence, fitting], render_kw={"inputmode": "numeric"}
    )


class RuleForm(BaseForm):
    category_id = choice(_l("Category"), coerce=whole_number, hint=_l("Empty: for all categories."))
    urgency = choice(_l("Urgency"), coerce=member(Urgency), hint=_l("Empty: for all."))
    complexity = choice(_l("Complexity"), coerce=member(Complexity), hint=_l("Empty: for all."))
    accept = workdays(
        _l("Accept and assign"), hint=_l("Working days after the registration; 0: the same day.")
    )
    sign = workdays(_l("Sign for receipt"), hint=_l("Working days after the assignment; 0: the same day."))
    contact = workdays(_l("First contact"), hint=_l("Working days after the assignment; 0: the same day."))
    stage = workdays(
        _l("Interim report"),
        least=1,
        required=False,
        hint=_l("Needed for results in 7 working days and more."),
    )
    close = workdays(_l("Result due"), least=1, hint=_l("Working days after the assignment."))
    valid_on = day(
        _l("Holds from"), hint=_l("Empty: at once. Only problems registered from then on follow it.")
    )
    reason = text(_l("By which decision, or why"), 200, required=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.category_id.choices = options(queries.open_categories(), blank=gettext("All"))
        self.urgency.choices = choices(URGENCY_LABELS, blank=gettext("All"))
        self.complexity.choices = choices(COMPLEXITY_LABELS, blank=gettext("All"))

    def entry(self) -> RuleEntry:
        limits = Limits(
            self.accept.data or 0,
            self.sign.data or 0,
            self.contact.data or 0,
            self.stage.data,
            self.close.data or 1,
        )
        return RuleEntry(
            limits,
            self.reason.data or "",
            self.category_id.data,
            self.urgency.data,
            self.complexity.data,
            self.valid_on.data,
        )


class EndRuleForm(BaseForm):
    reason = text(_l("Why the rule ends"), 200, required=True)


class TryLimitsForm(QueryForm):
    category = choice(_l("Category"), coerce=whole_number)
    urgency = choice(_l("Urgency"), coerce=member(Urgency), default=Urgency.NORMAL)
    complexity = choice(_l("Complexity"), coerce=member(Complexity), default=Complexity.ORDINARY)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.category.choices = options(queries.open_categories(), blank=gettext("Any other"))
        self.urgency.choices = choices(URGENCY_LABELS)
        self.complexity.choices = choices(COMPLEXITY_LABELS)
