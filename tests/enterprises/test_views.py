"""The register's pages: find, enter, change, ring."""

from datetime import date
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.programmes import make_link
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import operations, queries
from visits.enterprises.models import ContactRole, Enterprise, EnterpriseStatus
from visits.enterprises.operations import ContactEntry

LAKE, RIVER, CHANG = "湖畔精密机械有限公司", "江滨电子（集团）股份有限公司", "重庆长江物流有限公司"


@pytest.fixture
def office(database, client_for):
    return client_for(make_person([Role.COORDINATOR]))


@pytest.fixture
def register(office):
    """Three enterprises, different in all that the list can be narrowed down to."""
    make_enterprise(LAKE, code=make_code(701), street="湖畔街道", tags=["规上企业"], short_name="湖畔精机")
    make_enterprise(
        RIVER,
        code=make_code(702),
        street="江滨街道",
        status=EnterpriseStatus.HALTED,
        former_names=["老江电子厂"],
    )
    make_enterprise(CHANG, code="", provisional_reason="走访时未见营业执照", district="临湖区")
    return office


def found(page):
    """The names in the first column, without the mark of provisional ones."""
    return {row[0].removesuffix(" 暂存") for row in page.rows}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {LAKE, RIVER, CHANG}),
        ({"q": "湖畔"}, {LAKE}),
        ({"q": "精机"}, {LAKE}),
        ({"q": "老江"}, {RIVER}),
        ({"q": "hpjm"}, {LAKE}),
        ({"q": "CQCJ"}, {CHANG}),
        ({"q": make_code(702)[-6:]}, {RIVER}),
        ({"q": make_code(702)[-6:].lower()}, {RIVER}),
        ({"q": "江滨 集团"}, {RIVER}),
        ({"q": "ｈｐｊｍ"}, {LAKE}),
        ({"q": "江"}, {RIVER, CHANG}),
        ({"q": "   "}, {LAKE, RIVER, CHANG}),
        ({"q": "%"}, set()),
        ({"q": "_"}, set()),
        ({"q": "' OR 1=1 --"}, set()),
        ({"status": "halted"}, {RIVER}),
        ({"status": "nonsense"}, {LAKE, RIVER, CHANG}),
        ({"street": "湖畔街道"}, {LAKE}),
        ({"street": "无此街道"}, set()),
        ({"tag": "规上企业"}, {LAKE}),
        ({"provisional": "1"}, {CHANG}),
        ({"q": "湖畔", "status": "halted"}, set()),
    ],
)
def test_the_list_finds_by_name_initials_code_and_filters(register, asked, names):
    page = register.get(f"/enterprises?{urlencode(asked)}")
    assert found(page) == names
    assert page.root.first("input", name="q")["value"] == asked.get("q", "")


@pytest.mark.parametrize(
    "sort", ["name", "-name", "code", "-code", "street", "established", "-established"]
)
def test_sorting_turns_the_same_rows_round(register, sort):
    names = [row[0] for row in register.get("enterprises.index", sort=sort).rows]
    turned = sort[1:] if sort.startswith("-") else f"-{sort}"
    assert names[::-1] == [row[0] for row in register.get("enterprises.index", sort=turned).rows]
    assert len(names) == 3


def test_what_is_missing_sorts_first(register):
    assert found(register.get("enterprises.index", sort="code"))
    assert register.get("enterprises.index", sort="code").rows[0][1] == "—"


def test_a_search_without_result_says_how_to_go_on(register):
    page = register.get("enterprises.index", q="查无此企业")
    assert "没有符合条件的企业" in page.main
    assert page.links["显示全部"] == "/enterprises?view=all"


@pytest.mark.parametrize(("role", "offered"), [(Role.COORDINATOR, True), (Role.CADRE, False)])
def test_an_empty_register_offers_the_import_to_who_may(database, client_for, role, offered):
    page = client_for(make_person([role])).get("enterprises.index")
    assert "企业名录为空" in page.main
    assert ("导入表格" in page.links) is offered
    assert "None" not in page.main


def test_the_pager_keeps_the_filter_and_never_runs_past_the_end(office):
    for number in range(60):
        make_enterprise(f"临湖第{number}机械有限公司", street="湖畔街道")
    make_enterprise("江滨电子有限公司")
    first = office.get("enterprises.index", street="湖畔街道")
    assert len(first.rows) == 50
    assert "60" in first.root.first(class_="pager").text
    second = office.open("/enterprises" + first.links["2"])
    assert len(second.rows) == 10
    assert not found(first) & found(second)
    for number in ("999", "9" * 30):
        assert found(office.get("enterprises.index", street="湖畔街道", page=number)) == (
            found(second) if len(number) == 3 else found(first)
        )


