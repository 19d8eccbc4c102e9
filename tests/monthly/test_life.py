"""The life of a monthly report on its pages: drafted, written, renewed, frozen, published, taken back."""

import re

import pytest
import sqlalchemy as sa

from tests.reports.world import Problem
from tests.reports.world import november as nov
from visits.core.errors import NotAllowed, Refused
from visits.core.periods import Month
from visits.monthly import operations, queries
from visits.monthly.models import MonthlyReport
from visits.monthly.rules import Section
from visits.monthly.states import ReportState

NOVEMBER = Month(2026, 11)


@pytest.fixture
def draft(zone):
    return operations.draft_report(zone.actors["coordinator"], NOVEMBER)


@pytest.fixture
def frozen(zone, draft, db):
    assert operations.freeze_report(zone.actors["coordinator"], draft)
    db.session.commit()
    return draft


def test_from_draft_to_publication_by_two_people(zone, browser, db):
    coordinator, leader = browser("coordinator"), browser("leader")
    page = coordinator.follow(coordinator.post("monthly.new", {"month": "2026-11"}))
    assert page.heading == "关于2026年11月企业走访和问题诉求办理情况的通报"
    assert "11月，走访企业6家次（4家）、8人次" in page.main
    report_id = db.session.scalar(sa.select(MonthlyReport.id))
    page = coordinator.follow(coordinator.post("monthly.freeze", report_id=report_id))
    assert "本月数据已冻结" in page.text
    assert "须由其他人员发布" in page.main
    page = leader.follow(leader.post("monthly.publish", report_id=report_id))
    assert "通报已发布" in page.text
    report = db.session.get(MonthlyReport, report_id)
    assert (report.state, report.frozen_by_id, report.published_by_id) == (
        ReportState.PUBLISHED,
        zone.people["coordinator"].id,
        zone.people["leader"].id,
    )
    assert report.digest in page.main
    assert re.fullmatch(r"[0-9a-f]{64}", report.digest)


def test_whoever_froze_a_report_cannot_publish_it(zone, frozen, browser):
    with pytest.raises(Refused, match="Somebody else"):
        operations.publish_report(zone.actors["coordinator"], frozen)
    page = browser("coordinator").post("monthly.publish", status=422, report_id=frozen.id)
    assert "须由其他人员发布" in page.main
    operations.publish_report(zone.actors["second"], frozen)
    assert frozen.state is ReportState.PUBLISHED


