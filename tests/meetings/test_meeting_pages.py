"""The pages of meetings: who sees what of them, and the way from a ticked problem to the minutes."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import docx
import pytest
from docx.oxml.ns import qn

from tests.factories import meetings as make
from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_category, make_issue, make_office
from tests.factories.programmes import join, make_group
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import operations as issues
from visits.issues.models import Conclusion, RedFlag
from visits.issues.operations import AssignEntry
from visits.issues.states import State as Problem
from visits.meetings.models import Presence
from visits.meetings.rules import Guest

FIRM = "湖畔精密机械有限公司"
FORM = {
    "title": "北路出入口专题对接会",
    "meets_on": "2026-11-27",
    "starts_at": "09:30",
    "place": "三楼会议室",
    "chair": "张主任",
}


@pytest.fixture(autouse=True)
def _day(at, database):
    at("2026-11-27")
    fill_calendar(range(2025, 2028))


@pytest.fixture
def office(database):
    return make_office()


@pytest.fixture
def browser(office, client_for):
    """A browser for one of the office's people."""

    def opened(name):
        db.session.commit()
        return client_for(office.people[name])

    return opened


@pytest.fixture
def problem(office):
    return make_issue(office, Problem.IN_PROGRESS, enterprise=make_enterprise(FIRM), title="北路出入口拥堵")


def called(desk, *problems):
    """Put problems on the agenda of a new meeting, by the pages; its address."""
    address = f"/meetings/put-on?{urlencode([('issue', problem.id) for problem in problems])}"
    page = desk.follow(desk.post(address, {}, page=desk.get(address)))
    made = desk.follow(desk.post("/meetings/new", FORM, page=page))
    assert made.heading == FORM["title"]
    return made.url.split("#")[0]


def test_ticked_problems_become_the_agenda_of_a_new_meeting(office, browser, problem):
    desk, other = browser("coordinator"), make_issue(office, Problem.ASSIGNED, title="夜间断电")
    db.session.commit()
    page = desk.get(f"/meetings/new?issue={problem.id}&issue={other.id}")
    options = page.root.first("select", id="unit_ids").all("option")
    assert [one["value"] for one in options if "selected" in one] == [str(office.unit.id)]
    shown = desk.get(called(desk, problem, other)).main
    assert "1. 北路出入口拥堵" in shown
    assert "2. 夜间断电" in shown
    assert f"{FIRM}反映：北路出入口拥堵。" in shown


def test_what_was_concluded_stands_on_the_timeline_and_in_the_minutes(office, browser, problem):
    desk = browser("coordinator")
    at = called(desk, problem)
    desk.post(f"{at}/record", {"present": "经济发展局，王建国，副局长\n住建局 李敏"}, status=422)
    people = "经济发展局，王建国，副局长\n住建局,李敏"
    desk.post(f"{at}/record", {"present": people, "demands": "抓紧落实。"})
    settled = {"verdict": "settled", "conclusion": "由住建局三日内提出方案。", "due_on": "2026-12-04"}
    settled["lead_unit_id"] = str(office.other_unit.id)
    page = desk.follow(desk.post(desk.get(at).links["记录议定意见"], settled))
    assert "由住建局三日内提出方案。" in page.main
    timeline = desk.get(f"/issues/{problem.id}")
    assert "由住建局三日内提出方案" in timeline.main
    assert at in timeline.links.values()
    minutes = desk.get(f"{at}/minutes")
    for words in ("专题对接会纪要", "王建国（副局长）", "一、北路出入口拥堵", "2026年12月4日", "抓紧落实"):
        assert words in minutes.text
    file = desk.post(f"{at}/minutes.docx", status=200, page=minutes).response.data
    word = docx.Document(io.BytesIO(file))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert f"责任单位：{office.other_unit.name}；完成时限：2026年12月4日" in said
    label = next(p for p in word.paragraphs if p.text.startswith("时间：")).runs[0]
    assert label._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"


def test_the_unit_reads_its_duty_and_reports_it_as_done(office, browser, problem):
    meeting = make.hold(office.coordinator, make.make_meeting(office.coordinator, [problem]))
    make.conclude(
        office.coordinator,
        meeting,
        make.items_of(meeting)[0],
        Conclusion.SETTLED,
        office.other_unit,
        "提出改造方案。",
    )
    desk = browser("other_handler")
    page = desk.get("/meetings/duties")
    assert [row[:4] for row in page.rows] == [
        ["2026-12-04", office.other_unit.name, "提出改造方案。", "在办"]
    ]
    duty_id = make.items_of(meeting)[0].duty_id
    issues.complete_duty(office.other_handler, problem, duty_id, "方案已提交。")
    db.session.commit()
    assert desk.get("/meetings/duties").rows == []
    shown = desk.get(f"/meetings/{meeting.id}").main
    assert "方案已提交。" in shown
    assert "完成时间" in shown


