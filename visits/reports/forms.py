"""The choice of a period and of a part."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.forms import QueryForm, choice, day, options, whole_number
from visits.core.periods import Span
from visits.reports.filters import DIMENSIONS, ReportFilter
from visits.reports.queries import Ground
from visits.reports.shapes import Part


class SpanForm(QueryForm):
    from_on = day(_l("From day"), name="from")
    to_on = day(_l("Up to and including"), name="to")

    def span(self, default: Span) -> Span:
        """The chosen period, or the default where none, or none that can be, was chosen."""
        first, last = self.from_on.data, self.to_on.data
        if not self.validate() or (first is None and last is None):
            return default
        last = last or max(first, today())
        if first and first > last:
            self.to_on.errors = [_l("The period ends before it begins.")]
            return default
        return Span(first, last)


class PeriodForm(SpanForm):
    programme = choice(_l("Programme"), coerce=whole_number)

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        rows = [(named.id, named.name) for named in ground.named if named.dimension == "programme"]
        self.programme.choices = options(rows, _l("All programmes"))

    def wanted(self, default: Span) -> ReportFilter:
        """What the page is asked."""
        span = self.span(default)
        if not self.errors:  # the fields say which period is in force, also where none was chosen
            self.from_on.data, self.to_on.data = span.from_on, span.to_on
        return ReportFilter.of(span, programme=self.programme.data)


class RowsForm(SpanForm):
    programme = HiddenField(filters=[whole_number])
    unit = HiddenField(filters=[whole_number])
    category = HiddenField(filters=[whole_number])
    group = HiddenField(filters=[whole_number])
    part = HiddenField()

    def wanted(self, default: Span) -> ReportFilter:
        """Which rows the address asks for."""
        parts = {name: self[name].data for name in DIMENSIONS}
        return ReportFilter.of(self.span(default), **parts)

    def chosen_part(self) -> Part:
        """Which of a figure's sets, by default what it counts."""
        try:
            return Part(self.part.data or Part.NUMERATOR.value)
        except ValueError:
            raise NotFound() from None
