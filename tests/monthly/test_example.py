"""The worked example, figure by figure, as the report's page and its JSON tell it."""

import json
import re

import pytest
from flask_babel import gettext

from tests.reports.test_example import FIGURES, RATES
from tests.support.html import parse
from visits.core.periods import Month
from visits.monthly import operations
from visits.monthly.content import Content
from visits.reports.measures import MEASURES

NOVEMBER = Month(2026, 11)


@pytest.fixture
def published(zone, db):
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    assert operations.freeze_report(zone.actors["coordinator"], report)
    operations.publish_report(zone.actors["leader"], report)
    db.session.commit()
    return report


def printed(app, *args):
    return app.test_cli_runner().invoke(args=["reports", "monthly", *args])


def assert_figures(content):
    figures = content["figures"]
    assert {key: figures[key]["value"] for key in FIGURES} == FIGURES
    assert {key: (figures[key]["numerator"], figures[key]["denominator"]) for key in RATES} == RATES


def test_the_json_holds_every_figure(app, published):
    found = json.loads(printed(app, "2026-11").output)
    assert_figures(found["content"])
    assert (found["state"], found["issue_no"], found["digest"]) == ("published", 1, published.digest)
    assert found["balance"] == {
        "opening": 0,
        "new": 9,
        "reopened": 0,
        "closed": 5,
        "excluded": 1,
        "open": 3,
        "expected": 3,
        "holds": True,
    }
    assert found["texts"]["basics"].startswith("11月，走访企业6家次（4家）")


@pytest.mark.any_database
def test_the_html_is_one_file_with_every_figure(app, published):
    page = printed(app, "2026-11", "--format", "html").output
    root, faults = parse(page)
    assert faults == []
    assert root.first("h1").text == "关于2026年11月企业走访和问题诉求办理情况的通报"
    rows = [[cell.text for cell in tr.all("td", "th")] for tr in root.all("tr")]
    labels = {gettext(MEASURES[key].label): key for key in RATES}
    told = {labels[row[0]]: " ".join(row) for row in rows if row and row[0] in labels}
    assert set(told) == set(RATES)
    for key, (n, d) in RATES.items():
        assert f"{n / d:.1%}" in told[key], key
    assert "11月，走访企业6家次（4家）" in root.text
    assert not [e for e in root.walk() if e["src"] or (e["href"] or "").startswith(("http", "/"))]


def test_a_time_before_all_records_is_compared_with_nothing(app, published):
    first = json.loads(printed(app, "2026-11").output)
    assert not re.search("环比|同比", "".join(first["texts"].values()))
    assert (first["content"]["before"], first["content"]["year_before"]) == ({}, {})
    later = json.loads(printed(app, "2026-12").output)["texts"]["basics"]
    assert "（家次环比下降100.0%）" in later


def test_a_month_nobody_drafted_is_told_with_the_figures_of_now(app, zone):
    found = json.loads(printed(app, "2026-11").output)
    assert_figures(found["content"])
    assert (found["state"], found["issue_no"], found["digest"]) == ("draft", 0, None)


@pytest.mark.any_database
def test_the_json_goes_into_a_file(app, published, tmp_path):
    path = tmp_path / "report.json"
    assert printed(app, "2026-11", "--output", str(path)).exit_code == 0
    assert_figures(json.loads(path.read_text(encoding="utf-8"))["content"])
    refused = printed(app, "2026-11", "--output", str(tmp_path / "none" / "report.json"))
    assert (refused.exit_code, "cannot be written" in refused.output or "无法写入" in refused.output) == (
        1,
        True,
    )


@pytest.mark.parametrize("month", ["2026-13", "November", "1999-01", "2027-01", "2026-11-01"])
def test_what_is_no_month_is_refused(app, zone, month):
    refused = printed(app, month)
    assert refused.exit_code == 2
    assert "2026-10" in refused.output or "2000-02" in refused.output


@pytest.mark.any_database
def test_the_page_shows_the_figures_of_the_example_and_each_opens_its_rows(published, browser):
    leader = browser("leader")
    page = leader.get("monthly.show", report_id=published.id)
    rows = {row[0]: row[1] for row in page.rows if len(row) == 6}
    told = {
        "走访家次": "6",
        "走访企业数": "4",
        "人次": "8",
        "覆盖率": "80.0% (4/5)",
        "办结率": "62.5% (5/8)",
        "按时办结率": "60.0% (3/5)",
        "评价覆盖率": "83.3% (5/6)",
        "解决率（核实口径）": "60.0% (3/5)",
    }
    for label, value in told.items():
        assert any(name.endswith(label) and said == value for name, said in rows.items()), (label, rows)
    assert "= 在办问题 3" in page.main or "= 在办 3" in page.main or re.search(r"= \S+ 3", page.main)


@pytest.mark.any_database
def test_every_number_opens_as_many_rows(published, browser):
    leader = browser("leader")
    page = leader.get("monthly.show", report_id=published.id)
    links = {(a.text, a["href"]) for a in page.root.first("main").all("a") if "/rows/" in (a["href"] or "")}
    numbers = sorted((int(text), href) for text, href in links if text.isdigit())
    assert len(numbers) > 40
    for number, href in numbers[:: max(1, len(numbers) // 25)]:
        if "/excluded_events?" not in href:
            assert (href, len(leader.get(href).rows)) == (href, number)


@pytest.mark.any_database
def test_content_comes_back_as_it_was_stored(published):
    assert (
        Content.from_json(published.content).as_json()
        == Content.from_json(
            json.loads(json.dumps(Content.from_json(published.content).as_json()))
        ).as_json()
    )


@pytest.mark.any_database
def test_the_page_costs_few_statements(published, browser, statements):
    leader = browser("leader")
    leader.get("monthly.show", report_id=published.id)
    for endpoint, values in (("monthly.show", {"report_id": published.id}), ("monthly.index", {})):
        with statements() as seen:
            leader.get(endpoint, **values)
        assert len(seen) <= 10, endpoint
