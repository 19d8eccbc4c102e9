"""The pages of questions about records: what the author and the office see, and how their forms answer."""

from datetime import date, time

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from visits.core.db import db
from visits.core.permissions import Role

TEXT = "了解企业三季度生产经营情况，订单较上年略有增长，用工基本稳定，企业希望加快厂区北门道路修复进度。"


@pytest.fixture
def records(author):
    """Two records with the same text, the second of a Sunday."""
    first = make_visit(make_enterprise("甲机械有限公司"), author=author, summary=TEXT)
    second = make_visit(
        make_enterprise("乙材料有限公司"), author=author, summary=TEXT, visited_on=date(2026, 11, 22)
    )
    db.session.commit()
    return first, second


@pytest.fixture
def cadre(records, author, client_for):
    return client_for(author)


@pytest.fixture
def office(records, coordinator, client_for):
    def open_for(role=Role.SUPERVISOR):
        person = make_person([role])
        db.session.commit()
        return client_for(person)

    return open_for


def address_of(page, words):
    """Where the button of the row with these words leads."""
    row = next(row for row in page.root.all("tr") if words in row.text)
    return next(link["href"] for link in row.all("a") if "/answer" in link["href"])


def test_the_author_is_asked_on_home_and_on_the_record_in_neutral_words(cadre, records):
    home = cadre.get("home.index")
    assert "有2处请您核对" in home.main
    said = "该记录与2026-11-23 周一对甲机械有限公司的记录文字基本相同，请核对是否复制后忘记修改。"
    assert said in home.main
    assert "走访日期2026-11-22 周日为非工作日，请核对日期。" in home.main
    record = cadre.get("outreach.show", visit_id=records[1].id).main
    assert "有2处请您核对" in record
    assert "请核对日期" in record
    other = cadre.get("outreach.show", visit_id=records[0].id).main
    assert "2026-11-22 周日对乙材料有限公司的记录登记在后，与本记录文字基本相同" in other
    assert "对甲机械有限公司的记录" not in other  # the page's own firm, which would accuse itself
    assert "非工作日" not in other


def test_the_other_of_two_places_is_told_which_record_is_asked_about(cadre, author):
    firms = make_enterprise("丙电子有限公司"), make_enterprise("丁纺织有限公司")
    first = make_visit(firms[0], author=author, summary="", start_time=time(9), end_time=time(10))
    second = make_visit(firms[1], author=author, summary="", start_time=time(9, 30), end_time=time(11))
    db.session.commit()
    said = "赵走访同一时段（09:00–10:00）还参加了对丙电子有限公司的走访"
    assert said in cadre.get("outreach.show", visit_id=second.id).main
    page = cadre.get("outreach.show", visit_id=first.id).main
    assert "按2026-11-23 周一（09:30–11:00）的记录，赵走访同一时段还参加了对丁纺织有限公司的走访" in page
    assert said not in page


def test_the_office_sees_nothing_until_the_author_answers_then_closes(cadre, records, office):
    supervisor = office()
    assert "暂无" in supervisor.get("honesty.index").main
    assert "核对" not in supervisor.get("outreach.show", visit_id=records[1].id).main
    home = cadre.get("home.index")
    address = address_of(home, "非工作日")
    number = address.split("/")[2]
    assert supervisor.get(f"/questions/{number}", status=404)
    page = cadre.get(address)
    refused = cadre.post(address, {"answer": "other", "words": " "}, page=page, status=422)
    assert "请简要写明情况" in refused.text
    cadre.post(address, {"answer": "as_it_was"}, page=refused, status=303)
    assert "非工作日" not in cadre.get("honesty.mine").main
    assert cadre.get(address).root.first("textarea") is None
    listed = supervisor.get("honesty.index")
    assert len(listed.rows) == 1
    assert "属实" in listed.main
    assert "记录核对" in supervisor.get("home.index").main
    close = supervisor.get(f"/questions/{number}/close")
    empty = supervisor.post(close.url, {"closing": "no_doubt", "note": ""}, page=close, status=422)
    supervisor.post(close.url, {"closing": "no_doubt", "note": "看过，无疑问"}, page=empty, status=303)
    assert supervisor.get("honesty.index").rows == []
    closed = supervisor.get(f"/questions/{number}").main
    for page in (close.main, closed):
        assert "办理结果" in page
        assert "专题成效" not in page
    assert "看过，无疑问" in supervisor.get("/questions?closed=y&columns=note,state").main


def test_pages_cost_the_same_however_many_questions_there_are(cadre, author, office, statements):
    supervisor, costs = office(), []
    for many in (1, 12):
        for _ in range(many):
            make_visit(author=author, visited_on=date(2026, 11, 21), summary="")
        db.session.commit()
        for browser, path in ((cadre, "/questions/mine"), (supervisor, "/questions")):
            with statements() as seen:
                browser.get(path)
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 10


def test_an_export_holds_what_the_list_shows(cadre, office):
    page = cadre.get(address_of(cadre.get("home.index"), "非工作日"))
    cadre.post(page.url, {"answer": "other", "words": "企业周日有活动"}, page=page, status=303)
    supervisor = office(Role.COORDINATOR)
    shown = supervisor.get("honesty.index")
    text = supervisor.post("/questions/export.csv", {"every": "1"}, page=shown, status=200).text
    assert "走访日期2026-11-22 周日为非工作日" in text
    assert "企业周日有活动" in text
    assert "文字基本相同" not in text
