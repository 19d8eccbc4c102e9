"""The inbox as its reader sees it: what is unread, where a notice leads, what can be switched off."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.inbox import make_notice
from tests.factories.issues import make_issue, make_office
from visits.core.authz import ENTERPRISE, SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.subjects import SUBJECTS
from visits.inbox.models import ALWAYS, Notice, NoticeKind
from visits.inbox.operations import Telling, post_notice, post_notices
from visits.issues.states import State


@pytest.fixture
def reader(database, at):
    at("2026-11-23")
    return make_person([Role.COORDINATOR], name="读者")


@pytest.fixture
def browser(client_for, reader):
    return client_for(reader)


def bell(page):
    return page.root.first(class_="bell")


def is_read(notice):
    return db.session.scalar(sa.select(Notice.read_at).where(Notice.id == notice.id)) is not None


def test_the_newest_stands_first_with_who_and_when_and_unread_in_words(browser, reader):
    other = make_person(name="王处理")
    make_notice(reader, event="tests:1", said="First")
    post_notice(SYSTEM, [reader.id], Telling(NoticeKind.RESULT, "tests:2", "Second"))
    row = db.session.scalar(sa.select(Notice).where(Notice.event == "tests:2"))
    row.actor_id = other.id
    db.session.commit()
    page = browser.get("inbox.index")
    (second, who, when, _), (first, by_itself, *_rest) = page.rows
    assert ("Second" in second, "未读" in second, who, when) == (True, True, "王处理", "2026-11-23 12:00")
    assert ("First" in first, by_itself) == (True, "系统")


def test_a_sentence_is_said_in_the_readers_language_with_its_values(database, client_for):
    english = make_person([Role.COORDINATOR])
    english.language = "en"
    make_notice(english, said="%(count)d in all", event="tests:9", count=7)
    chinese = make_person([Role.COORDINATOR])
    said = "Due on %(due_on)s"
    for person in (english, chinese):
        make_notice(person, said=said, event=f"tests:{person.id}", due_on="2026-11-27")
    assert "Due on 2026-11-27 Fri" in client_for(english).get("inbox.index").main
    assert "2026-11-27 周五" in client_for(chinese).get("inbox.index").main


def test_who_acted_without_an_account_is_named_as_what_it_is(browser, reader):
    post_notice(ENTERPRISE, [reader.id], Telling(NoticeKind.DESK, "tests:1", "Told"))
    assert [row[1] for row in browser.get("inbox.index").rows] == ["企业"]


def test_a_deputy_reads_for_whom(browser, reader):
    notice = make_notice(reader)
    notice.on_behalf_of_id = make_person(name="李外出").id
    db.session.commit()
    assert "代李外出收" in browser.get("inbox.index").main


def test_the_bell_counts_what_is_unread_on_every_page_and_nothing_when_all_is_read(browser, reader):
    assert (bell(browser.get("home.index")).text, bell(browser.get("home.index"))["aria-label"]) == (
        "",
        "消息",
    )
    for number in range(3):
        make_notice(reader, event=f"tests:{number}")
    for endpoint in ("home.index", "issues.index", "inbox.index"):
        assert bell(browser.get(endpoint)).text == "3"
        assert bell(browser.get(endpoint))["aria-label"] == "消息：3条未读"
    browser.post("inbox.mark_all_read", page=browser.get("inbox.index"))
    assert bell(browser.get("home.index")).text == ""


def test_the_count_costs_no_statement(browser, reader, statements):
    with statements() as before:
        browser.get("accounts.change_password")
    make_notice(reader)
    with statements() as after:
        assert bell(browser.get("accounts.change_password")).text == "1"
    assert len(after) == len(before)


def test_the_page_costs_the_same_however_many_notices_there_are(browser, reader, statements):
    issue = make_issue()
    make_notice(reader, subject=issue)
    with statements() as few:
        browser.get("inbox.index")
    for number in range(60):
        make_notice(reader, event=f"more:{number}", subject=issue)
    with statements() as many:
        page = browser.get("inbox.index")
    assert (len(page.rows), len(many)) == (50, len(few))
    assert len(many) <= 10
    assert len(browser.get("inbox.index", page=2).rows) == 11


def test_opening_a_notice_marks_it_and_leads_to_its_record(browser, reader):
    issue = make_issue()
    notice = make_notice(reader, subject=issue)
    page = browser.get("inbox.index")
    assert not is_read(notice)  # looking at the list reads nothing
    answer = browser.post("inbox.open_notice", page=page, notice_id=notice.id)
    assert (answer.location, is_read(notice)) == (f"/issues/{issue.id}", True)
    again = browser.get("inbox.index")
    assert f"/issues/{issue.id}" in again.links.values()
    assert "未读" not in "".join(again.rows[0])


def test_a_notice_about_what_one_may_not_see_any_more_leads_to_the_usual_answer(database, client_for):
    reader = make_person([Role.CADRE])
    notice = make_notice(reader, subject=make_issue())
    person = client_for(reader)
    answer = person.post("inbox.open_notice", page=person.get("inbox.index"), notice_id=notice.id)
    person.follow(answer, status=404)


def test_one_marks_a_notice_read_without_opening_it_and_stays_where_one_was(browser, reader):
    notices = [make_notice(reader, event=f"tests:{number}") for number in range(2)]
    page = browser.get("inbox.index", show="unread")
    answer = browser.post(f"/inbox/{notices[0].id}/read?show=unread", page=page)
    assert answer.location == "/inbox?show=unread"
    assert [is_read(notice) for notice in notices] == [True, False]
    assert len(browser.follow(answer).rows) == 1


def test_all_is_marked_but_what_came_after_the_page_was_opened(browser, reader):
    seen, foreign = make_notice(reader, event="tests:1"), make_notice(event="tests:1")
    page = browser.get("inbox.index")
    late = make_notice(reader, event="tests:2")
    answer = browser.post("inbox.mark_all_read", page=page)
    assert [is_read(notice) for notice in (seen, late, foreign)] == [True, False, False]
    assert "已将1条消息标为已读" in browser.follow(answer).main


def test_other_peoples_notices_are_as_good_as_none(browser):
    foreign = make_notice(said="Secret")
    assert "Secret" not in browser.get("inbox.index").main
    for endpoint in ("inbox.open_notice", "inbox.mark_read"):
        unknown = browser.post(endpoint, notice_id=999_999_999, status=404)
        assert browser.post(endpoint, notice_id=foreign.id, status=404).main == unknown.main
    assert not is_read(foreign)


def test_kinds_are_switched_off_and_on_again_but_not_all(browser, reader):
    page = browser.get("inbox.settings")
    boxes = {box["value"]: "checked" in box for box in page.root.all("input", name="kinds")}
    assert boxes == {kind.value: True for kind in NoticeKind if kind not in ALWAYS}
    assert ("预警" in page.main, "不能关闭" in page.main) == (True, True)
    browser.post("inbox.settings", {"kinds": ["result", "meeting"]})

    def told_of(event):
        kinds = (NoticeKind.RESULT, NoticeKind.DESK, NoticeKind.FLAG)
        told = [([reader.id], Telling(kind, f"{event}:{kind}", "Told")) for kind in kinds]
        return {notice.kind for notice in post_notices(SYSTEM, told)}

    assert told_of("one") == {NoticeKind.RESULT, NoticeKind.FLAG}
    browser.post("inbox.settings", {"kinds": ["desk"]})
    assert told_of("two") == {NoticeKind.DESK, NoticeKind.FLAG}
    browser.post("inbox.settings", {"kinds": ["flag"]}, status=422)


def test_of_two_audiences_of_one_event_one_hears_the_first(database, statements):
    both, second = make_person(), make_person()
    db.session.flush()
    told = [
        ([both.id], Telling(NoticeKind.DESK, "tests:1", "First")),
        ([both.id, second.id], Telling(NoticeKind.DESK, "tests:1", "Second")),
    ]
    with statements() as seen:
        notices = post_notices(SYSTEM, told)
    assert {notice.person_id: notice.said for notice in notices} == {both.id: "First", second.id: "Second"}
    assert len(seen) == 2


def test_every_kind_of_record_leads_to_a_page_that_exists(app):
    arguments = {rule.endpoint: set(rule.arguments) for rule in app.url_map.iter_rules()}
    for table, (_label, page) in SUBJECTS.items():
        if page is not None:
            assert arguments[page[0]] == {page[1]} - {""}, table
    assert set(SUBJECTS) <= {table.name for table in db.metadata.sorted_tables}


def test_a_notice_without_a_record_leads_nowhere(browser, reader):
    office = make_office()
    make_issue(office, State.ASSIGNED)
    notice = make_notice(reader)
    answer = browser.post("inbox.open_notice", page=browser.get("inbox.index"), notice_id=notice.id)
    assert answer.location == "/inbox"
