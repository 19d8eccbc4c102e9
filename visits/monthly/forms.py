"""Forms of the monthly report: which month, one text, the rows of one figure, why it is taken back."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from visits.core.errors import NotFound
from visits.core.forms import BaseForm, QueryForm, long_text, text, whole_number
from visits.monthly.content import Content
from visits.monthly.operations import MOST_TEXT
from visits.reports.filters import DIMENSIONS, ReportFilter
from visits.reports.forms import park_name
from visits.reports.shapes import Part


class RenewForm(BaseForm):
    ranks_units = BooleanField(_l("Rank the units"))


class TextForm(BaseForm):
    words = long_text(
        _l("Text"),
        MOST_TEXT,
        rows=12,
        hint=_l("Each line is a paragraph. Without text the section is left out of the report."),
    )


class StepForm(BaseForm):
    pass


class WithdrawForm(BaseForm):
    reason = text(
        _l("Reason"), 200, required=True, hint=_l("It stands beside the report, which stays readable.")
    )


class RowsForm(QueryForm):
    of = HiddenField()
    part = HiddenField()
    programme = HiddenField(filters=[whole_number])
    unit = HiddenField(filters=[whole_number])
    category = HiddenField(filters=[whole_number])
    group = HiddenField(filters=[whole_number])
    park = HiddenField(filters=[park_name])

    def wanted(self, content: Content) -> ReportFilter:
        """Which rows are asked for, as known at the moment of the report."""
        if (named := self.of.data or "month") not in content.spans:
            raise NotFound()
        return content.wanted(named, **{name: self[name].data for name in DIMENSIONS})

    def chosen_part(self) -> Part:
        """Which of a figure's sets, by default what it counts."""
        try:
            return Part(self.part.data or Part.NUMERATOR.value)
        except ValueError:
            raise NotFound() from None
