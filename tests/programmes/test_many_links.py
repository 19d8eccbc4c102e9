"""A group comes to answer for many enterprises at once: by a list of names, or ticked in the register."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_group, make_link, make_programmes
from visits.core.bulk import BulkRun
from visits.core.permissions import Role
from visits.programmes import queries as programmes
from visits.programmes.models import Link

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _day(at, database):
    at("2026-11-23")


@pytest.fixture
def coordinator(client_for):
    make_programmes()
    return client_for(make_person(roles=[Role.COORDINATOR]))


@pytest.fixture
def group(database):
    return make_group("第一服务组", make_unit("经济发展局"))


@pytest.fixture
def firms(database):
    return [make_enterprise(f"湖畔第{number}精密机械有限公司") for number in range(1, 4)]


@pytest.fixture
def data(firms):
    """What is sent: the three firms by name, for a new officer of 组团联企."""
    return {
        "lines": "\n".join(firm.name for firm in firms),
        "programme_id": str(make_programmes()["group_linked"]),
        "officer_id": str(make_person(name="赵专员").id),
        "from_on": "2026-11-02",
    }


def officers(firms, day=DAY):
    return [getattr(programmes.link_of(firm.id, day), "officer", None) for firm in firms]


def test_a_list_of_names_becomes_links_once(coordinator, group, firms, data, db):
    page = coordinator.get("programmes.group", group_id=group.id)
    assert f"/groups/{group.id}/links/by-list" in page.links.values()
    page = coordinator.post("links.by_list", data, group_id=group.id)
    assert "已登记3家" in coordinator.get(page.location).text
    assert officers(firms) == ["赵专员"] * 3
    assert officers(firms, date(2026, 11, 1)) == [None] * 3
    page = coordinator.post("links.by_list", data, group_id=group.id)
    assert "已登记0家，另有3家" in coordinator.get(page.location).text
    assert db.session.scalar(sa.select(sa.func.count(Link.id))) == 3


def test_a_line_that_fits_nothing_is_told_and_nothing_is_kept(coordinator, group, firms, data):
    data["lines"] += "\n没有的企业"
    page = coordinator.post("links.by_list", data, group_id=group.id, status=422)
    assert "第4行“没有的企业”" in page.main
    assert "没有的企业" in page.root.first("textarea").text
    assert officers(firms) == [None] * 3
    page = coordinator.follow(
        coordinator.post("links.by_list", data | {"leaves_out": "y"}, group_id=group.id)
    )
    assert "第4行“没有的企业”" in page.text
    assert officers(firms) == ["赵专员"] * 3


def test_whom_others_answer_for_is_named_until_it_is_ticked(coordinator, group, firms, data):
    other = make_person(name="钱专员")
    make_link(firms[1], make_group("第二服务组"), other, from_on=date(2026, 1, 1))
    page = coordinator.post("links.by_list", data, group_id=group.id, status=422)
    assert f"其中1家在该时段内已有人包联（如{firms[1].name}）" in page.main
    assert officers(firms) == [None, "钱专员", None]
    coordinator.post("links.by_list", data | {"ends_present": "y"}, group_id=group.id)
    assert officers(firms) == ["赵专员"] * 3
    assert officers(firms, date(2026, 11, 1)) == [None, "钱专员", None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": " \n "},
        {"officer_id": "999999"},
        {"programme_id": "999999"},
        {"from_on": "1999-12-31"},
        {"last_on": "2026-11-01"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(coordinator, group, firms, data, wrong):
    assert coordinator.post("links.by_list", data | wrong, group_id=group.id, status=422).errors
    assert officers(firms) == [None] * 3


def test_ticked_in_the_register_each_is_linked_by_itself(coordinator, group, firms, data, db):
    make_link(firms[0], make_group("第二服务组"), make_person(name="钱专员"), from_on=date(2026, 1, 1))
    page = coordinator.get("enterprises.index")
    assert page.root.first("button", formaction="/enterprises/links")
    rows = "&".join(f"row={firm.id}" for firm in firms)
    chosen = {name: data[name] for name in ("programme_id", "officer_id", "from_on")}
    chosen |= {"group_id": str(group.id)}
    page = coordinator.get(f"/enterprises/links?{rows}")
    coordinator.post(f"/enterprises/links?{rows}", chosen, page=page)
    assert officers(firms) == ["钱专员", "赵专员", "赵专员"]
    run = db.session.scalars(sa.select(BulkRun)).one()
    assert (len(run.done), [row["id"] for row in run.refused]) == (2, [firms[0].id])


def test_who_may_not_change_groups_gets_neither_page(client_for, group, firms):
    cadre = client_for(make_person(roles=[Role.CADRE]))
    cadre.get("links.by_list", group_id=group.id, status=403)
    cadre.get(f"/enterprises/links?row={firms[0].id}", status=403)
    assert not cadre.get("enterprises.index").root.all("button", formaction="/enterprises/links")


def test_many_lines_take_no_more_statements_than_few(coordinator, group, data, statements):
    counts = []
    for number in (2, 20):
        data["lines"] = "\n".join(make_enterprise().name for _ in range(number))
        with statements() as seen:
            coordinator.post("links.by_list", data, group_id=group.id)
        counts.append(len([one for one in seen if not one.lstrip().upper().startswith("INSERT")]))
    assert counts[1] <= counts[0] + 2
