"""The forms on which a visit is planned, moved and cancelled."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, TimeField
from wtforms.validators import Optional, ValidationError

from visits.accounts import queries as accounts
from visits.core.authz import Actor, reaches
from visits.core.clock import today
from visits.core.forms import BaseForm, choice, day, options, text, whole_number
from visits.core.permissions import Permission, Reach
from visits.outreach.choosing import Choice
from visits.outreach.crowding import Crowding
from visits.outreach.forms.crowding import WHY_SO_OFTEN
from visits.outreach.models import VisitPlan
from visits.outreach.operations import NewDay, PlanEntry, PlanWords
from visits.outreach.operations.planning import PLANNERS
from visits.programmes import queries as programmes
from visits.programmes.models import ENTERPRISE_VISIT


class PlanForm(BaseForm):
    """A visit to plan. The enterprise is one of those found, or looked for: `enterprise` is text or #id."""

    enterprise_id = RadioField(_l("Enterprise to visit"), coerce=whole_number, validate_choice=False)
    enterprise = text(
        _l("Enterprise"), 200, hint=_l("Any part of its name, its pinyin initials, or the end of its code.")
    )
    planned_on = day(_l("Day"), required=True, default=today)
    start_time = TimeField(_l("Time"), validators=[Optional()])
    programme_id = choice(_l("Programme"), coerce=whole_number)
    purpose = text(_l("What the visit is for"), 200)
    companion_ids = SelectMultipleField(_l("Who goes along"), coerce=whole_number, validate_choice=False)
    owner_id = choice(_l("Who makes the visit"), coerce=whole_number)
    is_invited = BooleanField(_l("At the enterprise's invitation"))
    frequency_reason = text(WHY_SO_OFTEN, 200)

    def __init__(self, actor: Actor, enterprise_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.actor = actor
        is_fresh = not self.is_submitted()
        if is_fresh:
            self.enterprise_id.data, self.owner_id.data = enterprise_id, actor.person_id
        known = programmes.programmes()
        self.programme_id.choices = options(((key, name) for key, _, name in known), blank=gettext("None"))
        if is_fresh:
            codes = {code: key for key, code, _ in known}
            self.programme_id.data = codes.get(ENTERPRISE_VISIT)
        people = accounts.active_people()
        self.companion_ids.choices = options(row for row in people if row[0] != actor.person_id)
        if Reach.ALL in reaches(actor.roles, Permission.OUTREACH_PLAN):
            self.owner_id.choices = options(accounts.active_people(*PLANNERS))
        else:
            del self.owner_id
        self._find()

    def _find(self) -> None:
        """Show the enterprises that ticks and text may mean; the one meant, where that is settled."""
        found = Choice.of([self.enterprise_id.data], self.enterprise.data, self.planned_on.data or today())
        self.firm = found.chosen[-1] if found.chosen else None
        self.sentence = found.sentence
        self.enterprise_id.choices = options((firm.enterprise_id, firm.name) for firm in found.offered)
        self.enterprise_id.data = self.firm.enterprise_id if self.firm else None
        self.enterprise.data = found.unfound
        self.enterprise.flags.required = self.firm is None

    def validate_enterprise(self, field: Any) -> None:
        if self.sentence:
            raise ValidationError(self.sentence)
        if self.firm is None:
            raise ValidationError(gettext("Choose an enterprise of the register."))

    @property
    def crowding(self) -> Crowding:
        """Who else goes to the enterprise around that day."""
        return Crowding.for_plan(
            self.actor,
            self.enterprise_id.data,
            self.planned_on.data or today(),
            is_invited=bool(self.is_invited.data),
        )

    def entry(self) -> PlanEntry:
        """The visit as it was planned."""
        return PlanEntry(
            enterprise_id=self.enterprise_id.data,
            planned_on=self.planned_on.data,
            start_time=self.start_time.data,
            programme_id=self.programme_id.data,
            purpose=self.purpose.data or "",
            companion_ids=[key for key in self.companion_ids.data or () if key],
            is_invited=bool(self.is_invited.data),
            frequency_reason=self.frequency_reason.data or "",
            owner_id=self.owner_id.data if "owner_id" in self else None,
        )


class EditPlanForm(BaseForm):
    """What of a plan is changed while its day stays."""

    start_time = TimeField(_l("Time"), validators=[Optional()])
    programme_id = choice(_l("Programme"), coerce=whole_number)
    purpose = text(_l("What the visit is for"), 200)

    def __init__(self, plan: VisitPlan) -> None:
        super().__init__(obj=plan)
        known = programmes.programmes()
        self.programme_id.choices = options(((key, name) for key, _, name in known), blank=gettext("None"))

    def words(self) -> PlanWords:
        """What was entered."""
        return PlanWords(self.start_time.data, self.programme_id.data, self.purpose.data or "")


class MovePlanForm(BaseForm):
    """The day to which a plan is moved, and why."""

    planned_on = day(_l("New day"), required=True)
    start_time = TimeField(_l("Time"), validators=[Optional()])
    reason = text(_l("Why it is put off"), 200, required=True)
    frequency_reason = text(WHY_SO_OFTEN, 200)

    def __init__(self, actor: Actor, plan: VisitPlan) -> None:
        data = {"planned_on": max(plan.planned_on, today()), "start_time": plan.start_time}
        super().__init__(data=data)
        self.actor, self.plan = actor, plan
        if not self.is_submitted():
            self.revision.data = plan.revision

    @property
    def crowding(self) -> Crowding:
        """Who else goes to the enterprise around the new day."""
        return Crowding.for_plan(
            self.actor,
            self.plan.enterprise_id,
            self.planned_on.data or today(),
            is_invited=self.plan.is_invited or bool(self.plan.frequency_reason),
            without=[self.plan.id],
        )

    def entry(self) -> NewDay:
        """The new day."""
        return NewDay(
            self.planned_on.data,
            self.start_time.data,
            self.reason.data or "",
            self.frequency_reason.data or "",
        )


class CancelPlanForm(BaseForm):
    """Why a plan is given up."""

    reason = text(_l("Why it is cancelled"), 200, required=True)

    def __init__(self, plan: VisitPlan) -> None:
        super().__init__()
        if not self.is_submitted():
            self.revision.data = plan.revision