def test_each_reader_sees_of_an_agenda_the_problems_that_are_theirs(office, browser, client_for, problem):
    foreign = make_issue(office, title="别家的事")
    issues.assign(office.coordinator, foreign, AssignEntry(office.other_unit.id))
    meeting = make.make_meeting(office.coordinator, [problem, foreign])
    mine = browser("handler").get(f"/meetings/{meeting.id}").main
    assert "北路出入口拥堵" in mine
    assert "别家的事" not in mine
    assert "2. 无权查看" in mine
    assert "北路出入口拥堵" not in browser("other_handler").get(f"/meetings/{meeting.id}").main
    stranger = make_person([Role.HANDLER], make_unit())
    db.session.commit()
    client_for(stranger).get(f"/meetings/{meeting.id}", status=404)
    assert client_for(stranger).get("/meetings").rows == []


def test_an_invited_unit_sees_the_meeting_without_foreign_problems(office, client_for, problem):
    guest = make_unit()
    person = make_person([Role.UNIT_HEAD], guest)
    meeting = make.make_meeting(office.coordinator, [problem], unit_ids=[guest.id])
    db.session.commit()
    page = client_for(person).get(f"/meetings/{meeting.id}")
    assert "无权查看" in page.main
    assert problem.title not in page.main
    assert client_for(person).get("/meetings").rows[0][0] == meeting.number


def test_units_are_not_told_whose_problem_a_confidential_one_is(office, browser, problem):
    problem.confidential = True
    meeting = make.hold(office.coordinator, make.make_meeting(office.coordinator, [problem]))
    make.conclude(office.coordinator, meeting, make.items_of(meeting)[0], Conclusion.SETTLED, office.unit)
    for path in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/minutes", "/meetings/duties"):
        assert FIRM not in browser("handler").get(path).text
    assert "企业要求保密" in browser("handler").get("/meetings/duties").text
    page = browser("handler").get(f"/meetings/{meeting.id}").main
    assert f"{problem.number} · 企业要求保密" in page
    assert FIRM in browser("coordinator").get("/meetings/duties").text
    for who in ("handler", "coordinator"):  # a file is passed on
        exported = browser(who).post("/meetings/duties/export.csv", {"every": "1"}, status=200)
        assert FIRM not in exported.text
        assert problem.number in exported.text


def test_group_leaders_read_what_is_theirs_and_write_what_they_called(office, client_for, problem):
    leader, group = make_person([Role.GROUP_LEADER]), make_group()
    join(group, leader)
    problem.group_id = group.id
    reads = make.make_meeting(office.coordinator, [problem])
    writes = make.make_meeting(actor_for(leader), group_id=group.id)
    hidden = make.make_meeting(office.coordinator)
    db.session.commit()
    desk = client_for(leader)
    assert {row[0] for row in desk.get("/meetings").rows} == {reads.number, writes.number}
    desk.get(f"/meetings/{reads.id}/edit", status=403)
    desk.get(f"/meetings/{writes.id}/edit")
    desk.get(f"/meetings/{hidden.id}", status=404)
    desk.get(f"/meetings/{hidden.id}/edit", status=404)


def meetings_for_filters(office):
    """Three meetings that differ."""
    make.make_meeting(office.coordinator, title="甲会", unit_ids=[office.unit.id])
    make.make_meeting(
        office.coordinator, title="乙会", kind="on_site", meets_on=today() + timedelta(days=7)
    )
    make.hold(
        office.coordinator,
        make.make_meeting(office.coordinator, title="丙会", meets_on=today() - timedelta(days=40)),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([], "甲会 乙会 丙会"),
        ([("q", "甲")], "甲会"),
        ([("q", "DJH20261127-02")], "乙会"),
        ([("state", "held")], "丙会"),
        ([("state", "held"), ("state", "planned")], "甲会 乙会 丙会"),
        ([("kind", "on_site")], "乙会"),
        ([("kind", "party")], "甲会 乙会 丙会"),
        ([("meets", "this_week")], "甲会"),
        ([("meets", "next_week")], "乙会"),
        ([("to", "2026-10-31")], "丙会"),
        ([("unit", "UNIT")], "甲会"),
        ([("sort", "meets")], "丙会 甲会 乙会"),
    ],
)
def test_each_filter_of_meetings_finds_its_rows(office, browser, query, expected):
    meetings_for_filters(office)
    given = [(name, office.unit.id if value == "UNIT" else value) for name, value in query]
    titles = [row[1] for row in browser("coordinator").get(f"/meetings?{urlencode(given)}").rows]
    assert (
        titles == expected.split() if ("sort", "meets") in query else set(titles) == set(expected.split())
    )


