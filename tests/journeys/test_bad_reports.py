"""What is sent by mistake or malice to pages of monthly reports gets a sentence, and changes nothing."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.db import db
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.monthly import operations
from visits.monthly.models import MonthlyReport

DRAFT, FROZEN, PUBLISHED, SPOILT = (
    f"/monthly/{{{name}}}" for name in ("draft", "frozen", "published", "spoilt")
)
TEXT = DRAFT + "/texts/next"
TRIES = [
    Try("coordinator", "/monthly/new", {"month": ""}, 422, "必填"),
    Try("coordinator", "/monthly/new", {"month": "2026-13"}, 422, "2026-10"),
    Try("coordinator", "/monthly/new", {"month": "十一月"}, 422),
    Try("coordinator", "/monthly/new", {"month": "\x002026-1"}, 422),
    Try("coordinator", "/monthly/new", {"month": HUGE}, 422, "最多7个字"),
    Try("coordinator", "/monthly/new", {"month": "2027-01"}, 422, "尚未开始"),
    Try("coordinator", "/monthly/new", {"month": "1999-12"}, 422, "过早"),
    Try("coordinator", "/monthly/new", {"month": "2026-10"}, 422, "已有通报"),
    Try("supervisor", "/monthly/new", {"month": "2026-06"}, 403),
    Try("handler", "/monthly/new", {"month": "2026-06"}, 403),
    Try("coordinator", DRAFT + "/freeze", {}, 422, "尚未结束"),
    Try("coordinator", DRAFT + "/freeze", {"revision": "99"}, 409),
    Try("coordinator", DRAFT + "/freeze", {"revision": "eins"}, 422),
    Try("supervisor", DRAFT + "/freeze", {}, 403),
    Try("supervisor", DRAFT + "/publish", {}, 422, "当前状态"),
    Try("supervisor", DRAFT + "/withdraw", {"reason": "有误"}, 422, "当前状态"),
    Try("coordinator", TEXT, {"words": "长" * 20_001}, 422, "最多20000个字"),
    Try("coordinator", TEXT, {"words": "一是。", "revision": "99"}, 409),
    Try("coordinator", DRAFT + "/texts/projects", {"words": "一是。"}, 404),
    Try("coordinator", DRAFT + "/texts/../next", {"words": "一是。"}, 404),
    Try("coordinator", TEXT + "/take", {"revision": "eins"}, 422, "重新打开"),
    Try("coordinator", TEXT + "/take", {"revision": "99"}, 409),
    Try("coordinator", DRAFT + "/renew", {"revision": HUGE}, 409),
    Try("coordinator", DRAFT + "/renew", {"revision": "99"}, 409),
    Try("auditor", TEXT, {"words": "一是。"}, 403),
    Try("coordinator", FROZEN + "/texts/next", {"words": "一是。"}, 422, "当前状态"),
    Try("coordinator", FROZEN + "/publish", {}, 422, "须由其他人员发布"),
    Try("auditor", FROZEN + "/publish", {}, 403),
    Try("supervisor", FROZEN + "/publish", {"revision": "0"}, 409),
    Try("supervisor", SPOILT + "/publish", {}, 422, "不能发布"),
    Try("supervisor", FROZEN + "/withdraw", {"reason": " \u3000\x00\u200b"}, 422, "必填"),
    Try("supervisor", FROZEN + "/withdraw", {"reason": "长" * 1_000_000}, 422, "最多200个字"),
    Try("coordinator", PUBLISHED + "/freeze", {}, 422, "当前状态"),
    Try("supervisor", PUBLISHED + "/publish", {}, 422, "当前状态"),
    Try("handler", PUBLISHED + "/withdraw", {"reason": "有误"}, 403),
    Try("coordinator", "/monthly/999999/freeze", {}, 404),
    Try("coordinator", "/monthly/" + HUGE + "/withdraw", {"reason": "有误"}, 404),
    Try("coordinator", FROZEN + "/rows/nothing/export.csv", {}, 404),
    Try("coordinator", FROZEN + "/rows/open/export.xlsx?of=tomorrow", {}, 404),
    Try("coordinator", FROZEN + "/rows/open/export.csv?part=half", {}, 404),
]


@pytest.fixture
def reports(world, at):
    """A draft of the present month and three months before it: frozen, published, frozen and spoilt."""
    at("2026-11-27")
    me, other = actor_for(world.people["coordinator"]), actor_for(make_person([Role.LEADER]))
    made = {
        name: operations.draft_report(me, Month(2026, month))
        for name, month in (("draft", 11), ("frozen", 10), ("published", 9), ("spoilt", 8))
    }
    for name in ("frozen", "published", "spoilt"):
        assert operations.freeze_report(me, made[name])
    operations.publish_report(other, made["published"])
    spoilt = sa.update(MonthlyReport).where(MonthlyReport.id == made["spoilt"].id)
    db.session.execute(spoilt.values(content=made["spoilt"].content | {"ranks_units": False}))
    world.ids |= {name: report.id for name, report in made.items()}
    db.session.commit()
    return world


def test_reports_refuse_with_a_sentence_and_nothing_changes(reports, contents):
    assert_refused(reports, contents, TRIES)
