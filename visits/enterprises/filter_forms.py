"""The filters of the register, and what the board of tiers is asked."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from visits.core.clock import today
from visits.core.filter_forms import FilterForm, several, with_nothing
from visits.core.filters import NOTHING
from visits.core.forms import QueryForm, choice, choices, day, member, options, text, whole_number
from visits.enterprises import listing, profile
from visits.enterprises.listing import EnterpriseFilters
from visits.enterprises.models import (
    LEVEL_LABELS,
    MEASURE_LABELS,
    OWNERSHIP_LABELS,
    STATUS_LABELS,
    EnterpriseStatus,
    Measure,
    Ownership,
    TagLevel,
)
from visits.enterprises.rules import EARLIEST
from visits.enterprises.standing import AMOUNT_LABELS, STANDING_LABELS, Amount, Standing
from visits.enterprises.tiers import MEASURES, PART_LABELS, Part, Wanted

YEARS_OFFERED = 12
FIGURE = re.compile(r"([a-z]+)-(\d{4})", re.ASCII)


class EnterpriseFilter(FilterForm):
    main_fields = ("q", "status", "street", "tag", "group")
    q = text(
        _l("Enterprise"), 60, render_kw={"type": "search", "placeholder": _l("Name, initials or code")}
    )
    status = several(_l("Status"), member(EnterpriseStatus))
    street = several(_l("Street"))
    tag = several(_l("Tag"))
    group = several(_l("Group"), whole_number)
    level = several(_l("Level of the tag"), member(TagLevel))
    district = several(_l("District"))
    park = several(_l("Park"))
    ownership = several(_l("Ownership"), member(Ownership))
    contact = choice(_l("Contacts"))
    provisional = choice(_l("Code"))
    figure = choice(_l("Figure of a year"))
    amount = choice(_l("It comes to"))
    on = day(_l("As of"))
    standing = choice(_l("Against the register"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = listing.offered()
        self.status.choices = choices(STATUS_LABELS)
        self.level.choices = with_nothing(choices(LEVEL_LABELS), gettext("No level"))
        self.ownership.choices = with_nothing(choices(OWNERSHIP_LABELS), gettext("Not known"))
        for name, nothing in (
            ("street", gettext("No street")),
            ("tag", gettext("No tag")),
            ("group", gettext("No group")),
            ("district", gettext("No district")),
            ("park", gettext("No park")),
        ):
            self[name].choices = with_nothing(options(offered[name]), nothing)
        self.contact.choices = options([(NOTHING, gettext("None on record"))], blank=gettext("Any"))
        self.provisional.choices = options([("1", gettext("Missing (provisional)"))], blank=gettext("Any"))
        others = {amount: label for amount, label in AMOUNT_LABELS.items() if amount is not Amount.ONE}
        self.amount.choices = choices(others, blank=gettext(AMOUNT_LABELS[Amount.ONE]))
        self.standing.choices = choices(STANDING_LABELS, blank=gettext("Any"))
        self._offer_figures()
        self.on.data = self._day_asked()  # of another the chip says that it is not understood

    def _offer_figures(self) -> None:
        known = profile.measured_years()
        if (asked := self._figure_asked()) and asked not in known:
            known.append(asked)
        self.figure.choices = options(
            (
                (f"{measure}-{year}", f"{year} {gettext(MEASURE_LABELS[measure])}")
                for measure, year in known
            ),
            blank=gettext("Any"),
        )

    def _figure_asked(self) -> tuple[Measure, int] | None:
        """The measure and year of the address; one of which nothing is known is understood too."""
        found = FIGURE.fullmatch(self.figure.data or "")
        measure = _one_of(Measure, found and found[1])
        return (measure, int(found[2])) if found and measure else None

    def _day_asked(self) -> date | None:
        return self.on.data if self.on.data and self.on.data > EARLIEST else None

    def filters(self) -> EnterpriseFilters:
        several = ("status", "district", "street", "park", "ownership", "tag", "level", "group")
        return EnterpriseFilters(
            q=self.q.data or "",
            without_contact=self.contact.data == NOTHING,
            without_code=self.provisional.data == "1",
            figure=self._figure_asked(),
            amount=_one_of(Amount, self.amount.data) or Amount.ONE,
            on=self._day_asked(),
            standing=_one_of(Standing, self.standing.data),
            **{name: self[name].picked for name in several},
        )


def _one_of(enum: Any, value: Any) -> Any:
    """The member of a value; none where there is no such member."""
    return enum(value) if value in set(enum) else None


class TiersForm(QueryForm):
    on = day(_l("As of"))
    year = choice(_l("Figures of"), coerce=whole_number)
    measure = choice(_l("Measure"), coerce=member(Measure))
    by = choice(_l("Divided by"), coerce=member(Part))

    def __init__(self) -> None:
        super().__init__()
        latest = today().year
        years = range(latest, latest - YEARS_OFFERED, -1)
        self.year.choices = options((year, str(year)) for year in years)
        self.measure.choices = choices({measure: MEASURE_LABELS[measure] for measure in MEASURES})
        self.by.choices = choices(PART_LABELS)

    def validate_on(self, field: Any) -> None:
        """Figures are of days that have been."""
        if field.data and not EARLIEST < field.data <= today():
            raise ValidationError(gettext("Choose a day up to today, not before 1900."))

    def wanted(self) -> Wanted:
        """What the board is asked: today, the year before and output, where nothing else that can be is."""
        self.validate()
        on = today() if self.on.errors or not self.on.data else self.on.data
        year = on.year - 1 if self.year.errors or not self.year.data else self.year.data
        measure = Measure.OUTPUT if self.measure.errors or not self.measure.data else self.measure.data
        by = Part.STREET if self.by.errors or not self.by.data else self.by.data
        if not self.errors:  # the fields say what is in force, also where nothing was chosen
            self.on.data, self.year.data, self.measure.data, self.by.data = on, year, measure, by
        return Wanted(on, year, measure, by)
