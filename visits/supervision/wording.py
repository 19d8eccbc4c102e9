"""How what is supervised reads on a page and on paper."""

from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.workdays import Calendar
from visits.issues.queries import light_of
from visits.issues.timeline import shown_light
from visits.supervision.rules import RETURNED_OFTEN, Colour, Standing
from visits.supervision.states import OrderState, TopicState

COLOUR_TONES = {Colour.BLUE: "info", Colour.YELLOW: "warning", Colour.RED: "danger"}
ORDER_TONES = {
    OrderState.ISSUED: "warning",
    OrderState.REPLIED: "info",
    OrderState.SENT_BACK: "warning",
    OrderState.CLOSED: "success",
    OrderState.WITHDRAWN: "muted",
}
TOPIC_TONES = {TopicState.PROPOSED: "neutral", TopicState.RUNNING: "info", TopicState.CLOSED: "success"}


def standing_words(standing: Standing, row: Any, calendar: Calendar, on: date | None = None) -> list[str]:
    """Why a problem presses, in words: its light, later rounds, returns, that nobody does anything."""
    light = shown_light(light_of(row, calendar, on))
    words = [light["text"]] if light else []
    if standing.is_rated_badly:
        words.append(gettext("Round %(round)s", round=row.round))
    if standing.returns >= RETURNED_OFTEN:
        words.append(gettext("Returned %(count)d times", count=standing.returns))
    if standing.is_stalled:
        words.append(gettext("No progress"))
    return words
