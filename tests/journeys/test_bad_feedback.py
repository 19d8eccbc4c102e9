"""What is sent by mistake or malice as feedback gets a plain sentence, and changes nothing."""

import pytest

from tests.factories.feedback import make_suggestion
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE

NEW, REPLY, SETTLE = "/feedback/new", "/feedback/{said}/reply", "/feedback/{said}/settle"
TRIES = [
    Try("cadre", NEW, {"text": ""}, 422, "必填"),
    Try("cadre", NEW, {"text": " \u3000\x00\u200b"}, 422, "必填"),
    Try("cadre", NEW, {"text": "长" * 1_000_000}, 422, "最多2000个字"),
    Try("cadre", NEW, {"text": "", "page": "//evil.test/" + "x" * 100_000}, 422),
    Try("visitor", NEW, {"text": "慢"}, 401, "登录"),
    Try("cadre", REPLY, {"text": ""}, 422, "必填"),
    Try("cadre", REPLY, {"text": "再说", "revision": "0"}, 409),
    Try("cadre", REPLY, {"text": "再说", "revision": HUGE}, 409),
    Try("handler", REPLY, {"text": "我也说"}, 404),
    Try("cadre", SETTLE, {}, 403),
    Try("admin", "/feedback/999999/settle", {}, 404),
    Try("admin", "/feedback/{settled}/settle", {}, 409, "已了结"),
]


@pytest.fixture
def said(world):
    """What the cadre said, and something that is settled."""
    first, second = (make_suggestion(world.people["cadre"]) for _ in range(2))
    world.ids |= {"said": first.id, "settled": second.id}
    world.browsers["admin"].post(f"/feedback/{second.id}/settle")
    return world


def test_feedback_refuses_with_a_sentence_and_nothing_changes(said, contents):
    assert_refused(said, contents, TRIES)
