"""What forms say of visits made too often and of own plans, also while a script asks for it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from visits.core.forms import QueryForm, choice, day, member, options, text, whole_number
from visits.core.markup import day as shown_day
from visits.outreach.forms.rows import ticks
from visits.outreach.models import VisitKind
from visits.outreach.queries import Frequency
from visits.outreach.queries.frequency import Meant
from visits.programmes.models import VisitMode

WHY_SO_OFTEN = _l("Why it is visited so often")
PLANS = _l("Plans this visit carries out")


class CrowdingFields:
    """What a form says of visits made too often, and of own plans that the visit carries out.

    `plans_seen` are the plans the form has shown before: one seen for the first time is ticked when it is
    for the very day of the visit.
    """

    plan_ids: Any
    plans_seen: Any

    def offer_plans(self, plans: Sequence[tuple[Frequency, Meant]], visited_on: date) -> None:
        """Offer plans to tick."""
        seen, ticked = set(self.plans_seen.data or ()), set(self.plan_ids.data or ())
        self.plan_ids.choices = options(
            (plan.plan_id, " · ".join((shown_day(plan.day), firm.name, plan.owner))) for firm, plan in plans
        )
        fresh = {plan.plan_id for _, plan in plans if plan.day == visited_on} - seen
        self.plan_ids.data = [plan.plan_id for _, plan in plans if plan.plan_id in fresh | ticked]


class AskedForm(CrowdingFields, QueryForm):
    """The part of a form that says whom the visit is about, as a script sends it while it is typed."""

    enterprise_ids = ticks("", whole_number)
    enterprises = text("", 200)
    enterprise_id = choice("", coerce=whole_number, validate_choice=False, choices=[])
    enterprise = text("", 200)
    visited_on = day("")
    planned_on = day("")
    mode = choice("", coerce=member(VisitMode), validate_choice=False, choices=[])
    kind = choice("", coerce=member(VisitKind), validate_choice=False, choices=[])
    is_invited = BooleanField("")
    frequency_reason = text(WHY_SO_OFTEN, 200)
    plan_ids = ticks(PLANS)
    plans_seen = ticks("", whole_number)
