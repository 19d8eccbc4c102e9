"""What is sent by mistake or malice about records gets a plain sentence, and changes nothing."""

import pytest

from tests.factories.accounts import actor_for
from tests.factories.honesty import make_question
from tests.factories.outreach import make_visit
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.db import db
from visits.honesty import operations
from visits.honesty.models import Answer
from visits.honesty.operations import AnswerEntry

OPEN, ANSWERED = "/questions/{open}", "/questions/{answered}"
CLOSE = {"closing": "no_doubt", "note": "看过，无疑问"}
TRIES = [
    Try("cadre", OPEN + "/answer", {}, 422, "请选择一项"),
    Try("cadre", OPEN + "/answer", {"answer": "guilty"}, 422),
    Try(
        "cadre", OPEN + "/answer", {"answer": "other", "words": " \u3000\x00\u200b"}, 422, "请简要写明情况"
    ),
    Try("cadre", OPEN + "/answer", {"answer": "other", "words": "长" * 1_000_000}, 422, "最多500个字"),
    Try("cadre", OPEN + "/answer", {"answer": "as_it_was", "revision": "0"}, 409, "已有其他人修改"),
    Try("cadre", OPEN + "/answer", {"answer": "as_it_was", "revision": HUGE}, 409),
    Try("cadre", OPEN + "/close", CLOSE, 403),
    Try("cadre", ANSWERED + "/answer", {"answer": "mended"}, 422),
    Try("cadre", "/questions/999999/answer", {"answer": "as_it_was"}, 404),
    Try("coordinator", OPEN + "/answer", {"answer": "as_it_was"}, 404),
    Try("coordinator", OPEN + "/close", CLOSE, 404),
    Try("coordinator", ANSWERED + "/answer", {"answer": "as_it_was"}, 403),
    Try("coordinator", ANSWERED + "/close", CLOSE | {"note": " \u200b"}, 422, "必填"),
    Try("coordinator", ANSWERED + "/close", CLOSE | {"closing": "by_itself"}, 422),
    Try("coordinator", ANSWERED + "/close", CLOSE | {"closing": ""}, 422, "请选择一项"),
    Try("coordinator", ANSWERED + "/close", CLOSE | {"revision": "0"}, 409, "已有其他人修改"),
    Try("handler", ANSWERED + "/close", CLOSE, 403),
    Try("visitor", ANSWERED + "/close", CLOSE, 401, "登录"),
]


@pytest.fixture
def asked(world):
    """A question the cadre has not answered, and one he has."""
    cadre = world.people["cadre"]
    first, second = (make_question(make_visit(author=cadre)) for _ in range(2))
    operations.answer(actor_for(cadre), second, AnswerEntry(Answer.AS_IT_WAS))
    world.ids |= {"open": first.id, "answered": second.id}
    db.session.commit()
    return world


def test_questions_refuse_with_a_sentence_and_nothing_changes(asked, contents):
    assert_refused(asked, contents, TRIES)
