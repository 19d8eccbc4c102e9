"""Forms for what hangs on a record, and for putting records in order."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from visits.core.clock import today
from visits.core.forms import BaseForm, QueryForm, choice, choices, day, member, options, text, whole_number
from visits.enterprises import profile, rules
from visits.enterprises.models import LEVEL_LABELS, MEASURE_LABELS, Enterprise, Measure, TagLevel
from visits.enterprises.operations import (
    CHOOSABLE,
    FactEntry,
    GrantEntry,
    MergeEntry,
    SiteEntry,
)

SURVIVOR, OTHER = "survivor", "other"


class GrantForm(BaseForm):
    tag_id = choice(_l("Tag"), required=True, coerce=whole_number)
    level = choice(_l("Level"), coerce=member(TagLevel))
    granted_on = day(_l("Granted on"))
    expires_on = day(_l("Valid until"), hint=_l("The last day on which it counts; empty: for good."))
    document_no = text(_l("Document number"), 60)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tag_id.choices = options(profile.open_tags(), blank=gettext("Choose"))
        self.level.choices = choices(LEVEL_LABELS, blank=gettext("None"))

    def entry(self) -> GrantEntry:
        return GrantEntry(
            self.tag_id.data,
            self.level.data,
            self.granted_on.data,
            self.expires_on.data,
            self.document_no.data or "",
        )


class ReasonForm(BaseForm):
    reason = text(_l("Why"), 200, required=True)


class TagForm(BaseForm):
    name = text(_l("Name of the tag"), 30, required=True)
    is_closed = BooleanField(_l("Not granted any more"))


class FactForm(BaseForm):
    year = IntegerField(_l("Year"), validators=[InputRequired(_l("Enter a whole number."))])
    measure = choice(_l("Measure"), required=True, coerce=member(Measure))
    value = DecimalField(
        _l("Amount"), validators=[InputRequired(_l("Enter a number.")), NumberRange(min=0, max=10**14)]
    )
    unit = choice(_l("Unit of measure"), required=True)
    source = text(
        _l("Source of the figure"),
        60,
        required=True,
        hint=_l("Where the figure comes from, e.g. the statistics office."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.measure.choices = choices(MEASURE_LABELS)
        self.unit.choices = options([(unit, unit) for unit in rules.UNITS])
        if self.year.data is None and not self.is_submitted():
            self.year.data = today().year - 1

    def entry(self) -> FactEntry:
        return FactEntry(
            self.year.data, self.measure.data, self.value.data, self.unit.data, self.source.data or ""
        )


class SiteForm(BaseForm):
    name = text(_l("Name of the site"), 60, required=True, hint=_l("For example: second plant."))
    street = text(_l("Street"), 60)
    address = text(_l("Address"), 200, required=True)

    def entry(self) -> SiteEntry:
        return SiteEntry(self.name.data or "", self.address.data or "", self.street.data or "")


class FindForm(QueryForm):
    q = text(
        _l("Enterprise"), 60, render_kw={"type": "search", "placeholder": _l("Name, initials or code")}
    )


class MergeForm(BaseForm):
    other_revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    reason = text(_l("Why these are one enterprise"), 200, required=True)
    links_of = RadioField(_l("Who answers for it where both have somebody at the same time"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.links_of.choices = [
            SelectChoice(SURVIVOR, gettext("as at the record that stays")),
            SelectChoice(OTHER, gettext("as at the record that goes")),
        ]

    def entry(self, loser_id: int, winner_id: int) -> MergeEntry:
        chosen = {name for name in CHOOSABLE if name in self and self[name].data == OTHER}
        return MergeEntry(
            loser_id,
            winner_id,
            self.reason.data or "",
            frozenset(chosen),
            self.links_of.data == OTHER,
            self.other_revision.data,
            self.revision.data,
        )


def merge_form(winner: Enterprise, loser: Enterprise) -> MergeForm:
    """Make the form in which one chooses, where two records differ, what survives."""
    fields: Mapping[str, Any] = {
        name: RadioField(
            choices=[SelectChoice(SURVIVOR, ""), SelectChoice(OTHER, "")],
            default=SURVIVOR if getattr(winner, name) else OTHER,
        )
        for name in CHOOSABLE
        if getattr(winner, name) != getattr(loser, name) and getattr(loser, name)
    }
    made: type[MergeForm] = type("MergeForm", (MergeForm,), dict(fields))
    defaults = {"revision": winner.revision, "other_revision": loser.revision, "links_of": SURVIVOR}
    return made(data=defaults)
