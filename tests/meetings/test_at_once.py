"""Two change one meeting at the same moment: nothing stands there twice, and nobody meets a fault."""

import pytest
import sqlalchemy as sa

from tests.factories import meetings as make
from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from tests.support.browser import side_by_side
from visits.core.permissions import Role
from visits.inbox.models import Notice, NoticeKind
from visits.issues.models import IssueMove
from visits.issues.states import State
from visits.meetings.models import AgendaItem, Meeting, MeetingFirm, MeetingUnit


@pytest.fixture
def zone(database, at):
    """A planned meeting that takes up nothing yet, two coordinators, and four problems of one unit."""
    at("2026-11-23")
    office = make_office()
    office.second = make_person([Role.COORDINATOR])
    office.problems = [make_issue(office, State.IN_PROGRESS) for _ in range(4)]
    office.meeting = make.make_meeting(office.coordinator)
    database.session.commit()
    return office


@pytest.fixture
def at_once(zone, client_for):
    """Both have the form open and send it at the same moment; the statuses in rising order."""

    def sent(address, *typed):
        browsers = [client_for(zone.people["coordinator"]), client_for(zone.second)]
        pages = [browser.get(address) for browser in browsers]

        def send(browser, page, fields):
            return browser.post(address, fields, page=page, status=None).status

        return sorted(side_by_side(send, browsers, pages, typed))

    return sent


def rows(db, column, *where):
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(column).where(*where)).all())


def invitations(db, zone):
    """Who was invited, once for each notice."""
    return rows(db, Notice.person_id, Notice.kind == NoticeKind.MEETING, Notice.event.endswith(":call"))


def test_one_problem_put_on_by_two_stands_there_once(zone, at_once, db):
    issue, address = zone.problems[0], f"/meetings/put-on?issue={zone.problems[0].id}"
    fields = {"meeting_id": str(zone.meeting.id)}
    assert at_once(address, fields, fields) == [303, 303]
    assert rows(db, AgendaItem.issue_id) == [issue.id]
    assert rows(db, MeetingUnit.unit_id) == [zone.unit.id]
    assert rows(db, MeetingFirm.enterprise_id) == [issue.enterprise_id]
    assert len(rows(db, IssueMove.id, IssueMove.move == "put_on_agenda")) == 1
    assert invitations(db, zone) == [zone.handler.person_id]


def test_problems_of_one_unit_put_on_by_two_invite_it_once(zone, at_once, db):
    address = "/meetings/put-on?" + "&".join(f"issue={issue.id}" for issue in zone.problems)
    meeting, ids = {"meeting_id": str(zone.meeting.id)}, [str(issue.id) for issue in zone.problems]
    assert at_once(address, meeting | {"issue_ids": ids[:2]}, meeting | {"issue_ids": ids[2:]}) == [
        303,
        303,
    ]
    assert rows(db, AgendaItem.issue_id) == sorted(issue.id for issue in zone.problems)
    assert rows(db, AgendaItem.position) == [1, 2, 3, 4]
    assert rows(db, MeetingUnit.unit_id) == [zone.unit.id]
    assert invitations(db, zone) == [zone.handler.person_id]


def test_of_two_who_invite_one_unit_on_the_form_one_is_told_that_it_was_overtaken(zone, at_once, db):
    address = f"/meetings/{zone.meeting.id}/edit"
    fields = {"unit_ids": [str(zone.other_unit.id)]}
    assert at_once(address, fields, fields) == [303, 409]
    assert rows(db, MeetingUnit.unit_id) == [zone.other_unit.id]
    assert invitations(db, zone) == [zone.other_handler.person_id]
    assert rows(db, Meeting.revision) == [zone.meeting.revision]