def test_above_and_below_a_list_its_number_is_written_alike(office):
    usual = {"is_provisional": True, "provisional_reason": "走访时未见营业执照"}
    named = ("name", "name_key", "pinyin", "search_text")
    rows = [dict.fromkeys(named, f"湖畔{n}号") | usual for n in range(1099)]
    db.session.execute(sa.insert(Enterprise), rows)
    db.session.commit()
    root = office.get("enterprises.index", page=22).root
    above, below = (root.first(class_=name).text for name in ("list-total", "pager-total"))
    assert above == "共 1 099 条"
    assert below.startswith(above)
    assert "1 051" in below


def test_the_type_ahead_gives_name_and_code(register):
    rows = register.get("enterprises.lookup", q="hpjm").response.json
    assert [(row["text"], row["note"]) for row in rows] == [(LAKE, make_code(701))]


NEW = {
    "name": "新湖医疗器械有限公司",
    "code": make_code(711),
    "tags": "规上企业，专精特新",
    "former_names": "老湖器械厂",
}


def test_a_new_enterprise_is_entered_and_shown(office):
    page = office.follow(
        office.post("enterprises.new", NEW | {"capital_text": "500万元", "established_on": "2020-03-05"})
    )
    assert page.heading == NEW["name"]
    for shown in (
        "已登记入名录",
        make_code(711),
        "规上企业",
        "专精特新",
        "老湖器械厂",
        "500万元",
        "2020-03-05 周四",
    ):
        assert shown in page.main


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "  "}, "name", "此项必填"),
        ({"name": "长" * 121}, "name", "最多120个字"),
        ({"code": "91350100M000100Y44"}, "code", "末位应为3"),
        ({"code": "91350100M000100Y4Z"}, "code", "末位应为3"),
        ({"code": "9135010OM000100Y43"}, "code", "字母O"),
        ({"code": "91AB0100M000100Y43"}, "code", "行政区划"),
        ({"code": "1234"}, "code", "4位"),
        ({"code": ""}, "provisional_reason", "没有代码的"),
        ({"status": "thriving"}, "status", ""),
        ({"status": "halted", "status_on": "2999-01-01"}, "status_on", "不能晚于今天"),
        ({"established_on": "0001-01-01"}, "established_on", "1900年"),
        ({"established_on": "9999-12-31"}, "established_on", "1900年"),
        ({"established_on": "2026年2月30日"}, "established_on", ""),
        ({"capital_text": "9" * 61}, "capital_text", "最多60个字"),
        ({"tags": "标" * 31}, "tags", "30个字"),
        ({"former_names": "旧" * 121}, "former_names", "120个字"),
    ],
)
def test_a_wrong_entry_is_told_beside_its_field_and_the_rest_kept(office, change, field, sentence):
    page = office.post("enterprises.new", NEW | {"address": "湖畔路1号"} | change, status=422)
    control = page.root.first("input", "select", "textarea", name=field)
    assert control["aria-invalid"] == "true"
    assert any(sentence in error for error in page.errors)
    assert f"#{control['id']}" in [
        link["href"] for link in page.root.first(class_="error-summary").all("a")
    ]
    assert page.root.first("input", name="address")["value"] == "湖畔路1号"
    assert page.root.first("textarea", name="tags").text == change.get("tags", NEW["tags"])
    assert db.session.scalar(sa.select(sa.func.count(Enterprise.id))) == 0


@pytest.mark.parametrize("code", [make_code(712).lower(), f" {make_code(712)[:9]} {make_code(712)[9:]} "])
def test_a_code_is_read_as_people_write_it(office, code):
    office.post("enterprises.new", NEW | {"code": code})
    assert queries.get_by_code(make_code(712)).name == NEW["name"]


def test_a_name_that_is_known_is_asked_about_and_goes_in_when_confirmed(register):
    entry = NEW | {"name": "湖畔精密机械有限责任公司"}
    page = register.post("enterprises.new", entry, status=422)
    assert LAKE in page.summary
    page = register.post("enterprises.new", {"is_distinct": "y"}, page=page)
    assert register.follow(page).heading == entry["name"]


def test_a_code_that_is_known_names_its_holder(register):
    page = register.post("enterprises.new", NEW | {"code": make_code(701)}, status=422)
    assert LAKE in page.summary


def test_a_change_keeps_the_old_name_and_is_logged(office):
    enterprise = make_enterprise(LAKE)
    page = office.post("enterprises.edit", {"name": "湖畔智能装备有限公司"}, enterprise_id=enterprise.id)
    page = office.follow(page)
    assert (page.heading, LAKE in page.main) == ("湖畔智能装备有限公司", True)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "enterprise.updated")).one()
    assert entry.changes["name"] == [LAKE, "湖畔智能装备有限公司"]
    assert LAKE in office.get("enterprises.index", q="精密").rows[0][0] or found(
        office.get("enterprises.index", q="精密")
    ) == {"湖畔智能装备有限公司"}


