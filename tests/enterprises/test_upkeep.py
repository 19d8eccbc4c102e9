"""The pages that put the register in order, and those of what hangs on a record."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.outreach import make_visit
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import importing, operations, profile, queries
from visits.enterprises.models import ContactRole, DistinctPair, Enterprise, Merge
from visits.enterprises.operations import ContactEntry, MergeEntry

LAKE, TWIN, RIVER = "湖畔精密机械有限公司", "临湖市湖畔精密机械有限公司", "江滨电子有限公司"
CANARY = '<script>alert("x")</script>\'"&=1+1'
OFFICE_ONLY = (
    "/enterprises/provisional",
    "/enterprises/duplicates",
    "/enterprises/imports",
    "/enterprises/imports/{run}",
    "/enterprises/tags",
    "/enterprises/tags/new",
    "/enterprises/tags/{tag}",
    "/enterprises/{firm}/merge",
    "/enterprises/{firm}/merge/{other}",
    "/enterprises/{firm}/tags/new",
    "/enterprises/{firm}/tags/{grant}/remove",
    "/enterprises/{firm}/facts/new",
    "/enterprises/{firm}/sites/new",
    "/enterprises/{firm}/contacts/{contact}/remove",
)


@pytest.fixture
def office(database, client_for):
    return client_for(make_person([Role.COORDINATOR]))


@pytest.fixture
def twins(database):
    firm = make_enterprise(LAKE, code=make_code(61), street="湖畔街道")
    other = operations.register_enterprise(
        SYSTEM,
        operations.EnterpriseEntry(name=TWIN, provisional_reason="走访时未见执照", street="江滨街道"),
        is_distinct=True,
    )
    db.session.commit()
    return firm, other


@pytest.fixture
def places(twins):
    """The ids that stand in the addresses of the office's pages."""
    firm, other = twins
    text = f"企业名称,统一社会信用代码\n{RIVER},{make_code(62)}".encode()
    plan, _ = importing.import_file(SYSTEM, text, "册.csv")
    tag = operations.save_tag(SYSTEM, None, "先锋企业", False)
    db.session.flush()
    grant = operations.grant_tag(SYSTEM, firm, operations.GrantEntry(tag.id))
    contact = operations.add_contact(SYSTEM, firm, ContactEntry(ContactRole.LIAISON, "张工"))
    db.session.commit()
    ids = {"firm": firm, "other": other, "tag": tag, "grant": grant, "contact": contact}
    return {name: row.id for name, row in ids.items()} | {"run": plan.run_id}


@pytest.mark.parametrize("role", list(Role))
def test_only_the_office_opens_them(places, client_for, role):
    browser = client_for(make_person([role]))
    for address in OFFICE_ONLY:
        browser.get(address.format(**places), status=200 if role is Role.COORDINATOR else 403)


def test_unknown_numbers_are_not_found(places, office):
    for name in places:
        for address in OFFICE_ONLY:
            if f"{{{name}}}" in address:
                office.get(address.format(**places | {name: 99999}), status=404)
    other = places["other"]
    for part in ("tags/{grant}/remove", "contacts/{contact}/remove"):
        office.get(f"/enterprises/{other}/" + part.format(**places), status=404)
    office.post(f"/enterprises/{other}/sites/1/close", status=404)


def test_a_pair_is_listed_until_it_is_noted_as_two(twins, office):
    firm, other = twins
    page = office.get("cleaning.duplicates")
    assert [row[:2] for row in page.rows] == [[f"{LAKE}{firm.code}", f"{TWIN} 暂存—"]] or len(
        page.rows
    ) == 1
    office.post(f"/enterprises/{firm.id}/distinct/{other.id}")
    office.post(f"/enterprises/{other.id}/distinct/{firm.id}")
    assert office.get("cleaning.duplicates").rows == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DistinctPair)) == 1


def test_the_clean_up_list_leads_to_the_code_and_to_the_merge(twins, office):
    firm, other = twins
    page = office.get("cleaning.provisional")
    assert len(page.rows) == 1
    assert "走访时未见执照" in page.main
    assert {f"/enterprises/{other.id}/edit", f"/enterprises/{firm.id}/merge/{other.id}"} <= set(
        page.links.values()
    )


