"""Forms of programmes: what they count, their rounds, their rule and tiers, and who is listed by name."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, FieldList, Form, FormField, IntegerField, RadioField
from wtforms.validators import NumberRange, Optional, ValidationError

from visits.core.clock import today
from visits.core.filter_forms import several
from visits.core.forms import (
    BaseForm,
    NotBefore,
    TrimmedMeta,
    choice,
    choices,
    day,
    member,
    options,
    text,
    whole_number,
)
from visits.enterprises import listing as register
from visits.enterprises import profile
from visits.enterprises.models import MEASURE_LABELS, Measure
from visits.enterprises.rules import HUNDRED_MILLION
from visits.programmes import rules
from visits.programmes.by_line import NamedByLine
from visits.programmes.models import (
    MODE_LABELS,
    PERIOD_LABELS,
    PROGRAMME_KIND_LABELS,
    Period,
    Programme,
    ProgrammeKind,
    VisitMode,
)
from visits.programmes.operations import (
    ListingEntry,
    ProgrammeEntry,
    RoundEntry,
    ScopeEntry,
    TierEntry,
)
from visits.programmes.operations.scopes import MOST_TIERS

MOST_VISITS = 60
MOST_AMOUNT = Decimal("99999999999")
# The tiers offices begin with: tag code or measure, then visits and period; a missing tag is left out.
# Who makes a hundred million is worked out from the figures on record, never taken from a tag.
USUAL_TIERS: tuple[tuple[str | Measure, int, Period], ...] = (
    ("key", 1, Period.MONTH),
    (Measure.OUTPUT, 1, Period.MONTH),
    ("above_scale", 1, Period.QUARTER),
)


class ProgrammeForm(BaseForm):
    name = text(_l("Name of the programme"), 60, required=True)
    kind = choice(_l("Kind"), required=True, coerce=member(ProgrammeKind))
    counted_modes = several(_l("Manners that count as a visit"), member(VisitMode))
    starts_on = day(_l("First day"), hint=_l("Leave empty if it has always run."))
    ends_on = day(_l("Last day"), hint=_l("Leave empty while it is not known."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices(PROGRAMME_KIND_LABELS)
        self.counted_modes.choices = choices(MODE_LABELS)
        if not self.is_submitted() and not self.counted_modes.data:
            self.counted_modes.data = [VisitMode.ON_SITE.value, VisitMode.SYMPOSIUM.value]

    def entry(self) -> ProgrammeEntry:
        return ProgrammeEntry(
            self.name.data or "",
            self.kind.data,
            [mode.value for mode in self.counted_modes.picked.values],
            self.starts_on.data,
            self.ends_on.data,
        )


class RoundForm(BaseForm):
    name = text(_l("Name of the round"), 60, required=True, hint=_l("For example: first round of 2026"))
    from_on = day(_l("First day"), required=True)
    last_on = day(_l("Last day"), required=True)

    def entry(self) -> RoundEntry:
        return RoundEntry(self.name.data or "", self.from_on.data, rules.day_after(self.last_on.data))


class TierRow(Form):
    class Meta(TrimmedMeta):
        csrf = False

    name = text(_l("Name of the tier"), 30)
    tag_id = choice(_l("Holds the tag"), coerce=whole_number)
    measure = choice(_l("Or reached in the latest year known"), coerce=member(Measure))
    at_least = DecimalField(
        _l("At least"), validators=[Optional(), NumberRange(min=0, max=MOST_AMOUNT)], places=None
    )
    visits = IntegerField(_l("Visits"), validators=[Optional(), NumberRange(min=1, max=MOST_VISITS)])
    period = choice(_l("in"), coerce=member(Period))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        typed = [f.raw_data[0] if f.raw_data else f.data for f in self if f.short_name != "period"]
        return not any(typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with anything in it needs a name and a number, and a figure its amount."""
        is_sound = super().validate(extra_validators)
        if self.is_blank:
            return is_sound
        said: list[tuple[Any, bool, str]] = [
            (self.name, not self.name.data, gettext("Give the tier a name.")),
            (self.visits, self.visits.data is None, gettext("Say how many visits this tier requires.")),
            (
                self.at_least,
                (self.measure.data is None) != (self.at_least.data is None),
                gettext("A figure and an amount belong together: fill in both or neither."),
            ),
        ]
        for field, is_wrong, words in said:
            if is_wrong and not field.errors:
                field.errors = [words]
                is_sound = False
        return is_sound

    def entry(self) -> TierEntry:
        return TierEntry(
            self.name.data or "",
            self.visits.data or 1,
            self.period.data or Period.MONTH,
            self.tag_id.data,
            self.measure.data,
            self.at_least.data,
        )


