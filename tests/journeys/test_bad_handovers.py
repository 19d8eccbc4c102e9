"""What is sent by mistake or malice to pages of handovers gets a plain sentence, and changes nothing."""

import pytest

from tests.factories.accounts import make_person
from tests.factories.handover import make_handover, make_leaver
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.db import db
from visits.core.permissions import Role
from visits.handover import queries

NEW = {"from_id": "{idle}", "to_id": "{taker}", "from_on": "2026-11-27", "reason": "轮岗"}
AT = "/handovers/{handover}"
MINE = {"item_ids": "{thing}", "answer": "accept"}
SENT_ON = {"item_ids": "{thing}", "answer": "redirect", "receiver_id": "{idle}"}
TRIES = [
    Try("coordinator", "/handovers/new", NEW, 422, "没有需要移交的事项"),
    Try("coordinator", "/handovers/new", NEW | {"from_id": "{taker}"}, 422, "不能是移交人本人"),
    Try("coordinator", "/handovers/new", NEW | {"from_id": "{gone}"}, 422, "已有正在办理"),
    Try("coordinator", "/handovers/new", NEW | {"from_id": "999999"}, 422),
    Try("coordinator", "/handovers/new", NEW | {"from_id": HUGE}, 422),
    Try("coordinator", "/handovers/new", NEW | {"to_id": ""}, 422),
    Try("coordinator", "/handovers/new", NEW | {"from_on": "2026-02-30"}, 422),
    Try(
        "coordinator", "/handovers/new", NEW | {"from_id": "{gone}", "from_on": "2026-11-26"}, 422, "今天起"
    ),
    Try(
        "coordinator",
        "/handovers/new",
        NEW | {"from_id": "{gone}", "from_on": "9999-12-31"},
        422,
        "一年以内",
    ),
    Try("coordinator", "/handovers/new", NEW | {"reason": " \u3000\x00\u200b"}, 422, "必填"),
    Try("coordinator", "/handovers/new", NEW | {"reason": "长" * 1_000_000}, 422, "最多200个字"),
    Try("auditor", "/handovers/new", NEW, 403),
    Try("taker", AT, {"answer": "accept"}, 422, "勾选"),
    Try("taker", AT, MINE | {"item_ids": ["0", "x", HUGE, "999999"]}, 422, "勾选"),
    Try("taker", AT, MINE | {"item_ids": "{foreign}"}, 422, "勾选"),
    Try("taker", AT, MINE | {"answer": "steal"}, 422),
    Try("taker", AT, MINE | {"answer": ""}, 422),
    Try("taker", AT, MINE | {"answer": "decline"}, 422, "退回理由"),
    Try("taker", AT, MINE | {"answer": "decline", "reason": "长" * 201}, 422, "最多200个字"),
    Try("taker", AT, MINE | {"revision": "0"}, 409, "已有其他人修改"),
    Try("taker", AT, MINE | {"revision": "eins"}, 422),
    Try("taker", AT, SENT_ON, 403),
    Try("coordinator", AT, MINE, 403),
    Try("coordinator", AT, {"answer": "accept_all"}, 422, "没有待您接收"),
    Try("coordinator", AT, SENT_ON | {"receiver_id": "999999"}, 422),
    Try("coordinator", AT, SENT_ON | {"receiver_id": ""}, 422, "选择接收人"),
    Try("coordinator", AT, SENT_ON | {"receiver_id": "{gone}"}, 422, "不能是移交人本人"),
    Try("coordinator", AT + "/withdraw", {"reason": "\x00"}, 422, "必填"),
    Try("coordinator", AT + "/withdraw", {"reason": "不调了", "revision": "0"}, 409),
    Try("taker", AT + "/withdraw", {"reason": "不调了"}, 403),
    Try("taker", AT + "/gather", {}, 403),
    Try("handler", AT, MINE, 404),
    Try("rival", "/handovers/999999", MINE, 404),
    Try("coordinator", "/handovers/" + HUGE, MINE, 404),
    Try("coordinator", "/groups/{group}/officer", {"link_ids": "999999", "officer_id": "{idle}"}, 422),
    Try("coordinator", "/groups/{group}/officer", {"link_ids": HUGE, "officer_id": HUGE}, 422),
    Try("cadre", "/groups/{group}/officer", {"link_ids": "1", "officer_id": "{idle}"}, 403),
]


@pytest.fixture
def handovers(world, at):
    """Two handovers under way, each with its own things."""
    at("2026-11-27")
    taker, idle = make_person([Role.OFFICER], name="孙接任"), make_person([Role.OFFICER])
    gone, other = make_leaver()[0], make_leaver(name="旁人")[0]
    handover, foreign = make_handover(gone, taker), make_handover(other, taker)
    world.people["taker"] = taker
    world.ids |= {
        "taker": taker.id,
        "idle": idle.id,
        "gone": gone.id,
        "handover": handover.id,
        "thing": queries.items_of(handover.id)[0].id,
        "foreign": queries.items_of(foreign.id)[0].id,
    }
    db.session.commit()
    return world


def test_handovers_refuse_with_a_sentence_and_nothing_changes(handovers, contents):
    assert_refused(handovers, contents, TRIES)
