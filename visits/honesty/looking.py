"""Looks at records and says what is worth asking: every evening at all of late, at once at a new one."""

from collections.abc import Iterable, Sequence
from datetime import date

from visits.core.calendar import load_calendar
from visits.honesty import queries, rules
from visits.honesty.likeness import same_texts
from visits.honesty.models import RecordQuestion
from visits.honesty.queries import LOOK_AT
from visits.honesty.rules import Doubt, Kind, Record
from visits.outreach.models import Visit

ONCE = (Kind.SAME_TEXT, Kind.SILENT_RUN)


def doubts_lately(on: date) -> list[Doubt]:
    """What is to be asked on a day about the visits recorded in the weeks before, and was not yet."""
    records = queries.standing(queries.lately(on))
    fresh = {record.id for record in records if record.recorded_on >= on - LOOK_AT}
    found = [
        *rules.rest_days((r for r in records if r.id in fresh), load_calendar()),
        *same_texts(records, frozenset(fresh)),
        *rules.same_photos(queries.standing(queries.with_shared_photos(on))),
        *rules.two_places(records),
        *rules.many_firms(records),
        *rules.late_bursts(records),
        *rules.month_ends(records, load_calendar()),
        *rules.silent_runs(records),
    ]
    return _asked_once(not_asked(doubt for doubt in found if doubt.visit_ids[0] in fresh))


def _asked_once(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Leave out what goes on of something asked about before: the same words again, a run grown longer.

    Whoever writes the same sentence at every enterprise is asked about it once, not at every enterprise.
    """
    rest = list(doubts)
    going_on = [doubt for doubt in rest if doubt.kind in ONCE]
    named = queries.named_before(ONCE, (key for doubt in going_on for key in doubt.visit_ids))
    found: list[Doubt] = []
    for doubt in rest:
        marks = {(doubt.kind, doubt.asked_id, key) for key in doubt.visit_ids}
        if doubt.kind in ONCE and marks & named:
            continue
        named |= marks
        found.append(doubt)
    return found


def not_asked(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Those under whose key nothing was asked before, each once."""
    by_key = {doubt.key: doubt for doubt in doubts}
    known = queries.known_keys(by_key)
    return [doubt for key, doubt in by_key.items() if key not in known]


def doubts_about(visit: Visit) -> list[Doubt]:
    """What is to be asked about one visit alone, as soon as it is recorded."""
    records = queries.around(visit)
    own = [record for record in records if record.id == visit.id]
    found = [
        *rules.rest_days(own, load_calendar()),
        *same_texts(records, frozenset({visit.id})),
        *rules.two_places(records),
    ]
    return _asked_once(not_asked(doubt for doubt in found if doubt.visit_ids[0] == visit.id))


def settled(open_ones: Sequence[tuple[RecordQuestion, Sequence[int]]]) -> list[RecordQuestion]:
    """Of these questions with the visits they name, those about which nothing is left to ask."""
    wanted = sorted({visit_id for _, visit_ids in open_ones for visit_id in visit_ids})
    records = {record.id: record for record in queries.standing_among(wanted)}
    return [
        question
        for question, visit_ids in open_ones
        if not _is_so_still(question, [records[key] for key in visit_ids if key in records])
    ]


def _is_so_still(question: RecordQuestion, records: list[Record]) -> bool:
    if question.visit_id not in {record.id for record in records}:
        return False
    if question.kind is Kind.DENIED:
        return _is_denied_still(question, records)
    return any(_is_about(question, doubt) for doubt in _asked_again(question.kind, records))


def _asked_again(kind: Kind, records: list[Record]) -> Iterable[Doubt]:
    """What would be asked about these records alone."""
    by_kind = {
        Kind.REST_DAY: lambda: rules.rest_days(records, load_calendar()),
        Kind.SAME_TEXT: lambda: same_texts(records, frozenset(record.id for record in records)),
        Kind.SAME_PHOTO: lambda: rules.same_photos(records),
        Kind.TWO_PLACES: lambda: rules.two_places(records),
        Kind.MANY_FIRMS: lambda: rules.many_firms(records),
        Kind.LATE_BURST: lambda: rules.late_bursts(records),
        Kind.MONTH_END: lambda: rules.month_ends(records, load_calendar()),
        Kind.SILENT_RUN: lambda: rules.silent_runs(records),
    }
    return by_kind[kind]()


def _is_about(question: RecordQuestion, doubt: Doubt) -> bool:
    return question.kind is Kind.SILENT_RUN or question.key == doubt.key


def _is_denied_still(question: RecordQuestion, records: list[Record]) -> bool:
    met = {
        firm.enterprise_id for record in records for firm in record.firms if record.id == question.visit_id
    }
    answer = queries.latest_answer(question)
    return question.enterprise_id in met and answer is not None and not answer.has_come
