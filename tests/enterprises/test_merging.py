"""Two records made one and parted again: what moves, what stands, what comes back."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import make_group, make_link, make_programmes
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import Model, db
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.enterprises import matching, operations, profile, queries
from visits.enterprises.models import ContactRole, Enterprise, EnterpriseStatus, Measure, Merge
from visits.enterprises.operations import ContactEntry, FactEntry, GrantEntry, MergeEntry, SiteEntry
from visits.enterprises.operations.entries import CHOOSABLE
from visits.issues.models import Issue
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise, VisitPair
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, Link

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
LAKE, RIVER = "湖畔精密机械有限公司", "江滨电子有限公司"


def merge(loser, winner, *fields, **values):
    entry = MergeEntry(loser.id, winner.id, "同一企业", frozenset(fields), **values)
    db.session.flush()
    made = operations.merge_enterprises(SYSTEM, entry)
    db.session.flush()
    db.session.expire_all()
    return made


def part(made):
    lost = operations.undo_merge(SYSTEM, made, "误并")
    db.session.flush()
    db.session.expire_all()
    return lost


def snapshot():
    """Every row of every table but the log and the merges themselves; a revision only ever grows."""
    db.session.flush()
    left_out = {"audit_entries", "enterprise_merges"}
    return {
        table.name: sorted(
            repr({k: v for k, v in row.items() if (table.name, k) != ("enterprises", "revision")})
            for row in db.session.execute(sa.select(table)).mappings()
        )
        for table in Model.metadata.sorted_tables
        if table.name not in left_out
    }


def both():
    return make_enterprise(LAKE, code=make_code(11)), make_enterprise(RIVER, code=make_code(12))


def test_only_a_coordinator_merges(database):
    loser, winner = both()
    for role in set(Role) - {Role.COORDINATOR}:
        actor = actor_for(make_person([role]))
        with pytest.raises(NotAllowed):
            operations.merge_enterprises(actor, MergeEntry(loser.id, winner.id, "同一企业"))
        with pytest.raises(NotAllowed):
            operations.note_distinct(actor, loser, winner, "两家")


def test_neither_itself_nor_a_tombstone_nor_a_stale_form(database):
    loser, winner = both()
    third = make_enterprise()
    with pytest.raises(Refused):
        merge(winner, winner)
    with pytest.raises(Stale):
        merge(loser, winner, winner_revision=winner.revision + 1)
    with pytest.raises(Stale):
        merge(loser, winner, loser_revision=loser.revision + 1)
    merge(loser, winner)
    for one, other in ((loser, third), (third, loser)):
        with pytest.raises(WrongState):
            merge(one, other)


def test_all_that_belongs_to_the_loser_moves(database):
    loser, winner = both()
    promise = PromiseEntry(loser.id, "协调", "李", None)
    make_visit(loser, problems=[problem_at(loser)], promises=[promise])
    operations.add_contact(SYSTEM, loser, ContactEntry(ContactRole.LIAISON, "张工", "", "13812345678"))
    operations.open_site(SYSTEM, loser, SiteEntry("二厂", "创业路2号"))
    make_link(loser, group=make_group())
    merge(loser, winner)
    for column in (VisitPair.enterprise_id, Issue.enterprise_id, Promise.enterprise_id, Link.enterprise_id):
        assert db.session.scalars(sa.select(column)).all() == [winner.id], column
    found = profile.profile_of(winner.id)
    assert [c.name for c in found.contacts] == ["张工"]
    assert [s.name for s in found.sites] == ["二厂"]
    assert found.former_names == [LAKE]


def test_a_merged_record_leaves_lists_and_searches_and_is_found_as_the_other(database):
    loser, winner = both()
    merge(loser, winner)
    for q in (LAKE, "湖畔", "hpjm", make_code(11), RIVER):
        assert [row.id for row in queries.search(q)] == [winner.id], q
    assert loser.id not in dict(queries.all_names())
    assert queries.names_of([loser.id, winner.id]) == {winner.id: RIVER}
    assert queries.holder_of(make_code(11)).id == winner.id
    assert [m.id for m in matching.namesakes(LAKE)] == [winner.id]


def test_an_edit_afterwards_keeps_the_merged_code_findable(database):
    loser, winner = both()
    merge(loser, winner)
    entry = operations.EnterpriseEntry(name=RIVER, code=make_code(12), former_names=[LAKE], street="新街道")
    operations.update_enterprise(SYSTEM, winner, entry, winner.revision)
    db.session.flush()
    assert [row.id for row in queries.search(make_code(11))] == [winner.id]


def test_what_survives_is_chosen_field_by_field(database):
    loser = make_enterprise(LAKE, code=make_code(21), street="湖畔街道", capital_text="500万元")
    winner = make_enterprise(RIVER, code="", provisional_reason="走访时未见执照", street="江滨街道")
    merge(loser, winner, "name", "code", "capital_text")
    assert (winner.name, winner.code, winner.is_provisional) == (LAKE, make_code(21), False)
    assert (winner.street, winner.capital_amount) == ("江滨街道", 5_000_000)
    assert (loser.code, loser.is_provisional, loser.merged_into_id) == (None, True, winner.id)
    assert profile.profile_of(winner.id).former_names == [RIVER]


def test_codes_change_places(database):
    loser, winner = both()
    made = merge(loser, winner, "code")
    assert (winner.code, loser.code) == (make_code(11), make_code(12))
    part(made)
    assert (winner.code, loser.code) == (make_code(12), make_code(11))


def test_a_visit_to_both_is_one_visit_to_the_survivor(database):
    loser, winner = both()
    made_at = make_visit(loser, winner, problems=[problem_at(loser)], programmes=[ENTERPRISE_VISIT])
    before = snapshot()
    made = merge(loser, winner)
    pairs = db.session.scalars(sa.select(VisitPair).where(VisitPair.visit_id == made_at.id)).all()
    assert [(pair.enterprise_id, pair.has_no_issues) for pair in pairs] == [(winner.id, False)]
    assert part(made) == {}
    assert snapshot() == before


@pytest.mark.parametrize(
    ("loser_holds", "expected"),
    [
        (False, [("winner", MARCH, JUNE), ("loser", JANUARY, MARCH), ("loser", JUNE, None)]),
        (True, [("loser", JANUARY, None)]),
    ],
)
def test_one_officer_at_any_date(database, loser_holds, expected):
    loser, winner = both()
    officers = {"loser": make_person([Role.OFFICER]), "winner": make_person([Role.OFFICER])}
    make_link(loser, officer=officers["loser"], from_on=JANUARY)
    make_link(winner, officer=officers["winner"], from_on=MARCH, until_on=JUNE)
    make_link(winner, officer=officers["winner"], programme=ENTERPRISE_VISIT)
    before = snapshot()
    made = merge(loser, winner, loser_links_hold=loser_holds)
    names = {person.id: name for name, person in officers.items()}
    linked = make_programmes()[GROUP_LINKED]
    links = db.session.scalars(
        sa.select(Link).where(Link.enterprise_id == winner.id, Link.programme_id == linked)
    ).all()
    held = [(names[link.officer_id], link.from_on, link.until_on) for link in links]
    assert sorted(held, key=repr) == sorted(expected, key=repr)
    part(made)
    assert snapshot() == before


def test_twice_known_tags_and_figures_stay_behind(database):
    loser, winner = both()
    tag = operations.save_tag(SYSTEM, None, "高新技术企业二", False)
    db.session.flush()
    for firm in (loser, winner):
        operations.grant_tag(SYSTEM, firm, GrantEntry(tag.id))
        operations.record_fact(
            SYSTEM, firm, FactEntry(2025, Measure.OUTPUT, Decimal(12000), "万元", "统计局")
        )
    merge(loser, winner)
    found = profile.profile_of(winner.id)
    assert [held.name for held in found.tags] == ["高新技术企业二"]
    assert [figure.year for figure in found.figures] == [2025]


def test_what_came_after_the_merge_stays_with_the_survivor(database):
    loser, winner = both()
    office = make_office()
    old = make_issue(office, enterprise=loser)
    made = merge(loser, winner)
    new = make_issue(office, enterprise=winner)
    part(made)
    assert (old.enterprise_id, new.enterprise_id) == (loser.id, winner.id)
    assert [row.id for row in queries.search("湖畔")] == [loser.id]


def test_a_field_changed_after_the_merge_is_kept_and_named(database):
    loser, winner = both()
    made = merge(loser, winner, "street", "name")
    entry = operations.EnterpriseEntry(name="山下新材料有限公司", code=make_code(12))
    operations.update_enterprise(SYSTEM, winner, entry, None)
    db.session.flush()
    assert part(made).keys() == {"enterprises"}
    assert winner.name == "山下新材料有限公司"
    assert loser.merged_into_id is None


def test_a_deleted_rows_number_given_away_does_no_harm(database):
    loser, winner = both()
    make_visit(loser, winner)
    made = merge(loser, winner)
    make_visit(winner)
    part(made)
    pairs = db.session.scalars(sa.select(VisitPair.enterprise_id).order_by(VisitPair.visit_id)).all()
    assert sorted(pairs) == sorted([loser.id, winner.id, winner.id])


def test_merges_are_undone_the_last_first_and_once(database):
    loser, winner = both()
    third = make_enterprise()
    first, second = merge(loser, winner), merge(winner, third)
    assert loser.merged_into_id == third.id
    with pytest.raises(WrongState):
        part(first)
    part(second)
    assert loser.merged_into_id == winner.id
    part(first)
    with pytest.raises(WrongState):
        part(first)


def test_both_records_tell_the_story(database):
    loser, winner = both()
    part(merge(loser, winner))
    db.session.flush()
    rows = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.subject_type == "enterprises")
    ).all()
    assert {("enterprise.merged", loser.id), ("enterprise.took_in", winner.id)} <= set(rows)
    assert {("enterprise.parted", loser.id), ("enterprise.parted", winner.id)} <= set(rows)


def test_the_survivor_says_what_it_took_in_and_when(database, at):
    at("2026-11-23T23:30:00+08:00")
    loser, winner = both()
    merge(loser, winner)
    (taken,) = profile.profile_of(winner.id).taken
    assert (taken.name, taken.reason, taken.merged_on) == (LAKE, "同一企业", date(2026, 11, 23))


def test_every_table_of_an_enterprise_can_be_moved():
    for column in operations.owning_columns(stays=True):
        assert [c.name for c in column.table.primary_key.columns] == ["id"], column


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), chosen=st.sets(st.sampled_from(CHOOSABLE)), holds=st.booleans())
def test_parting_puts_every_row_back(database, seed, chosen, holds):
    with db.session.begin_nested() as step:
        _try_parting(Random(seed), chosen, holds)
        step.rollback()
    db.session.expire_all()


def _try_parting(chance, chosen, holds):
    loser, winner = both()
    people = [make_person([Role.OFFICER]) for _ in range(2)]
    for firm in (loser, winner):
        _furnish(chance, firm, people)
    for firms in chance.choices([(loser,), (winner,), (loser, winner)], k=4):
        problems = [problem_at(f) for f in firms if chance.random() < 0.5]
        make_visit(*firms, problems=problems)
    before = snapshot()
    made = merge(loser, winner, *chosen, loser_links_hold=holds)
    _no_two_at_once(winner)
    assert part(made) == {}
    assert snapshot() == before


def _furnish(chance, firm, people):
    for number in range(chance.randint(0, 2)):
        entry = ContactEntry(ContactRole.LIAISON, f"张{number}", "", f"1381234567{number}")
        operations.add_contact(SYSTEM, firm, entry)
    operations.record_fact(
        SYSTEM, firm, FactEntry(2025, Measure.TAX, chance.randint(1, 9), "亿元", "税务局")
    )
    first, second = sorted(date(2026, chance.randint(1, 9), 1) for _ in range(2))
    for code in (GROUP_LINKED, ENTERPRISE_VISIT):
        make_link(firm, officer=chance.choice(people), programme=code, from_on=first, until_on=second)
        if chance.random() < 0.7:
            make_link(firm, officer=chance.choice(people), programme=code, from_on=second)


def _no_two_at_once(winner):
    links = db.session.scalars(sa.select(Link).where(Link.enterprise_id == winner.id)).all()
    days = [date(2026, month, day) for month in range(1, 13) for day in (1, 15)]
    for day in days:
        held = [
            link.programme_id
            for link in links
            if link.from_on <= day and (link.until_on is None or day < link.until_on)
        ]
        assert len(held) == len(set(held))


def test_a_status_taken_over_counts_from_its_day(database):
    loser = make_enterprise(LAKE, code=make_code(31))
    winner = make_enterprise(RIVER, code=make_code(32))
    halted = operations.EnterpriseEntry(
        name=LAKE, code=make_code(31), status=EnterpriseStatus.HALTED, status_on=date(2026, 5, 1)
    )
    operations.update_enterprise(SYSTEM, loser, halted, None)
    merge(loser, winner, "status")
    assert (winner.status, winner.status_on) == (EnterpriseStatus.HALTED, date(2026, 5, 1))
    assert db.session.get(Enterprise, winner.id).status is EnterpriseStatus.HALTED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Merge)) == 1


def test_nothing_new_is_hung_on_a_tombstone(database):
    loser, winner = both()
    merge(loser, winner)
    with pytest.raises(Refused):
        make_visit(loser)
    with pytest.raises(Refused):
        make_issue(make_office(), enterprise=loser)
    with pytest.raises(Refused):
        make_link(loser, group=make_group())
