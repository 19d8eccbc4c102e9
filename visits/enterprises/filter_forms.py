"""The filters of the register."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from visits.core.filter_forms import FilterForm, several, with_nothing
from visits.core.filters import NOTHING
from visits.core.forms import choice, choices, member, options, text, whole_number
from visits.enterprises import listing, profile
from visits.enterprises.listing import EnterpriseFilters
from visits.enterprises.models import MEASURE_LABELS, STATUS_LABELS, EnterpriseStatus


class EnterpriseFilter(FilterForm):
    main_fields = ("q", "status", "street", "tag", "group")
    q = text(
        _l("Enterprise"), 60, render_kw={"type": "search", "placeholder": _l("Name, initials or code")}
    )
    status = several(_l("Status"), member(EnterpriseStatus))
    street = several(_l("Street"))
    tag = several(_l("Tag"))
    group = several(_l("Group"), whole_number)
    district = several(_l("District"))
    park = several(_l("Park"))
    contact = choice(_l("Contacts"))
    provisional = choice(_l("Code"))
    hundred_million = choice(_l("100 million yuan or more"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = listing.offered()
        self.status.choices = choices(STATUS_LABELS)
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
        self.measured = {f"{measure}-{year}": (measure, year) for measure, year in profile.measured_years()}
        self.hundred_million.choices = options(
            (
                (key, f"{year} {gettext(MEASURE_LABELS[measure])}")
                for key, (measure, year) in self.measured.items()
            ),
            blank=gettext("Any"),
        )

    def filters(self) -> EnterpriseFilters:
        return EnterpriseFilters(
            q=self.q.data or "",
            without_contact=self.contact.data == NOTHING,
            without_code=self.provisional.data == "1",
            hundred_million=self.measured.get(self.hundred_million.data or ""),
            **{
                name: self[name].picked for name in ("status", "district", "street", "park", "tag", "group")
            },
        )
