"""Response templates fill what is blank and send nothing; hints say what belongs to a category."""

import pytest
import sqlalchemy as sa

from tests.factories.issues import make_category, make_issue, make_office
from visits.core.db import db as handle
from visits.issues.models import Issue, ResponseTemplate
from visits.issues.states import State

TOLD = {
    "name": "办结答复",
    "place": "report.told",
    "text": "{企业名称}：您反映的{问题}（{编号}）已由{主办单位}办理，时限{办理时限}。",
}


@pytest.fixture
def office(db):
    made = make_office()
    make_category()
    handle.session.commit()
    return made


@pytest.fixture
def desk(office, client_for):
    return client_for(office.people["coordinator"])


def make_template(desk, **values):
    desk.post("issue_responses.new", TOLD | values, status=303)
    return (
        handle.session.scalars(sa.select(ResponseTemplate).order_by(ResponseTemplate.id.desc())).first().id
    )


def source(page):
    return page.response.get_data(as_text=True)


def test_a_template_fills_a_blank_field_from_the_problem_and_sends_nothing(office, desk, client_for):
    issue = make_issue(office, State.IN_PROGRESS)
    handle.session.commit()
    number, title = issue.number, issue.title
    made = make_template(desk)
    handler = client_for(office.people["handler"])
    where = {"issue_id": issue.id, "move": "report"}
    form = handler.get("issues.make_move", **where)
    typed = {"done": "已铺设管线", "outcome": "A", "template": made, "fill": "1"}
    page = handler.post("issues.make_move", typed, page=form, status=200, **where)
    assert f"您反映的{title}（{number}）已由{office.unit.name}办理" in source(page)
    assert "已铺设管线" in source(page)
    again = handler.post("issues.make_move", typed | {"told": "已当面说明"}, page=form, status=200, **where)
    assert "已当面说明" in source(again)
    assert "您反映的" not in source(again)
    handle.session.expire_all()
    assert handle.session.get(Issue, issue.id).state is State.IN_PROGRESS


def test_a_template_fills_a_form_at_the_desk(office, desk, client_for):
    issue = make_issue(office, State.IN_PROGRESS)
    handle.session.commit()
    made = make_template(desk)
    handler = client_for(office.people["handler"])
    page = handler.get("desks.unit", queue="report", issue=issue.id, move="report")
    assert "使用模板" in page.main
    where = {"issue_id": issue.id, "move": "report", "queue": "report"}
    typed = {"done": "已铺设管线", "fill": "1"}
    page = handler.post("desks.move_at_unit", typed, page=page, status=200, **where)
    assert "办结答复" in page.main
    page = handler.post("desks.move_at_unit", typed | {"template": made}, page=page, status=200, **where)
    assert f"您反映的{issue.title}（{issue.number}）" in source(page)
    assert "已铺设管线" in source(page)
    handle.session.expire_all()
    assert handle.session.get(Issue, issue.id).state is State.IN_PROGRESS


def test_a_template_may_be_opened_by_an_address(office, desk, client_for):
    issue = make_issue(office, State.IN_PROGRESS)
    handle.session.commit()
    made = make_template(desk)
    handler = client_for(office.people["handler"])
    page = handler.get("issues.make_move", issue_id=issue.id, move="report", template=made)
    assert "您反映的" in source(page)


def test_templates_of_another_category_and_closed_ones_are_not_offered(office, desk, client_for):
    issue = make_issue(office, State.IN_PROGRESS)
    other = handle.session.scalars(sa.text("SELECT id FROM categories ORDER BY id DESC")).first()
    handle.session.commit()
    make_template(desk, name="别类用语", category_id=str(other))
    made = make_template(desk, name="停用用语")
    desk.post(
        "issue_responses.edit", TOLD | {"name": "停用用语", "is_closed": "y"}, template_id=made, status=303
    )
    text = (
        client_for(office.people["handler"]).get("issues.make_move", issue_id=issue.id, move="report").text
    )
    assert "别类用语" not in text
    assert "停用用语" not in text
    assert "停用用语" in desk.get("issue_responses.index").text


def test_templates_stand_in_the_offices_order(desk):
    first, second = make_template(desk, name="甲"), make_template(desk, name="乙")
    desk.post("issue_responses.move", {"up": "1"}, template_id=second, status=303)
    text = source(desk.get("issue_responses.index"))
    assert text.index(f"template-{second}") < text.index(f"template-{first}")
    desk.post("issue_responses.move", {"up": "1"}, template_id=second, status=303)  # at the end: nothing


def test_the_list_costs_few_statements(desk, statements):
    for number in range(3):
        make_template(desk, name=f"用语{number}")
    with statements() as seen:
        desk.get("issue_responses.index")
    assert len(seen) <= 10


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": "{企业}您好"}, "没有占位符{企业}"),
        ({"text": "{}"}, "没有占位符{}"),
        ({"text": "{企业名称.__class__}"}, "没有占位符"),
        ({"text": ""}, "必填"),
        ({"text": "长" * 1001}, "最多1000个字"),
        ({"name": "\x00"}, "必填"),
        ({"name": "长" * 41}, "最多40个字"),
        ({"place": "report.nothing"}, "未保存"),
        ({"place": ""}, "未保存"),
        ({"category_id": "999999"}, "未保存"),
    ],
)
def test_a_wrong_template_is_refused_with_a_sentence(desk, wrong, says):
    page = desk.post("issue_responses.new", TOLD | wrong, status=422)
    assert says in page.text
    assert handle.session.scalar(sa.select(sa.func.count(ResponseTemplate.id))) == 0


@pytest.mark.parametrize("template", ["999999", "-1", "x", "9" * 30, "\x00"])
def test_an_unknown_template_fills_nothing(office, client_for, template):
    issue = make_issue(office, State.IN_PROGRESS)
    handle.session.commit()
    handler = client_for(office.people["handler"])
    where = {"issue_id": issue.id, "move": "report"}
    handler.get("issues.make_move", template=template, **where)
    form = handler.get("issues.make_move", **where)
    handler.post("issues.make_move", {"fill": "1", "template": template}, page=form, status=200, **where)


def test_a_hint_is_edited_and_shown_where_a_category_is_chosen_and_assigned(office, desk, client_for):
    category = make_category()
    issue = make_issue(office)
    handle.session.commit()
    typed = {"name": category.name, "complexity": "ordinary", "hint": "含招工、社保；问清缺工人数。"}
    form = desk.get("issues.edit_category", category_id=category.id)
    desk.post("issues.edit_category", typed, page=form, status=303, category_id=category.id)
    new = client_for(office.people["cadre"])
    assert "问清缺工人数" in new.get("issues.new").text
    refused = new.post("issues.new", {"category_id": str(category.id)}, status=422)
    assert source(refused).count("问清缺工人数") == 2  # beside the field, and in the list
    assert "问清缺工人数" in desk.get("issues.make_move", issue_id=issue.id, move="assign").text