def test_home_names_the_meetings_of_this_week(office, browser):
    meetings_for_filters(office)
    page = browser("coordinator").get("/").main
    assert "本周会议" in page
    assert "甲会" in page
    assert "乙会" not in page
    assert "本周会议" not in browser("callback").get("/").main


def test_meetings_are_suggested_with_their_reasons(office, browser):
    third = make_unit()
    make_person([Role.HANDLER], third)
    many = make_issue(office, title="三家单位的事")
    issues.assign(office.coordinator, many, AssignEntry(office.unit.id, [office.other_unit.id, third.id]))
    flagged, returned, late = (
        make_issue(office, Problem.IN_PROGRESS, title=t) for t in ("红旗的事", "退回的事", "超期的事")
    )
    flagged.red_flag = next(iter(RedFlag))
    returned.return_count = 2
    late.due_on = today() - timedelta(days=8)
    calm = make_issue(office, Problem.IN_PROGRESS, title="平常的事")
    nearly = make_issue(office, Problem.IN_PROGRESS, title="刚超期的事")
    nearly.due_on = today() - timedelta(days=7)
    planned = make_issue(office, Problem.IN_PROGRESS, title="已安排的事")
    planned.return_count = 3
    make.make_meeting(office.coordinator, [planned])
    page = browser("coordinator").get("/meetings/suggestions")
    reasons = {row[2]: row[3] for row in page.rows if len(row) > 5}
    assert reasons == {
        "三家单位的事": "涉及3个单位",
        "红旗的事": "已标记预警",
        "退回的事": "已退回2次",
        "超期的事": "超期6个工作日",
    }
    assert calm.title not in reasons
    assert nearly.title not in reasons
    ticks = [box["value"] for box in page.root.all("input", name="issue")]
    assert str(flagged.id) in ticks


def test_a_kind_of_problem_at_three_enterprises_is_suggested(office, browser):
    category = make_category()
    ids = [make_issue(office, category_id=category.id).id for _ in range(2)]
    assert category.name not in browser("coordinator").get("/meetings/suggestions").main
    ids.append(make_issue(office, category_id=category.id).id)
    page = browser("coordinator").get("/meetings/suggestions")
    assert [row for row in page.rows if len(row) == 4] == [[category.name, "3", "3", "从中选择"]]
    chosen = browser("coordinator").get(page.links["从中选择"])
    assert {box["value"] for box in chosen.root.all("input", name="issue_ids")} == {str(key) for key in ids}


def test_pages_cost_the_same_however_many_rows(office, browser, statements):
    def cost(path):
        desk = browser("coordinator")
        desk.get(path)
        with statements() as seen:
            desk.get(path)
        return len(seen)

    def fill(count):
        problems = [make_issue(office, Problem.IN_PROGRESS) for _ in range(count)]
        for issue in problems:
            issue.return_count = 2
        meeting = make.hold(office.coordinator, make.make_meeting(office.coordinator, problems))
        for item in make.items_of(meeting):
            make.conclude(office.coordinator, meeting, item, Conclusion.SETTLED, office.unit, days=-0)
        make.make_meeting(office.coordinator)
        for _ in range(count):
            make_issue(office, Problem.IN_PROGRESS).return_count = 2
        return meeting

    few = fill(1)
    paths = ("/meetings", "/meetings/duties", "/meetings/suggestions", "/")
    before = [cost(path) for path in (*paths, f"/meetings/{few.id}", f"/meetings/{few.id}/minutes")]
    many = fill(6)
    after = [cost(path) for path in (*paths, f"/meetings/{many.id}", f"/meetings/{many.id}/minutes")]
    assert after == before
    assert max(after[:3] + after[4:]) <= 10


def test_the_people_of_a_meeting_are_read_back_as_written(office, browser):
    guests = {
        Presence.PRESENT: [Guest("经济发展局", "王建国", "副局长")],
        Presence.OBSERVER: [Guest("某企业", "李总")],
    }
    meeting = make.hold(office.coordinator, make.make_meeting(office.coordinator), guests=guests)
    page = browser("coordinator").get(f"/meetings/{meeting.id}/record")
    assert page.root.first("textarea", name="present").verbatim.strip() == "经济发展局，王建国，副局长"
    assert page.root.first("textarea", name="observers").verbatim.strip() == "某企业，李总"


