"""The filters of the list and of the board."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from visits.accounts import queries as accounts
from visits.core.clock import now, today
from visits.core.filter_forms import FilterForm, several, with_nothing
from visits.core.forms import choices, day, member, options, text, whole_number
from visits.core.periods import Span
from visits.coverage.filters import STANDING_LABELS, Asked, DueFilters, Standing
from visits.coverage.queries import By
from visits.enterprises import listing as register
from visits.programmes import records, rules
from visits.programmes.scope import Scope, scopes

OF_ANY_LIST = {"page", "sort", "columns", "row", "all"}


class PeriodFilter(FilterForm):
    """A programme, and a round or days; without either the calendar periods that run today."""

    programme = SelectField(_l("Programme"), validate_choice=False)
    round = SelectField(_l("Round"), validate_choice=False)
    from_on = day(_l("From day"), name="from")
    to_on = day(_l("Up to and including"), name="to")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scopes = scopes()
        self.rounds = {row.id: row for row in records.all_rounds()}
        self.programme.choices = options((s.programme_id, s.name) for s in self.scopes)
        named = ((row.id, f"{row.programme} · {row.name}") for row in self.rounds.values())
        self.round.choices = options(named, blank=gettext("None"))
        if (chosen := self.chosen_scope) is not None:
            self.programme.data = str(chosen.programme_id)

    @property
    def chosen_round(self) -> Any:
        """The round asked for, if there is one."""
        return self.rounds.get(whole_number(self.round.data) or 0)

    @property
    def chosen_scope(self) -> Scope | None:
        """The programme of the round, else the one asked for, else the first that requires visits."""
        wanted = (self.chosen_round and self.chosen_round.programme_id) or whole_number(self.programme.data)
        found = [scope for scope in self.scopes if scope.programme_id == wanted]
        requiring = [scope for scope in self.scopes if any(v.tiers for v in scope.versions)]
        return next(iter([*found, *requiring, *self.scopes]), None)

    @property
    def span(self) -> Span | None:
        """The days asked for; days that end before they begin are none."""
        if row := self.chosen_round:
            return Span(row.from_on, rules.last_day(row.until_on) or row.from_on)
        first, last = self.from_on.data, self.to_on.data
        if first is None and last is None:
            return None
        last = last or max(first, today())
        return Span(first, last) if first is None or first <= last else None

    def asked(self, *, every: bool = False) -> Asked | None:
        """What is asked, of one programme or of every one; None while there is none."""
        chosen = self.chosen_scope
        if chosen is None:
            return None
        wanted = self.scopes if every else [chosen]
        return Asked(tuple(scope.known_at(now()) for scope in wanted), self.span, today())


class BoardFilter(PeriodFilter):
    by = HiddenField()

    @property
    def chosen_part(self) -> By:
        """What the board is broken down by, by default groups."""
        return By(self.by.data) if self.by.data in set(By) else By.GROUP


class DueFilter(PeriodFilter):
    main_fields = ("programme", "standing", "group", "tier", "q")
    q = text(
        _l("Enterprise"), 60, render_kw={"type": "search", "placeholder": _l("Name, initials or code")}
    )
    standing = several(_l("Visits"), member(Standing))
    tier = several(_l("Tier"))
    group = several(_l("Service group"), whole_number)
    officer = several(_l("Primary officer"), whole_number)
    park = several(_l("Park"))
    street = several(_l("Street"))
    tag = several(_l("Tag"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = register.offered()
        self.standing.choices = choices(STANDING_LABELS)
        tiers = {t.name: None for s in self.scopes for v in s.versions for t in v.tiers}
        self.tier.choices = with_nothing(
            options((name, name) for name in tiers), gettext("No visit required")
        )
        self.group.choices = with_nothing(options(offered["group"]), gettext("No group"))
        self.officer.choices = with_nothing(options(accounts.active_people()), gettext("No officer"))
        self.park.choices = with_nothing(options(offered["park"]), gettext("No park"))
        self.street.choices = with_nothing(options(offered["street"]), gettext("No street"))
        if set(request.args) <= OF_ANY_LIST:  # the plain address means what it is called
            self.standing.data = [Standing.DUE.value]
        self.tag.choices = with_nothing(options(offered["tag"]), gettext("No tag"))

    def filters(self) -> DueFilters:
        return DueFilters(
            q=self.q.data or "",
            standing=self.standing.picked.values,
            tier=self.tier.picked,
            group=self.group.picked,
            officer=self.officer.picked,
            park=self.park.picked,
            street=self.street.picked,
            tag=self.tag.picked,
        )
