"""What is sent by mistake or malice to the moves that join, mark and press problems: a plain sentence."""

from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE

REPORT = {"outcome": "B", "done": "已列入计划", "told": "已告知"}
TRIES = [
    Try("handler", "/issues/{issue}/follow", {}, 404),
    Try("handler", "/issues/{issue}/unfollow", {}, 404),
    Try("coordinator", "/issues/999999/follow", {}, 404),
    Try("auditor", "/issues/{issue}/merge", {"target_id": "1", "note": "同一件事"}, 403),
    Try("coordinator", "/issues/{issue}/merge", {"target_id": "{issue}", "note": "同一件事"}, 422),
    Try("coordinator", "/issues/{issue}/merge", {"number": "\x00", "note": "同一件事"}, 422, "同一企业"),
    Try("coordinator", "/issues/{issue}/merge", {"number": "WT1", "note": "同", "revision": "0"}, 422),
    Try("coordinator", "/issues/{issue}/unmerge", {"note": "没有并过"}, 422),
    Try("coordinator", "/issues/{issue}/link-repeat", {"target_id": HUGE}, 422),
    Try("coordinator", "/issues/{issue}/split", {"note": "两件事"}, 422, "1至5件"),
    Try("coordinator", "/issues/{issue}/escalate", {"note": "超期", "revision": "0"}, 409),
    Try("coordinator", "/issues/{issue}/escalate", {"note": " \u3000\u200b"}, 422, "必填"),
    Try("coordinator", "/issues/{issue}/raise-flag", {"red_flag": "war", "note": "x"}, 422),
    Try("coordinator", "/issues/{handled}/remind", {"note": "长" * 2001}, 422, "最多2000个字"),
    Try("coordinator", "/issues/{issue}/set-duty", {"unit_id": HUGE, "what": "x"}, 422),
    Try("coordinator", "/issues/{issue}/complete-duty", {"duty_id": "1", "note": "x"}, 422),
    Try("coordinator", "/issues/{issue}/instruct", {"note": "请办理"}, 403),
    Try("coordinator", "/issues/{issue}/ask-withdrawal", {"note": "撤"}, 403),
    Try("coordinator", "/issues/{issue}/withdraw", {"evaluator": "王", "is_free": "y"}, 403),
    Try("coordinator", "/issues/{issue}/reopen", {"note": "重启"}, 403),
    Try("coordinator", "/issues/{issue}/link_repeat", {}, 404),
    # the same at the desks
    Try("coordinator", "/desks/office/{issue}/assign", {"lead_unit_id": HUGE}, 422),
    Try("coordinator", "/desks/office/{issue}/assign", {"lead_unit_id": "{unit}", "revision": "0"}, 409),
    Try("coordinator", "/desks/office/{issue}/reject", {"note": "\x00", "told": ""}, 422, "必填"),
    Try("coordinator", "/desks/office/{issue}/request-info", {"note": "长" * 2001}, 422, "最多2000个字"),
    Try("coordinator", "/desks/office/{issue}/request_info", {"note": "请补充"}, 404),
    Try("coordinator", "/desks/office/999999/assign", {"lead_unit_id": "{unit}"}, 404),
    Try("coordinator", "/desks/unit/{handled}/sign", {}, 403),
    Try("handler", "/desks/unit/{issue}/sign", {}, 404),
    Try(
        "handler", "/desks/unit/{handled}/report", {"outcome": "done", "done": "", "told": ""}, 422, "必填"
    ),
    Try(
        "handler",
        "/desks/unit/{handled}/report",
        REPORT | {"commitment_due": "2999-03-31"},
        422,
        "10年以后",
    ),
    Try("handler", "/desks/callback/{handled}/record-evaluation", {"solved": "solved"}, 403),
]


def test_it_is_refused_with_a_sentence_and_nothing_changes(world, contents):
    assert_refused(world, contents, TRIES)
