"""Programmes as data: what they count, their rounds, their rule in versions, and who is listed by name."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_programmes
from visits.core.authz import SYSTEM
from visits.core.clock import now
from visits.core.db import db as handle
from visits.core.errors import Refused, Stale
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise, EnterpriseStatus, Measure, Tag, TagGrant, YearlyFact
from visits.enterprises.operations import create_standard_tags
from visits.programmes import operations, rules, scope
from visits.programmes.models import (
    ENTERPRISE_VISIT,
    Period,
    Programme,
    ProgrammeKind,
    Round,
    ScopeListing,
    ScopeVersion,
    Tier,
)
from visits.programmes.operations import ListingEntry, ProgrammeEntry, ScopeEntry, TierEntry

LAKE, RIVER, HILL = "湖畔精密机械有限公司", "江滨电子有限公司", "青山食品有限公司"


@pytest.fixture(autouse=True)
def _day(at, database):
    at("2026-11-20")


@pytest.fixture
def programme(db):
    return db.session.get(Programme, make_programmes()[ENTERPRISE_VISIT])


@pytest.fixture
def firms(programme):
    return {name: make_enterprise(name) for name in (LAKE, RIVER, HILL)}


@pytest.fixture
def coordinator(programme, client_for):
    return client_for(make_person([Role.COORDINATOR], name="陈主任"))


def taken(programme, day):
    """The names of the enterprises in scope on a day, as known now."""
    known = scope.scopes(programme.id)[0].known_at(now())
    version = known.stretches(rules.Span(day, day))[0].version
    return set(handle.session.scalars(sa.select(Enterprise.name).where(known.takes(version, day))))


def list_firms(programme, firms, *, out=False, from_on=date(2026, 11, 1), until_on=None):
    entry = ListingEntry([firm.id for firm in firms], out, from_on, until_on, "市级统筹")
    return operations.list_enterprises(SYSTEM, programme, entry)


def test_a_programme_is_set_up_and_opened(coordinator, db):
    data = {"name": "万人助万企", "kind": "campaign", "counted_modes": ["on_site", "phone"]}
    page = coordinator.post("programmes.new_programme", data)
    shown = coordinator.get(page.location)
    assert shown.heading == "万人助万企"
    assert "电话" in shown.main
    made = db.session.scalar(sa.select(Programme).where(Programme.name == "万人助万企"))
    assert (made.kind, made.counted_modes) == (ProgrammeKind.CAMPAIGN, ["on_site", "phone"])
    assert made.code.startswith("programme_")


def test_two_people_do_not_save_over_each_other(programme):
    entry = ProgrammeEntry("企业大走访", ProgrammeKind.CAMPAIGN, ["on_site"])
    with pytest.raises(Stale):
        operations.update_programme(SYSTEM, programme, entry, programme.revision + 1)
    operations.update_programme(SYSTEM, programme, entry, programme.revision)
    assert programme.counted_modes == ["on_site"]


def test_a_round_ends_with_its_last_day(coordinator, programme, db):
    data = {"name": "第一轮", "from_on": "2026-03-01", "last_on": "2026-06-30"}
    coordinator.post("programmes.new_round", data, programme_id=programme.id)
    page = coordinator.get("programmes.show", programme_id=programme.id)
    assert "2026-03-01 – 2026-06-30" in page.main
    [made] = db.session.scalars(sa.select(Round))
    form = coordinator.get("programmes.edit_round", programme_id=programme.id, round_id=made.id)
    assert form.root.first("input", name="last_on")["value"] == "2026-06-30"


def test_the_usual_tiers_find_a_hundred_million_by_the_figures_on_record(coordinator, programme, firms, db):
    create_standard_tags(SYSTEM)
    fact = {"year": 2025, "measure": Measure.OUTPUT, "value": 250_000, "unit": "万元", "source": "年报"}
    db.session.add(YearlyFact(enterprise_id=firms[LAKE].id, **fact))
    db.session.commit()
    where = {"programme_id": programme.id}
    data = {"from_on": "2026-01-01", "reason": "年度方案"}
    filled = coordinator.post("programmes.new_scope", data | {"usual": "1"}, **where, status=200)
    tried = coordinator.post("programmes.new_scope", {"preview": "1"}, page=filled, **where, status=200)
    assert "产值亿元以上企业：1" in tried.main
    assert "其他企业：2" in tried.main


def test_a_rule_is_tried_before_it_is_kept_and_the_usual_tiers_are_one_button(
    coordinator, programme, firms, db
):
    create_standard_tags(SYSTEM)
    key = db.session.scalar(sa.select(Tag.id).where(Tag.code == "key"))
    db.session.add(TagGrant(tag_id=key, enterprise_id=firms[LAKE].id))
    db.session.commit()
    where = {"programme_id": programme.id}
    data = {"from_on": "2026-01-01", "reason": "年度方案"}
    filled = coordinator.post("programmes.new_scope", data | {"usual": "1"}, **where, status=200)
    assert filled.root.first("input", name="tiers-0-name")["value"] == "重点企业"
    assert filled.root.first("input", name="tiers-1-name")["value"] == "产值亿元以上企业"
    assert filled.root.first("input", name="tiers-1-at_least")["value"] == "10000"
    assert filled.root.first("input", name="tiers-3-name")["value"] == "其他企业"
    tiers = {
        "tiers-0-name": "重点企业",
        "tiers-0-tag_id": str(key),
        "tiers-0-visits": "1",
        "tiers-0-period": "month",
        "tiers-1-name": "其他企业",
        "tiers-1-visits": "1",
        "tiers-1-period": "half_year",
    }
    tried = coordinator.post("programmes.new_scope", data | tiers | {"preview": "1"}, **where, status=200)
    assert "该规则涉及3家企业" in tried.main
    assert "重点企业：1" in tried.main
    assert "其他企业：2" in tried.main
    assert not db.session.scalars(sa.select(ScopeVersion)).all()
    coordinator.post("programmes.new_scope", data | tiers, **where)
    page = coordinator.get("programmes.show", **where)
    assert "年度方案" in page.main
    assert "每半年1次" in page.main
    kept = db.session.scalars(sa.select(Tier).order_by(Tier.position)).all()
    assert [(t.name, t.visits, t.period) for t in kept] == [
        ("重点企业", 1, Period.MONTH),
        ("其他企业", 1, Period.HALF_YEAR),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"tiers-0-name": "重点"}, "走访次数"),
        ({"tiers-0-visits": "1"}, "层级名称"),
        ({"tiers-0-name": "亿元", "tiers-0-visits": "1", "tiers-0-measure": "output"}, "指标和数额"),
        (
            {"tiers-0-name": "甲", "tiers-0-visits": "1", "tiers-1-name": "乙", "tiers-1-visits": "1"},
            "最后一行",
        ),
    ],
)
def test_a_tier_half_filled_in_is_said(coordinator, programme, row, says):
    data = {"from_on": "2026-01-01", "reason": "年度方案"} | row
    page = coordinator.post("programmes.new_scope", data, programme_id=programme.id, status=422)
    assert says in page.main


def test_a_new_version_leaves_the_days_before_it_as_they_were(programme, firms, db):
    tag = Tag(name="链上企业")
    db.session.add(tag)
    db.session.flush()
    db.session.add(TagGrant(tag_id=tag.id, enterprise_id=firms[LAKE].id))
    entry = ScopeEntry(
        date(2026, 7, 1), "只走访链上企业", {"tags": [tag.id]}, [TierEntry("全部", 1, Period.MONTH)]
    )
    operations.set_scope(SYSTEM, programme, entry)
    db.session.flush()
    assert taken(programme, date(2026, 6, 30)) == {LAKE, RIVER, HILL}
    assert taken(programme, date(2026, 7, 1)) == {LAKE}


def test_listing_by_name_outdoes_the_rule_and_out_outdoes_in(programme, firms, db):
    operations.set_scope(SYSTEM, programme, ScopeEntry(date(2026, 1, 1), "名单", {"listed_only": True}))
    assert list_firms(programme, [firms[LAKE], firms[RIVER]]) == 2
    assert list_firms(programme, [firms[LAKE]]) == 0
    db.session.flush()
    assert taken(programme, date(2026, 10, 31)) == set()
    assert taken(programme, date(2026, 11, 1)) == {LAKE, RIVER}
    list_firms(programme, [firms[RIVER]], out=True, from_on=date(2026, 11, 10))
    db.session.flush()
    assert taken(programme, date(2026, 11, 9)) == {LAKE, RIVER}
    assert taken(programme, date(2026, 11, 10)) == {LAKE}
    list_firms(programme, [firms[RIVER]], from_on=date(2026, 11, 15))
    db.session.flush()
    assert taken(programme, date(2026, 11, 14)) == {LAKE}
    assert taken(programme, date(2026, 11, 15)) == {LAKE, RIVER}


def test_what_was_known_of_a_listing_stays_known(programme, firms, db, at):
    operations.set_scope(SYSTEM, programme, ScopeEntry(date(2026, 1, 1), "名单", {"listed_only": True}))
    list_firms(programme, [firms[LAKE]])
    db.session.flush()
    before = now()
    at("2026-11-25")
    [row] = db.session.scalars(sa.select(ScopeListing))
    operations.end_listing(SYSTEM, programme, row, date(2026, 11, 5))
    db.session.flush()
    assert taken(programme, date(2026, 11, 20)) == set()
    known = scope.scopes(programme.id)[0].known_at(before)
    assert scope.tried(known, {"listed_only": True}, (), date(2026, 11, 20)) == {-1: 1}


def test_lines_are_found_by_code_name_and_former_name_and_the_others_told(
    coordinator, programme, firms, db
):
    old = make_enterprise("新名精工有限公司", former_names=["旧名精工有限公司"])
    db.session.commit()
    lines = [firms[LAKE].code.lower(), RIVER, "旧名精工有限公司", "", "没有的企业"]
    data = {"lines": "\n".join(lines), "reason": "补充", "is_excluded": "0", "from_on": "2026-11-01"}
    where = {"programme_id": programme.id}
    page = coordinator.post("programmes.new_listings", data, **where, status=422)
    assert "第5行“没有的企业”" in page.main
    assert "旧名精工有限公司" in page.root.first("textarea").text
    assert not db.session.scalars(sa.select(ScopeListing)).all()
    coordinator.post("programmes.new_listings", data | {"leaves_out": "y"}, **where)
    listed = {row.enterprise_id for row in db.session.scalars(sa.select(ScopeListing))}
    assert listed == {firms[LAKE].id, firms[RIVER].id, old.id}
    shown = coordinator.get("programmes.show", **where).text
    assert "已登记3家企业" in shown
    assert "第5行“没有的企业”" in shown


def test_a_listing_is_ended(coordinator, programme, firms, db):
    list_firms(programme, [firms[LAKE]], out=True)
    db.session.commit()
    where = {"programme_id": programme.id}
    page = coordinator.get("programmes.show", **where)
    assert "移出" in page.main
    [end] = [a["href"] for a in page.root.all("a") if a["href"].endswith("/end")]
    assert LAKE in coordinator.get(end).main
    coordinator.post(end, {"last_on": "2026-11-10"})
    assert "2026-11-01 – 2026-11-10" in coordinator.get("programmes.show", **where).main


def test_whoever_only_reads_changes_nothing(programme, firms, client_for):
    cadre = client_for(make_person([Role.CADRE]))
    page = cadre.get("programmes.show", programme_id=programme.id)
    assert not [
        a
        for a in page.root.all("a")
        if a["href"].startswith("/programmes/") and a["href"].endswith(("/new", "/edit"))
    ]
    cadre.get("programmes.new_scope", programme_id=programme.id, status=403)


def test_a_programme_cannot_end_before_it_begins(programme):
    entry = ProgrammeEntry(
        "企业大走访", ProgrammeKind.CAMPAIGN, ["on_site"], date(2026, 5, 1), date(2026, 4, 1)
    )
    with pytest.raises(Refused):
        operations.update_programme(SYSTEM, programme, entry, None)


def test_only_enterprises_in_business_are_taken(programme, firms):
    make_enterprise("停产企业有限公司", status=EnterpriseStatus.HALTED)
    known = scope.scopes(programme.id)[0].known_at(now())
    assert scope.tried(known, {}, (), date(2026, 11, 20)) == {-1: 3}


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("month", date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2026, 11, 30), date(2026, 10, 1), date(2026, 12, 31)),
        ("half_year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2024, 2, 29), date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_calendar_periods(period, day, first, last):
    assert rules.period_with(period, day) == rules.Span(first, last)


def test_a_period_counts_where_its_last_day_lies():
    found = rules.periods_ending_in("quarter", date(2026, 3, 31), date(2026, 9, 29))
    assert [span.to_on for span in found] == [date(2026, 3, 31), date(2026, 6, 30)]
    assert rules.periods_ending_in("quarter", date(2026, 11, 1), date(2026, 11, 30)) == []


def test_stretches_of_versions():
    starts = [(date(2026, 7, 1), 2), (date(2026, 3, 1), 1), (date(2026, 7, 1), 3)]
    found = rules.stretches(starts, rules.Span(date(2026, 1, 1), date(2026, 12, 31)))
    assert [(s.version, s.first_on, s.last_on) for s in found] == [
        (None, date(2026, 1, 1), date(2026, 2, 28)),
        (1, date(2026, 3, 1), date(2026, 6, 30)),
        (3, date(2026, 7, 1), date(2026, 12, 31)),
    ]
