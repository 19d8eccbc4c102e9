"""Whose problem it is, where a visit is recorded at one enterprise or at several."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import picked
from tests.factories.programmes import make_programmes
from visits.core.permissions import Role
from visits.issues.models import Issue
from visits.outreach import queries
from visits.outreach.models import Visit

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def screen(client_for, database):
    make_programmes()
    return client_for(make_person(roles=[Role.CADRE], unit=make_unit("经济发展局")))


def box_of(page, name):
    """What holds the field, its label and what is said about it."""
    control = page.root.first(name=name)
    return next(element for element in control.ancestors if "field" in element.classes)


def test_with_one_enterprise_it_is_not_asked_whose_problem_it_is(screen, firm):
    page = screen.post("outreach.new", picked(firm), status=422)
    for name in ("problems-0-enterprise_id", "promises-0-enterprise_id"):
        assert "hidden" in box_of(page, name)
    assert [box["value"] for box in page.root.all("input", name="no_issue_ids")] == ["all"]


def test_all_enterprises_of_which_nothing_is_said_are_named_at_once(screen, firm):
    second = make_enterprise("临平纺织有限公司")
    page = screen.post("outreach.new", picked(firm, second), status=422)
    named = f"{firm.name}、{second.name}"
    assert f"请填写{named}反映的问题；没有问题的，请勾选“企业表示暂无问题”。" in page.main
    values = [box["value"] for box in page.root.all("input", name="no_issue_ids")]
    assert values == [str(firm.id), str(second.id), "all"]


def test_what_is_ticked_beside_the_tick_for_all_still_counts(screen, firm, category):
    second = make_enterprise("临平纺织有限公司")
    problem = {"title": "招工困难", "category_id": str(category.id), "enterprise_id": str(firm.id)}
    data = {f"problems-0-{name}": value for name, value in problem.items()}
    data |= {"no_issue_ids": ["all", str(firm.id)]}
    page = screen.post("outreach.new", picked(firm, second, **data), status=422)
    assert f"{firm.name}既填写了问题" in page.main


def test_only_what_was_begun_is_marked_as_required(screen, firm):
    data = {"promises-0-owner": "王科长", "problems-0-reporter_phone": "13800000000"}
    page = screen.post("outreach.new", picked(firm, no_issue_ids="all", **data), status=422)
    assert "承诺事项1的“承诺事项”" in page.main
    assert "问题1的“问题标题”" in page.main
    lines = {line.first("legend").text: line for line in page.root.all("fieldset", class_="repeat-row")}
    assert "data-blank" not in lines["承诺事项1"]
    assert "data-blank" in lines["人员1"]
    assert "required" not in page.root.first(name="outsiders-0-name")


def test_with_several_enterprises_each_problem_says_which(screen, firm, category, database):
    second = make_enterprise("临平纺织有限公司")
    data = picked(
        firm, second, **{"problems-0-title": "招工困难", "problems-0-category_id": str(category.id)}
    )
    page = screen.post("outreach.new", data, status=422)
    assert "问题1的“企业”：请选择所涉企业。" in page.main
    assert "hidden" not in box_of(page, "problems-0-enterprise_id")
    told = {"problems-0-enterprise_id": str(second.id), "no_issue_ids": str(firm.id)}
    answer = screen.post("outreach.new", told, page=page)
    assert screen.get(answer.location).status == 200
    assert database.session.scalar(sa.select(Issue.enterprise_id)) == second.id


def test_one_tick_for_all_means_those_without_a_problem(screen, firm, database):
    second = make_enterprise("临平纺织有限公司")
    screen.post("outreach.new", picked(firm, second, no_issue_ids="all"))
    [visit] = database.session.scalars(sa.select(Visit)).all()
    assert [f.has_no_issues for f in queries.firms_of_visits([visit.id])[visit.id]] == [True, True]