@pytest.mark.parametrize("name", ["supervisor", "leader", "auditor"])
def test_only_coordinators_draft_and_freeze(zone, draft, name):
    actor = zone.actors[name]
    for act in (
        lambda: operations.draft_report(actor, Month(2026, 10)),
        lambda: operations.renew_figures(actor, draft),
        lambda: operations.freeze_report(actor, draft),
        lambda: operations.write_text(actor, draft, Section.BASICS, "改写。"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_month_that_is_not_over_can_be_drafted_but_not_frozen(zone, browser, at, db):
    at("2026-11-30T23:59:59+08:00")
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    coordinator = browser("coordinator")
    assert "下月1日起方可冻结" in coordinator.get("monthly.show", report_id=report.id).main
    page = coordinator.post("monthly.freeze", status=422, report_id=report.id)
    assert "本月尚未结束" in page.main
    db.session.refresh(report)
    assert (report.state, report.digest) == (ReportState.DRAFT, None)
    at("2026-12-01T00:00:00+08:00")
    assert operations.freeze_report(zone.actors["coordinator"], report)


def test_an_edited_text_survives_new_figures_and_the_new_one_is_offered(zone, draft, browser, db):
    coordinator = browser("coordinator")
    show = {"report_id": draft.id}
    words = "11月，全区上下走访企业。\n成效明显。"
    coordinator.post("monthly.write", {"words": words}, section="basics", **show)
    page = coordinator.get("monthly.show", **show)
    assert "成效明显" in page.main
    assert "依据最新数据重新生成" not in page.main
    zone.world.visit(nov(25), [zone.world.firm(name="补录企业")], recorded=nov(30))
    coordinator.post("monthly.renew", page=page, **show)
    page = coordinator.get("monthly.show", **show)
    part = page.root.first("section", id="basics")
    assert "成效明显" in part.text
    assert "依据最新数据重新生成的文字" in part.text
    assert "11月，走访企业7家次（5家）" in part.text
    coordinator.post("monthly.take", page=page, section="basics", **show)
    part = coordinator.get("monthly.show", **show).root.first("section", id="basics")
    assert "成效明显" not in part.text
    assert "11月，走访企业7家次（5家）" in part.text


def test_a_section_without_text_is_left_out_of_the_frozen_report(zone, draft, db):
    operations.write_text(zone.actors["coordinator"], draft, Section.NEXT, "")
    assert queries.texts_of(draft.id)[Section.NEXT].said == ""


def test_nobody_freezes_figures_nobody_has_read(zone, draft, browser, db):
    coordinator = browser("coordinator")
    zone.world.visit(nov(25), [zone.world.firm()], recorded=nov(30))
    page = coordinator.follow(coordinator.post("monthly.freeze", report_id=draft.id))
    assert "尚未冻结" in page.text
    db.session.refresh(draft)
    assert draft.state is ReportState.DRAFT
    assert draft.content["figures"]["visit_count"]["value"] == 7
    coordinator.post("monthly.freeze", report_id=draft.id)
    db.session.refresh(draft)
    assert draft.state is ReportState.FROZEN


def test_what_is_recorded_later_moves_nothing_in_a_frozen_month(zone, frozen, browser, db):
    before = browser("leader").get("monthly.show", report_id=frozen.id).main
    zone.world.visit(nov(25), [zone.world.firm()], recorded=nov(30))
    Problem(zone.world, zone.world.firm(), nov(25), on_spot=True).answer(nov(25)).save()
    db.session.commit()
    assert browser("leader").get("monthly.show", report_id=frozen.id).main == before


def test_a_frozen_report_is_not_renewed_and_not_edited(zone, frozen, browser):
    coordinator = browser("coordinator")
    page = coordinator.post(
        "monthly.write", {"words": "改写。"}, status=422, section="basics", report_id=frozen.id
    )
    assert "当前状态" in page.main
    coordinator.post("monthly.renew", status=409, report_id=frozen.id)
    coordinator.post("monthly.freeze", status=422, report_id=frozen.id)


def test_tampered_figures_are_told_and_never_published(zone, frozen, browser, db):
    content = frozen.content | {"sources": {"visit": 99}}
    db.session.execute(sa.update(MonthlyReport).values(content=content))
    db.session.commit()
    leader = browser("leader")
    assert "现存内容与冻结时不一致" in leader.get("monthly.show", report_id=frozen.id).main
    page = leader.post("monthly.publish", status=422, report_id=frozen.id)
    assert "不能发布" in page.main


def test_tampered_texts_are_told_as_well(zone, frozen, browser, db):
    text = queries.texts_of(frozen.id)[Section.BASICS]
    text.generated = text.generated.replace("6家次", "9家次")
    db.session.commit()
    assert "现存内容与冻结时不一致" in browser("auditor").get("monthly.show", report_id=frozen.id).main


def test_a_report_taken_back_stays_readable_and_the_month_is_drafted_again(zone, browser, db):
    coordinator, leader = browser("coordinator"), browser("leader")
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    operations.write_text(zone.actors["coordinator"], report, Section.NEXT, "一是继续努力。")
    operations.freeze_report(zone.actors["coordinator"], report)
    operations.publish_report(zone.actors["leader"], report)
    page = leader.post("monthly.withdraw", {"reason": " "}, status=422, report_id=report.id)
    assert page.errors
    leader.post("monthly.withdraw", {"reason": "附件1有误。"}, report_id=report.id)
    assert "撤回：附件1有误。" in leader.get("monthly.show", report_id=report.id).main
    page = coordinator.follow(coordinator.post("monthly.new", {"month": "2026-11"}))
    assert "第2版" in page.main
    assert "一是继续努力。" in page.main
    assert "第1版 已撤回" in page.main
    rows = coordinator.get("monthly.index").rows
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("2026-11", "2", "草稿"),
        ("2026-11", "1", "已撤回"),
    ]


def test_a_month_has_one_report_at_a_time(zone, draft, browser):
    page = browser("second").post("monthly.new", {"month": "2026-11"}, status=422)
    assert "2026-11已有通报" in page.main


def test_a_stale_form_changes_nothing(zone, draft, browser, db):
    first, second = browser("coordinator"), browser("second")
    at_hand = {
        name: (b, b.get("monthly.write", section="next", report_id=draft.id))
        for name, b in (("first", first), ("second", second))
    }
    first.post(
        "monthly.write", {"words": "一是。"}, page=at_hand["first"][1], section="next", report_id=draft.id
    )
    page = second.post(
        "monthly.write",
        {"words": "二是。"},
        status=409,
        page=at_hand["second"][1],
        section="next",
        report_id=draft.id,
    )
    assert "二是。" in page.text
    assert queries.texts_of(draft.id)[Section.NEXT].said == "一是。"


def test_two_who_freeze_at_once_freeze_once(zone, draft, browser, db):
    first, second = browser("coordinator"), browser("second")
    pages = [b.get("monthly.freeze", report_id=draft.id) for b in (first, second)]
    first.post("monthly.freeze", page=pages[0], report_id=draft.id)
    page = second.post("monthly.freeze", page=pages[1], status=409, report_id=draft.id)
    assert "有人" in page.main or "他人" in page.main
    db.session.refresh(draft)
    assert draft.frozen_by_id == zone.people["coordinator"].id


def test_handlers_do_not_see_reports(zone, draft, browser):
    handler = browser("handler")
    handler.get("monthly.index", status=403)
    handler.get("monthly.show", status=403, report_id=draft.id)
