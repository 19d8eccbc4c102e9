"""The audit log: every verb in words, found by who, what, when and where, read by auditors only."""

import ast
import re

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.support.source import modules
from visits.accounts import operations as accounts
from visits.accounts.models import LinkPurpose
from visits.accounts.operations import PersonEntry
from visits.admin.listing import LogFilters, of_log
from visits.admin.words import VERBS, all_verbs, verb_label
from visits.core import audit
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.timetable import TIMETABLE
from visits.issues.models import Complexity
from visits.issues.operations import CorrectionEntry, correct

VERB = re.compile(r"[a-z_]+\.[a-z_]+")
RECORDS = re.compile(r"\b(record|LedgerRuns)\(")


@pytest.fixture
def auditor(database, client_for, at):
    at("2026-11-23")
    return client_for(make_person([Role.AUDITOR], name="审计员"))


def entries_on(page):
    """The ids of the entries a page of the log shows, in its order."""
    addresses = [link["href"] or "" for link in page.root.all("a")]
    return [int(url.removeprefix("/audit/")) for url in addresses if re.fullmatch(r"/audit/\d+", url)]


def verbs_in(path, tree):
    """What a module records: the second argument of every call of `record`, and what it hands on to one.

    Pages hand nothing on; the texts of their other calls name endpoints.
    """
    for node in ast.walk(tree):
        is_page = path.endswith("views.py")
        if isinstance(node, ast.Call) and (not is_page or ast.unparse(node.func) == "audit.record"):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from (text for text in texts if VERB.fullmatch(text))


def test_every_verb_of_the_code_has_words():
    recorded = {
        verb
        for path, tree in modules("visits").items()
        if RECORDS.search(ast.unparse(tree)) and not path.endswith(("models.py", "core/audit.py"))
        for verb in verbs_in(path, tree)
    }
    assert "person.disabled" in recorded
    assert recorded - set(VERBS) - set(TIMETABLE) == set()
    assert set(VERBS) - recorded == set()


def test_every_move_of_a_problem_has_words():
    assert verb_label("issue.assign") != "issue.assign"
    assert all(label and label != verb for verb, label in all_verbs().items())
    assert verb_label("something.new") == "something.new"


def test_entries_read_in_words(auditor):
    unit, other = make_unit("甲科"), make_unit("乙科")
    person = make_person([Role.CADRE], unit, name="李娜")
    admin = make_person([Role.ADMIN], name="管理员")
    entry = PersonEntry("x", "李娜", [Role.CADRE, Role.HANDLER], other.id)
    accounts.update_person(actor_for(admin), person, entry, None)
    row = auditor.get("admin.log", action="person.updated").rows[0]
    assert row[1:4] == ["管理员", "修改人员信息", "人员 李娜"]
    assert "单位甲科 → 乙科" in row[4].replace(" 甲", "甲")
    assert re.search(r"走访干部.* → .*经办人", row[4])


def test_a_moment_is_told_on_the_clock_of_the_site(auditor):
    accounts.make_password_link(SYSTEM, make_person(), LinkPurpose.RESET)
    told = auditor.get("admin.log", action="person.link_made").rows[0][4]
    assert told == "用途 新密码 有效期至 2026-11-24 12:00"


def test_a_correction_shows_both_readings(auditor):
    office = make_office()
    issue = make_issue(office, title="门口道路")
    changed = CorrectionEntry(
        issue.enterprise_id, "厂区道路", issue.description, issue.category_id, Complexity.COMPLEX
    )
    correct(office.coordinator, issue, changed, "标题写错")
    page = auditor.get("admin.log", subject="issues", subject_id=issue.id, action="issue.correct")
    assert issue.number in page.rows[0][3]
    assert "门口道路 → 厂区道路" in page.main
    assert "一般 → 复杂" in page.main
    entry = auditor.get(next(url for words, url in page.links.items() if re.match(r"2026-11-23 \d", words)))
    assert "标题写错" in entry.main
    auditor.get(next(url for words, url in entry.links.items() if issue.number in words))