def test_two_records_are_compared_merged_and_parted(twins, office):
    firm, other = twins
    make_visit(other)
    db.session.commit()
    address = f"/enterprises/{firm.id}/merge/{other.id}"
    page = office.get(address)
    for shown in (LAKE, TWIN, "湖畔街道", "江滨街道", "1 走访"):
        assert shown in page.main
    sent = {"name": "survivor", "street": "other", "links_of": "survivor"}
    office.post(address, sent, status=422)
    page = office.follow(office.post(address, {**sent, "reason": "同一企业"}))
    assert "江滨街道" in page.main
    assert TWIN in page.main
    gone = office.get(f"/enterprises/{other.id}", status=303)
    assert gone.response.location == f"/enterprises/{firm.id}"
    assert "已并入本企业档案" in office.follow(gone).text
    assert office.get(f"/enterprises/{other.id}/brief", status=303).response.location.endswith("/brief")
    office.get(f"/enterprises/{other.id}/edit", status=409)
    office.post(address, {**sent, "reason": "再来"}, status=409)
    merge = db.session.scalars(sa.select(Merge)).one()
    office.post(f"/enterprises/merges/{merge.id}/undo", {"reason": ""}, status=422)
    office.post(f"/enterprises/merges/{merge.id}/undo", {"reason": "误并"})
    office.get(f"/enterprises/merges/{merge.id}/undo", status=404)
    db.session.expire_all()
    assert queries.get_living(other.id).street == "江滨街道"
    assert queries.get_living(firm.id).street == "湖畔街道"


def test_a_stale_comparison_is_refused(twins, office):
    firm, other = twins
    page = office.get(f"/enterprises/{firm.id}/merge/{other.id}")
    hidden = {n: page.root.first("input", name=n)["value"] for n in ("revision", "other_revision")}
    entry = operations.EnterpriseEntry(name=TWIN, provisional_reason="改过", street="江滨街道")
    operations.update_enterprise(SYSTEM, other, entry, None)
    db.session.commit()
    sent = {"name": "survivor", "street": "survivor", "links_of": "survivor", "reason": "同一企业"}
    office.post(f"/enterprises/{firm.id}/merge/{other.id}", {**hidden, **sent}, status=409)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Merge)) == 0


def test_a_record_is_not_merged_into_itself(twins, office):
    firm, _ = twins
    sent = {"links_of": "survivor", "reason": "同一企业"}
    office.post(f"/enterprises/{firm.id}/merge/{firm.id}", sent, status=422)


def test_a_search_finds_the_record_to_merge_with(twins, office):
    firm, other = twins
    page = office.get(f"/enterprises/{other.id}/merge?q=hpjm")
    assert f"/enterprises/{firm.id}/merge/{other.id}" in page.links.values()


def test_an_import_is_listed_and_undone_once(places, office):
    assert office.get("cleaning.imports").rows[0][1] == "册.csv"
    address = f"/enterprises/imports/{places['run']}"
    office.post(address, {"reason": ""}, status=422)
    page = office.follow(office.post(address, {"reason": "传错文件"}))
    assert "传错文件" in page.main
    assert queries.get_by_code(make_code(62)) is None
    office.post(address, {"reason": "再来"}, status=422)


def test_tags_figures_and_sites_are_entered_and_shown(places, office):
    firm = places["firm"]
    office.post(
        f"/enterprises/{firm}/facts/new",
        {"year": "2025", "measure": "output", "value": "1.5", "unit": "亿元", "source": "统计局"},
    )
    office.post(f"/enterprises/{firm}/sites/new", {"name": "二厂", "address": "创业路2号"})
    office.post(f"/enterprises/{firm}/tags/{places['grant']}/remove", {"reason": "复审未通过"})
    sent = {"tag_id": str(places["tag"]), "level": "city", "expires_on": "2020-01-01"}
    page = office.follow(office.post(f"/enterprises/{firm}/tags/new", sent))
    for shown in ("2025年产值亿元以上", "15 000 万元", "创业路2号", "不在有效期"):
        assert shown in page.text
    assert "统计局" in office.get(f"/enterprises/{firm}/facts").main


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"year": "二〇二五"},
        {"year": "2025", "value": "一亿"},
        {"year": "2025", "value": "NaN"},
        {"year": "2025", "value": "Infinity"},
        {"year": "2025", "value": "1e400"},
        {"year": "2025", "value": "9" * 40},
        {"year": "9" * 30, "value": "1"},
        {"year": "2025", "value": "1", "unit": "吨"},
        {"year": "2025", "value": "1", "measure": "profit"},
        {"year": "2025", "value": "1", "source": "源" * 61},
    ],
)
def test_nonsense_figures_are_refused_with_a_sentence(places, office, sent):
    whole = {"measure": "output", "unit": "万元", "source": "统计局"} | sent
    office.post(f"/enterprises/{places['firm']}/facts/new", whole, status=422)


