"""Who sees a question when, how the author answers it, and how the office closes it."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.outreach import make_visit
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.honesty import operations, queries
from visits.honesty.models import Answer, Closing
from visits.honesty.operations import AnswerEntry
from visits.outreach import operations as outreach
from visits.outreach.models import Visit
from visits.supervision.queries import item_of_visit

AS_IT_WAS = AnswerEntry(Answer.AS_IT_WAS)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def question(author, questions):
    make_visit(author=author, visited_on=SUNDAY)
    return questions()[0]


def sees(actor, question):
    try:
        queries.get_shown(actor, question.id)
    except NotFound:
        return False
    return True


def test_only_the_author_sees_it_for_three_working_days(author, coordinator, question, at, count_waiting):
    others = [make_person([role]) for role in Role if role not in {Role.COORDINATOR, Role.SUPERVISOR}]
    assert sees(actor_for(author), question)
    assert not sees(coordinator, question)
    at("2026-11-26")
    assert (sees(coordinator, question), count_waiting(coordinator)) == (False, 0)
    at("2026-11-27")
    supervisor = actor_for(make_person([Role.SUPERVISOR]))
    assert (sees(coordinator, question), sees(supervisor, question)) == (True, True)
    assert (count_waiting(coordinator), count_waiting(supervisor)) == (1, 1)
    assert not any(sees(actor_for(person), question) for person in others)


def test_the_office_reads_it_as_soon_as_it_is_answered(author, coordinator, question):
    operations.answer(actor_for(author), question, AS_IT_WAS, question.revision)
    assert sees(coordinator, question)
    assert queries.to_answer(actor_for(author)).rows() == []
    with pytest.raises(WrongState, match="already"):
        operations.answer(actor_for(author), question, AS_IT_WAS)
    with pytest.raises(Stale):
        operations.answer(actor_for(author), question, AS_IT_WAS, 1)


def test_an_answer_that_is_neither_needs_words(author, question):
    with pytest.raises(Refused) as refusal:
        operations.answer(actor_for(author), question, AnswerEntry(Answer.OTHER, " \u3000"))
    assert refusal.value.field == "words"
    operations.answer(actor_for(author), question, AnswerEntry(Answer.OTHER, "周日企业有活动，应邀参加"))
    assert question.words == "周日企业有活动，应邀参加"


def test_nobody_answers_for_another(coordinator, question):
    for actor in (coordinator, actor_for(make_person([Role.CADRE]))):
        with pytest.raises(NotAllowed, match="somebody else"):
            operations.answer(actor, question, AS_IT_WAS)
    with pytest.raises(NotAllowed):
        operations.answer(actor_for(make_person([Role.HANDLER])), question, AS_IT_WAS)


def test_the_office_closes_it_with_a_note_once(author, coordinator, question):
    with pytest.raises(NotAllowed):  # the author has not answered yet
        operations.close(coordinator, question, Closing.NO_DOUBT, "看过")
    operations.answer(actor_for(author), question, AS_IT_WAS)
    with pytest.raises(Refused, match="looked at"):
        operations.close(coordinator, question, Closing.NO_DOUBT, " ")
    with pytest.raises(NotAllowed):
        operations.close(actor_for(author), question, Closing.NO_DOUBT, "无")
    operations.close(coordinator, question, Closing.NO_DOUBT, "看过，无疑问", question.revision)
    assert (question.closing, question.note, question.closed_by_id) == (
        Closing.NO_DOUBT, "看过，无疑问", coordinator.person_id,
    )  # fmt: skip
    with pytest.raises(WrongState, match="already"):
        operations.close(coordinator, question, Closing.CORRECTED, "再次")


def test_nobody_closes_a_question_about_a_record_of_their_own(questions):
    person = make_person([Role.COORDINATOR])
    make_visit(author=person, visited_on=SUNDAY)
    (question,) = questions()
    operations.answer(actor_for(person), question, AS_IT_WAS)
    with pytest.raises(NotAllowed, match="Somebody else"):
        operations.close(actor_for(person), question, Closing.NO_DOUBT, "自己看过")


def test_what_the_author_mended_in_time_never_comes_up(author, coordinator, question, at):
    outreach.void_visit(actor_for(author), db.session.get(Visit, question.visit_id), "误录", {})
    at("2026-12-10")
    assert question.closing is Closing.BY_ITSELF
    assert not sees(coordinator, question)
    assert sees(actor_for(author), question)


def test_passing_on_puts_the_record_among_the_samples(author, coordinator, question):
    operations.answer(actor_for(author), question, AS_IT_WAS)
    operations.close(coordinator, question, Closing.TO_SAMPLE, "请实地核实")
    item = item_of_visit(question.visit_id)
    assert (item.visit_id, item.sample_id, item.result) == (question.visit_id, None, None)
