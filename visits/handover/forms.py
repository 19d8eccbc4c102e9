"""Forms of handovers: opening one, answering to its things or sending them on, taking it back."""

from enum import StrEnum
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from visits.accounts import queries as accounts
from visits.core.clock import today
from visits.core.forms import BaseForm, choice, choices, day, member, options, text, whole_number
from visits.core.i18n import N_
from visits.handover.operations import HandoverEntry


class Answer(StrEnum):
    """What is done with the things that are ticked."""

    ACCEPT = "accept"
    ACCEPT_ALL = "accept_all"
    DECLINE = "decline"
    REDIRECT = "redirect"


ANSWER_LABELS = {
    Answer.ACCEPT: N_("Take over what is ticked"),
    Answer.ACCEPT_ALL: N_("Take over everything"),
    Answer.DECLINE: N_("Decline what is ticked"),
    Answer.REDIRECT: N_("Offer what is ticked to this person"),
}


class OwnHandoverForm(BaseForm):
    """A handover of one's own work."""

    to_id = choice(_l("Who takes over"), required=True, coerce=whole_number)
    from_on = day(
        _l("From which day on"),
        required=True,
        default=today,
        hint=_l("From this day on the others answer; until then nothing changes."),
    )
    reason = text(_l("Reason"), 200, required=True, hint=_l("E.g. rotation, new post, retirement."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to_id.choices = options(accounts.active_people(), blank=gettext("Choose"))

    def entry(self, from_id: int | None) -> HandoverEntry:
        return HandoverEntry(from_id or 0, self.to_id.data, self.from_on.data, self.reason.data or "")


class HandoverForm(OwnHandoverForm):
    """A handover that the office opens for somebody."""

    from_id = choice(_l("Who hands over"), required=True, coerce=whole_number)

    def __init__(self, disabled: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        people = [*accounts.active_people(), *disabled]
        self.from_id.choices = options(people, blank=gettext("Choose"))
        if not self.is_submitted():
            self.from_id.data = whole_number(request.args.get("person"))

    def entry(self, from_id: int | None) -> HandoverEntry:
        return super().entry(self.from_id.data)


class PackForm(BaseForm):
    """What is ticked of a pack, and what is to be done with it."""

    item_ids = SelectMultipleField(_l("What it is about"), coerce=whole_number, validate_choice=False)
    answer = choice(_l("What to do"), required=True, coerce=member(Answer))
    reason = text(_l("Why you decline"), 200)
    receiver_id = choice(_l("Somebody else"), coerce=whole_number)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer.choices = choices(ANSWER_LABELS)
        self.receiver_id.choices = options(accounts.active_people(), blank=gettext("Choose"))

    @property
    def picked(self) -> list[int]:
        """The ids of what is ticked."""
        return [key for key in self.item_ids.data or [] if key is not None]


class WithdrawForm(BaseForm):
    reason = text(_l("Reason"), 200, required=True)
