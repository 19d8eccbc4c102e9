"""What is sent by mistake or malice to the pages of meetings gets a plain sentence, and changes nothing."""

import pytest

from tests.factories import meetings as make
from tests.factories.accounts import actor_for
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.db import db
from visits.issues.models import Issue

NEW = {
    "title": "北路出入口专题对接会",
    "meets_on": "2026-11-27",
    "starts_at": "09:30",
    "place": "会议室",
    "chair": "张主任",
}
CONCLUSION = {
    "verdict": "settled",
    "conclusion": "三日内办理。",
    "lead_unit_id": "{unit}",
    "due_on": "2026-12-04",
}
EXTENDED = {"extended_to": "2026-12-10", "delay": "upper", "told_enterprise": "y"}
AT, HELD = "/meetings/{planned}", "/meetings/{held}"
TRIES = [
    Try("coordinator", "/meetings/new", NEW | {"title": " \u3000\x00\u200b"}, 422, "必填"),
    Try("coordinator", "/meetings/new", NEW | {"title": "长" * 1_000_000}, 422, "最多80个字"),
    Try("coordinator", "/meetings/new", NEW | {"meets_on": "2026-02-30"}, 422),
    Try("coordinator", "/meetings/new", NEW | {"meets_on": "9999-12-31"}, 422, "一年以内"),
    Try("coordinator", "/meetings/new", NEW | {"starts_at": "24:00"}, 422),
    Try("coordinator", "/meetings/new", NEW | {"starts_at": ""}, 422, "开始时间"),
    Try("coordinator", "/meetings/new", NEW | {"ends_at": "08:00"}, 422, "不能早于"),
    Try("coordinator", "/meetings/new", NEW | {"kind": "party"}, 422),
    Try("coordinator", "/meetings/new", NEW | {"unit_ids": ["0", "x", HUGE, "999999"]}, 422, "在用的单位"),
    Try("coordinator", "/meetings/new", NEW | {"firm_ids": "999999"}, 422, "不在企业名录"),
    Try("coordinator", "/meetings/new", NEW | {"group_id": "999999"}, 422),
    Try("coordinator", "/meetings/put-on?issue={issue}", {"issue_ids": None}, 422, "勾选"),
    Try("coordinator", "/meetings/put-on?issue={issue}", {"meeting_id": "{held}"}, 422),
    Try("coordinator", "/meetings/put-on?issue=999999&issue=x&issue=" + HUGE, {"issue_ids": "999999"}, 422),
    Try("coordinator", AT + "/edit", {"revision": "0"}, 409, "已有其他人修改"),
    Try("coordinator", AT + "/edit", {"revision": "eins"}, 422),
    Try("coordinator", AT + "/cancel", {"reason": ""}, 422, "必填"),
    Try("coordinator", AT + "/record", {"present": "只有名字"}, 422, "第1行"),
    Try("coordinator", AT + "/record", {"present": "，，，"}, 422),
    Try("coordinator", AT + "/record", {"present": ""}, 422, "必填"),
    Try("coordinator", AT + "/items/{item}/edit", {"brief": "长" * 2001}, 422, "2000"),
    Try("coordinator", AT + "/items/{item}/conclude", CONCLUSION, 422),
    Try("coordinator", HELD + "/items/{item}/conclude", CONCLUSION, 404),
    Try("coordinator", HELD + "/items/{held_item}/conclude", CONCLUSION | {"verdict": "solved"}, 422),
    Try(
        "coordinator",
        HELD + "/items/{held_item}/conclude",
        CONCLUSION | {"lead_unit_id": ""},
        422,
        "责任单位",
    ),
    Try(
        "coordinator",
        HELD + "/items/{held_item}/conclude",
        CONCLUSION | {"due_on": "2020-01-01"},
        422,
        "不能早于",
    ),
    Try(
        "coordinator",
        HELD + "/items/{held_item}/conclude",
        CONCLUSION | {"revision": "0"},
        409,
        "已有其他人修改",
    ),
    *(
        Try("coordinator", HELD + "/items/{held_item}/conclude", CONCLUSION | EXTENDED | wrong, 422)
        for wrong in (
            {"extended_to": "2020-01-01"},
            {"extended_to": "9999-12-31"},
            {"extended_to": "2026-02-30"},
            {"delay": "party"},
            {"delay": ""},
            {"told_enterprise": None},
        )
    ),
    Try("coordinator", HELD + "/cancel", {"reason": "不开了"}, 422),
    Try("auditor", HELD + "/items/{held_item}/conclude", CONCLUSION, 403),
    Try("handler", AT + "/items/{item}/take-off", {}, 403),
    Try("cadre", AT, {}, 405),
]


@pytest.fixture
def meetings(world, at):
    """A planned meeting and one that was held, each on the problem."""
    at("2026-11-27")
    coordinator = actor_for(world.people["coordinator"])
    issue = db.session.get(Issue, world.ids["issue"])
    planned = make.make_meeting(coordinator, [issue])
    held = make.hold(coordinator, make.make_meeting(coordinator, [issue]))
    world.ids |= {
        "planned": planned.id,
        "held": held.id,
        "item": make.items_of(planned)[0].id,
        "held_item": make.items_of(held)[0].id,
    }
    db.session.commit()
    return world


def test_meetings_refuse_with_a_sentence_and_nothing_changes(meetings, contents):
    assert_refused(meetings, contents, TRIES)
