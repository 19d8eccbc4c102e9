"""The filters of the list of problems."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField

from visits.core.filter_forms import COMING, FilterForm, period, several, with_nothing
from visits.core.forms import choices, day, member, options, text, whole_number
from visits.core.i18n import N_
from visits.enterprises import queries as enterprises
from visits.issues import listing
from visits.issues.boards import BOARDS, BY_KEY
from visits.issues.filters import STATE_SETS, IssueFilters
from visits.issues.marks import LEVEL_NAMES, MARK_LABELS, Mark
from visits.issues.models import (
    COMPLEXITY_LABELS,
    FLAG_LABELS,
    OUTCOME_LABELS,
    REQUEST_LABELS,
    SOURCE_LABELS,
    URGENCY_LABELS,
    IssueSource,
    RedFlag,
)
from visits.issues.rules import Complexity, Outcome, RequestKind, Tone, Urgency
from visits.issues.states import STATE_LABELS, State

SET_LABELS = {"open": N_("All open"), "counted": N_("All counted"), "all": N_("All, void too")}
LIGHT_LABELS = {
    Tone.RED: N_("Red: overdue"),
    Tone.YELLOW: N_("Yellow: due soon"),
    Tone.GREEN: N_("Green: in time"),
    Tone.GREY: N_("Grey: suspended"),
}
STAGE_LABELS = {Tone.RED: N_("Red: overdue"), Tone.YELLOW: N_("Yellow: due soon")}
NEAR_LABELS = {
    "desk": N_("On my unit's desk"),
    "authored": N_("Registered by me"),
    "followed": N_("Followed by me"),
}
PICKED = (
    "red_flag",
    "category",
    "unit",
    "lead",
    "programme",
    "group",
    "source",
    "urgency",
    "complexity",
    "outcome",
)


def state_or_set(value: str) -> str:
    """A state or a set of states; anything else cannot be read."""
    return value if value in STATE_SETS else State(value).value


def way_near(value: str) -> str | None:
    """A way in which a problem is near."""
    return value if value in NEAR_LABELS else None


def board_key(value: str) -> str | None:
    """A list of the board."""
    return value if value in BY_KEY else None


def level_of(value: str) -> int | None:
    """A level of escalation."""
    return int(value) if value in {str(level) for level in LEVEL_NAMES} else None


class IssueFilter(FilterForm):
    main_fields = ("q", "state", "light", "unit", "registered")
    q = text(_l("Find"), 60, render_kw={"type": "search", "placeholder": _l("Number, words or enterprise")})
    state = several(_l("State"), state_or_set)
    light = several(_l("Light"), member(Tone))
    unit = several(_l("Unit"), whole_number)
    lead = several(_l("Unit in charge now"), whole_number)
    registered = period(_l("Day registered"))
    mine = several(_l("Whose"), way_near)
    board = several(_l("Stuck"), board_key)
    category = several(_l("Category"), whole_number)
    programme = several(_l("Programme"), whole_number)
    group = several(_l("Group"), whole_number)
    source = several(_l("Source"), member(IssueSource))
    urgency = several(_l("Urgency"), member(Urgency))
    complexity = several(_l("Complexity"), member(Complexity))
    outcome = several(_l("Outcome"), member(Outcome))
    due = period(_l("Due on"), COMING, nothing=_l("No due date"))
    due_from = day(_l("Due from"))
    due_to = day(_l("Due until"))
    registered_from = day(_l("Registered from"))
    registered_to = day(_l("Registered until"))
    asked = several(_l("Asked for"), member(RequestKind))
    review = period(_l("Review day"), COMING)
    review_from = day(_l("Review from"))
    review_to = day(_l("Review until"))
    promised = period(_l("Will be done by"), COMING)
    promised_from = day(_l("Promised from"))
    promised_to = day(_l("Promised until"))
    closed = period(_l("Closed on"), nothing=_l("Not closed yet"))
    closed_from = day(_l("Closing from"))
    closed_to = day(_l("Closing until"))
    overdue = BooleanField(_l("Overdue only"))
    on_spot = BooleanField(_l("On the spot only"))
    needs_info = BooleanField(_l("Information asked for"))
    stage = several(_l("Interim report"), member(Tone))
    office_late = BooleanField(_l("Office late"))
    red_flag = several(_l("Red flag"), member(RedFlag))
    escalated = several(_l("Escalated at least to"), level_of)
    marks = several(_l("Marks"), member(Mark))
    enterprise = HiddenField(_l("Enterprise"), filters=[whole_number])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered = listing.offered()
        self.asked.choices = choices(REQUEST_LABELS)
        self.state.choices = choices({**SET_LABELS, **STATE_LABELS})
        self.mine.choices = choices(NEAR_LABELS)
        self.board.choices = choices({board.key: board.label for board in BOARDS})
        self.light.choices = choices(LIGHT_LABELS)
        self.stage.choices = choices(STAGE_LABELS)
        self.category.choices = options(offered["category"])
        self.unit.choices = with_nothing(options(offered["unit"]), gettext("No unit yet"))
        self.lead.choices = with_nothing(options(offered["unit"]), gettext("None"))
        self.programme.choices = with_nothing(options(offered["programme"]), gettext("No programme"))
        self.group.choices = with_nothing(options(offered["group"]), gettext("No group"))
        self.source.choices = choices(SOURCE_LABELS)
        self.urgency.choices = choices(URGENCY_LABELS)
        self.complexity.choices = choices(COMPLEXITY_LABELS)
        self.red_flag.choices = with_nothing(choices(FLAG_LABELS), gettext("No red flag"))
        self.escalated.choices = choices(LEVEL_NAMES)
        self.marks.choices = choices(MARK_LABELS)
        self.outcome.choices = with_nothing(choices(OUTCOME_LABELS), gettext("No outcome yet"))

    def name_of(self, field: Field) -> str | None:
        if not field.data:
            return None
        return enterprises.names_of([field.data]).get(field.data, str(field.data))

    def filters(self) -> IssueFilters:
        return IssueFilters(
            q=self.q.data or "",
            state=self.state.picked.values,
            mine=self.mine.picked.values,
            board=self.board.picked.values,
            light=self.light.picked.values,
            enterprise_id=self.enterprise.data,
            overdue=bool(self.overdue.data),
            on_spot=bool(self.on_spot.data),
            needs_info=bool(self.needs_info.data),
            stage=self.stage.picked.values,
            office_late=bool(self.office_late.data),
            marks=self.marks.picked.values,
            escalated=self.escalated.picked.values,
            registered=self.days("registered"),
            closed=self.days("closed"),
            due=self.days("due"),
            review=self.days("review"),
            promised=self.days("promised"),
            asked=self.asked.picked.values,
            **{name: self[name].picked for name in PICKED},
        )
