"""The audit log in words: fields, their values, what the system says, and the choice of actions."""

import ast

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.support.source import modules
from visits.admin.fields import FIELDS, FIELDS_OF, TABLES
from visits.admin.values import LEDGERS, SECTIONS
from visits.core import audit
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.digest.operations import REMINDER
from visits.enterprises.operations import moving
from visits.issues import operations as issues
from visits.issues.jobs import BROKEN
from visits.ledgers.models import BOOK_LABELS
from visits.monthly.rules import SECTION_LABELS

RECORDING = {"record", "_move", "make_step", "make_move", "_make"}
HELD = "现场已修复。"


@pytest.fixture
def auditor(database, client_for, at):
    at("2026-11-23")
    return client_for(make_person([Role.AUDITOR], name="审计员"))


@pytest.fixture
def told(auditor):
    """How an entry reads on its page: told("plan.edited", start_time=…) is {label: words}."""

    def tell(action, **changes):
        audit.record(SYSTEM, action, **changes)
        db.session.commit()
        entry_id = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
        facts = auditor.get("admin.log_entry", entry_id=entry_id).root.all("dl", class_="facts")[-1]
        return {div.first("dt").text: div.first("dd").text for div in facts.all("div") if div.all("dt")}

    return tell


def keys_named():
    """The fields that calls of a recorder name in the code."""
    for tree in modules("visits").values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield from (word.arg for word in node.keywords if word.arg and called in RECORDING)


def test_every_field_that_the_code_names_has_words():
    known = set(FIELDS) | {key.partition(".")[2] for key in FIELDS_OF}
    found = set(keys_named())
    assert {"month", "tiers", "check_id", "seed"} <= found
    named = {key for key in found if key.endswith("_id") and key.removesuffix("_id") in known}
    assert found - known - named == set()


def test_a_field_without_words_is_noticed(wordless, database):
    audit.record(SYSTEM, "unit.created", name="甲科", colour="red", number=0, more={"depth": 1})
    audit.record(SYSTEM, "unit.painted")
    assert wordless == {"unit.colour", "unit.more", "unit.depth", "unit.painted"}
    wordless.clear()


def test_every_table_that_a_merge_moves_has_words():
    assert {column.table.name for column in moving.owning_columns()} <= set(TABLES)


def test_the_words_taken_from_slices_beside_are_theirs():
    assert {str(section): label for section, label in SECTION_LABELS.items()} == SECTIONS
    assert {f"ledger.{book}": label for book, label in BOOK_LABELS.items()} == LEDGERS