class ScopeForm(BaseForm):
    from_on = day(
        _l("Holds from"),
        required=True,
        hint=_l("A month, quarter or half-year is counted by the rule that holds on its last day."),
    )
    reason = text(_l("Reason"), 200, required=True, hint=_l("For example: the office's plan for the year"))
    tags = several(_l("Tags"), whole_number)
    groups = several(_l("Service groups"), whole_number)
    parks = several(_l("Parks"))
    districts = several(_l("Districts"))
    linked = BooleanField(_l("Only enterprises somebody answers for in this programme"))
    listed_only = BooleanField(_l("Only enterprises listed by name"))
    tiers = FieldList(FormField(TierRow), _l("Tiers"), min_entries=MOST_TIERS, max_entries=MOST_TIERS)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered_tags = profile.open_tags()
        offered = register.offered()
        self.tags.choices = options(self.offered_tags)
        self.groups.choices = options(offered["group"])
        self.parks.choices = options(offered["park"])
        self.districts.choices = options(offered["district"])
        tags = options(self.offered_tags, blank=gettext("Any"))
        measures, periods = choices(MEASURE_LABELS, blank=gettext("No figure")), choices(PERIOD_LABELS)
        for row in self.tiers:
            row.form.tag_id.choices, row.form.measure.choices = tags, measures
            row.form.period.choices = periods

    def validate_tiers(self, field: Any) -> None:
        """Behind a tier that takes all the rest no enterprise is left for another."""
        kept = [row.form for row in field if not row.form.is_blank]
        for row in kept[:-1]:
            if row.tag_id.data is None and row.measure.data is None:
                raise ValidationError(
                    gettext(
                        "The tier “%(name)s” takes all that are left: it must be the last one.",
                        name=row.name.data,
                    )
                )

    def conditions(self) -> dict[str, Any]:
        """What the rule narrows the register to, as it is stored."""
        found: dict[str, Any] = {
            name: list(self[name].picked.values) for name in ("tags", "groups", "parks", "districts")
        }
        found |= {name: True for name in ("linked", "listed_only") if self[name].data}
        return {name: value for name, value in found.items() if value}

    def entry(self) -> ScopeEntry:
        return ScopeEntry(
            self.from_on.data,
            self.reason.data or "",
            self.conditions(),
            [row.form.entry() for row in self.tiers if not row.form.is_blank],
        )

    def begin_with(self, version: Any) -> None:
        """Show a version's conditions and tiers, to be changed into the next one."""
        for name in ("tags", "groups", "parks", "districts"):
            self[name].data = [str(value) for value in version.conditions.get(name, ())]
        for name in ("linked", "listed_only"):
            self[name].data = bool(version.conditions.get(name))
        for row, tier in zip(self.tiers, version.tiers, strict=False):
            for name in ("name", "tag_id", "measure", "at_least", "visits", "period"):
                row.form[name].data = getattr(tier, name)

    def offer_usual_tiers(self) -> None:
        """Put the usual tiers into the rows: important enterprises monthly, the others less often."""
        ids = profile.tag_ids_by_code()
        names = dict(self.offered_tags)
        rows: list[dict[str, Any]] = []
        for what, visits, period in USUAL_TIERS:
            row: dict[str, Any] = {"visits": visits, "period": period}
            if isinstance(what, Measure):
                title = gettext("Output of 100 million yuan and more")
                rows.append(row | {"name": title, "measure": what, "at_least": HUNDRED_MILLION})
            elif ids.get(what) in names:
                rows.append(row | {"name": names[ids[what]], "tag_id": ids[what]})
        rows.append({"name": gettext("Other enterprises"), "visits": 1, "period": Period.HALF_YEAR})
        rows += [{"name": ""}] * (MOST_TIERS - len(rows))
        for line, values in zip(self.tiers, rows, strict=True):
            for name in ("at_least", "visits"):
                line.form[name].raw_data = None
            for name in ("name", "tag_id", "measure", "at_least", "visits", "period"):
                line.form[name].data = values.get(name)


class ListingForm(NamedByLine, BaseForm):
    is_excluded = RadioField(_l("What to do"), default="0")
    reason = text(_l("Reason"), 200, required=True)
    from_on = day(_l("First day"), required=True, default=today)
    last_on = day(_l("Last day"), hint=_l("Leave empty while it is not known."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        ways = (("0", gettext("Add to the programme")), ("1", gettext("Take out of the programme")))
        self.is_excluded.choices = list(ways)

    def validate_last_on(self, field: Any) -> None:
        NotBefore("from_on")(self, field)

    def entry(self) -> ListingEntry:
        return ListingEntry(
            self.enterprise_ids,
            self.is_excluded.data == "1",
            self.from_on.data,
            rules.after(self.last_on.data),
            self.reason.data or "",
        )


def programme_form(programme: Programme) -> ProgrammeForm:
    """The form of a programme that is there."""
    form = ProgrammeForm(obj=programme)
    if not form.is_submitted():
        form.counted_modes.data = list(programme.counted_modes)
    return form
