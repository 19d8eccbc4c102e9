"""Forms of meetings: calling, the agenda, the record, conclusions."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from visits.accounts import queries as accounts
from visits.core.authz import Actor, reaches
from visits.core.forms import BaseForm, choice, choices, day, long_text, member, options, text, whole_number
from visits.core.i18n import N_
from visits.core.permissions import Permission, Reach
from visits.enterprises import queries as enterprises
from visits.issues import asked
from visits.issues.confidence import firm_on_page
from visits.issues.forms.asking import bound
from visits.issues.models import CONCLUSION_LABELS, DELAY_LABELS, Conclusion, Delay, RequestKind
from visits.meetings import rules
from visits.meetings.models import KIND_LABELS, MeetingKind, Presence
from visits.meetings.operations import ConclusionEntry, MeetingEntry, RecordEntry
from visits.programmes import queries as programmes

PEOPLE = 4000
NEW = N_("A new meeting")
GUESTS = (
    ("present", Presence.PRESENT),
    ("observers", Presence.OBSERVER),
    ("excused", Presence.LEAVE),
)


def several_of(label: Any, hint: Any = "") -> SelectMultipleField:
    """Several records from a long choice; whether they exist is for the operation to say."""
    return SelectMultipleField(label, coerce=whole_number, description=hint, validate_choice=False)


def ticks(label: Any) -> SelectMultipleField:
    """Several choices to tick."""
    return SelectMultipleField(
        label,
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class MeetingForm(BaseForm):
    title = text(
        _l("Subject"),
        80,
        required=True,
        hint=_l("E.g. Access roads of the north park for three enterprises."),
    )
    kind = choice(
        _l("Kind of meeting"), required=True, coerce=member(MeetingKind), default=MeetingKind.COORDINATION
    )
    meets_on = day(_l("Day"), required=True)
    starts_at = TimeField(_l("Begins at"), validators=[InputRequired(_l("Say when it begins."))])
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    place = text(_l("Place"), 120, required=True)
    chair = text(
        _l("Chair"), 60, required=True, hint=_l("Name and post, as they are to stand in the minutes.")
    )
    recorder = text(_l("Recorder"), 60)
    group_id = choice(_l("Group"), coerce=whole_number, hint=_l("The group on whose behalf it is called."))
    unit_ids = several_of(
        _l("Units invited"), _l("They see the meeting, and of its agenda the problems they may read.")
    )
    firm_ids = several_of(
        _l("Enterprises invited"),
        _l("An enterprise that wants its name kept is not proposed; the units see who is invited."),
    )

    def __init__(self, actor: Actor, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices(KIND_LABELS)
        self.unit_ids.choices = options(accounts.open_units())
        self.firm_ids.choices = options(enterprises.all_names())
        is_free = Reach.ALL in reaches(actor.roles, Permission.MEETINGS_WRITE)
        _, groups = programmes.programmes_and_groups(None if is_free else actor.group_ids)
        self.group_id.choices = options(groups, blank=gettext("None") if is_free or not groups else None)

    def entry(self) -> MeetingEntry:
        return MeetingEntry(
            title=self.title.data or "",
            meets_on=self.meets_on.data,
            starts_at=self.starts_at.data,
            place=self.place.data or "",
            chair=self.chair.data or "",
            kind=self.kind.data,
            ends_at=self.ends_at.data,
            recorder=self.recorder.data or "",
            group_id=self.group_id.data,
            unit_ids=[key for key in self.unit_ids.data or () if key],
            firm_ids=[key for key in self.firm_ids.data or () if key],
        )


def offer_problems(field: SelectMultipleField, rows: Any) -> None:
    """Offer problems to tick, all ticked where the form is fresh."""
    field.choices = options((row.id, f"{row.number} {row.title} · {firm_on_page(row)}") for row in rows)


class NewMeetingForm(MeetingForm):
    issue_ids = ticks(_l("Problems to take up"))

    @property
    def chosen(self) -> list[int]:
        """The problems ticked."""
        return [key for key in self.issue_ids.data or () if key]


class PutOnForm(BaseForm):
    issue_ids = ticks(_l("Problems to take up"))
    meeting_id = choice(_l("Meeting"), coerce=whole_number)

    def offer(self, meetings: Any, rows: Any) -> None:
        """Offer the planned meetings and the problems."""
        offer_problems(self.issue_ids, rows)
        named = ((m.id, f"{m.meets_on} {m.starts_at:%H:%M} {m.title}") for m in meetings)
        self.meeting_id.choices = options(named, blank=gettext(NEW))

    @property
    def chosen(self) -> list[int]:
        """The problems ticked."""
        return [key for key in self.issue_ids.data or () if key]

    def validate_issue_ids(self, field: Any) -> None:
        offered = {int(value) for value, *_ in field.choices}
        if not offered.intersection(self.chosen):
            raise ValidationError(gettext("Tick the problems the meeting is to take up."))
        if len(set(self.chosen)) > rules.MOST_AT_ONCE:
            raise ValidationError(
                gettext(
                    "A meeting takes up at most %(most)d problems. Untick the rest, for another one.",
                    most=rules.MOST_AT_ONCE,
                )
            )


class CancelForm(BaseForm):
    reason = text(_l("Reason"), 200, required=True)


class BriefForm(BaseForm):
    brief = long_text(
        _l("Brief"), 2000, required=True, hint=_l("What the units read before the meeting."), rows=6
    )


class RecordForm(BaseForm):
    present = long_text(
        _l("Present"),
        PEOPLE,
        required=True,
        hint=_l("One person a line: unit, name, post. A list from a spreadsheet can be pasted."),
        rows=6,
    )
    observers = long_text(_l("Observers"), PEOPLE, hint=_l("In the same way."), rows=3)
    excused = long_text(_l("Excused"), PEOPLE, hint=_l("In the same way."), rows=2)
    opening = long_text(
        _l("Opening of the minutes"), 2000, hint=_l("What was heard and discussed, before the conclusions.")
    )
    demands = long_text(
        _l("Demands"), 2000, hint=_l("What the chair asks of all units, after the conclusions.")
    )
    distribution = text(_l("Distribution list"), 300, hint=_l("Who is sent the minutes."))

    def _check(self, field: Any) -> None:
        _, odd = rules.read_guests(field.data or "")
        if odd:
            raise ValidationError(
                gettext(
                    "Line %(lines)s: write unit and name, and the post if you like, separated by commas.",
                    lines=gettext(", ").join(map(str, odd)),
                )
            )

    validate_present = validate_observers = validate_excused = _check

    def entry(self) -> RecordEntry:
        guests = {presence: rules.read_guests(self[name].data or "")[0] for name, presence in GUESTS}
        return RecordEntry(
            guests, self.opening.data or "", self.demands.data or "", self.distribution.data or ""
        )


class ConclusionForm(BaseForm):
    verdict = choice(
        _l("Conclusion"),
        required=True,
        coerce=member(Conclusion),
        default=Conclusion.SETTLED,
        hint=_l("Settled sets a unit a duty with a day; escalated raises the problem one level."),
    )
    conclusion = long_text(_l("What was concluded"), 2000, required=True)
    lead_unit_id = choice(_l("Responsible unit"), coerce=whole_number)
    due_on = day(_l("To be done by"))
    extended_to = day(_l("Due date moved to"))
    delay = choice(_l("Why it takes longer"), coerce=member(Delay))
    told_enterprise = BooleanField(_l("The enterprise has been told that it takes longer, and why"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verdict.choices = choices(CONCLUSION_LABELS)
        self.lead_unit_id.choices = options(accounts.open_units(), blank=gettext("None"))
        self.delay.choices = choices(DELAY_LABELS, blank=gettext("Choose"))

    def prepare(self, actor: Actor, issue: Any) -> None:
        """Say how far the problem's due date can be moved, and what its unit asks for."""
        self.request = asked.waiting(issue, RequestKind.EXTENSION)
        span = asked.extension_span(issue) if asked.may_extend(actor, issue) else None
        self.can_extend = span is not None
        if span and self.request:
            wanted = self.request.IssueRequest.wanted_on
            bound(self.extended_to, None, wanted)
            self.extended_to.description = gettext(
                "The unit asks for %(day)s; that day or an earlier one grants it.", day=wanted.isoformat()
            )
        elif span:
            bound(self.extended_to, *span)
            self.extended_to.description = gettext(
                "Only if the meeting grants an extension; at the latest %(day)s.", day=span[1].isoformat()
            )

    def recall(self, granted: Any) -> None:
        """Fill in why it takes longer from the extension that the conclusion to be amended granted."""
        if granted is not None:
            self.delay.data, self.told_enterprise.data = Delay(granted.reason), granted.told_enterprise

    def entry(self) -> ConclusionEntry:
        amended = self["amended_for"].data if "amended_for" in self else ""
        return ConclusionEntry(
            self.verdict.data,
            self.conclusion.data or "",
            self.lead_unit_id.data,
            self.due_on.data,
            amended or "",
            self.extended_to.data,
            self.delay.data,
            bool(self.told_enterprise.data),
        )


class AmendedConclusionForm(ConclusionForm):
    amended_for = text(_l("Why it is amended"), 200, required=True)
