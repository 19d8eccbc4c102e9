"""An enterprise that asked not to be named is named to no handling unit, and in no file."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_entry, make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Issue
from visits.issues.states import State

FIRM, OTHER = "云栖隐名精密机械有限公司", "湖畔公开电子有限公司"
PERSON = "钱某联系人"


@pytest.fixture
def office(database, at):
    """A confidential problem and an open one, both handled by one unit."""
    at("2026-11-25")
    office = make_office()
    office.firm, office.other = make_enterprise(FIRM), make_enterprise(OTHER)
    entry = make_entry(
        enterprise=office.firm, title="担心被约谈", reporter_name=PERSON, reporter_phone="13800001234"
    )
    office.issue = do.register_issue(office.cadre, entry)
    do.hide_enterprise(office.cadre, office.issue, "企业不愿主办单位知道是谁反映的")
    advance(office, office.issue, State.IN_PROGRESS)
    office.plain = make_issue(office, State.IN_PROGRESS, enterprise=office.other)
    database.session.commit()
    return office


@pytest.fixture
def handler(office, client_for):
    return client_for(office.people["handler"])


PAGES = (
    "/",
    "/issues",
    "/issues?sort=enterprise",
    "/issues?columns=contact,phone,group,enterprise",
    "/desks/unit?queue=handle",
    "/totals/open",
    "/totals/registered",
    "/totals/sign_rate?from=2026-11-01&to=2026-11-30",
)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_of_the_unit_names_it(office, handler, address):
    text = handler.get(address).text
    assert "担心被约谈" in text
    assert FIRM not in text
    assert PERSON not in text
    assert "企业要求保密" in text


def test_its_own_page_its_moves_and_its_slip_do_not_name_it(office, handler):
    issue_id = office.issue.id
    for address in (f"/issues/{issue_id}", f"/issues/{issue_id}/add-progress", f"/issues/{issue_id}/slip"):
        page = handler.get(address)
        assert "企业要求保密" in page.text
        for word in (FIRM, PERSON, "13800001234", "138****1234", f"/enterprises/{office.firm.id}"):
            assert word not in page.response.text, (address, word)


@pytest.mark.parametrize("query", ["q=云栖隐名", "q=hzyx", "enterprise={firm}"])
def test_it_is_not_found_by_its_enterprise(office, handler, query):
    page = handler.get("/issues?" + query.format(firm=office.firm.id))
    assert "担心被约谈" not in page.main


def test_the_file_of_the_enterprise_does_not_show_it_to_the_unit(office, handler, client_for):
    address = f"/enterprises/{office.firm.id}"
    assert "担心被约谈" not in handler.get(address).text
    assert "担心被约谈" in client_for(office.people["coordinator"]).get(address).text


@pytest.mark.parametrize("who", ["handler", "coordinator"])
def test_no_file_names_it_whoever_takes_it(office, client_for, who):
    person = client_for(office.people[who])
    page = person.get("issues.index")
    text = person.post("issues.export", {}, page=page, status=200, kind="csv").text
    assert "担心被约谈" in text
    assert FIRM not in text
    assert OTHER in text


def test_those_who_do_not_handle_it_see_who_it_is(office, client_for):
    for who in ("coordinator", "cadre", "callback", "leader"):
        assert FIRM in client_for(office.people[who]).get("issues.show", issue_id=office.issue.id).text


def test_whoever_registered_it_knows_it_though_of_the_unit(database, office):
    both = make_person([Role.CADRE, Role.HANDLER], office.unit)
    issue = do.register_issue(actor_for(both), make_entry(enterprise=office.firm))
    do.hide_enterprise(actor_for(both), issue, "企业要求")
    advance(office, issue, State.IN_PROGRESS)
    assert queries.get_shown(actor_for(both), issue.id).enterprise == FIRM
    assert queries.get_shown(actor_for(both), office.issue.id).enterprise is None


def test_the_visit_behind_it_does_not_exist_for_the_unit(database, office, client_for):
    visit = make_visit(
        office.firm, author=office.people["cadre"], problems=[problem_at(office.firm, title="访中所闻")]
    )
    database.session.flush()
    issue = database.session.scalar(sa.select(Issue).where(Issue.title == "访中所闻"))
    do.assign(office.coordinator, issue, do.AssignEntry(office.unit.id))
    database.session.commit()
    handler = client_for(office.people["handler"])
    assert FIRM in handler.get("outreach.show", visit_id=visit.id).text
    do.hide_enterprise(office.coordinator, issue, "企业要求保密")
    database.session.commit()
    handler.get("outreach.show", visit_id=visit.id, status=404)


def test_once_it_is_shown_again_everybody_sees_it(database, office, client_for):
    do.show_enterprise(office.cadre, office.issue, "企业同意公开")
    database.session.commit()
    assert FIRM in client_for(office.people["handler"]).get("issues.show", issue_id=office.issue.id).text
