"""Readings of the register: what matches, in which order, in how many statements."""

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import matching, operations, queries
from visits.enterprises.models import ContactRole, EnterpriseStatus
from visits.enterprises.operations import ContactEntry

MOST_OF_A_LIST, MOST_OF_A_FILE = 10, 10


def fill(numbers):
    for number in numbers:
        enterprise = make_enterprise(
            f"临湖{number}号机械有限公司", street=f"街道{number}", tags=["规上企业", f"标签{number}"]
        )
        operations.add_contact(SYSTEM, enterprise, ContactEntry(ContactRole.LIAISON, f"联络员{number}"))
    return enterprise


@pytest.mark.parametrize(
    "address", ["/enterprises", "/enterprises?q=机械&sort=-code", "/enterprises/lookup?q=jx"]
)
def test_twice_the_rows_cost_no_more_statements(database, client_for, statements, address):
    browser = client_for(make_person([Role.COORDINATOR]))
    fill(range(10))
    browser.get(address)
    counted = []
    for more in (range(10, 12), range(12, 24)):
        fill(more)
        db.session.commit()
        with statements() as seen:
            browser.get(address)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= MOST_OF_A_LIST


def test_a_file_with_many_contacts_costs_no_more_statements(database, client_for, statements):
    browser = client_for(make_person([Role.COORDINATOR]))
    enterprise = fill([1])
    counted = []
    for _ in range(2):
        db.session.commit()
        with statements() as seen:
            browser.get("home.enterprise_file", enterprise_id=enterprise.id)
        counted.append(len(seen))
        for number in range(10):
            operations.add_contact(SYSTEM, enterprise, ContactEntry(ContactRole.PRINCIPAL, f"第{number}人"))
    assert counted[0] == counted[1] <= MOST_OF_A_FILE


def test_suggestions_put_firms_in_business_first(database):
    make_enterprise("安湖停产有限公司", status=EnterpriseStatus.HALTED)
    make_enterprise("中湖机械有限公司")
    make_enterprise("北湖机械有限公司")
    assert [row.name[:2] for row in queries.search("湖")] == ["北湖", "中湖", "安湖"]
    assert len(queries.search("湖", limit=2)) == 2


@pytest.mark.parametrize(
    "spelling",
    [
        "临湖(集团)电子有限公司",
        "临湖（集团）电子有限责任公司",
        "临湖 集团 电子 有限公司",
        "临湖集团电子股份有限公司",
    ],
)
def test_spellings_of_one_name_are_namesakes(database, spelling):
    known = make_enterprise("临湖（集团）电子有限公司")
    assert [row.id for row in matching.namesakes(spelling)] == [known.id]
    assert not matching.namesakes(spelling, but=known.id)


def test_a_former_name_is_a_namesake(database):
    known = make_enterprise("临湖电子有限公司", former_names=["老湖无线电厂"])
    assert [row.id for row in matching.namesakes("老湖无线电厂")] == [known.id]


def test_a_search_of_endless_terms_is_answered(database):
    make_enterprise("临湖电子有限公司")
    assert queries.search(" ".join(f"{n:x}" for n in range(3000))) == []
