"""What is sent by mistake or malice to pages of ledgers gets a plain sentence, and changes nothing."""

import pytest

from tests.factories.accounts import actor_for
from tests.factories.ledgers import kept_order
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.clock import now
from visits.core.db import db
from visits.ledgers import operations, queries, views
from visits.ledgers.models import Stage

WAITING, READY, OTHERS = (
    "/ledgers/exports/{waiting}",
    "/ledgers/exports/{ready}",
    "/ledgers/exports/{others}",
)
FILE = "/ledgers/problems/export.xlsx"
TRIES = [
    Try("coordinator", WAITING + "/file", {}, 409, "尚未生成完毕"),
    Try("coordinator", READY + "/file", {}, 410, "文件已不存在"),
    Try("coordinator", READY + "/start-again", {}, 409, "不在生成中"),
    Try("coordinator", "/ledgers/exports/{moved}/file", {}, 403, "已变动"),
    Try("coordinator", OTHERS + "/file", {}, 404),
    Try("coordinator", OTHERS + "/discard", {}, 404),
    Try("coordinator", OTHERS + "/start-again", {}, 404),
    Try("rival", WAITING + "/discard", {}, 404),
    Try("coordinator", "/ledgers/exports/999999/file", {}, 404),
    Try("coordinator", f"/ledgers/exports/{HUGE}/file", {}, 404),
    Try("coordinator", "/ledgers/projects/export.xlsx", {}, 404),
    Try("admin", FILE, {"set": "office"}, 403),
    Try("callback", "/ledgers/visits/export.csv", {}, 403),
    Try("coordinator", FILE, {"set": "office"}, 422, "正在生成"),
    Try("coordinator", FILE + "?state=" + HUGE, {"set": "\x00" * 9}, 422, "正在生成"),
]


@pytest.fixture
def ledgers(world, monkeypatch):
    """A coordinator with two ledgers at work, one whose file is lost, one made with other rights."""
    monkeypatch.setattr(views, "AT_ONCE", -1)
    monkeypatch.setattr(operations, "begin_apart", lambda *_: None)
    mine, rival = (actor_for(world.people[who]) for who in ("coordinator", "rival"))
    done = {"stage": Stage.DONE, "made_at": now()}
    kept = {
        "waiting": kept_order(mine),
        "second": kept_order(mine),
        "ready": kept_order(mine, file_key="a" * 32, reach=queries.reach_of(mine), **done),
        "moved": kept_order(mine, file_key="b" * 32, reach="other", **done),
        "others": kept_order(rival),
    }
    db.session.add_all(kept.values())
    db.session.flush()
    world.ids |= {name: export.id for name, export in kept.items()}
    db.session.commit()
    return world


def test_ledgers_refuse_with_a_sentence_and_nothing_changes(ledgers, contents):
    assert_refused(ledgers, contents, TRIES)


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense&unit=x&programme=" + HUGE,
        "period=never&by=moon",
        "period_from=2026-12-01&period_to=2026-11-01",
        "period_from=9999-99-99",
        "park=%00%E2%80%AE&columns=x,y&sort=-%27;drop",
        "page=" + HUGE,
    ],
)
@pytest.mark.parametrize("book", ["visits", "problems", "enterprises"])
def test_nonsense_in_an_address_narrows_nothing_or_is_said(world, contents, book, query):
    before = contents()
    page = world.browsers["coordinator"].open(f"/ledgers/{book}?{query}")
    assert page.status == 200
    if "period_to" in query:
        assert "结束日期早于开始日期" in page.main or page.root.all(class_="field-error")
    assert contents() == before