def test_a_status_needs_its_day(office):
    enterprise = make_enterprise(LAKE)
    page = office.post("enterprises.edit", {"status": "halted"}, status=422, enterprise_id=enterprise.id)
    assert page.errors == ["请填写新状态的起始日期。"]
    office.post(
        "enterprises.edit",
        {"status": "halted", "status_on": "2026-08-31"},
        page=page,
        enterprise_id=enterprise.id,
    )
    assert db.session.get(Enterprise, enterprise.id).status_on == date(2026, 8, 31)


def test_a_form_overtaken_by_another_keeps_what_was_typed(office, client_for):
    enterprise = make_enterprise(LAKE)
    form = office.get("enterprises.edit", enterprise_id=enterprise.id)
    other = client_for(make_person([Role.COORDINATOR]))
    other.post("enterprises.edit", {"address": "新址"}, enterprise_id=enterprise.id)
    page = office.post(
        "enterprises.edit", {"address": "我填写的地址"}, page=form, status=409, enterprise_id=enterprise.id
    )
    assert {"新址", "我填写的地址"} <= {cell for row in page.rows for cell in row}
    assert f"/enterprises/{enterprise.id}/edit" in page.links.values()
    assert db.session.get(Enterprise, enterprise.id).address == "新址"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.COORDINATOR])
def test_only_the_office_writes_the_register(database, client_for, role):
    enterprise = make_enterprise(LAKE)
    browser = client_for(make_person([role]))
    for endpoint in ("enterprises.new", "imports.start"):
        browser.get(endpoint, status=403)
    browser.get("enterprises.edit", status=403, enterprise_id=enterprise.id)
    readable = 403 if role is Role.ADMIN else 200
    page = browser.get("home.enterprise_file", status=readable, enterprise_id=enterprise.id)
    assert not {"编辑", "新增"} & page.links.keys()


PHONE = "13812345678"


@pytest.fixture
def firm(database):
    """An enterprise with somebody to ring."""
    enterprise = make_enterprise(LAKE)
    contact = operations.add_contact(
        SYSTEM, enterprise, ContactEntry(ContactRole.LIAISON, "张工", "办公室主任", PHONE)
    )
    db.session.commit()
    return enterprise, contact


@pytest.mark.parametrize(
    ("role", "linked", "may"),
    [
        (Role.COORDINATOR, False, True),
        (Role.CALLBACK, False, True),
        (Role.OFFICER, True, True),
        (Role.OFFICER, False, False),
        (Role.CADRE, False, False),
        (Role.AUDITOR, False, False),
        (Role.LEADER, False, False),
    ],
)
def test_a_phone_is_masked_and_shown_whole_to_who_answers_for_the_firm(client_for, firm, role, linked, may):
    enterprise, contact = firm
    person = make_person([role])
    if linked:
        make_link(enterprise, officer=person)
    browser = client_for(person)
    page = browser.get("home.enterprise_file", enterprise_id=enterprise.id)
    assert "138****5678" in page.main
    assert PHONE not in page.response.text
    address = browser.url("enterprises.reveal_contact", enterprise_id=enterprise.id, contact_id=contact.id)
    assert bool(page.posts_to(address)) is may
    page = browser.post(address, status=200 if may else 403)
    assert (PHONE in page.main) is may
    logged = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "contact.revealed")).all()
    assert [entry.actor_id for entry in logged] == ([person.id] if may else [])
    assert not any(PHONE in str(entry.changes) for entry in db.session.scalars(sa.select(AuditEntry)))


def test_looking_at_a_firm_without_the_button_shows_no_number(client_for, firm):
    enterprise, contact = firm
    browser = client_for(make_person([Role.COORDINATOR]))
    browser.get(f"/enterprises/{enterprise.id}/contacts/{contact.id}/reveal", status=405)


def test_contacts_come_and_go(office, firm):
    enterprise, contact = firm
    office.post(
        "enterprises.new_contact", {"name": "", "phone": "1" * 31}, status=422, enterprise_id=enterprise.id
    )
    page = office.post(
        "enterprises.new_contact",
        {"name": "李总", "role": "principal", "phone": "0512-88886666"},
        enterprise_id=enterprise.id,
    )
    page = office.follow(page)
    assert "李总" in page.main
    assert "****6666" in page.main
    ids = {"enterprise_id": enterprise.id, "contact_id": contact.id}
    office.post("enterprises.remove_contact", {"reason": ""}, status=422, **ids)
    office.post("enterprises.remove_contact", {"reason": "已离职"}, **ids)
    db.session.refresh(contact)
    assert (contact.end_reason, contact.ended_on) == ("已离职", today())
    page = office.get("home.enterprise_file", enterprise_id=enterprise.id)
    assert [row[0] for row in page.rows] == ["李总"]


def test_a_contact_is_found_only_through_its_own_firm(office, firm):
    _, contact = firm
    other = make_enterprise("江滨电子有限公司")
    for what in ("reveal", "remove"):
        office.post(f"/enterprises/{other.id}/contacts/{contact.id}/{what}", status=404)
    assert queries.get_contact(contact.enterprise_id, contact.id)