@pytest.mark.parametrize(
    ("action", "changes", "words"),
    [
        (
            "sample.drawn",
            {"month": "2026-10", "seed": 202610, "size": 12},
            {"月份": "2026年10月", "抽样种子": "202610", "抽取数量": "12"},
        ),
        (
            "sample.checked",
            {"result": "untrue", "how": "phone"},
            {"结果": "不属实", "核查方式": "电话核查"},
        ),
        (
            "question.raised",
            {"kind": "same_text", "visits": [3, 4]},
            {"核对类别": "文字基本相同", "走访记录编号": "3、4"},
        ),
        ("question.closed", {"closing": "to_sample"}, {"办理结果": "转抽查"}),
        (
            "enterprise.updated",
            {"status": ["normal", "halted"], "status_on": [None, "2026-11-02"], "search_text": ["a", "b"]},
            {"状态": "正常 → 停产", "状态起始日": "— → 2026-11-02 周一"},
        ),
        (
            "programme.scope_set",
            {"conditions": {"linked": True, "parks": ["北园"]}, "tiers": ["重点企业: 2/month", "甲"]},
            {
                "企业范围": "仅限本行动中已有人包联的企业：是；园区：北园",
                "企业分层": "重点企业：每月2次、甲",
            },
        ),
        (
            "meeting.conclude",
            {"verdict": "escalate", "due_on": "2026-12-01"},
            {"议定结果": "提级", "完成时限": "2026-12-01 周二"},
        ),
        ("link.ended", {"until_on": "2026-12-01"}, {"截止日期": "2026-11-30 周一"}),
        ("absence.begun", {"until_on": "2026-12-01"}, {"截止日期": "2026-12-01 周二"}),
        ("categories.started", {"codes": ["talent", "land"]}, {"问题类别": "用工人才、用地厂房"}),
        (
            "fact.recorded",
            {"measure": "output", "value": [None, "12000.5000"]},
            {"指标": "产值", "当前值": "— → 12 000.5"},
        ),
        ("meeting.change", {"starts_at": ["09:00:00", "14:30:00"]}, {"开始时间": "09:00 → 14:30"}),
        (
            "enterprise.merged",
            {"moved": {"issues": 2, "enterprises": 1}},
            {"随之转移的内容": "问题诉求：2；此前已合并的企业：1"},
        ),
        ("promise.kept", {"visit": 7, "kept_on": "2026-11-20"}, {"兑现日期": "2026-11-20 周五"}),
        ("issue.merge", {"needed_info": False, "ended": [5]}, {"此前待补充信息": "否"}),
        ("visit.answered", {"value": False}, {"是否来过": "否"}),
        ("issues.imported", {"unchanged": 3}, {"无变化": "3"}),
        ("list.exported", {"list": "audit", "format": "csv"}, {"清单": "操作日志"}),
        ("ledger.ordered", {"list": "ledger.visits"}, {"清单": "走访台账"}),
        (
            "visit.amended",
            {"checks": ["", "no_progress WT1 · 未动工"]},
            {"对既往承诺和问题的反映": "— → 无进展 · WT1 · 未动工"},
        ),
        (
            "setting.changed",
            {"key": "count_from", "value": [None, "2026-01-05"]},
            {"设置项": "累计数据起算日", "当前值": "— → 2026-01-05 周一"},
        ),
        ("backup.restored", {"made_at": "2026-11-22T18:00:00+00:00"}, {"备份时间": "2026-11-23 02:00"}),
    ],
)
def test_fields_and_their_values_are_words(told, action, changes, words):
    shown = told(action, **changes)
    assert words.items() <= shown.items()


def test_records_are_named_within_fields_too(told):
    unit, firm = make_unit("甲科"), make_enterprise(name="甲乙精密机械有限公司")
    author = make_person(name="王芳")
    shown = told("meeting.change", invited={"units": [unit.id], "enterprises": [firm.id]})
    assert shown["邀请对象"] == f"单位：甲科；企业：{firm.name}"
    assert told("issue.merge", followers=[author.id])["新增关注人"] == "王芳"
    assert told("issue.end_supervision", order_unit_id=unit.id)["被督办单位"] == "甲科"


@pytest.mark.parametrize(
    ("action", "label"),
    [
        ("person.created", "姓名"),
        ("contact.added", "姓名"),
        ("enterprise.registered", "企业名称"),
        ("unit.created", "名称"),
        ("group.formed", "名称"),
        ("programme.round_saved", "名称"),
        ("superior.added", "报表名称"),
        ("attachment.added", "文件名"),
    ],
)
def test_only_people_have_a_persons_name(told, action, label):
    assert told(action, name="甲乙") == {label: "甲乙"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (REMINDER, "已超过办理时限，请尽快反馈办理结果；确有困难的，请申请延期。"),
        (BROKEN, "承诺期限已过，未反馈兑现情况。"),
        (HELD, HELD),
    ],
)
def test_what_the_system_says_is_read_in_the_readers_language(auditor, text, words):
    issue = make_issue(make_office())
    audit.record(SYSTEM, "issue.remind", issue, note=text)
    db.session.commit()
    assert words in auditor.get("admin.log", action="issue.remind").rows[0][4]


def test_what_a_person_says_stays_as_it_is(auditor):
    office = make_office()
    issues.add_note(office.coordinator, make_issue(office), "Note")
    db.session.commit()
    assert auditor.get("admin.log", action="issue.add_note").rows[0][4].endswith("Note")


def test_no_two_actions_to_choose_from_are_called_the_same(auditor):
    options = auditor.get("admin.log").root.first("select", name="action").all("option")
    words = [option.text for option in options]
    assert "问题诉求：受理并交办" in words
    assert "督办单：下发督办单" in words
    assert sorted(words) == sorted(set(words))
