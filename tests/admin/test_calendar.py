"""The year's calendar: seen by all, changed by the coordinator, and open due dates that move with it."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_issue, make_office
from tests.support.notices import NOTICE_2026, NOTICE_2027
from visits.admin import operations
from visits.admin.notices import read_year
from visits.core.audit import AuditEntry
from visits.core.calendar import CalendarChange, fill_calendar, load_calendar
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale
from visits.core.permissions import Role
from visits.core.settings import get_setting
from visits.issues import queries
from visits.issues.models import Dispatch
from visits.issues.operations import AssignEntry, assign, record_contact
from visits.issues.operations.handling import ContactEntry
from visits.issues.rules import Complexity
from visits.issues.states import State


@pytest.fixture
def office(database, at):
    at("2027-01-18")
    fill_calendar(range(2026, 2029))
    return make_office()


@pytest.fixture
def coordinator(office, client_for):
    return client_for(office.people["coordinator"])


def lead_of(issue):
    return db.session.scalars(sa.select(Dispatch).where(Dispatch.issue_id == issue.id)).first()


def publish(office, text=NOTICE_2027, year=2027):
    return operations.publish_year(
        office.coordinator, read_year(text, year), "国办发明电", get_setting("calendar_edition")
    )


def test_a_notice_is_previewed_published_and_moves_due_dates(office, coordinator):
    issue = make_issue(office, State.ASSIGNED, complexity=Complexity.MAJOR)
    former = issue.due_on
    page = coordinator.post("admin.import_year", {"text": NOTICE_2027}, year=2027, status=200)
    assert issue.number in page.main
    assert load_calendar().day(date(2027, 2, 20)).is_workday is False
    shown = page.root.all("table")[-1].all("td")[-1].text
    page = coordinator.follow(
        coordinator.post("admin.publish_year", {"source": "国办发明电〔2026〕7号"}, page=page, year=2027)
    )
    db.session.expire_all()
    assert issue.due_on != former
    assert shown.startswith(issue.due_on.isoformat())
    assert [issue.number, former.isoformat(), issue.due_on.isoformat()] in page.rows
    assert "2027" in page.text
    assert lead_of(issue).due_on == issue.due_on == issue.original_due_on
    last = queries.moves_of(issue.id)[-1].IssueMove
    assert (last.move, last.note, last.actor_id) == ("recompute_due", "国办发明电〔2026〕7号", None)
    assert last.details == {"former_due_on": former.isoformat(), "due_on": issue.due_on.isoformat()}
    assert "随工作日历调整办理时限" in coordinator.get("issues.show", issue_id=issue.id).main
    year = coordinator.get("admin.calendar_year", year=2027)
    assert "暂定" not in year.main
    assert "国办发明电〔2026〕7号" in year.main
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "calendar.published")).one()
    assert entry.changes["moved"] == 1


def test_the_limit_in_working_days_stays_what_it_was(office):
    issue = make_issue(office, State.ASSIGNED, complexity=Complexity.MAJOR)
    publish(office)
    expected = read_year(NOTICE_2027, 2027).days
    days = [day for day in sorted(expected) if day > date(2027, 1, 18) and expected[day].is_workday]
    assert issue.due_on == days[30 - 1] == date(2027, 3, 4)


def test_what_was_done_keeps_its_date_and_nobody_becomes_late(office, at):
    issue = make_issue(office, State.IN_PROGRESS, complexity=Complexity.ORDINARY)
    record_contact(office.handler, issue, ContactEntry("王经理"))
    signed, due = lead_of(issue).sign_due, issue.due_on
    at("2027-01-20")
    operations.change_day(office.coordinator, date(2027, 1, 21), False, "临时放假", "通知")
    assert lead_of(issue).sign_due == signed
    assert issue.due_on > due
    at(issue.due_on.isoformat())
    late = issue.due_on
    operations.change_day(office.coordinator, date(2027, 1, 21), True, "", "撤销")
    assert issue.due_on == late


def test_reported_problems_keep_their_dates(office):
    issue = make_issue(office, State.REPORTED, complexity=Complexity.MAJOR)
    due = issue.due_on
    assert publish(office).moved == []
    assert (issue.due_on, issue.state) == (due, State.REPORTED)


def test_co_units_move_with_the_lead(office):
    issue = make_issue(office, complexity=Complexity.MAJOR)
    assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    before = {task.unit_id: task.due_on for task in queries.current_dispatches(issue.id)}
    publish(office)
    after = {task.unit_id: task.due_on for task in queries.current_dispatches(issue.id)}
    assert all(after[unit] != before[unit] for unit in before)


def test_publishing_the_same_twice_moves_nothing_more(office):
    issue = make_issue(office, State.ASSIGNED, complexity=Complexity.MAJOR)
    publish(office)
    due, moves = issue.due_on, len(queries.moves_of(issue.id))
    assert publish(office).moved == []
    assert (issue.due_on, len(queries.moves_of(issue.id))) == (due, moves)


def test_a_preview_of_an_older_calendar_is_not_published(office, coordinator):
    page = coordinator.post("admin.import_year", {"text": NOTICE_2027}, year=2027, status=200)
    operations.change_day(office.coordinator, date(2027, 3, 3), False, "植树", "通知")
    coordinator.post("admin.publish_year", {"source": "通知"}, page=page, year=2027, status=409)
    assert load_calendar().day(date(2027, 2, 20)).is_provisional
    with pytest.raises(Stale):
        operations.publish_year(office.coordinator, read_year(NOTICE_2027, 2027), "通知", "older")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "明年放假吗？"},
        {"text": NOTICE_2026},
        {"text": "日期,类型\n2027-01-01,休息"},
        {"text": "=1+1\x00<script>"},
        {"file": (BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(80)), "x.png")},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(office, coordinator, fields):
    edition = get_setting("calendar_edition")
    page = coordinator.post("admin.import_year", fields, year=2027, status=422)
    assert page.errors or page.summary
    db.session.expire_all()
    assert get_setting("calendar_edition") == edition


def test_a_file_may_hold_the_notice(office, coordinator):
    fields = {"file": (BytesIO(NOTICE_2027.encode("gb18030")), "通知.txt")}
    page = coordinator.post("admin.import_year", fields, year=2027, status=200)
    assert "2027-02-20" in page.main


def test_publishing_needs_a_source_and_whole_text(office, coordinator):
    page = coordinator.post("admin.import_year", {"text": NOTICE_2027}, year=2027, status=200)
    again = coordinator.post("admin.publish_year", {"source": " "}, page=page, year=2027, status=422)
    assert "2027-02-20" in again.main
    coordinator.post("admin.publish_year", {"source": "x", "text": "x"}, page=page, year=2027, status=422)
    assert db.session.scalar(sa.select(sa.func.count(CalendarChange.id))) == 0


def test_a_day_is_changed_with_its_source(office, coordinator):
    entry = {"kind": "rest", "label": "园区停电", "source": "管委会通知"}
    coordinator.post("admin.calendar_day", entry, day="2027-03-03")
    known = load_calendar().day(date(2027, 3, 3))
    assert (known.is_workday, known.label, known.is_provisional) == (False, "园区停电", False)
    assert "管委会通知" in coordinator.get("admin.calendar_day", day="2027-03-03").text
    coordinator.post("admin.calendar_day", {"source": "管委会通知"}, day="2027-03-03", status=422)
    coordinator.post("admin.calendar_day", entry | {"source": ""}, day="2027-03-04", status=422)
    coordinator.post("admin.calendar_day", entry | {"label": "字" * 41}, day="2027-03-04", status=422)


@pytest.mark.parametrize(
    "address",
    [
        "/calendar/9999",
        "/calendar/1999",
        "/calendar/0",
        "/calendar/123456789",
        "/calendar/days/9999-12-31",
        "/calendar/days/2026-02-30",
        "/calendar/days/heute",
        "/calendar/9999/import",
        "/calendar/changes/99",
    ],
)
def test_what_is_no_year_or_day_is_no_page(coordinator, address):
    coordinator.get(address, status=404)


@pytest.mark.parametrize("year", [2000, 2018, 2026, 2031, 2100])
def test_a_year_is_shown_whole(coordinator, year):
    page = coordinator.get("admin.calendar_year", year=year)
    assert len([cell for cell in page.root.all("td") if cell.text]) >= 365
    assert ("248个工作日" in page.text) is (year == 2026)
    assert ("暂定：" in page.main) is (year not in {2018, 2026} or year == 2018)


@pytest.mark.parametrize("who", ["cadre", "handler", "leader"])
def test_everybody_reads_the_calendar_and_only_the_coordinator_changes_it(office, client_for, who):
    browser = client_for(office.people[who])
    assert "248个工作日" in browser.get("admin.calendar_year", year=2026).text
    browser.get("admin.calendar_day", day="2026-12-31", status=403)
    browser.get("admin.import_year", year=2027, status=403)
    browser.post("admin.publish_year", {"text": NOTICE_2027, "source": "x"}, year=2027, status=403)
    with pytest.raises(NotAllowed):
        operations.change_day(getattr(office, who), date(2026, 12, 31), False, "", "x")


def test_an_administrator_alone_does_not_change_the_calendar(office):
    admin = actor_for(make_person([Role.ADMIN]))
    with pytest.raises(NotAllowed):
        operations.publish_year(admin, read_year(NOTICE_2027, 2027), "x", get_setting("calendar_edition"))


def test_a_change_that_changes_nothing_is_refused(office):
    operations.change_day(office.coordinator, date(2027, 3, 3), True, "", "x")
    with pytest.raises(Refused):
        operations.change_day(office.coordinator, date(2027, 3, 3), True, "", "x")


def test_the_pages_cost_the_same_however_many_changes(office, coordinator, statements):
    for day in range(1, 20):
        operations.change_day(office.coordinator, date(2027, 3, day), day % 2 == 0, f"第{day}次", "通知")
    with statements() as seen:
        coordinator.get("admin.calendar_year", year=2027)
    assert len(seen) <= 10
