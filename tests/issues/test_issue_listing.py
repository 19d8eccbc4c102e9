"""The list of problems: several values, what is not filled in, periods told from today."""

from datetime import date
from urllib.parse import urlencode

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_entry, make_issue, make_office
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Category, Level
from visits.issues.operations import CategoryEntry
from visits.issues.states import State

FILTERS = [
    ({}, "new desk late spot suspended"),
    ({"state": ["registered", "closed"]}, "new spot"),
    ({"state": ["open", "void"]}, "new desk late suspended void"),
    ({"state": ["all", "nonsense"]}, "new desk late spot suspended void"),
    ({"light": ["red", "green"]}, "late desk"),
    ({"light": ["grey"]}, "suspended"),
    ({"light": ["purple"]}, "new desk late spot suspended"),
    ({"unit": ["none"]}, "new spot"),
    ({"unit": ["none", "UNIT"]}, "new desk late spot suspended"),
    ({"unit": ["OTHER"]}, ""),
    ({"unit": ["999999"]}, ""),
    ({"outcome": ["none"]}, "new desk late suspended"),
    ({"outcome": ["A", "none"]}, "new desk late spot suspended"),
    ({"programme": ["none"]}, "new desk late spot suspended"),
    ({"group": ["none"]}, "new desk late spot suspended"),
    ({"due": "none"}, "new spot"),
    ({"due": "this_month"}, "suspended"),
    ({"due_to": "2026-10-31"}, "late"),
    ({"due": "none", "due_to": "2026-10-31"}, ""),
    ({"registered": "today"}, "new desk spot"),
    ({"registered": "last_7_days"}, "new desk spot suspended"),
    ({"registered": "this_month"}, "new desk spot suspended"),
    ({"registered": "last_month"}, "late"),
    ({"registered": "this_year"}, "new desk late spot suspended"),
    ({"registered": "this_month", "registered_to": "2026-11-20"}, "suspended"),
    ({"registered": "yesterday"}, "new desk late spot suspended"),
    ({"closed": "none"}, "new desk late suspended"),
    ({"closed": "today"}, "spot"),
    ({"source": ["hotline", "visit"]}, "spot new desk late suspended"),
    ({"source": ["hotline"]}, ""),
    ({"urgency": ["urgent", "critical"]}, ""),
    ({"mine": ["authored"]}, ""),
    ({"needs_info": "y"}, ""),
    ({"enterprise": "FIRM"}, "new"),
    ({"enterprise": "999999"}, ""),
]


@pytest.fixture
def office(database, at):
    at("2026-10-09")
    office = make_office()
    office.firm = make_enterprise("湖畔精密机械有限公司")
    late = make_issue(office, State.ASSIGNED)
    at("2026-11-18")
    suspended = make_issue(office, State.IN_PROGRESS)
    suspended.state, suspended.review_on = State.SUSPENDED, date(2026, 12, 15)
    at("2026-11-23")
    office.named = {
        "late": late,
        "suspended": suspended,
        "new": make_issue(office, enterprise=office.firm),
        "desk": make_issue(office, State.IN_PROGRESS),
        "void": make_issue(office, State.VOID),
        "spot": do.close_on_spot(office.cadre, make_entry(), "当场答复", Level.SATISFIED),
    }
    db.session.commit()
    return office


def listed(office, page):
    names = {issue.number: name for name, issue in office.named.items()}
    return {names[row[0]] for row in page.rows}


def test_each_filter_finds_its_rows(office, client_for):
    person = client_for(office.people["coordinator"])
    ids = {"UNIT": office.unit.id, "OTHER": office.other_unit.id, "FIRM": office.firm.id}
    for filters, expected in FILTERS:
        given = [
            (name, ids.get(value, value))
            for name, values in filters.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        page = person.get(f"/issues?{urlencode(given)}")
        assert listed(office, page) == set(expected.split()), filters
        assert len(page.root.all("a", class_="filter-chip")) == len(given), filters


def test_a_category_holds_what_is_under_its_finer_ones(office, client_for):
    parent = db.session.get(Category, office.named["new"].category_id)
    finer = do.create_category(office.coordinator, CategoryEntry("招聘难", parent_id=parent.id))
    office.named["desk"].category_id = finer.id
    db.session.commit()
    person = client_for(office.people["coordinator"])
    everything = set(office.named) - {"void"}
    assert listed(office, person.get("issues.index", category=parent.id)) == everything
    assert listed(office, person.get("issues.index", category=finer.id)) == {"desk"}


def test_a_week_begins_on_monday_and_moves_with_the_clock(office, client_for, at):
    def found(period):
        return listed(
            office, client_for(office.people["coordinator"]).get("issues.index", registered=period)
        )

    assert found("last_week") == {"suspended"}
    at("2026-11-30T00:00:00+08:00")
    assert (found("this_week"), found("last_week")) == (set(), {"new", "desk", "spot"})
    at("2026-11-29T23:59:59+08:00")
    assert found("this_week") == {"new", "desk", "spot"}


def test_a_chip_names_the_enterprise(office, client_for):
    page = client_for(office.people["coordinator"]).get("issues.index", enterprise=office.firm.id)
    assert [chip.text for chip in page.root.all("a", class_="filter-chip")] == [f"企业：{office.firm.name}"]


def test_every_column_is_filled_and_phones_stay_masked(office, client_for):
    issue = office.named["new"]
    issue.reporter_name, issue.reporter_phone, issue.external_no = "张三", "13812345678", "12345-01"
    db.session.commit()
    keys = "due,light,registered,closed,outcome,source,urgency,complexity,programmes,group,author,contact,"
    keys += "phone,external_no,round,returns,workdays,on_spot,description,wish"
    person = client_for(office.people["coordinator"])
    page = person.get("issues.index", columns=keys, enterprise=office.firm.id)
    heads = [head.text for head in page.root.all("th")]
    row = dict(zip(heads, page.rows[0], strict=True))
    assert len(heads) == 22
    assert (row["电话"], row["问题联系人"], row["来源编号"]) == ("138****5678", "张三", "12345-01")
    assert row["登记日期"] == "2026-11-23"
    assert "13812345678" not in page.response.text


def test_no_more_statements_for_more_rows_or_filters(office, client_for, statements):
    person = client_for(make_person([Role.COORDINATOR]))
    with statements() as few:
        person.get("issues.index")
    for _ in range(12):
        make_issue(office)
    db.session.commit()
    with statements() as many:
        person.get(
            "/issues?state=open&state=closed&unit=none&registered=this_year&columns=programmes,group"
        )
    assert len(many) == len(few) <= 10
