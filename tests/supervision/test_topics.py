"""Topics: what suggests itself, what stands behind them, what they change, and what they leave alone."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_category, make_entry, make_issue, make_office
from tests.factories.supervision import make_topic
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, WrongState
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.issues import operations as issues
from visits.issues.categories import category_named
from visits.issues.models import IssueMove
from visits.issues.operations import CategoryEntry
from visits.issues.states import State
from visits.supervision import operations, queries
from visits.supervision.models import Aftermath
from visits.supervision.operations import MeasureEntry, OutputEntry, TopicEntry
from visits.supervision.states import TopicState


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def office(database):
    return make_office()


def heard(office, firm, category_id, day=None, at=None):
    """A problem of a firm, registered on a day."""
    if day:
        at(day)
    return issues.register_issue(office.cadre, make_entry(firm, category_id=category_id))


def finer(parent, name):
    entry = CategoryEntry(name, None, parent.complexity, parent_id=parent.id)
    return issues.create_category(SYSTEM, entry)


def suggested():
    return {row.name: (row.firms, row.problems) for row in queries.suggest_topics()}


def test_three_different_firms_within_thirty_days_suggest_a_topic(office, at):
    category = make_category()
    firms = [make_enterprise() for _ in range(3)]
    heard(office, firms[0], category.id, "2026-10-24", at)
    for _ in range(3):
        heard(office, firms[1], category.id, "2026-11-20", at)
    void = heard(office, firms[2], category.id)
    at("2026-11-22")
    assert suggested() == {category.name: (3, 5)}
    at("2026-11-23")  # the first problem is thirty days back
    assert suggested() == {}
    set_setting("topic_days", 31)
    assert suggested() == {category.name: (3, 5)}
    set_setting("topic_firms", 4)
    assert suggested() == {}
    set_setting("topic_firms", 3)
    issues.void(office.coordinator, void, "重复登记")
    assert suggested() == {}


def test_a_category_counts_its_finer_ones(office):
    parent = make_category()
    road, bus = finer(parent, "道路积水"), finer(parent, "公交线路")
    firms = [make_enterprise() for _ in range(4)]
    for firm in firms[:3]:
        heard(office, firm, road.id)
    assert suggested() == {"道路积水": (3, 3)}  # the category above says no more
    heard(office, firms[3], bus.id)
    assert suggested() == {"道路积水": (3, 3), parent.name: (4, 4)}
    make_topic(office, category_id=parent.id)
    assert suggested() == {}


def test_problems_are_taken_in_and_out_with_a_reason(office):
    one, other = make_issue(office), make_issue(office)
    topic = make_topic(office, [one])
    with pytest.raises(Refused, match="belong"):
        operations.link_problems(office.coordinator, topic, [other.id], " ")
    with pytest.raises(Refused, match="Tick"):
        operations.link_problems(office.coordinator, topic, [], "同类")
    assert operations.link_problems(office.coordinator, topic, [one.id, other.id], "同类") == 1
    problems, behind = queries.problems_of_topic(office.coordinator, topic.id)
    assert behind == 2
    link = queries.get_topic_problem(topic.id, problems[0].link_id)
    operations.unlink_problem(office.coordinator, topic, link, "原因不同")
    with pytest.raises(WrongState):
        operations.unlink_problem(office.coordinator, topic, link, "原因不同")
    problems, behind = queries.problems_of_topic(office.coordinator, topic.id)
    assert [(row.removed_reason, row.removed_at is None) for row in problems] == [
        ("", True),
        ("原因不同", False),
    ]
    assert operations.link_problems(office.coordinator, topic, [link.issue_id], "仍属同类") == 1


def test_a_topic_closes_with_a_result_and_closes_no_problem(office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    topic = make_topic(office, [issue])
    operations.start_topic(office.leader, topic, topic.revision)
    assert (topic.state, topic.started_on) == (TopicState.RUNNING, date(2026, 11, 23))
    with pytest.raises(Refused, match="what came of"):
        operations.close_topic(office.coordinator, topic, "")
    assert topic.state is TopicState.RUNNING
    operations.close_topic(office.coordinator, topic, "已出台园区道路养护办法。")
    assert (topic.state, issue.state) == (TopicState.CLOSED, State.IN_PROGRESS)
    with pytest.raises(WrongState):
        operations.link_problems(office.coordinator, topic, [issue.id], "同类")
    waiting = queries.topics_to_ask_about(office.cadre, 8).rows()
    assert [(row.id, row.topic) for row in waiting] == [(issue.id, topic.title)]
    assert queries.topics_to_ask_about(office.handler, 8).rows() == []
    at("2027-02-01")
    assert queries.topics_to_ask_about(office.cadre, 8).rows() == []


def test_the_author_asks_the_enterprise_and_the_problem_says_so(office):
    issue = make_issue(office, State.IN_PROGRESS)
    topic = make_topic(office, [issue])
    link = queries.get_topic_problem(
        topic.id, queries.problems_of_topic(office.cadre, topic.id)[0][0].link_id
    )
    with pytest.raises(WrongState, match="not closed yet"):
        operations.ask_enterprise(office.cadre, topic, link, Aftermath.GONE, "问过了")
    operations.close_topic(office.coordinator, topic, "已整治。")
    stranger = actor_for(make_person([Role.CADRE]))
    with pytest.raises(NotFound):
        operations.ask_enterprise(stranger, topic, link, Aftermath.GONE, "问过了")
    with pytest.raises(NotAllowed):
        operations.ask_enterprise(office.handler, topic, link, Aftermath.GONE, "问过了")
    operations.ask_enterprise(office.cadre, topic, link, Aftermath.BETTER, "王厂长说雨天仍有少量积水")
    note = db.session.scalars(
        sa.select(IssueMove.note).where(IssueMove.issue_id == issue.id, IssueMove.move == "add_note")
    ).one()
    assert topic.title in note
    assert "王厂长说雨天仍有少量积水" in note
    assert (link.aftermath, issue.state) == (Aftermath.BETTER, State.IN_PROGRESS)
    with pytest.raises(WrongState, match="already"):
        operations.ask_enterprise(office.cadre, topic, link, Aftermath.GONE, "再问")
    assert queries.topics_to_ask_about(office.cadre, 8).rows() == []


def test_measures_are_done_or_dropped_once(office):
    topic = make_topic(office)
    entry = MeasureEntry("整治排水管网", office.unit.id, date(2026, 12, 31))
    with pytest.raises(Refused, match="This day is over"):
        operations.add_measure(
            office.coordinator, topic, MeasureEntry("整治", office.unit.id, date(2026, 1, 1))
        )
    with pytest.raises(Refused, match="in use"):
        operations.add_measure(office.coordinator, topic, MeasureEntry("整治", 999999, date(2026, 12, 1)))
    done, dropped = (operations.add_measure(office.coordinator, topic, entry) for _ in range(2))
    operations.complete_measure(office.coordinator, topic, done, "管网已改造")
    operations.drop_measure(office.coordinator, topic, dropped, "与上项重复")
    with pytest.raises(WrongState):
        operations.drop_measure(office.coordinator, topic, done, "撤销")
    assert (done.done_on, dropped.dropped_on) == (date(2026, 11, 23), date(2026, 11, 23))


def test_policies_come_out_even_after_the_topic_is_closed(office):
    topic = make_topic(office)
    operations.close_topic(office.coordinator, topic, "不再推进。")
    with pytest.raises(Refused, match="once it is out"):
        operations.add_output(office.coordinator, topic, OutputEntry("养护办法", date(2027, 1, 1)))
    output = operations.add_output(
        office.coordinator, topic, OutputEntry("养护办法", date(2026, 11, 1), "湖开〔2026〕8号")
    )
    assert [row.title for row in queries.outputs_of(topic.id)] == ["养护办法"]
    operations.remove_output(office.coordinator, topic, output, "登记有误")
    assert queries.outputs_of(topic.id) == []


def test_before_and_after_are_counted_month_by_month(office, at):
    category = make_category()
    for day in ("2026-04-30", "2026-05-01", "2026-10-31", "2026-11-01"):
        heard(office, make_enterprise(), category.id, day, at)
    heard(office, make_enterprise(), category_named("其他").id)
    at("2026-11-23")
    topic = make_topic(office, category_id=category.id)
    operations.start_topic(office.coordinator, topic)
    at("2027-01-10")
    heard(office, make_enterprise(), category.id)
    volume = queries.volume_of(topic)
    assert volume.before[0] == (Month(2026, 5), 1)
    assert volume.before[-1] == (Month(2026, 10), 1)
    assert sum(count for _, count in volume.before) == 2
    assert volume.after == [(Month(2026, 11), 1), (Month(2026, 12), 0), (Month(2027, 1), 1)]


def test_who_reads_a_topic(office):
    issue = make_issue(office)
    topic = make_topic(office, [issue])
    follower = actor_for(make_person([Role.HANDLER], office.other_unit))
    for reader in (office.coordinator, office.leader, office.cadre, office.handler):
        assert queries.get_topic(reader, topic.id) is topic
    for stranger in (follower, office.callback, actor_for(make_person([Role.CADRE]))):
        with pytest.raises(NotFound):
            queries.get_topic(stranger, topic.id)
    operations.add_measure(
        office.coordinator, topic, MeasureEntry("整治", office.other_unit.id, date(2026, 12, 1))
    )
    assert queries.get_topic(follower, topic.id) is topic
    assert queries.problems_of_topic(follower, topic.id) == ([], 1)
    for stranger in (office.cadre, office.handler):
        with pytest.raises(NotAllowed):
            operations.propose_topic(stranger, TopicEntry("题", topic.category_id, office.unit.id))