def test_a_record_overtaken_shows_who_is_written_down_now(office, browser):
    meeting = make.make_meeting(office.coordinator)
    desk = browser("coordinator")
    form = desk.get(f"/meetings/{meeting.id}/record")
    make.hold(
        office.coordinator, meeting, guests={Presence.PRESENT: [Guest("经济发展局", "王建国", "副局长")]}
    )
    sent = {"present": "建设管理局，李明"}
    page = desk.post(f"/meetings/{meeting.id}/record", sent, page=form, status=409)
    row = next(row for row in page.rows if "建设管理局，李明" in row)
    assert row[1] == "经济发展局，王建国，副局长"


def test_problems_ticked_in_their_list_go_to_a_meeting(office, browser, problem):
    other = make_issue(office, Problem.ASSIGNED)
    desk = browser("coordinator")
    assert "/meetings/put-on" in [b["formaction"] for b in desk.get("/issues").root.all("button")]
    page = desk.get(f"/meetings/put-on?state=open&row={problem.id}&row={other.id}")
    ticked = {box["value"] for box in page.root.all("input", name="issue_ids")}
    assert ticked == {str(problem.id), str(other.id)}
    assert "/meetings/put-on" not in [
        b["formaction"] for b in browser("handler").get("/issues").root.all("button")
    ]


def boxes(page):
    """The problems offered, and those of them that are ticked, by id."""
    offered = page.root.all("input", name="issue_ids")
    return [[int(box["value"]) for box in offered if "checked" in box or every] for every in (True, False)]


def test_all_problems_a_list_finds_go_to_a_meeting(office, browser, problem):
    wanted = [make_issue(office, Problem.ASSIGNED, title=f"夜间断电{n}").id for n in range(4)]
    desk = browser("coordinator")
    page = desk.get(f"/meetings/put-on?q=夜间断电&size=2&row={wanted[0]}&all=1")
    assert boxes(page) == [wanted, wanted]
    page = desk.follow(desk.post("/meetings/put-on", {"issue_ids": list(map(str, wanted))}, page=page))
    assert boxes(page) == [wanted, wanted]


def test_more_problems_than_a_meeting_takes_up_are_offered_to_choose_from(office, browser):
    wanted = [make_issue(office).id for _ in range(32)]
    desk = browser("coordinator")
    page = desk.get("/meetings/put-on?state=open&all=1")
    assert boxes(page) == [wanted, wanted[:30]]
    assert "共选中32件" in page.main
    page = desk.post("/meetings/put-on", {"issue_ids": list(map(str, wanted))}, page=page, status=422)
    assert "最多列入30件" in page.main
    assert boxes(page) == [wanted, wanted]


def test_too_many_or_no_problems_lead_back_to_the_list(office, browser, monkeypatch):
    monkeypatch.setattr("visits.core.bulk.MOST", 2)
    for _ in range(3):
        make_issue(office)
    desk = browser("coordinator")
    page = desk.follow(desk.get("/meetings/put-on?state=open&all=1", status=302))
    assert page.url.startswith("/issues?state=open")
    assert "缩小范围" in page.text
    page = desk.follow(desk.get("/meetings/put-on?state=open&row=999999", status=302))
    assert "尚未勾选" in page.text


def test_the_agenda_is_arranged_on_the_page(office, browser):
    problems = [make_issue(office, Problem.ASSIGNED, title=title) for title in ("第一件", "第二件")]
    meeting = make.make_meeting(office.coordinator, problems)
    first, second = make.items_of(meeting)
    desk = browser("coordinator")
    at = f"/meetings/{meeting.id}/items"
    desk.post(f"{at}/{second.id}/move", {"up": "1"})
    assert "1. 第二件" in desk.get(f"/meetings/{meeting.id}").main
    desk.post(f"{at}/{first.id}/edit", {"brief": "改写的说明"})
    assert "改写的说明" in desk.get(f"/meetings/{meeting.id}").main
    desk.post(f"{at}/{first.id}/take-off")
    assert "第一件" not in desk.get(f"/meetings/{meeting.id}").main
    desk.post(f"/meetings/{meeting.id}/cancel", {"reason": "改期"})
    assert "会议已取消：改期" in desk.get(f"/meetings/{meeting.id}").main
    desk.get(f"/meetings/{meeting.id}/minutes", status=409)
