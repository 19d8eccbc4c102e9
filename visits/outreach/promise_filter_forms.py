"""The filters of the list of promises."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from visits.core.filter_forms import COMING, FilterForm, period, several, with_nothing
from visits.core.forms import choices, day, options, text, whole_number
from visits.core.periods import Period
from visits.enterprises import queries as enterprises
from visits.outreach.promise_listing import STANDING_LABELS, WHOSE_LABELS, PromiseFilters
from visits.programmes import queries as programmes

DAYS = (*COMING, Period.LAST_WEEK, Period.LAST_MONTH, Period.THIS_YEAR)


class PromiseFilter(FilterForm):
    main_fields = ("q", "whose", "standing", "due")
    q = text(_l("Enterprise, promise or person"), 60, render_kw={"type": "search"})
    whose = several(_l("Whose"), lambda value: value if value in WHOSE_LABELS else None)
    standing = several(_l("Now"), lambda value: value if value in STANDING_LABELS else None)
    due = period(_l("By when"), DAYS, nothing=_l("No day"))
    due_from = day(_l("By when, from"))
    due_to = day(_l("By when, until"))
    kept_on = period(_l("Kept on"))
    group = several(_l("Group"), whole_number)
    enterprise = HiddenField(_l("Enterprise"), filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.whose.choices = choices(WHOSE_LABELS)
        self.standing.choices = choices(STANDING_LABELS)
        _known, groups = programmes.programmes_and_groups(None)
        self.group.choices = with_nothing(options(groups), gettext("No group"))

    def name_of(self, field: Field) -> str | None:
        if not field.data:
            return None
        return enterprises.names_of([field.data]).get(field.data, str(field.data))

    def filters(self) -> PromiseFilters:
        return PromiseFilters(
            q=self.q.data or "",
            standing=self.standing.picked.values,
            whose=self.whose.picked.values,
            group=self.group.picked,
            due=self.days("due"),
            kept=self.days("kept_on"),
            enterprise_id=self.enterprise.data,
        )