def test_signing_in_refusals_and_exports_are_there(auditor, client_for):
    browser = client_for(make_person([Role.CADRE], name="王芳", username="wang.fang", password=PASSWORD))
    browser.get("accounts.people", status=403)
    browser.post("accounts.sign_out")
    with pytest.raises(Exception, match="not right"):
        accounts.sign_in("wang.fang", "wrong", "192.0.2.7")
    assert {"登录", "访问被拒绝", "退出登录"} <= {
        row[2] for row in auditor.get("admin.log", who="王芳").rows
    }
    found = auditor.get("admin.log", address="192.0.2.7").rows
    assert [(row[1], row[2]) for row in found] == [("系统", "登录失败")]
    auditor.post("admin.export_log", kind="csv", page=auditor.get("admin.log"), status=200).response.close()
    assert "导出清单" in auditor.get("admin.log", who="审计员").main


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"who": "甲"}, 2),
        ({"who": "%"}, 0),
        ({"action": "unit.closed"}, 1),
        ({"action": "no.verb"}, 3),
        ({"at_from": "2026-11-02"}, 2),
        ({"at_to": "2026-11-01"}, 1),
        ({"at_from": "2026-11-02", "at_to": "2026-11-02"}, 1),
        ({"at_from": "2026-11-99"}, 3),
        ({"subject": "units"}, 2),
        ({"subject": "units", "subject_id": "999999999"}, 0),
        ({"subject": "nothing", "subject_id": "x"}, 3),
        ({"address": "192.0.2.1"}, 1),
        ({"address": "' OR 1=1 --"}, 0),
        ({"page": "99"}, 3),
    ],
)
def test_the_log_is_narrowed(auditor, at, query, found):
    unit = make_unit()
    db.session.flush()
    one, two = make_person(name="张甲"), make_person(name="李乙")
    before = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
    rows = [
        ("2026-11-01", one, "unit.closed", unit, {}),
        ("2026-11-02", one, "unit.reopened", unit, {}),
        ("2026-11-03", two, "sign_in.begun", None, {"address": "192.0.2.1"}),
    ]
    for day, person, verb, subject, changes in rows:
        at(day)
        audit.record(actor_for(person), verb, subject, **changes)
        db.session.flush()  # an entry has the moment at which it is written
    at("2026-11-23")
    shown = auditor.get("admin.log", **query)
    assert len([entry for entry in entries_on(shown) if entry > before]) == found


def test_the_newest_stands_first_and_pages_do_not_overlap(auditor):
    unit = make_unit()
    db.session.flush()
    for _ in range(120):
        audit.record(SYSTEM, "unit.reopened", unit)
    seen = []
    for number in (1, 2, 3):
        page = auditor.get("admin.log", page=number, action="unit.reopened")
        seen += [
            int(a["href"].rsplit("/", 1)[1])
            for a in page.root.all("a")
            if "/audit/" in a["href"] and a["href"][7:].isdigit()
        ]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 120


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_reads_the_log(database, client_for, role):
    browser = client_for(make_person([role]))
    browser.get("admin.log", status=403)
    browser.get("/audit/1", status=403)
    browser.post("/audit/export.csv", status=403)


def test_an_entry_that_is_not_there(auditor):
    auditor.get("/audit/999999999", status=404)


@pytest.mark.parametrize("name", ["9999-12-31T23:00", "0001-01-01T00:00:00+14:00", "2026-13-45", "25:61:x"])
def test_what_is_typed_as_a_name_at_the_door_is_only_a_name(auditor, client_for, name):
    visitor = client_for(None)
    page = visitor.get("accounts.sign_in")
    visitor.post("accounts.sign_in", {"username": name, "password": "x"}, page=page, status=None)
    assert name.lower() in auditor.get("admin.log").main.lower()


HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "\u202eabc", "长" * 5000, "=1+1", "9999-12-31T23:00"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(auditor, wordless, text):
    firm = make_enterprise()
    audit.record(
        SYSTEM, "enterprise.updated", firm, name=["旧", text], strange={"a": [1, None]}, list=[[text]]
    )
    assert wordless == {"enterprise.strange", "enterprise.a"}
    wordless.clear()
    page = auditor.get("admin.log", subject="enterprises")
    assert page.rows
    entry_id = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
    auditor.get("admin.log_entry", entry_id=entry_id)
    auditor.post("admin.export_log", kind="xlsx", page=page, status=200).response.close()


def test_a_file_of_the_log_says_labels_and_names(auditor):
    unit, person = make_unit("企业服务中心"), make_person(name="王芳")
    audit.record(SYSTEM, "person.updated", person, name=["王芳芳", "王芳"], lead_unit_id=unit.id)
    db.session.commit()
    answer = auditor.post("admin.export_log", kind="csv", page=auditor.get("admin.log"), status=200)
    assert "姓名：王芳芳 → 王芳；主办单位：企业服务中心" in answer.response.get_data(as_text=True)


def test_the_log_costs_the_same_however_long(auditor, statements):
    office = make_office()
    for _ in range(3):
        make_issue(office)
    with statements() as few:
        auditor.get("admin.log")
    for _ in range(30):
        make_issue(office)
    with statements() as many:
        auditor.get("admin.log")
    assert len(many) == len(few) <= 10
    assert of_log(LogFilters()).page({}).total > 50
