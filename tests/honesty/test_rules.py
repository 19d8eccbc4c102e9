"""Looking at records, as pure rules: a slow second reading, keys that stay, nothing asked twice."""

from datetime import date, time, timedelta
from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from visits.core.folding import folded
from visits.core.workdays import Calendar
from visits.honesty import rules
from visits.honesty.likeness import same_texts
from visits.honesty.rules import Met, Record

FIRST = date(2026, 11, 2)
SENTENCES = (
    "企业生产经营正常，订单较上年同期有所增长，",
    "负责人希望加快厂区北门道路修复进度。",
    "实地查看新建车间，设备正在安装调试，预计明年投产，",
    "询问技改补助的申报条件。",
)
times = st.sampled_from([None, *(time(hour) for hour in range(9, 13))])
days = st.integers(0, 28).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def visits(draw, most=24):
    """Records of two authors, by their numbers, in no order."""
    count = draw(st.integers(0, most))
    made = []
    for number in range(1, count + 1):
        visited_on = draw(days)
        firms = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
        people = draw(st.lists(st.integers(1, 3), max_size=2, unique=True))
        made.append(
            Record(
                number,
                author_id=draw(st.integers(1, 2)),
                group_id=draw(st.sampled_from([None, 1])),
                visited_on=visited_on,
                recorded_on=visited_on + timedelta(days=draw(st.sampled_from([0, 0, 9]))),
                is_late=draw(st.booleans()),
                is_imported=draw(st.sampled_from([False, False, True])),
                is_on_site=draw(st.booleans()),
                is_face_to_face=draw(st.booleans()),
                start=draw(times),
                end=draw(times),
                summary="".join(draw(st.lists(st.sampled_from(SENTENCES), max_size=3))),
                firms=tuple(Met(firm, f"企业{firm}", draw(st.booleans())) for firm in firms),
                people=tuple((person, f"人员{person}") for person in people),
                photos=frozenset(draw(st.lists(st.sampled_from("ab"), max_size=1))),
            )
        )
    return draw(st.permutations(made))


def looked_at(records):
    calendar = Calendar()
    return [
        *rules.rest_days(records, calendar),
        *rules.two_places(records),
        *rules.many_firms(records),
        *rules.late_bursts(records),
        *rules.month_ends(records, calendar),
        *rules.silent_runs(records),
        *rules.same_photos(records),
        *same_texts(records, frozenset(record.id for record in records)),
    ]


@given(visits())
def test_the_order_of_records_changes_nothing_and_no_key_comes_twice(records):
    found = {doubt.key: doubt for doubt in looked_at(records)}
    again = looked_at(sorted(records, key=lambda record: record.id))
    assert {doubt.key: doubt.visit_ids for doubt in again} == {k: d.visit_ids for k, d in found.items()}
    assert len(again) == len({doubt.key for doubt in again})
    known = {record.id for record in records}
    for doubt in again:
        assert set(doubt.visit_ids) <= known
        assert len(set(doubt.visit_ids)) == len(doubt.visit_ids)
        assert len(doubt.key) <= 80


@given(visits())
def test_two_places_are_what_comparing_minute_by_minute_finds(records):
    slow = set()
    for one in records:
        for other in records:
            shared = {person for person, _ in one.people} & {person for person, _ in other.people}
            is_asked = one.id < other.id and shared and one.visited_on == other.visited_on
            if is_asked and one.is_face_to_face and other.is_face_to_face and minutes(one) & minutes(other):
                slow.add(f"two_places:{one.id}:{other.id}")
    assert {doubt.key for doubt in rules.two_places(records)} == slow


def minutes(record):
    if record.start is None or record.end is None:
        return set()
    return set(range(record.start.hour * 60, record.end.hour * 60))


@given(visits())
def test_texts_said_to_be_alike_are_and_those_left_out_are_not(records):
    by_id = {record.id: record for record in records}
    asked = {doubt.visit_ids[0]: doubt.visit_ids[1:] for doubt in same_texts(records, frozenset(by_id))}
    for record in records:
        earlier = [
            other
            for other in records
            if other.id < record.id
            and (
                other.author_id == record.author_id
                or (record.group_id is not None and other.group_id == record.group_id)
            )
        ]
        alike = {other.id for other in earlier if is_alike(record, other)}
        assert (record.id in asked) == bool(alike)
        assert set(asked.get(record.id, ())) <= alike


def is_alike(one, other):
    first, second = plain(one), plain(other)
    enough = min(len(first), len(second)) >= 20
    return enough and SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.9


def plain(record):
    return "".join(c for c in folded(record.summary) if c.isalnum())


@given(visits())
def test_late_bursts_count_no_ledger_and_no_timely_note(records):
    for doubt in rules.late_bursts(records):
        named = [record for record in records if record.id in doubt.visit_ids]
        assert len(named) == doubt.said["count"] >= rules.BURST
        assert all(record.is_late and not record.is_imported for record in named)
        assert len({(record.author_id, record.recorded_on) for record in named}) == 1


@given(visits(most=40))
def test_a_silent_run_holds_no_problem_and_is_as_long_as_it_says(records):
    for doubt in rules.silent_runs(records):
        named = sorted(
            (record for record in records if record.id in doubt.visit_ids),
            key=lambda r: (r.visited_on, r.id),
        )
        assert all(firm.is_silent for record in named for firm in record.firms)
        assert sum(len(record.firms) for record in named) == doubt.said["count"] >= rules.SILENT_RUN
        own = [r for r in records if r.author_id == doubt.asked_id and not r.is_imported]
        between = [r for r in own if named[0].visited_on < r.visited_on < named[-1].visited_on]
        assert set(map(id, between)) <= set(map(id, named))
