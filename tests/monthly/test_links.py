"""Every number of a report and of the overview that is a link leads to exactly as many rows."""

import re

import pytest

from visits.core.periods import Month
from visits.monthly import operations
from visits.monthly.linked import BEGIN, END, THEN
from visits.monthly.rules import Section

pytestmark = pytest.mark.any_database

NOVEMBER = Month(2026, 11)
COUNT = re.compile(r"(?:.* )?(\d+)(?: \S+)?")  # a number, in charts behind what it is of


@pytest.fixture
def report(zone, database):
    report = operations.draft_report(zone.actors["coordinator"], NOVEMBER)
    database.session.commit()
    return report


def links_in(part, address):
    """The addresses of the numbers that lead to rows, with their words; without how a number changed."""
    links = {a["href"]: " ".join(a.text.split()) for a in part.all("a") if address in a["href"]}
    return {url: words for url, words in links.items() if not words.startswith(("同比", "环比"))}


def rows_behind(browser, url):
    """How many rows the list at an address has, as it says itself."""
    page = browser.get(url)
    found = re.search(r"共 ([\d,]+) 条", page.main)
    assert found or "没有计入的记录" in page.main, url
    return int(found[1].replace(",", "")) if found else 0


def agrees(browser, url, words):
    """Whether a number is that of the rows behind it; a rate by the rows of both its sets."""
    rows = rows_behind(browser, url)
    if words.endswith("%"):
        whole = rows_behind(browser, url.replace("part=numerator", "part=denominator"))
        return words == f"{rows / whole:.1%}"
    found = COUNT.fullmatch(words)
    assert found, (words, url)
    return int(found[1]) == rows


def test_each_number_of_a_report_has_its_rows(report, browser):
    leader = browser("leader")
    found = links_in(leader.get("monthly.show", report_id=report.id).root.first("main"), "/rows/")
    asked = {url: words for url, words in found.items() if not re.search("before|programme=|group=", url)}
    assert len(asked) > 40
    assert {url: words for url, words in asked.items() if not agrees(leader, url, words)} == {}


def test_each_number_of_the_overview_has_its_rows(report, browser):
    leader = browser("leader")
    found = links_in(leader.get("/overview?period=2026-11").root.first("main"), "/totals/")
    recent = {url: words for url, words in found.items() if not re.search("from=(2025|2026-0)", url)}
    assert len(recent) > 40
    assert {url: words for url, words in recent.items() if not agrees(leader, url, words)} == {}


def lines_of(page, section):
    """The paragraphs of a part, each with the words of its links."""
    part = page.root.first("section", id=section)
    return {p.text: [a.text for a in p.all("a")] for p in part.all("p") if "text" in p["class"].split()}


def test_the_numbers_within_the_texts_are_links(report, browser):
    page = browser("leader").get("monthly.show", report_id=report.id)
    numbers = [words for linked in lines_of(page, "basics").values() for words in linked]
    assert numbers == ["6", "4", "8", "1", "80.0%", "8", "5", "1", "6", "4", "8", "5", "4", "62.5%"]
    rates = next(p for p in page.root.first("section", id="handling").all("p") if "解决率" in p.text)
    assert rates.first("a")["href"].endswith("/rows/solved_rate?of=month&part=numerator")
    assert rates.first("a").text == "50.0%"
    [topic] = lines_of(page, "topics").values()
    assert topic == ["8"]


def test_a_line_somebody_wrote_has_no_links_and_the_others_keep_theirs(zone, report, browser, database):
    generated = report_text(report).splitlines()
    words = f"11月走访6家次。{BEGIN}0{THEN}6{END}\n{generated[1]}"
    operations.write_text(zone.actors["coordinator"], report, Section.BASICS, words)
    database.session.commit()
    lines = lines_of(browser("leader").get("monthly.show", report_id=report.id), "basics")
    assert [len(linked) for linked in lines.values()] == [0, 3]


def test_noughts_for_a_time_before_all_records_are_compared_with_nothing(report, browser, database):
    """Reports made earlier hold them; their pages and the links in their texts stay as they were."""
    nought = {"value": 0, "numerator": 0, "denominator": None}
    report.content = report.content | {"before": dict.fromkeys(report.content["figures"], nought)}
    database.session.commit()
    page = browser("leader").get("monthly.show", report_id=report.id)
    assert "of=before" not in page.response.text
    assert all(linked for linked in lines_of(page, "basics").values())


def report_text(report):
    return operations.queries.texts_of(report.id)[Section.BASICS].generated


def test_what_is_stored_of_a_text_is_plain(report):
    text = report_text(report)
    assert "走访企业6家次（4家）" in text
    assert not {BEGIN, THEN, END} & set(text)
