"""A frozen month ends the time in which authors correct visits without a reason (domain C9)."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, visit_entry
from visits.core.authz import SYSTEM
from visits.core.errors import Refused
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.monthly import operations as monthly
from visits.outreach.operations import Amendment, amend_visit

NOVEMBER_30, DECEMBER_1 = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def author(database, at):
    at("2026-12-01")
    return make_person([Role.CADRE])


def freeze_november():
    report = monthly.draft_report(SYSTEM, Month(2026, 11))
    assert monthly.freeze_report(SYSTEM, report)
    return report


def amended(author, visit, firm, day, reason=""):
    entry = replace(visit_entry(firm, people=[author]), visited_on=day, summary=f"改于{day}{reason}")
    amend_visit(actor_for(author), visit, Amendment(entry, reason))


def test_a_visit_is_corrected_freely_until_its_month_is_frozen(author):
    firm = make_enterprise()
    visit = make_visit(firm, author=author, visited_on=NOVEMBER_30)
    amended(author, visit, firm, date(2026, 11, 29))
    report = freeze_november()
    with pytest.raises(Refused, match="Write why"):
        amended(author, visit, firm, NOVEMBER_30)
    amended(author, visit, firm, NOVEMBER_30, "日期记错")
    monthly.withdraw_report(SYSTEM, report, "数据有误")
    amended(author, visit, firm, date(2026, 11, 28))


def test_a_visit_is_not_moved_into_a_frozen_month_without_a_reason(author):
    firm = make_enterprise()
    visit = make_visit(firm, author=author, visited_on=DECEMBER_1)
    freeze_november()
    with pytest.raises(Refused, match="Write why"):
        amended(author, visit, firm, NOVEMBER_30)
    amended(author, visit, firm, NOVEMBER_30, "日期记错")


def test_the_page_asks_its_author_for_a_reason(author, client_for, database):
    firm = make_enterprise()
    visit = make_visit(firm, author=author, visited_on=NOVEMBER_30)
    freeze_november()
    database.session.commit()
    page = client_for(author).get(f"/visits/{visit.id}/amend")
    assert "required" in page.root.first(id="reason").attrs or "必填" in page.main
