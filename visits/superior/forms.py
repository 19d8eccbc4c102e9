"""Forms of superiors' forms: taking one in, what belongs into a cell, the repeated row, filling."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from visits.core.clock import today
from visits.core.forms import BaseForm, choice, choices, day, long_text, member, options, text, whole_number
from visits.core.periods import Month, Span, end_of
from visits.reports.forms import park_name
from visits.reports.measures import TABLES
from visits.reports.queries import Ground
from visits.reports.shapes import Part
from visits.reports.spans import EARLIEST, LATEST
from visits.superior import rules, sources
from visits.superior.models import WHEN_LABELS, When
from visits.superior.operations import CellEntry, FormEntry, RowEntry
from visits.superior.rules import Term
from visits.superior.scan import MAX_ROW

OWN_DAYS = "days"
FILE_HINT = _l("xlsx, up to 5 MB, as the superior sent it.")
XLSX = {"accept": ".xlsx"}


class DescriptionForm(BaseForm):
    name = text(_l("Name of the form"), 80, required=True)
    superior = text(_l("Who asks for it"), 80)
    note = long_text(_l("Remark"), 500, rows=2, hint=_l("By when it is due, whom to send it to."))
    is_dropped = BooleanField(_l("Not asked for any more"), description=_l("It cannot be filled then."))

    def entry(self) -> FormEntry:
        return FormEntry(
            self.name.data or "", self.superior.data or "", self.note.data or "", self.is_dropped.data
        )


class NewForm(DescriptionForm):
    is_dropped = None
    file = FileField(
        _l("Workbook"),
        validators=[FileRequired(_l("Choose a file."))],
        description=FILE_HINT,
        render_kw=XLSX,
    )

    def entry(self) -> FormEntry:
        return FormEntry(self.name.data or "", self.superior.data or "", self.note.data or "")


class VersionForm(BaseForm):
    file = FileField(
        _l("Workbook"),
        description=_l("Leave empty to keep the workbook and change only what stands where."),
        render_kw=XLSX,
    )


class CellForm(BaseForm):
    """What belongs into a cell; `rows` is the repeated row in which it stands, if it does."""

    source = choice(_l("What belongs there"), required=True, coerce=str)
    period = choice(_l("Which days it counts"), coerce=member(When), default=When.CHOSEN.value)
    part = choice(_l("Which number"), coerce=member(Part))  # type: ignore[arg-type]
    words = text(_l("Words around it"), 200)

    def __init__(self, ground: Ground, columns: Any, figures: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source.choices = _sources(columns, figures)
        self.period.choices = choices(WHEN_LABELS)
        self.part.choices = [
            SelectChoice("", gettext("The figure itself")),
            SelectChoice(Part.NUMERATOR.value, gettext("How many count (above the line)")),
            SelectChoice(Part.DENOMINATOR.value, gettext("Of how many (below the line)")),
        ]
        for name in self.dimensions:
            rows = [(named.id, named.name) for named in ground.named if named.dimension == name]
            self[name].choices = options(rows, gettext("All"))

    @property
    def dimensions(self) -> list[str]:
        """The fields that narrow a figure down."""
        return [field.name for field in self if field.name in sources.PART_LABELS]

    def entry(self) -> CellEntry:
        source, words = self.source.data, self.words.data or ""
        is_figure = source.startswith(sources.MEASURE)
        narrowed = {name: self[name].data for name in self.dimensions if self[name].data is not None}
        return CellEntry(
            source,
            self.part.data if is_figure else None,
            self.period.data or When.CHOSEN,
            narrowed if is_figure else {},
            words if source == sources.WORDS else "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that words which are to stand there have a blank."""
        is_right = super().validate(extra_validators)
        if self.source.data == sources.WORDS and not rules.blanks_of(self.words.data or ""):
            said = gettext("Write the words with at least one blank, such as {office}.")
            self.words.errors = [*self.words.errors, said]
            return False
        return is_right


def cell_form(dimensions: Any) -> type[CellForm]:
    """The form of a cell, with a choice for each way a figure can be narrowed down."""
    labels = {name: sources.PART_LABELS[name] for name in dimensions if name in sources.PART_LABELS}
    read = dict.fromkeys(labels, whole_number) | {"park": park_name}
    fields = {name: choice(_l(label), coerce=read[name]) for name, label in labels.items()}
    return type("CellForm", (CellForm,), fields)


