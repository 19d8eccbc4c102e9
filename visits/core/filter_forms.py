"""The filter form of a list: several values of one field, periods told from today, and what is in force."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext
from wtforms import BooleanField, DateField, Field, HiddenField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import CheckboxInput, ListWidget

from visits.core.clock import today
from visits.core.filters import NOTHING, Days, Picked
from visits.core.forms import QueryForm, clean
from visits.core.periods import PERIOD_LABELS, Period, span_of

PAST = (
    Period.TODAY,
    Period.THIS_WEEK,
    Period.LAST_WEEK,
    Period.THIS_MONTH,
    Period.LAST_MONTH,
    Period.THIS_QUARTER,
    Period.THIS_YEAR,
    Period.LAST_7_DAYS,
    Period.LAST_30_DAYS,
)
COMING = (Period.TODAY, Period.THIS_WEEK, Period.NEXT_WEEK, Period.THIS_MONTH, Period.THIS_QUARTER)
MOST_CHIPS = 30
CHIP_LENGTH = 30
ELSEWHERE = frozenset({"page", "sort", "columns", "view"})
WHOLE = "view=all"  # the address of a list without any query may lead to the view a person chose for it


@dataclass(frozen=True)
class Chip:
    """One filter in force: its words, and the query without it; an odd one was not understood."""

    label: str
    words: str
    query: str
    is_odd: bool

    @property
    def said(self) -> str:
        """The filter in one line."""
        return self.label + gettext(": ") + self.words if self.words else self.label


class SeveralField(SelectMultipleField):
    """Ticks of which any number may be chosen; what cannot be read narrows nothing."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, reader: Callable[[str], Any] = str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.reader = reader

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what the address says, each value once."""
        self.data = list(dict.fromkeys(value for value in map(clean, valuelist) if value))

    def pre_validate(self, form: Any) -> None:
        """An unknown value is no fault: it may be a record closed since the address was kept."""

    def read(self, value: str) -> Any:
        """The value in its type, None when it has none."""
        try:
            return self.reader(value)
        except ValueError:
            return None

    @property
    def picked(self) -> Picked:
        """What the list is narrowed to."""
        values = [self.read(value) for value in self.data or () if value != NOTHING]
        return Picked(tuple(v for v in values if v is not None), NOTHING in (self.data or ()))

    @property
    def offered(self) -> list[tuple[str, str, bool]]:
        """Each choice: its value, its label, whether it is ticked."""
        ticked = set(self.data or ())
        return [(choice.value, str(choice.label), choice.value in ticked) for choice in self.choices or ()]

    @property
    def chosen(self) -> list[str]:
        """The labels of the ticks set."""
        return [label for _, label, is_ticked in self.offered if is_ticked]


def several(label: Any, reader: Callable[[str], Any] = str) -> SeveralField:
    """Ticks whose values `reader` understands; their choices are set by the form's constructor."""
    return SeveralField(label, reader, choices=[])


def with_nothing(choices: Iterable[SelectChoice], label: str) -> list[SelectChoice]:
    """Choices with "not filled in" put first."""
    return [SelectChoice(NOTHING, label), *choices]


def period(label: Any, offered: Iterable[Period] = PAST, nothing: Any = None) -> SelectField:
    """A choice of periods told from today, and with `nothing` of rows without a day."""

    def offers() -> list[SelectChoice]:
        ends = [SelectChoice(NOTHING, str(nothing))] if nothing else []
        named = [SelectChoice(p.value, gettext(PERIOD_LABELS[p])) for p in offered]
        return [SelectChoice("", gettext("Any time")), *named, *ends]

    return SelectField(label, choices=offers, validate_choice=False)


class FilterForm(QueryForm):
    """The filters of one list.

    `main_fields` are shown at once, the others under "more filters"; without names all are shown.
    """

    main_fields: ClassVar[tuple[str, ...]] = ()

    def days(self, name: str) -> Days:
        """The days that a period, `name`_from and `name`_to ask for; of several all must hold."""
        said = self[name].data
        span = span_of(Period(said), today()) if said in set(Period) else None
        firsts = [day for day in (span and span.from_on, self._day(f"{name}_from")) if day]
        lasts = [day for day in (span and span.to_on, self._day(f"{name}_to")) if day]
        return Days(max(firsts, default=None), min(lasts, default=None), said == NOTHING)

    def _day(self, name: str) -> date | None:
        return self[name].data if name in self else None

    def name_of(self, field: Field) -> str | None:
        """The name of the record a hidden field narrows to; lists that have such fields say it."""
        return str(field.data) if field.data else None

    @property
    def is_narrowed(self) -> bool:
        """Whether the address asks for less than the whole list."""
        return bool(self.chips)

    @property
    def chips(self) -> list[Chip]:
        """Each filter of the address, in its order."""
        by_name = {field.name: field for field in self}
        pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
        found: list[Chip] = []
        for place, (key, value) in enumerate(pairs):
            if key in by_name and value.strip() and len(found) < MOST_CHIPS:
                words = self._words(by_name[key], clean(value))
                rest = urlencode(pairs[:place] + pairs[place + 1 :]) or WHOLE
                shown = value if words is None else words
                label = str(by_name[key].label.text)
                found.append(Chip(label, _shortened(shown), rest, words is None))
        return found

    @property
    def said(self) -> list[str]:
        """The filters that are understood, each in one line."""
        return [chip.said for chip in self.chips if not chip.is_odd]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address says besides filters, so that a search keeps the order and the columns."""
        return [(k, v) for k, v in request.args.items(multi=True) if k in ELSEWHERE - {"page"} and v]

    @property
    def cleared(self) -> str:
        """The query without any filter."""
        return urlencode(self.kept) or WHOLE

    def _words(self, field: Field, value: str) -> str | None:
        """What a value of the address means; None when it means nothing here."""
        if isinstance(field, SelectFieldBase):
            return _choice_words(field, value)
        if isinstance(field, HiddenField):
            return self.name_of(field)
        if isinstance(field, BooleanField):
            return "" if field.data else None
        if isinstance(field, DateField):
            return value if field.data else None
        return str(field.data) if field.data else None


def _choice_words(field: SelectFieldBase, value: str) -> str | None:
    labels = {str(option[0]): str(option[1]) for option in field.iter_choices()}
    if value in labels:
        return labels[value]
    is_read = isinstance(field, SeveralField) and field.read(value) is not None
    return value if is_read else None


def _shortened(text: str) -> str:
    return text if len(text) <= CHIP_LENGTH else f"{text[:CHIP_LENGTH]}…"
