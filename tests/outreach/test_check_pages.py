"""The pages on which it is asked and shown how it stands with earlier promises and problems."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.honesty import make_question
from tests.factories.issues import make_issue
from tests.factories.outreach import make_visit, problem_at, visit_entry
from tests.factories.plans import make_plan
from tests.support.browser import entries_of
from visits.core.permissions import Role
from visits.issues.models import Finding
from visits.issues.states import State
from visits.outreach import operations, queries
from visits.outreach.entries import CheckEntry, PromiseEntry
from visits.outreach.models import Promise, VisitCheck
from visits.outreach.operations import Amendment

pytestmark = pytest.mark.usefixtures("november")


def visit_with(firm, officer, *checks, **values):
    return make_visit(firm, author=officer, checks=checks, **values)


def asked(page):
    """What the form asks about, as {key: (words, answers)}."""
    rows = [row for row in page.root.all("fieldset") if "data-about" in row]
    return {
        row["data-about"]: (row.first("legend").text, [label.text for label in row.all("label")])
        for row in rows
    }


def marked(page):
    """What is answered on the form, as {name: value}, blank ones left out."""
    entries = entries_of(page.root)
    return {name: value for name, value in entries.items() if name.startswith("checks-") and value}


def current(database, visit):
    wanted = (VisitCheck.visit_id == visit.id, VisitCheck.superseded_at.is_(None))
    return {
        queries.key_of(row.promise_id, row.issue_id): row.finding
        for row in database.session.scalars(sa.select(VisitCheck).where(*wanted))
    }


def amend(officer, visit, firm, *checks, reason="", **values):
    people = values.pop("people", [officer])
    entry = visit_entry(firm, people=people, checks=checks, **values)
    operations.amend_visit(actor_for(officer), visit, Amendment(entry, reason))


def test_the_form_asks_first_about_promises_then_problems_then_what_was_closed(
    client_for, officer, firm, promise, running, solved
):
    page = client_for(officer).get("outreach.new", enterprise=firm.id)
    rows = asked(page)
    keys = [f"promise-{promise.id}", f"problem-{running.id}", f"problem-{solved.id}"]
    assert list(rows) == keys
    words = [rows[key] for key in keys]
    assert all(part in words[0][0] for part in ("协调周边停车位", "王科长", "2026-12-01"))
    assert words[0][1] == ["已解决", "有进展", "无进展", "未询问"]
    assert running.number in words[1][0]
    assert words[1][1] == ["已解决", "有进展", "无进展", "更严重", "未询问"]
    assert words[2][1] == ["确已解决", "仍未解决", "比以前更严重", "未询问"]
    assert marked(page).keys() == {f"checks-{n}-about" for n in range(3)}


def test_without_script_the_list_comes_with_the_form_and_keeps_its_answers(
    client_for, officer, firm, promise
):
    screen = client_for(officer)
    page = screen.post("outreach.new", {"enterprises": firm.name, "show": "1"}, status=200)
    assert list(asked(page)) == [f"promise-{promise.id}"]
    answers = {"checks-0-finding": "progress", "checks-0-note": "已选址", "visited_on": ""}
    page = screen.post("outreach.new", answers, page=page, status=422)
    assert marked(page) == {
        "checks-0-about": f"promise-{promise.id}",
        "checks-0-finding": "progress",
        "checks-0-note": "已选址",
    }


def test_a_script_fetches_the_list_alone(client_for, officer, firm, promise):
    page = client_for(officer).get("outreach.ask", enterprises=f"#{firm.id}")
    assert f'data-about="promise-{promise.id}"' in page.response.json["html"]
    assert "data-about" not in client_for(officer).get("outreach.ask").response.json["html"]


def test_answers_are_stored_with_the_visit_and_told_to_the_problems(
    client_for, database, officer, firm, promise, running, solved
):
    screen = client_for(officer)
    data = {
        "no_issue_ids": "all",
        "checks-0-finding": "solved",
        "checks-1-finding": "no_progress",
        "checks-1-note": "仍按原价收费",
        "checks-2-finding": "worse",
    }
    page = screen.post("outreach.new", data, page=screen.get("outreach.new", enterprise=firm.id))
    shown = screen.get(page.location)
    for words in ("协调周边停车位", "用气价格高", "仍按原价收费", "比以前更严重", "二者不一致"):
        assert words in shown.main
    database.session.refresh(promise)
    assert promise.kept_on == date(2026, 11, 23)
    assert promise.kept_by_id == officer.id
    for issue, state in ((running, State.IN_PROGRESS), (solved, State.CLOSED)):
        database.session.refresh(issue)
        assert issue.state is state
    problem = screen.get("issues.show", issue_id=running.id)
    for words in ("走访现场反映", "无进展", "仍按原价收费", "2026-11-23"):
        assert words in problem.main
    assert page.location.endswith(problem.links["查看该次走访"])
    file = screen.get("home.enterprise_file", enterprise_id=firm.id)
    assert "企业现场反映：无进展，2026-11-23" in file.main


def test_an_officer_is_offered_to_take_up_again_what_is_not_solved(
    client_for, officer, firm, solved, office
):
    visit = visit_with(firm, officer, CheckEntry(Finding.NO_PROGRESS, issue_id=solved.id))
    page = client_for(officer).get("outreach.show", visit_id=visit.id)
    assert page.links["重启"].endswith(f"/issues/{solved.id}/reopen")
    told = client_for(office.people["coordinator"]).get("outreach.show", visit_id=visit.id)
    assert "重启" not in told.links
    assert "督办看板" in told.main


def test_what_is_still_solved_is_not_offered(client_for, officer, firm, solved):
    visit = visit_with(firm, officer, CheckEntry(Finding.SOLVED, issue_id=solved.id))
    page = client_for(officer).get("outreach.show", visit_id=visit.id)
    assert "重启" not in page.links
    assert "确已解决" in page.main


def test_an_amendment_supersedes_answers_and_marks_them_on_the_problem(
    client_for, database, officer, firm, promise, running
):
    said = CheckEntry(Finding.SOLVED, promise_id=promise.id), CheckEntry(Finding.WORSE, issue_id=running.id)
    visit = visit_with(firm, officer, *said)
    amend(officer, visit, firm, CheckEntry(Finding.PROGRESS, issue_id=running.id))
    assert current(database, visit) == {f"problem-{running.id}": Finding.PROGRESS}
    assert promise.kept_on is None
    page = client_for(officer).get("issues.show", issue_id=running.id)
    assert page.main.count("走访现场反映") == 2
    assert page.main.count("已不作数") == 1
    assert "企业现场反映：有进展" in page.main
    shown = client_for(officer).get("outreach.show", visit_id=visit.id).main
    assert "更严重" in shown
    assert "已解决 · 协调周边停车位" in shown


def test_the_correcting_form_shows_what_was_answered(client_for, officer, firm, promise, running):
    said = CheckEntry(Finding.SOLVED, promise_id=promise.id), CheckEntry(Finding.WORSE, issue_id=running.id)
    visit = visit_with(firm, officer, *said)
    screen = client_for(officer)
    page = screen.get("outreach.amend", visit_id=visit.id)
    assert [value for name, value in sorted(marked(page).items()) if name.endswith("finding")] == [
        "solved",
        "worse",
    ]
    screen.post("outreach.amend", {"checks-1-finding": ""}, page=page, visit_id=visit.id)
    assert "更严重" not in screen.get("outreach.show", visit_id=visit.id).root.first("table").text


def test_a_void_visit_takes_its_answers_along_and_leaves_the_mark(
    client_for, database, officer, firm, promise, running
):
    said = CheckEntry(Finding.SOLVED, promise_id=promise.id), CheckEntry(Finding.WORSE, issue_id=running.id)
    visit = visit_with(firm, officer, *said)
    operations.void_visit(actor_for(officer), visit, "走错企业", {})
    assert current(database, visit) == {}
    assert promise.kept_on is None
    screen = client_for(officer)
    assert "已不作数" in screen.get("issues.show", issue_id=running.id).main
    assert "企业现场反映" not in screen.get("home.enterprise_file", enterprise_id=firm.id).main
    assert "协调周边停车位" in screen.get("outreach.show", visit_id=visit.id).main


def test_of_a_confidential_problem_only_those_hear_who_may(client_for, officer, firm, running, office):
    running.confidential = True
    visit = visit_with(firm, officer, CheckEntry(Finding.WORSE, issue_id=running.id))
    stranger = make_person([Role.CADRE])
    assert list(asked(client_for(stranger).get("outreach.new", enterprise=firm.id))) == []
    handler = client_for(office.people["handler"])
    page = handler.get("issues.show", issue_id=running.id)
    assert "走访现场反映" in page.main
    assert "查看该次走访" not in page.links
    assert firm.name not in page.main
    amend(officer, visit, firm, CheckEntry(Finding.PROGRESS, issue_id=running.id))
    other = make_visit(
        firm,
        author=officer,
        people=[officer, stranger],
        checks=[CheckEntry(Finding.WORSE, issue_id=running.id)],
    )
    amend(officer, other, firm, people=[officer, stranger])
    shown = client_for(stranger).get("outreach.show", visit_id=other.id).main
    assert running.number not in shown
    assert running.title not in shown


@pytest.mark.parametrize(
    "data",
    [
        {"checks-0-about": "promise-{foreign}", "checks-0-finding": "solved"},
        {"checks-0-about": "problem-{strange}", "checks-0-finding": "worse"},
        {"checks-0-about": "problem-999999999", "checks-0-finding": "worse"},
        {"checks-0-about": "drop table", "checks-0-finding": "worse"},
        {"checks-0-finding": "worse"},
        {"checks-0-finding": "vielleicht"},
        {"checks-0-note": "只写了备注"},
        {"checks-0-finding": "progress", "checks-0-note": "长" * 201},
        {
            "checks-0-finding": "progress",
            "checks-1-about": "promise-{promise}",
            "checks-1-finding": "no_progress",
        },
    ],
)
def test_wrong_answers_are_refused_and_nothing_is_stored(
    client_for, database, officer, firm, promise, office, data
):
    elsewhere = make_enterprise()
    visit = make_visit(elsewhere, promises=[PromiseEntry(elsewhere.id, "另一家的承诺")])
    foreign = database.session.scalars(sa.select(Promise).where(Promise.visit_id == visit.id)).one()
    ids = {
        "foreign": foreign.id,
        "promise": promise.id,
        "strange": make_issue(office, enterprise=elsewhere).id,
    }
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    sent = {name: value.format(**ids) for name, value in data.items()}
    answer = screen.post(
        "outreach.new", sent | {"no_issue_ids": "all", "summary": "写了很多"}, page=page, status=422
    )
    assert answer.root.first("textarea", name="summary").text == "写了很多"
    assert answer.errors
    assert database.session.scalar(sa.select(sa.func.count(VisitCheck.id))) == 0


def test_what_somebody_else_kept_meanwhile_is_not_answered_again(
    client_for, database, officer, firm, promise
):
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    promise.kept_on = date(2026, 11, 23)
    data = {"no_issue_ids": "all", "checks-0-finding": "solved"}
    answer = screen.post("outreach.new", data, page=page, status=422)
    assert "不在" in answer.errors[0]
    screen.post("outreach.new", {"no_issue_ids": "all"}, page=answer)


def test_answers_are_kept_in_a_draft(client_for, officer, firm, promise):
    screen = client_for(officer)
    page = screen.get("outreach.new", enterprise=firm.id)
    fields = {**entries_of(page.posts_to("/visits/new")), "summary": "待补", "checks-0-finding": "progress"}
    screen.post("outreach.save_draft", fields, status=302)
    [draft] = queries.list_drafts(actor_for(officer)).rows()
    again = screen.get("outreach.draft", draft_id=draft.id)
    assert marked(again)["checks-0-finding"] == "progress"


def test_the_form_costs_no_more_for_many_problems(
    client_for, database, officer, firm, promise, office, statements
):
    screen, firm_id = client_for(officer), firm.id
    screen.get("outreach.new", enterprise=firm_id)
    with statements() as few:
        screen.get("outreach.new", enterprise=firm_id)
    for number in range(12):
        make_issue(office, enterprise=firm, title=f"问题{number}")
    database.session.commit()
    with statements() as many:
        page = screen.get("outreach.new", enterprise=firm_id)
    assert len(asked(page)) == 13
    assert "还有5项" in page.main
    assert len(many) == len(few)


def test_the_page_of_a_visit_costs_no_more_for_many_answers(client_for, officer, firm, office, statements):
    issues = [make_issue(office, enterprise=firm) for _ in range(6)]
    first = visit_with(firm, officer, CheckEntry(Finding.WORSE, issue_id=issues[0].id))
    every = visit_with(firm, officer, *(CheckEntry(Finding.WORSE, issue_id=i.id) for i in issues))
    screen = client_for(officer)
    screen.get("outreach.index")
    costs = []
    for visit_id in (first.id, every.id):
        with statements() as seen:
            screen.get("outreach.show", visit_id=visit_id)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_the_fullest_page_of_a_visit_costs_ten_statements_at_most(
    client_for, database, officer, firm, office, running, statements
):
    plan, said = make_plan(firm, owner=officer), CheckEntry(Finding.WORSE, issue_id=running.id)
    visit = make_visit(
        firm,
        author=officer,
        plan_ids=[plan.id],
        problems=[problem_at(firm, title="门口道路破损")],
        promises=[PromiseEntry(firm.id, "协调周边停车位")],
        checks=[said],
    )
    more = {"no_issue_ids": frozenset(), "promises": [PromiseEntry(firm.id, "协调周边停车位")]}
    amend(officer, visit, firm, said, place="三楼会议室", **more)
    make_question(visit)
    database.session.commit()
    for reader in (officer, office.people["coordinator"]):
        browser = client_for(reader)
        browser.get("outreach.index")
        with statements() as seen:
            page = browser.get("outreach.show", visit_id=visit.id).main
        for part in ("门口道路破损", "协调周边停车位", "用气价格高", "三楼会议室", "计划日期"):
            assert part in page, part
        assert len(seen) <= 10, "\n".join(seen)