def _sources(columns: Any, figures: Any) -> dict[str, list[SelectChoice]]:
    """What can be chosen, under headings; in a repeated row the list's columns come first."""
    offered: dict[str, list[SelectChoice]] = {"": [SelectChoice("", gettext("Choose…"))]}
    if columns:
        offered[gettext("Columns of the list")] = [
            SelectChoice(sources.COLUMN + key, gettext(column.heading)) for key, column in columns.items()
        ]
    for heading, measures in TABLES:
        known = [m for m in measures if figures is None or m.key in figures]
        if known:
            offered[gettext(heading)] = [
                SelectChoice(sources.MEASURE + m.key, gettext(m.label)) for m in known
            ]
    offered[gettext("Texts")] = [
        *(SelectChoice(key, gettext(text.label)) for key, text in sources.TEXTS.items()),
        SelectChoice(sources.SENTENCE, gettext("The sentence of the totals")),
        SelectChoice(sources.WORDS, gettext("Words with blanks, as below")),
    ]
    return offered


def row_number(label: Any, hint: Any = "") -> IntegerField:
    """The number of a row of a sheet."""
    return IntegerField(
        label,
        description=hint,
        validators=[
            InputRequired(_l("Enter the number of the row.")),
            NumberRange(1, MAX_ROW, _l("Enter the number of the row.")),
        ],
    )


class RowsForm(BaseForm):
    list_of = choice(_l("Repeat it for each of"), required=True, coerce=str)
    period = choice(_l("Of which days"), coerce=member(When), default=When.CHOSEN.value)
    first_row = row_number(_l("Row to repeat"))
    last_row = IntegerField(
        _l("Last row prepared"),
        description=_l("Only where the template has several blank rows for the list."),
        validators=[Optional(), NumberRange(1, MAX_ROW, _l("Enter the number of the row."))],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.list_of.choices = [
            SelectChoice("", gettext("Choose…")),
            *(SelectChoice(key, sources.list_label(key)) for key in sources.lists()),
        ]
        self.period.choices = choices(WHEN_LABELS)

    def validate_last_row(self, field: Any) -> None:
        if field.data and self.first_row.data and field.data < self.first_row.data:
            raise ValidationError(gettext("The last row lies above the first."))

    def entry(self) -> RowEntry:
        first = self.first_row.data
        return RowEntry(
            first, self.last_row.data or first, self.list_of.data, self.period.data or When.CHOSEN
        )


class ReleaseForm(BaseForm):
    from_on = day(_l("For periods that end on or after"))


class FillForm(BaseForm):
    term = choice(_l("Period"), required=True, coerce=str)
    first = day(_l("From day"), name="from")
    last = day(_l("Up to and including"), name="to")
    as_of = day(
        _l("As known at the end of"),
        hint=_l("Empty: as known now. What was entered or corrected later does not count then."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(data={"term": str(Month.of(today()).previous)}, **kwargs)
        terms = [(text, Term.parse(text)) for text, _, _ in rules.recent_terms(today())]
        self.term.choices = [
            *(SelectChoice(text, sources.term_words(term)) for text, term in terms if term),
            SelectChoice(OWN_DAYS, gettext("Days as below")),
        ]

    def validate_as_of(self, field: Any) -> None:
        if field.data and field.data > today():
            raise ValidationError(gettext("This day has not come yet."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the days too, which only count where no other period is chosen."""
        is_right = super().validate(extra_validators)
        if self.term.data != OWN_DAYS or self.first.errors or self.last.errors:
            return is_right
        if not (self.first.data and self.last.data):
            self.last.errors = [gettext("Choose both days.")]
        elif self.first.data > self.last.data:
            self.last.errors = [gettext("The period ends before it begins.")]
        elif self.first.data.year < EARLIEST:
            years = {"first": EARLIEST, "last": LATEST}
            self.last.errors = [gettext("Choose days from the years %(first)s to %(last)s.", **years)]
        return is_right and not self.last.errors

    def chosen(self) -> Term:
        if self.term.data == OWN_DAYS:
            return Term("days", Span(self.first.data, self.last.data))
        return Term.parse(self.term.data)  # type: ignore[return-value]

    def moment(self) -> Any:
        """The moment as of which it is filled; None for now."""
        return end_of(self.as_of.data) - timedelta(microseconds=1) if self.as_of.data else None
