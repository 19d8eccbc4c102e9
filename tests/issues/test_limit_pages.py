"""The pages of the time limits: what an office reads there, changes, and is told when it errs."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_category, make_issue, make_office
from visits.core.db import db as handle
from visits.core.permissions import Role
from visits.issues.models import LimitRule
from visits.issues.rules import Complexity

FIVE = {
    "accept": "1",
    "sign": "1",
    "contact": "1",
    "stage": "",
    "close": "5",
    "reason": "管委办〔2026〕8号",
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


def count():
    return handle.session.scalar(sa.select(sa.func.count(LimitRule.id)))


def test_the_table_reads_as_an_office_would_print_it(desk, statements):
    with statements() as seen:
        page = desk.get("issue_limits.index")
    assert len(seen) <= 10
    for said in ("所有类别", "咨询", "重大疑难", "特急", "当日", "30日", "启用时", "现行"):
        assert said in page.text


def test_a_new_rule_shows_in_the_table_and_in_the_trial(desk, office, at):
    at("2026-11-24")
    category = make_category()
    handle.session.commit()
    desk.post("issue_limits.new", FIVE | {"category_id": str(category.id)}, status=303)
    page = desk.get("issue_limits.index")
    assert category.name in page.text
    assert "管委办〔2026〕8号" in page.text
    assert (
        "按一般规定" in page.text
    )  # urgent and critical problems: the general rule names as much and more
    tried = desk.get("issue_limits.index", category=category.id, urgency="normal", complexity="ordinary")
    assert "2026-12-01" in tried.text  # five working days
    other = desk.get("issue_limits.index", category="", urgency="normal", complexity="ordinary")
    assert "2026-12-03" in other.text  # seven


def test_a_rule_is_changed_by_a_new_edition_that_begins_with_the_old_values(desk, office):
    rule = handle.session.scalars(
        sa.select(LimitRule).where(LimitRule.complexity == Complexity.ORDINARY, LimitRule.urgency.is_(None))
    ).one()
    rule_id = rule.id
    form = desk.get("issue_limits.new", like=rule_id)
    assert 'value="7"' in form.response.get_data(as_text=True)
    made = {"complexity": "ordinary", "stage": "3", "close": "8"}
    desk.post("issue_limits.new", FIVE | made, status=303)
    handle.session.expire_all()
    assert handle.session.get(LimitRule, rule_id).closing == 7
    page = desk.get("issue_limits.index")
    assert "由新规则替代" in page.text
    assert "8日" in page.text


def test_a_rule_ends_with_a_reason(desk, office):
    category = make_category()
    handle.session.commit()
    desk.post("issue_limits.new", FIVE | {"category_id": str(category.id)}, status=303)
    made = handle.session.scalars(sa.select(LimitRule).order_by(LimitRule.id.desc())).first().id
    desk.post("issue_limits.end", {"reason": ""}, status=422, rule_id=made)
    desk.post("issue_limits.end", {"reason": "恢复一般规定"}, status=303, rule_id=made)
    assert "恢复一般规定" in desk.get("issue_limits.index").text
    again = desk.post("issue_limits.end", {"reason": "再次"}, status=422, rule_id=made)
    assert "已经终止" in again.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"close": ""}, "必填"),
        ({"close": "0"}, "1至250"),
        ({"close": "-3"}, "1至250"),
        ({"close": "251"}, "1至250"),
        ({"close": "9" * 30}, "1至250"),
        ({"close": "五"}, "1至250"),
        ({"close": "5.5"}, "未保存"),
        ({"close": "7"}, "须设阶段反馈"),
        ({"close": "5", "stage": "5"}, "短于办结时限"),
        ({"stage": "0"}, "1至250"),
        ({"sign": "6"}, "长于办结时限"),
        ({"contact": "6"}, "长于办结时限"),
        ({"accept": "\x00"}, "未保存"),
        ({"reason": " \u3000"}, "必填"),
        ({"reason": "长" * 201}, "最多200个字"),
        ({"category_id": "999999"}, "未保存"),
        ({"urgency": "panic"}, "未保存"),
        ({"complexity": "' OR 1=1"}, "未保存"),
        ({"valid_on": "2020-01-01"}, "不能追溯"),
        ({"valid_on": "2026-02-30"}, "请按“年-月-日”填写日期"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence_and_keeps_what_was_typed(desk, wrong, says):
    before = count()
    page = desk.post("issue_limits.new", FIVE | {"reason": "印发的通知"} | wrong, status=422)
    assert says in page.text
    assert len(page.errors) == 1
    assert count() == before
    if "reason" not in wrong:
        assert "印发的通知" in page.response.get_data(as_text=True)


@pytest.mark.parametrize(
    "query", [{"complexity": "x"}, {"category": "9" * 30}, {"urgency": "\x00"}, {"like": "-1"}]
)
def test_a_trial_of_nonsense_is_answered(desk, query):
    desk.get("issue_limits.index", **query)
    desk.get("issue_limits.new", **query)


def test_the_last_rule_for_a_kind_cannot_end(desk):
    rule = handle.session.scalars(sa.select(LimitRule).where(LimitRule.urgency.is_(None))).first().id
    page = desk.post("issue_limits.end", {"reason": "取消"}, status=422, rule_id=rule)
    assert "没有时限可依" in page.text


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN, Role.HANDLER, Role.AUDITOR])
def test_others_do_not_set_limits(office, client_for, role):
    person = make_person([role])
    handle.session.commit()
    client_for(person).get("issue_limits.index", status=403)
    client_for(person).get("issue_limits.new", status=403)


def test_an_unknown_rule_does_not_exist(desk, office):
    make_issue(office)
    desk.get("issue_limits.end", status=404, rule_id=999_999)
