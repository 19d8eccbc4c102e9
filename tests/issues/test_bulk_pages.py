"""The same note at several problems: each by its own rules, none undone by another."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests.factories.issues import make_issue, make_office
from visits.core import bulk
from visits.core.bulk import BulkRun
from visits.core.errors import WrongState
from visits.issues import operations
from visits.issues.models import IssueMove
from visits.issues.operations import add_note
from visits.issues.states import State

PAGE = "/issues/bulk/add-note"


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def browser(client_for, office):
    return lambda name: client_for(office.people[name])


@pytest.fixture
def noted(db):
    """The problems that carry a note, by their ids."""
    return lambda: sorted(m.issue_id for m in db.session.query(IssueMove).filter_by(move="add_note"))


def rows(*issues):
    return "&".join(f"row={issue.id}" for issue in issues)


def test_the_list_offers_a_box_per_row_to_those_who_may_write(browser, office):
    issue = make_issue(office)
    page = browser("coordinator").get("issues.index")
    (box,) = page.root.all("input", name="row")
    assert (box["value"], box["form"]) == (str(issue.id), "bulk")
    assert issue.number in box["aria-label"]
    form = page.root.first("form", id="bulk")
    assert (form["method"], form["action"]) == ("get", "/issues/bulk/remind")


def test_one_note_at_many_and_each_says_what_became_of_it(browser, office, noted, db, monkeypatch):
    issues = [make_issue(office, state) for state in (State.ASSIGNED, State.CLOSED, State.REGISTERED)]
    stuck = make_issue(office, State.IN_PROGRESS)
    stuck_id = stuck.id

    def note_or_refuse(actor, issue, note, revision):
        add_note(actor, issue, note)
        if issue.id == stuck_id:  # after it has written: nothing of that may stay
            raise WrongState("In the state “%(state)s” this cannot be done.", state="x")

    monkeypatch.setattr(operations, "add_note", note_or_refuse)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?{rows(*issues, stuck)}&sort=number")
    for issue in (*issues, stuck):
        assert issue.number in page.main
    assert "4条" in page.main
    revision = stuck.revision
    result = person.follow(person.post(page.url, {"note": "下周二统一现场协调。"}, page=page))
    assert noted() == sorted(issue.id for issue in issues)
    assert db.session.get(type(stuck), stuck_id).revision == revision
    by_name = {row[0].split()[0]: row[1] for row in result.rows}
    assert by_name[stuck.number].startswith("未办理")
    assert [by_name[issue.number] for issue in issues] == ["已办理"] * 3
    assert result.rows[0][0].startswith(stuck.number)
    assert f"/issues/{issues[0].id}" in result.links.values()
    assert "sort=number" in next(href for text, href in result.links.items() if text == "返回列表")
    for issue in issues:
        assert "下周二统一现场协调" in person.get("issues.show", issue_id=issue.id).main


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (StaleDataError("gone"), "其他人正在修改"),
        (IntegrityError("INSERT", {}, Exception("twice")), "其他人正在修改"),
    ],
)
def test_two_at_one_row_stop_only_that_row(browser, office, noted, monkeypatch, fault, said):
    first, second = make_issue(office), make_issue(office)
    first_id = first.id

    def overtaken(actor, issue, note, revision):
        if issue.id == first_id:
            raise fault
        add_note(actor, issue, note)

    monkeypatch.setattr(operations, "add_note", overtaken)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?{rows(first, second)}")
    result = person.follow(person.post(page.url, {"note": "统一协调。"}, page=page))
    assert said in result.rows[0][1]
    assert noted() == [second.id]


def test_all_that_match_go_as_the_query_of_the_list(browser, office, noted, monkeypatch):
    wanted = [make_issue(office, State.ASSIGNED) for _ in range(3)]
    make_issue(office)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?all=1&state=assigned&row=1")
    assert "3条" in page.main
    make_issue(office, State.ASSIGNED)  # comes too late: what was shown is what is done
    person.post(page.url, {"note": "统一协调。"}, page=page)
    assert noted() == sorted(issue.id for issue in wanted)
    monkeypatch.setattr(bulk, "MOST", 3)
    answer = person.get(f"{PAGE}?all=1&state=assigned", status=302)
    assert answer.location == "/issues?state=assigned"
    assert "一次最多处理3条" in person.follow(answer).main


def test_what_is_not_in_the_list_any_more_is_left_out_and_said(browser, office, noted):
    first, second = make_issue(office, State.ASSIGNED), make_issue(office, State.REGISTERED)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?{rows(first, second)}&row=999999&row=x&state=assigned")
    assert "2条已不在当前列表内" in page.main
    result = person.follow(person.post(page.url, {"note": "统一协调。"}, page=page))
    assert [row[0].split()[0] for row in result.rows] == [first.number]
    assert noted() == [first.id]


def test_nobody_reaches_rows_of_others(browser, office, noted, db):
    mine, other = make_issue(office, State.ASSIGNED), make_issue(office)
    handler = browser("handler")
    page = handler.get(f"{PAGE}?{rows(mine, other)}")
    assert other.number not in page.main
    handler.post(page.url, {"note": "已联系企业。", "row": [str(mine.id), str(other.id)]}, page=page)
    assert noted() == [mine.id]
    run_id = db.session.query(BulkRun).one().id
    handler.get("lists.bulk_run", bulk_run_id=run_id)
    browser("coordinator").get("lists.bulk_run", bulk_run_id=run_id, status=404)


def test_without_a_row_or_a_text_nothing_happens(browser, office, noted):
    issue = make_issue(office)
    person = browser("coordinator")
    for query in ("", "?row=x&state=assigned", f"?{rows(issue)}&state=closed"):
        back = person.follow(person.get(f"{PAGE}{query}", status=302))
        assert "尚未勾选" in back.main
    page = person.get(f"{PAGE}?{rows(issue)}")
    refused = person.post(page.url, {"note": " "}, page=page, status=422)
    assert issue.number in refused.main
    assert refused.errors
    assert noted() == []


def test_the_same_form_twice_writes_once_and_leads_to_one_result(browser, office, noted):
    issue = make_issue(office)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?{rows(issue)}")
    places = {person.post(page.url, {"note": "统一协调。"}, page=page).location for _ in range(2)}
    assert len(places) == 1
    assert noted() == [issue.id]


def test_a_server_that_stops_midway_says_which_rows_are_left(browser, office, noted, monkeypatch, db):
    issues = [make_issue(office) for _ in range(3)]
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    last_id = issues[0].id  # the newest comes first

    def stopping(actor, issue, note, revision):
        if issue.id == last_id:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        add_note(actor, issue, note)

    monkeypatch.setattr(operations, "add_note", stopping)
    person = browser("coordinator")
    page = person.get(f"{PAGE}?{rows(*issues)}")
    person.post(page.url, {"note": "统一协调。"}, page=page, status=503)
    assert noted() == sorted(issue.id for issue in issues[1:])
    result = person.follow(person.post(page.url, {"note": "统一协调。"}, page=page))
    assert noted() == sorted(issue.id for issue in issues[1:])
    assert "尚未处理" in result.main
    assert [row[1] for row in result.rows] == ["尚未处理", "已办理", "已办理"]


def test_a_row_of_many_costs_no_more_than_the_same_alone(browser, office, statements):
    for number in (1, 4):
        issues = [make_issue(office) for _ in range(number)]
        person = browser("coordinator")
        page = person.get(f"{PAGE}?{rows(*issues)}")
        with statements() as seen:
            person.post(page.url, {"note": "统一协调。"}, page=page)
        if number == 1:
            alone = len(seen)
    assert len(seen) - alone <= 3 * 14
