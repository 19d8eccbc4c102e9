"""Telling at once by mail and chat robots what cannot wait for the morning."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from visits.accounts import queries as accounts
from visits.core.clock import now, today
from visits.core.i18n import LANGUAGES
from visits.inbox import post_queries, queries
from visits.inbox.letters import message_of
from visits.inbox.models import AT_ONCE, ContactPoint, Notice
from visits.inbox.operations.queueing import Message, queue_message
from visits.inbox.rules import MOST_AT_ONCE

OF_UNITS = "zh"


def send_at_once(notices: Sequence[Notice], confidential: Collection[str] = ()) -> None:
    """Queue a message for notices of kinds that do not wait, in the transaction that wrote them.

    It goes to the places of those told, in the language of each, and to those of their units, in Chinese.
    A place that got its twenty messages within the hour gets no more of them: the notice stands in the
    inbox, and what is unread there comes with the next morning's digest. Of `confidential` events only the
    number is sent.
    """
    by_event: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.kind in AT_ONCE:
            by_event.setdefault(notice.event, []).append(notice)
    for event, told in by_event.items():
        people = [notice.person_id for notice in told]
        points = _not_too_busy(_points_of(people))
        languages = post_queries.languages_of(people)
        for code in LANGUAGES:
            chosen = [p for p in points if (languages.get(p.person_id or 0) or OF_UNITS) == code]
            if chosen:
                queue_message(chosen, event, Message(*message_of(told[0], code, event in confidential)))


def _points_of(people: Sequence[int]) -> list[ContactPoint]:
    units = set(accounts.units_of_people(people, today()).values())
    return [*queries.points_of_people(people), *queries.points_of_units(units)]


def _not_too_busy(points: Sequence[ContactPoint]) -> list[ContactPoint]:
    ids = [point.id for point in points]
    busy = post_queries.busy_points(ids, now() - timedelta(hours=1), MOST_AT_ONCE) if ids else set()
    return [point for point in points if point.id not in busy]
