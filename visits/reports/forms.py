"""The choice of a period and of a part."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.filters import Days
from visits.core.forms import QueryForm, choice, day, options, whole_number
from visits.core.periods import Span
from visits.reports import spans
from visits.reports.filters import DIMENSIONS, NONE, Key, ReportFilter
from visits.reports.queries import Ground
from visits.reports.shapes import Part
from visits.reports.spans import EARLIEST, LATEST, Chosen, Kind


def park_name(value: str | None) -> Key | None:
    """Read a park from an address; 0 stands for none."""
    text = (value or "").strip()
    return NONE if text == str(NONE) else text or None


class SpanForm(QueryForm):
    from_on = day(_l("From day"), name="from")
    to_on = day(_l("Up to and including"), name="to")
    as_of = day(_l("As known at the end of"))

    def span(self, default: Span) -> Span:
        """The chosen period, or the default where none, or none that can be, was chosen."""
        first, last = self.from_on.data, self.to_on.data
        self.validate()
        if self.from_on.errors or self.to_on.errors or (first is None and last is None):
            return default
        last = last or max(first, today())
        if first and first > last:
            self.to_on.errors = [_l("The period ends before it begins.")]
            return default
        if (first or last).year < EARLIEST or last.year > LATEST:
            said = _l("Choose days from the years %(first)s to %(last)s.", first=EARLIEST, last=LATEST)
            self.to_on.errors = [said]
            return default
        return Span(first, last)

    def known_on(self) -> date | None:
        """The day as known at whose end is asked; none where it was not chosen or cannot be."""
        chosen = self.as_of.data
        if not self.as_of.validate(self):
            return None
        if chosen and chosen > today():
            self.as_of.errors = [_l("Nothing is known of a day to come. Choose today or an earlier day.")]
            return None
        return chosen


class PeriodForm(SpanForm):
    programme = choice(_l("Programme"), coerce=whole_number)

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        rows = [(named.id, named.name) for named in ground.named if named.dimension == "programme"]
        self.programme.choices = options(rows, _l("All programmes"))

    def wanted(self, default: Span) -> ReportFilter:
        """What the page is asked."""
        span = self.span(default)
        if (
            not self.from_on.errors and not self.to_on.errors
        ):  # the fields say which period is in force, also where none was chosen
            self.from_on.data, self.to_on.data = span.from_on, span.to_on
        return ReportFilter.of(span, self.known_on(), programme=self.programme.data)


class OverviewForm(PeriodForm):
    """The period of an overview: one the calendar knows, or days of one's own."""

    period = choice(_l("Period"), validate_choice=False)

    def chosen(self) -> Chosen:
        """The period in force, this month where none, or none that can be, is chosen."""
        now = spans.of_kind(Kind.MONTH, today())
        if self.period.data:
            found = spans.read(self.period.data, today())
            if found is None:
                self.period.errors = [_l("There is no such period. Choose one from the list.")]
        elif self.from_on.raw_data or self.to_on.raw_data:
            found = self._own(now)
        else:
            found = None
        found = found or now
        self._offer(found)
        return found

    def asks(self, chosen: Chosen) -> ReportFilter:
        """What the overview of that period is asked."""
        return ReportFilter.of(chosen.span, self.known_on(), programme=self.programme.data)

    def _own(self, now: Chosen) -> Chosen | None:
        span = self.span(now.span)
        if self.errors or self.from_on.data is self.to_on.data is None:
            return None
        return Chosen(Kind.OWN, "", span)

    def _offer(self, chosen: Chosen) -> None:
        """Let the fields say which period is in force, and which others there are."""
        if not self.errors:
            self.from_on.data, self.to_on.data = chosen.span.from_on, chosen.span.to_on
        if chosen.kind is not Kind.OWN:
            texts = spans.recent(chosen, today())
            self.period.choices = options((text, period_name(text)) for text in texts)
            self.period.data = chosen.text


def period_name(text: str) -> str:
    """A period as people say it."""
    year, _, part = text.partition("-")
    if part.startswith("Q"):
        return gettext("Q%(quarter)s %(year)s", year=year, quarter=part[1:])
    if part:
        return gettext("%(month)s/%(year)s", year=year, month=part.removeprefix("0"))
    return gettext("Year %(year)s", year=year)


class RowsForm(SpanForm):
    programme = HiddenField(filters=[whole_number])
    unit = HiddenField(filters=[whole_number])
    category = HiddenField(filters=[whole_number])
    group = HiddenField(filters=[whole_number])
    park = HiddenField(filters=[park_name])
    part = HiddenField()
    registered_from = day(_l("Registered from"))
    registered_to = day(_l("Registered up to"))

    def wanted(self, default: Span) -> ReportFilter:
        """Which rows the address asks for."""
        parts = {name: self[name].data for name in DIMENSIONS}
        registered = Days(self.registered_from.data, self.registered_to.data)
        return ReportFilter.of(self.span(default), self.known_on(), **parts, registered=registered)

    def chosen_part(self) -> Part:
        """Which of a figure's sets, by default what it counts."""
        try:
            return Part(self.part.data or Part.NUMERATOR.value)
        except ValueError:
            raise NotFound() from None
