"""The filters of the ledgers: a period, by which day, and parts of the whole."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from visits.core.filter_forms import PAST, FilterForm, period, several, with_nothing
from visits.core.forms import choice, choices, day, member, options, whole_number
from visits.enterprises import listing as register
from visits.enterprises.models import STATUS_LABELS, EnterpriseStatus
from visits.issues import listing as problems
from visits.issues.models import OUTCOME_LABELS, SOURCE_LABELS, IssueSource
from visits.issues.rules import Outcome
from visits.issues.states import STATE_LABELS, State
from visits.ledgers.books import LEDGERS
from visits.ledgers.filters import BY_LABELS, Wanted
from visits.ledgers.models import Book
from visits.programmes.models import MODE_LABELS, VisitMode


class LedgerFilter(FilterForm):
    """A period, and the parts of one `book` that `names` names."""

    main_fields = ("period", "period_from", "period_to", "by", "unit", "programme")
    book: Book
    names: tuple[str, ...] = ()
    period = period(_l("Period"), PAST)
    period_from = day(_l("From day"))
    period_to = day(_l("Up to and including"))

    def offer(self) -> dict[str, list[Any]]:
        """Fill the choices that every ledger has, and return what else there is."""
        offered: dict[str, list[Any]] = {**register.offered(), **problems.offered()}
        nothing = {
            "programme": gettext("No programme"),
            "group": gettext("No group"),
            "park": gettext("No park"),
            "unit": gettext("No unit yet"),
        }
        for name in (name for name in nothing if name in self):
            self[name].choices = with_nothing(options(offered[name]), nothing[name])
        if "by" in self:
            self["by"].choices = choices({by: BY_LABELS[by] for by in LEDGERS[self.book].bys})
        return offered

    @property
    def is_reversed(self) -> bool:
        """Whether the days asked for end before they begin."""
        days = self.days("period")
        return bool(days.first and days.last and days.first > days.last)

    def wanted(self) -> Wanted:
        """What the ledger is asked for."""
        said = self["by"].data if "by" in self else None
        parts = {name: self[name].picked for name in self.names}
        by = next((by for by in LEDGERS[self.book].bys if by == said), None)
        return Wanted(self.days("period"), by, parts)


class VisitLedgerFilter(LedgerFilter):
    book = Book.VISITS
    names = ("programme", "unit", "group", "park", "mode")
    by = choice(_l("The period is about"), coerce=str)
    programme = several(_l("Programme"), whole_number)
    unit = several(_l("Unit"), whole_number)
    group = several(_l("Group"), whole_number)
    park = several(_l("Park"))
    mode = several(_l("Mode"), member(VisitMode))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer()
        self.mode.choices = choices(MODE_LABELS)


class ProblemLedgerFilter(LedgerFilter):
    book = Book.PROBLEMS
    names = ("unit", "programme", "category", "group", "park", "state", "source", "outcome")
    by = choice(_l("The period is about"), coerce=str)
    unit = several(_l("Unit"), whole_number)
    programme = several(_l("Programme"), whole_number)
    category = several(_l("Category"), whole_number)
    state = several(_l("State"), member(State))
    group = several(_l("Group"), whole_number)
    park = several(_l("Park"))
    source = several(_l("Source"), member(IssueSource))
    outcome = several(_l("Outcome"), member(Outcome))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = self.offer()
        self.category.choices = options(offered["category"])
        self.state.choices = choices(STATE_LABELS)
        self.source.choices = choices(SOURCE_LABELS)
        self.outcome.choices = with_nothing(choices(OUTCOME_LABELS), gettext("No outcome yet"))


class EnterpriseLedgerFilter(LedgerFilter):
    book = Book.ENTERPRISES
    main_fields = ("period", "period_from", "period_to", "programme", "park", "status")
    names = ("programme", "group", "park", "street", "tag", "status")
    programme = several(_l("In the scope of"), whole_number)
    park = several(_l("Park"))
    status = several(_l("Status"), member(EnterpriseStatus))
    group = several(_l("Group"), whole_number)
    street = several(_l("Street"))
    tag = several(_l("Tag"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = self.offer()
        self.programme.choices = options(offered["programme"])
        self.street.choices = with_nothing(options(offered["street"]), gettext("No street"))
        self.tag.choices = with_nothing(options(offered["tag"]), gettext("No tag"))
        self.status.choices = choices(STATUS_LABELS)


FORMS: dict[Book, type[LedgerFilter]] = {
    Book.VISITS: VisitLedgerFilter,
    Book.PROBLEMS: ProblemLedgerFilter,
    Book.ENTERPRISES: EnterpriseLedgerFilter,
}
