"""What hangs on a record: tags and their validity, figures by year, sites, contacts."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.permissions import Role
from visits.enterprises import operations, profile, queries, standing
from visits.enterprises.models import ContactRole, Measure, TagGrant, TagLevel, YearlyFact
from visits.enterprises.operations import ContactEntry, FactEntry, GrantEntry, SiteEntry

TODAY = "2026-11-23"


@pytest.fixture
def tag(database, at):
    at(TODAY)
    made = operations.save_tag(SYSTEM, None, "先锋企业", False)
    db.session.flush()
    return made


@pytest.mark.parametrize(
    ("granted_on", "expires_on", "holds"),
    [
        (None, None, True),
        (date(2026, 11, 23), None, True),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 23), True),
        (None, date(2026, 11, 22), False),
        (date(2023, 1, 1), date(2025, 12, 31), False),
    ],
)
def test_a_tag_counts_only_while_it_is_valid(tag, granted_on, expires_on, holds):
    firm = make_enterprise()
    operations.grant_tag(
        SYSTEM, firm, GrantEntry(tag.id, TagLevel.NATIONAL, granted_on, expires_on, "文1号")
    )
    db.session.flush()
    assert (queries.tags_of(firm.id) == [tag.name]) is holds
    counted = {row.name: row.held for row in profile.list_tags()}
    assert counted[tag.name] == int(holds)
    (held,) = profile.profile_of(firm.id).tags
    assert (held.holds, held.level, held.document_no) == (holds, TagLevel.NATIONAL, "文1号")


def test_the_same_tag_may_come_again_but_not_twice_at_once(tag):
    firm = make_enterprise()
    first = GrantEntry(tag.id, TagLevel.CITY, date(2020, 1, 1), date(2022, 12, 31))
    operations.grant_tag(SYSTEM, firm, first)
    operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id, TagLevel.CITY, date(2023, 1, 1)))
    operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id, TagLevel.NATIONAL, date(2021, 1, 1)))
    ever, later = GrantEntry(tag.id, TagLevel.CITY), GrantEntry(tag.id, TagLevel.CITY, date(2030, 1, 1))
    for again in (first, ever, later):
        with pytest.raises(Refused) as refusal:
            operations.grant_tag(SYSTEM, firm, again)
        assert refusal.value.field == "tag_id"


def test_a_tag_cannot_end_before_it_begins_nor_be_granted_once_closed(tag):
    firm = make_enterprise()
    with pytest.raises(Refused) as refusal:
        operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id, None, date(2026, 2, 1), date(2026, 1, 1)))
    assert refusal.value.field == "expires_on"
    operations.save_tag(SYSTEM, tag, tag.name, True)
    with pytest.raises(Refused):
        operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id))


def test_a_tag_taken_off_stays_in_the_history(tag):
    firm = make_enterprise()
    grant = operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id))
    db.session.flush()
    operations.take_off_tag(SYSTEM, firm, grant, "复审未通过")
    db.session.flush()
    assert queries.tags_of(firm.id) == []
    assert db.session.scalars(sa.select(TagGrant.removal_reason)).all() == ["复审未通过"]
    with pytest.raises(WrongState):
        operations.take_off_tag(SYSTEM, firm, grant, "再来一次")


def test_editing_the_names_keeps_levels_and_dates(tag):
    firm = make_enterprise()
    operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id, TagLevel.NATIONAL, None, date(2027, 1, 1)))
    entry = operations.EnterpriseEntry(name=firm.name, code=firm.code, tags=[tag.name, "重点企业"])
    operations.update_enterprise(SYSTEM, firm, entry, None)
    db.session.flush()
    held = {(h.name, h.level) for h in profile.profile_of(firm.id).tags}
    assert held == {(tag.name, TagLevel.NATIONAL), ("重点企业", None)}


def test_two_tags_of_one_name_are_refused(tag):
    with pytest.raises(Refused):
        operations.save_tag(SYSTEM, None, tag.name, False)
    other = operations.save_tag(SYSTEM, None, "别的", False)
    db.session.flush()
    with pytest.raises(Refused):
        operations.save_tag(SYSTEM, other, tag.name, False)


@pytest.mark.parametrize(
    ("value", "unit", "stored"),
    [("1.2", "亿元", (12000, "万元")), ("12000", "万元", (12000, "万元")), ("350000", "元", (35, "万元"))],
)
def test_money_is_stored_in_one_unit(database, value, unit, stored):
    firm = make_enterprise()
    entry = FactEntry(2025, Measure.OUTPUT, Decimal(value), unit, "统计局")
    fact = operations.record_fact(SYSTEM, firm, entry)
    assert (fact.value, fact.unit) == stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": 1899}, "year"),
        ({"year": 9999}, "year"),
        ({"unit": "人"}, "unit"),
        ({"measure": Measure.STAFF}, "unit"),
        ({"measure": Measure.STAFF, "unit": "人", "value": Decimal("1.5")}, "value"),
        ({"value": Decimal("-1")}, "value"),
        ({"value": Decimal(10**9)}, "value"),
    ],
)
def test_an_impossible_figure_is_refused_at_its_field(database, change, field):
    values = {
        "year": 2025,
        "measure": Measure.OUTPUT,
        "value": Decimal(1),
        "unit": "亿元",
        "source": "统计局",
    }
    with pytest.raises(Refused) as refusal:
        operations.record_fact(SYSTEM, make_enterprise(), FactEntry(**values | change))
    assert refusal.value.field == field


def test_a_corrected_figure_supersedes_and_is_kept(database):
    firm = make_enterprise()
    for value in (9000, 11000):
        entry = FactEntry(2025, Measure.REVENUE, Decimal(value), "万元", "统计局")
        operations.record_fact(SYSTEM, firm, entry)
        db.session.flush()
    with pytest.raises(Refused):
        operations.record_fact(SYSTEM, firm, entry)
    (figure,) = profile.profile_of(firm.id).figures
    assert figure.value == 11000
    assert len(profile.facts_ever(firm.id)) == 2
    superseded = sa.select(YearlyFact.value).where(YearlyFact.superseded_at.is_not(None))
    assert db.session.scalars(superseded).all() == [9000]


def test_a_hundred_million_is_of_a_named_measure_and_year(database):
    firm, other = make_enterprise(), make_enterprise()
    for measure, year, value in ((Measure.OUTPUT, 2024, "1"), (Measure.REVENUE, 2025, "0.99")):
        entry = FactEntry(year, measure, Decimal(value), "亿元", "统计局")
        operations.record_fact(SYSTEM, firm, entry)
    db.session.flush()

    def found(measure, year):
        stmt = sa.select(queries.Enterprise.id).where(standing.reached(measure, year))
        return db.session.scalars(stmt).all()

    assert found(Measure.OUTPUT, 2024) == [firm.id]
    assert found(Measure.OUTPUT, 2025) == found(Measure.REVENUE, 2025) == []
    assert profile.measured_years() == [(Measure.REVENUE, 2025), (Measure.OUTPUT, 2024)]
    assert [f.measure for f in profile.profile_of(firm.id).hundred_millions] == [Measure.OUTPUT]
    assert profile.profile_of(other.id).hundred_millions == []


def test_sites_are_given_up_not_deleted(database):
    firm = make_enterprise()
    site = operations.open_site(SYSTEM, firm, SiteEntry("二厂", "创业路2号"))
    db.session.flush()
    assert [place.name for place in profile.profile_of(firm.id).sites] == ["二厂"]
    operations.close_site(SYSTEM, firm, site)
    db.session.flush()
    assert profile.profile_of(firm.id).sites == []
    assert profile.get_site(firm.id, site.id).ended_on is not None


@pytest.mark.parametrize(
    ("verified_on", "fresh"),
    [(None, False), (date(2026, 11, 23), True), (date(2026, 5, 27), True), (date(2026, 5, 26), False)],
)
def test_a_contact_goes_stale_after_180_days(database, at, verified_on, fresh):
    at(TODAY)
    firm = make_enterprise()
    contact = operations.add_contact(SYSTEM, firm, ContactEntry(ContactRole.PRINCIPAL, "张工"))
    contact.last_verified_on = verified_on
    db.session.flush()
    (known,) = profile.profile_of(firm.id).contacts
    assert known.is_fresh is fresh


def test_who_visits_verifies_and_only_the_office_ends_a_contact(database):
    firm = make_enterprise()
    contact = operations.add_contact(SYSTEM, firm, ContactEntry(ContactRole.PRINCIPAL, "张工"))
    db.session.flush()
    cadre, auditor = (actor_for(make_person([role])) for role in (Role.CADRE, Role.AUDITOR))
    operations.verify_contact(cadre, firm, contact)
    for act in (operations.verify_contact, lambda *a: operations.end_contact(*a, "离职", None)):
        with pytest.raises(NotAllowed):
            act(auditor, firm, contact)
    with pytest.raises(Refused):
        operations.end_contact(SYSTEM, firm, contact, "离职", date(2999, 1, 1))
    operations.end_contact(SYSTEM, firm, contact, "离职", None)
    with pytest.raises(WrongState):
        operations.end_contact(SYSTEM, firm, contact, "离职", None)
