"""A spreadsheet into the register: what is new, changed, unchanged, rejected."""

import pytest
import sqlalchemy as sa

from tests.factories.enterprises import make_code, make_enterprise
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import Refused
from visits.enterprises import importing, matching, queries
from visits.enterprises.models import Contact, Enterprise, FormerName, Tag, TagGrant

HEADER = "企业名称,统一社会信用代码,状态,街道,注册地址,注册日期,注册资金,标签,联系人,电话"


def sheet(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\n".join([header, *rows]).encode(encoding)


def run(content: bytes, **options):
    plan, ignored = importing.import_file(SYSTEM, content, "册.csv", **options)
    db.session.commit()
    return plan, ignored


def counts(plan) -> tuple[int, ...]:
    figures = plan.counts()
    return tuple(figures[key] for key in ("created", "updated", "unchanged", "skipped", "rejected"))


ROW = (
    f"湖畔精密机械有限公司,{make_code(901)},正常,湖畔街道,湖畔路1号,2020/3/5,500万元,"
    "规上企业;高新,张工,13812341234"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_new_row_is_created_with_all_its_cells(database, encoding):
    plan, _ = run(sheet(ROW, encoding=encoding))
    assert counts(plan) == (1, 0, 0, 0, 0)
    enterprise = queries.get_by_code(make_code(901))
    assert (enterprise.street, enterprise.address) == ("湖畔街道", "湖畔路1号")
    assert enterprise.established_on.isoformat() == "2020-03-05"
    assert (enterprise.capital_amount, enterprise.capital_currency) == (5_000_000, "CNY")
    assert queries.tags_of(enterprise.id) == ["规上企业", "高新技术企业"]
    assert db.session.scalars(sa.select(Contact.phone)).all() == ["13812341234"]


def test_short_names_of_tags_are_those_the_office_begins_with(database):
    plan, _ = run(sheet(ROW))
    enterprise = queries.get_by_code(make_code(901))
    assert sorted(queries.tags_of(enterprise.id)) == ["规上企业", "高新技术企业"]
    again, _ = run(sheet(ROW))
    assert (counts(plan), counts(again)) == ((1, 0, 0, 0, 0), (0, 0, 1, 0, 0))
    db.session.add(Tag(name="小巨人"))  # a kind of the office's own keeps its name
    db.session.flush()
    run(sheet(ROW.replace("高新", "小巨人")))
    assert "小巨人" in queries.tags_of(enterprise.id)


def test_same_file_again_changes_nothing(database):
    run(sheet(ROW))
    plan, _ = run(sheet(ROW))
    assert counts(plan) == (0, 0, 1, 0, 0)
    assert db.session.scalar(sa.select(sa.func.count(Contact.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TagGrant)) == 2


def test_changed_cell_updates_and_empty_cell_leaves(database):
    run(sheet(ROW))
    plan, _ = run(sheet(f"湖畔精密机械有限公司,{make_code(901)},,新街道,,,,,,"))
    assert counts(plan) == (0, 1, 0, 0, 0)
    enterprise = queries.get_by_code(make_code(901))
    assert (enterprise.street, enterprise.address) == ("新街道", "湖畔路1号")


def test_row_without_code_becomes_provisional_and_is_completed_by_a_later_file(database):
    run(sheet("无码企业有限公司,,,,,,,,,"))
    enterprise = matching.namesakes("无码企业有限公司")[0]
    assert db.session.get(Enterprise, enterprise.id).provisional_reason == importing.NO_CODE
    plan, _ = run(sheet(f"无码企业有限责任公司,{make_code(902)},,,,,,,,"))
    assert counts(plan) == (0, 1, 0, 0, 0)
    completed = db.session.get(Enterprise, enterprise.id)
    assert (completed.code, completed.is_provisional) == (make_code(902), False)


def test_dry_run_says_the_same_and_writes_nothing(database):
    plan, _ = importing.import_file(SYSTEM, sheet(ROW), "册.csv", dry_run=True)
    assert counts(plan) == (1, 0, 0, 0, 0)
    assert queries.register_rows() == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("坏码有限公司,91350100M000100Y4Z,,,,,,,,", "统一社会信用代码"),
        ("短码有限公司,9135,,,,,,,,", "统一社会信用代码"),
        (",91350100M000100Y43,,,,,,,,", "企业名称"),
        ("坏日期有限公司,91350100M000100Y43,,,,去年春天,,,,", "注册日期"),
        ("坏状态有限公司,91350100M000100Y43,很好,,,,,,,", "状态"),
        ("长" * 200 + ",91350100M000100Y43,,,,,,,,", "企业名称"),
    ],
)
def test_bad_row_is_rejected_with_its_column_and_good_rows_go_in(database, row, column):
    plan, _ = run(sheet(row, ROW))
    assert counts(plan) == (1, 0, 0, 0, 1)
    error = plan.errors()[0]
    assert (error.row, error.column) == (2, column)


def test_wrong_check_character_shows_the_expected_one(database):
    plan, _ = run(sheet("坏码有限公司,91350100M000100Y4Z,,,,,,,,"))
    assert "Z" in (error := plan.errors()[0]).reason % error.params
    plan, _ = run(sheet("坏码有限公司,91350100M000100Y44,,,,,,,,"))
    assert plan.errors()[0].params == {"expected": "3"}


def test_repeated_row_is_left_out_and_blank_rows_do_not_count(database):
    plan, _ = run(sheet(ROW, ",,,,,,,,,", ROW))
    assert counts(plan) == (1, 0, 0, 1, 0)


def test_unknown_columns_are_named_and_can_be_mapped(database):
    content = sheet("湖畔机械有限公司,湖畔路2号", header="企业名称,办公地点")
    _, ignored = run(content)
    assert ignored == ["办公地点"]
    plan, ignored = run(content, maps=["办公地点=地址"])
    assert (counts(plan), ignored) == ((0, 1, 0, 0, 0), [])


def test_file_without_a_name_column_is_refused(database):
    with pytest.raises(Refused):
        run(sheet("甲,乙", header="一,二"))


def renamed_firm():
    firm = make_enterprise("湖畔智造科技有限公司")
    db.session.add(FormerName(enterprise_id=firm.id, name="湖畔精密机械有限公司"))
    db.session.flush()
    return firm


def test_row_under_a_former_name_finds_the_firm_and_does_not_take_its_name_back(database):
    firm = renamed_firm()
    plan, _ = run(sheet("湖畔精密机械有限公司,,,新街道,,,,,,"))
    assert counts(plan) == (0, 1, 0, 0, 0)
    assert (firm.name, firm.street) == ("湖畔智造科技有限公司", "新街道")
    assert [warning.params for warning in plan.warnings] == [{"name": firm.name}]
    plan, _ = run(sheet(f"湖畔精密机械有限公司,{firm.code},,新街道,,,,,,"))
    assert (counts(plan), firm.name) == ((0, 0, 1, 0, 0), "湖畔智造科技有限公司")


def test_former_name_of_two_firms_decides_nothing(database):
    first, second = renamed_firm(), make_enterprise("湖畔重工有限公司")
    db.session.add(FormerName(enterprise_id=second.id, name="湖畔精密机械有限公司"))
    plan, _ = run(sheet("湖畔精密机械有限公司,,,,,,,,,"))
    assert counts(plan) == (1, 0, 0, 0, 0)
    assert [warning.params["name"] for warning in plan.warnings] == [first.name]


def test_row_that_names_its_former_name_renames_the_record(database):
    firm = make_enterprise("湖畔精密机械有限公司")
    plan, _ = run(sheet("湖畔智造科技有限公司,湖畔精密机械有限公司", header="企业名称,曾用名"))
    assert (counts(plan), firm.name) == ((0, 1, 0, 0, 0), "湖畔智造科技有限公司")
    assert queries.also_known_as(firm.id) == ["湖畔精密机械有限公司"]


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        ("杭州长河电子有限公司,{code},", True),
        ("杭州长河电子有限公司,{code},湖畔精密机械有限公司", False),
        ("湖畔精密机械有限公司 ,{code},", False),
    ],
)
def test_a_code_under_another_name_is_pointed_out_before_it_renames(database, row, warned):
    firm = make_enterprise("湖畔精密机械有限公司")
    plan, _ = run(sheet(row.format(code=firm.code), header="企业名称,统一社会信用代码,曾用名"))
    assert [warning.params["name"] for warning in plan.warnings] == ["湖畔精密机械有限公司"] * warned


def test_new_row_that_looks_like_a_record_is_pointed_out_where_a_code_is_missing(database):
    firm = make_enterprise("江苏省苏州市湖畔精密机械有限公司")
    plan, _ = run(sheet("湖畔精密机械厂,,,,,,,,,"))
    assert counts(plan) == (1, 0, 0, 0, 0)
    assert [(w.row, w.params["name"]) for w in plan.warnings] == [(2, firm.name)]
    assert run(sheet(f"湖畔精密机械店,{make_code(903)},,,,,,,,"))[0].warnings[0].params["name"] != firm.name


def test_same_name_under_another_code_is_created_with_a_warning(database):
    make_enterprise("湖畔精密机械有限公司")
    plan, _ = run(sheet(ROW))
    assert counts(plan) == (1, 0, 0, 0, 0)
    assert len(plan.warnings) == 1
