"""An import taken out again: what goes, what gets its old value back, what stays and is named."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.outreach import make_visit
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import Model, db
from visits.core.errors import NotAllowed, WrongState
from visits.core.permissions import Role
from visits.enterprises import importing, operations, profile, queries, runs
from visits.enterprises.models import Contact, Enterprise, EnterpriseStatus, ImportRun, StatusChange

HEADER = "企业名称,统一社会信用代码,街道,标签,曾用名,联系人,电话,状态"
NEW, OLD = "新来电子有限公司", "湖畔精密机械有限公司"


def bring(*rows):
    text = "\n".join([HEADER, *rows]).encode()
    plan, _ = importing.import_file(SYSTEM, text, "册.csv")
    db.session.flush()
    return runs.get_run(plan.run_id)


def undo(run):
    undone = operations.undo_import(SYSTEM, run, "传错文件")
    db.session.flush()
    db.session.expire_all()
    return undone


def register():
    """The register's own rows, without what imports and the log remember."""
    db.session.flush()
    names = ("enterprises", "former_names", "tag_grants", "contacts", "enterprise_status_changes")
    return {
        name: sorted(
            repr({k: v for k, v in row.items() if k != "revision"})
            for row in db.session.execute(sa.select(Model.metadata.tables[name])).mappings()
        )
        for name in names
    }


def row(name, code, *more):
    return ",".join([name, code, *more, *[""] * (6 - len(more))])


def test_an_untouched_import_leaves_no_trace(database):
    make_enterprise(OLD, code=make_code(1), street="老街道", tags=["规上企业"])
    before = register()
    run = bring(
        row(NEW, make_code(2), "新街道", "高新", "旧名", "张工", "13812345678", "停产"),
        row("无码企业有限公司", ""),
        row("湖畔智能装备有限公司", make_code(1), "新街道", "高新", "", "李工", "13912345678", "外迁"),
    )
    assert register() != before
    undone = undo(run)
    assert (undone.removed, undone.restored, undone.kept) == (2, 1, [])
    assert register() == before
    assert [r.name for r in queries.search("湖畔")] == [OLD]


def test_the_corrected_file_goes_in_afterwards(database):
    undo(bring(row(NEW, make_code(2))))
    bring(row(NEW, make_code(2)))
    assert queries.get_by_code(make_code(2)).name == NEW


def test_what_was_used_since_stays_and_is_named(database):
    run = bring(row(NEW, make_code(2)), row("别家食品有限公司", make_code(3)))
    make_visit(queries.get_by_code(make_code(2)))
    undone = undo(run)
    assert (undone.removed, [kept["name"] for kept in undone.kept]) == (1, [NEW])
    assert queries.get_by_code(make_code(2)) is not None
    assert queries.get_by_code(make_code(3)) is None


def test_what_was_changed_since_stays(database):
    run = bring(row(NEW, make_code(2)))
    firm = queries.get_by_code(make_code(2))
    entry = operations.EnterpriseEntry(name=NEW, code=make_code(2), street="改过")
    operations.update_enterprise(SYSTEM, firm, entry, None)
    db.session.flush()
    assert [kept["reason"] for kept in undo(run).kept]
    assert queries.get_by_code(make_code(2)).street == "改过"


def test_only_fields_that_still_hold_the_imported_value_go_back(database):
    firm = make_enterprise(OLD, code=make_code(1), street="老街道")
    run = bring(row("湖畔智能装备有限公司", make_code(1), "新街道"))
    entry = operations.EnterpriseEntry(name="湖畔智能装备有限公司", code=make_code(1), street="第三街道")
    operations.update_enterprise(SYSTEM, firm, entry, None)
    db.session.flush()
    undone = undo(run)
    assert (firm.name, firm.street) == (OLD, "第三街道")
    assert undone.kept[0]["params"] == {"fields": ["street"]}


def test_a_contact_verified_since_stays(database):
    firm = make_enterprise(OLD, code=make_code(1))
    run = bring(row(OLD, make_code(1), "", "", "", "张工", "13812345678"))
    contact = db.session.scalars(sa.select(Contact)).one()
    operations.verify_contact(SYSTEM, firm, contact)
    db.session.flush()
    undo(run)
    assert [c.name for c in profile.profile_of(firm.id).contacts] == ["张工"]


def test_an_undone_merge_or_a_later_import_counts_as_use(database):
    run = bring(row(NEW, make_code(2)))
    bring(row(NEW, make_code(2), "新街道"))
    assert undo(run).removed == 0


def test_it_is_undone_once_and_by_who_may_import(database):
    run = bring(row(NEW, make_code(2)))
    with pytest.raises(NotAllowed):
        operations.undo_import(actor_for(make_person([Role.LEADER])), run, "传错")
    undo(run)
    with pytest.raises(WrongState):
        undo(run)
    assert db.session.scalars(sa.select(ImportRun.undo_reason)).all() == ["传错文件"]


def test_a_status_by_import_holds_from_that_day(database):
    firm = make_enterprise(OLD, code=make_code(1))
    bring(row(OLD, make_code(1), "", "", "", "", "", "停产"))
    assert (firm.status, firm.status_on) == (EnterpriseStatus.HALTED, today())
    days = db.session.scalars(sa.select(StatusChange.from_on).order_by(StatusChange.id)).all()
    assert days == [today(), today()]


def test_a_thousand_rows_cost_few_statements(database, statements):
    run = bring(*(row(f"第{n}号新企业有限公司", make_code(5000 + n)) for n in range(1000)))
    with statements() as seen:
        undo(run)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 0
    assert len(seen) < 150