def test_who_visits_sees_what_is_stale_and_verifies_it(places, client_for):
    cadre = client_for(make_person([Role.CADRE]))
    page = cadre.get(f"/enterprises/{places['firm']}")
    assert "从未核实" in page.main
    assert not {"新增", "编辑", "合并…"} & page.links.keys()
    ids = {"enterprise_id": places["firm"], "contact_id": places["contact"]}
    page = cadre.follow(cadre.post("enterprises.verify_contact", **ids))
    assert "从未核实" not in page.main
    client_for(make_person([Role.AUDITOR])).post("enterprises.verify_contact", status=403, **ids)


def test_the_brief_masks_phones_and_asks_to_verify(database, client_for):
    firm = make_enterprise(LAKE)
    operations.add_contact(SYSTEM, firm, ContactEntry(ContactRole.LIAISON, "张工", "", "13812345678"))
    db.session.commit()
    page = client_for(make_person([Role.CADRE])).get("home.brief", enterprise_id=firm.id)
    assert "138****5678" in page.text
    assert "13812345678" not in page.text
    assert "请核实" in page.text


def test_hostile_texts_come_back_as_texts(office, database):
    firm = operations.register_enterprise(
        SYSTEM, operations.EnterpriseEntry(name=CANARY, provisional_reason=CANARY, street=CANARY[:40])
    )
    twin = operations.register_enterprise(
        SYSTEM, operations.EnterpriseEntry(name=CANARY, code=make_code(71)), is_distinct=True
    )
    operations.add_contact(SYSTEM, firm, ContactEntry(ContactRole.LIAISON, CANARY, CANARY, CANARY[:30]))
    operations.open_site(SYSTEM, firm, operations.SiteEntry(CANARY, CANARY, CANARY))
    tag = operations.save_tag(SYSTEM, None, CANARY[:30], False)
    db.session.flush()
    operations.grant_tag(SYSTEM, firm, operations.GrantEntry(tag.id, document_no=CANARY))
    db.session.commit()
    for address in (
        f"/enterprises/{firm.id}",
        f"/enterprises/{firm.id}/brief",
        f"/enterprises/{firm.id}/merge",
        f"/enterprises/{twin.id}/merge/{firm.id}",
        "/enterprises/provisional",
        "/enterprises/duplicates",
        "/enterprises/tags",
    ):
        assert "<script>alert" not in office.get(address).response.text, address


@pytest.mark.parametrize("address", ["/enterprises/duplicates", "/enterprises/provisional"])
def test_more_records_cost_no_more_statements(office, statements, address):
    counted = []
    for more in (range(3), range(3, 30)):
        for number in more:
            name = f"湖畔{chr(0x4E00 + number)}食品"
            make_enterprise(f"{name}有限公司")
            entry = operations.EnterpriseEntry(name=f"{name}厂", provisional_reason="导入无代码")
            operations.register_enterprise(SYSTEM, entry, is_distinct=True)
        db.session.commit()
        with statements() as seen:
            office.get(address)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 10


def test_the_file_of_a_well_furnished_firm_costs_ten_statements(office, statements, places):
    firm = db.session.get(Enterprise, places["firm"])
    make_visit(firm)
    address = f"/enterprises/{firm.id}"
    db.session.commit()
    office.get(address)
    with statements() as seen:
        office.get(address)
    assert len(seen) <= 10


def test_a_figure_counts_the_survivor_once(database, client_for, at):
    at("2026-11-23")
    firm, other = make_enterprise(LAKE), make_enterprise(RIVER)
    make_visit(firm)
    make_visit(other)
    leader = client_for(make_person([Role.LEADER]))
    address = "/totals?from_on=2026-11-01&to_on=2026-11-30"
    assert _visited(leader.get(address)) == ("2家次", "2家")
    operations.merge_enterprises(SYSTEM, MergeEntry(other.id, firm.id, "同一企业"))
    db.session.commit()
    assert _visited(leader.get(address)) == ("2家次", "1家")
    assert profile.profile_of(firm.id).former_names == [RIVER]


def _visited(page):
    """家次 and 家 as the totals show them."""
    stats = {
        stat.first(class_="stat-label").text.strip(): stat.first(class_="stat-value").text.strip()
        for stat in page.root.all(class_="stat")
    }
    return stats["走访家次"], stats["走访企业数"]
