"""The files of a report: the worked example read back from Word, PDF and workbook, and hostile texts."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import docx
import pypdf
import pytest
from flask_babel import gettext
from python_calamine import CalamineWorkbook

from tests.monthly.zone import make_zone
from tests.reports.test_example import FIGURES, RATES
from visits.core import clock
from visits.core.db import db, write_next
from visits.core.periods import Month
from visits.core.typeset import as_pdf
from visits.core.word import as_docx
from visits.monthly import assemble, prose, tables
from visits.monthly.content import Case, Cell, Content, Correction, Row, Talk
from visits.monthly.paper import Edition, sheet_of
from visits.monthly.rules import Section
from visits.monthly.states import ReportState
from visits.monthly.workbook import as_xlsx

pytestmark = pytest.mark.any_database

HOSTILE = '=HYPERLINK("http://x")<b>#let x = 1</b> {{ 7*7 }} &amp; ]]> \' " \\ \x01@SUM(1)'
SAFE = HOSTILE.replace("\x01", "")


@pytest.fixture(scope="module")
def example(installation):
    """The people of the example, its report, and the report's files in Chinese; made once."""
    app, store = installation
    with app.app_context(), clock.at(date(2026, 12, 3)):
        store.empty()
        write_next(True)
        names = [person.name for person in make_zone().people.values()]
        content = assemble.content_of(Month(2026, 11))
        office = "示范区企业服务办公室"
        edition = Edition(content, prose.texts_for(content), office, ReportState.PUBLISHED)
        db.session.rollback()
    with app.test_request_context():
        sheet = sheet_of(edition)
        files = docx.Document(io.BytesIO(as_docx(sheet))), as_pdf(sheet), as_xlsx(edition)
    return SimpleNamespace(names=names, edition=edition, files=files)


@pytest.fixture
def edition(example):
    return example.edition


@pytest.fixture
def written(example):
    return example.files


def expected():
    """Every figure of the worked example as it is printed: value, and what a rate is made of."""
    values = {key: ("—" if value is None else f"{value:g}") for key, value in FIGURES.items()}
    return values | {key: f"{n / d:.1%}\n{n}/{d}" for key, (n, d) in RATES.items()}


def labels_of(content):
    return {key: str(tables.label_of(content, key)) for key in content.definitions}


OVERVIEW, FIGURE_ROWS, UNITS, CASES = 0, 1, 2, 4


def rows_of(workbook, place):
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(place).to_python()


def words(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_word_says_every_figure_of_the_example(app, edition, written):
    word, _, _ = written
    with app.test_request_context():
        labels = labels_of(edition.content)
    said = {row.cells[0].text: row.cells[2].text for row in word.tables[-1].rows[1:]}
    assert {key: said[labels[key]] for key in expected()} == expected()
    assert len(said) == len(edition.content.definitions)


def test_the_pdf_says_every_figure_of_the_example_in_its_row(app, edition, written):
    _, pdf, _ = written
    said = words(pdf)
    with app.test_request_context():
        labels = labels_of(edition.content)
        units = {key: gettext(known.unit) for key, known in edition.content.definitions.items()}
    for key, value in expected().items():
        row = "".join(f"{labels[key]}{units[key]}{value}".split())
        assert row in said, row


def test_the_workbook_holds_every_figure_exactly(app, edition, written):
    _, _, workbook = written
    with app.test_request_context():
        labels = labels_of(edition.content)
    rows = {row[0]: row[2:5] for row in rows_of(workbook, FIGURE_ROWS)[4:]}
    values = {key: rows[labels[key]][0] for key in FIGURES}
    assert values == {key: "" if value is None else value for key, value in FIGURES.items()}
    parts = {key: tuple(rows[labels[key]]) for key in RATES}
    assert parts == {key: (n / d, n, d) for key, (n, d) in RATES.items()}


def test_all_files_and_the_json_say_the_same_of_every_period(app, edition, written):
    word, _, workbook = written
    content = Content.from_json(json.loads(json.dumps(edition.content.as_json())))
    periods = (content.figures, content.before, content.year_before, content.to_date)
    with app.test_request_context():
        for number, (key, row) in enumerate(
            zip(content.definitions, word.tables[-1].rows[1:], strict=True)
        ):
            shown = [cell.text for cell in row.cells[2:6]]
            assert shown == [tables.figure_said(content, key, figures.get(key)) for figures in periods]
            cells = rows_of(workbook, FIGURE_ROWS)[4 + number][2:]
            stored = [
                getattr(figures[key], part) if figures else None
                for figures in periods
                for part in ("value", "numerator", "denominator")
            ]
            assert cells == ["" if value is None else value for value in stored]


def test_the_unit_table_of_the_example(written):
    word, _, workbook = written
    annex = next(t for t in word.tables if t.rows[0].cells[0].text == "名次")
    head, unit, whole = ([cell.text for cell in row.cells] for row in annex.rows)
    assert dict(zip(head, unit, strict=True))["交办总量"] == "7"
    assert unit[2:7] == ["7", "5", "3", "2", "60.0%"]
    assert unit[0] == "1"
    assert whole[1] == "全区合计"
    assert whole[2:7] == unit[2:7]
    assert (unit[8], whole[8]) == ("50.0%", "60.0%")  # what was solved on the spot has no unit
    cells = rows_of(workbook, UNITS)
    assert cells[3][:5] == ["名次", "单位", "交办总量", "当月到期", "按时办结"]
    assert cells[4][2:7] == [7, 5, 3, 2, 0.6]


def test_overdue_and_suspended_problems_are_listed(edition, written):
    word, _, workbook = written
    (late,), (resting,) = edition.content.overdue, edition.content.suspended
    grid = next(t for t in word.tables if t.rows[0].cells[-1].text == "超期工作日")
    assert [cell.text for cell in grid.rows[1].cells] == [
        "1",
        late.number,
        late.title,
        late.enterprise,
        late.unit,
        late.registered_on,
        late.due_on,
        str(late.workdays_late),
    ]
    cells = rows_of(workbook, CASES)
    assert cells[5][1:3] == [late.number, late.title]
    assert cells[5][5:7] == [date.fromisoformat(late.registered_on), date.fromisoformat(late.due_on)]
    assert any(resting.number in row for row in cells)


def test_numbers_are_numbers_and_rates_have_their_format(written):
    _, _, workbook = written
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        assert len([name for name in packed.namelist() if "charts/chart" in name]) == 3
        styles = packed.read("xl/styles.xml").decode()
    assert 'formatCode="0.0%"' in styles
    assert "个百分点" in styles


def with_units(content, *units):
    """Units by how many limits they kept of how many."""
    rows = [
        Row(number, name, {"on_time_rate": Cell(kept / due, kept, due)})
        for number, (name, kept, due) in enumerate(units, 1)
    ]
    return replace(content, units=rows)


def unit_rows(app, content):
    with app.test_request_context():
        table = tables.annexes_of(content)[0].tables[0]
        headings = [column.heading for column in table.columns]
    return headings, table.rows


def test_units_with_few_cases_are_listed_but_not_ranked(app, edition):
    content = with_units(edition.content, ("甲局", 4, 4), ("乙局", 4, 5), ("丙局", 9, 10))
    headings, rows = unit_rows(app, content)
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        (1, "丙局", ""),
        (2, "乙局", ""),
        (None, "甲局", "样本不足"),
        (None, "全区合计", ""),
    ]
    assert (headings[0], headings[-1]) == ("名次", "备注")


def test_ranking_can_be_switched_off(app, edition):
    content = replace(with_units(edition.content, ("甲局", 4, 4), ("乙局", 4, 5)), ranks_units=False)
    headings, rows = unit_rows(app, content)
    assert [row[0] for row in rows] == ["乙局", "甲局", "全区合计"]
    assert not {"名次", "备注"} & set(headings)


def test_no_person_is_named(example, edition, written):
    word, pdf, _ = written
    said = words(pdf) + "".join(cell.text for t in word.tables for row in t.rows for cell in row.cells)
    assert not [name for name in example.names if name in said]


def test_hostile_texts_stand_in_every_file_as_they_were_written(app, edition):
    case = Case(
        1, "WT1", HOSTILE, HOSTILE, HOSTILE, "assigned", "2026-11-03", "2026-11-20", 3, None, HOSTILE
    )
    content = replace(
        edition.content,
        overdue=(case,),
        suspended=(replace(case, review_on="2026-12-15"),),
        units=[Row(1, HOSTILE, edition.content.figures)],
        groups=[Row(1, HOSTILE, edition.content.figures)],
        talks=(Talk(1, HOSTILE, "2026-11-05", 1, 1, 0),),
        corrections=(Correction("2026-10", "closed", Cell(1, 1), Cell(2, 2), (HOSTILE,), ()),),
    )
    hostile = replace(edition, content=content, texts={Section.TALKS: HOSTILE}, zone=HOSTILE)
    with app.test_request_context():
        sheet = sheet_of(hostile)
        word, pdf, workbook = docx.Document(io.BytesIO(as_docx(sheet))), as_pdf(sheet), as_xlsx(hostile)
    cells = [cell.text for t in word.tables for row in t.rows for cell in row.cells]
    assert cells.count(SAFE) >= 10
    assert words(pdf).count("".join(SAFE.split())) >= 10
    assert sum(row.count(SAFE) for row in rows_of(workbook, CASES)) == 7
    assert not formulas_and_links(workbook)


def formulas_and_links(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if n.startswith("xl/worksheets/sheet")]
    return [sheet for sheet in sheets if "<f>" in sheet or "hyperlink" in sheet]


@pytest.mark.parametrize(
    ("state", "words_said"),
    [
        (ReportState.DRAFT, "草稿"),
        (ReportState.FROZEN, "已冻结、尚未发布"),
        (ReportState.WITHDRAWN, "本通报已撤回"),
        (ReportState.PUBLISHED, None),
    ],
)
def test_what_is_not_published_says_so_in_each_file(app, edition, state, words_said):
    with app.test_request_context():
        marked = replace(edition, state=state)
        first = sheet_of(marked).blocks[0]
        cells = rows_of(as_xlsx(marked), OVERVIEW)
    if words_said:
        assert first.text.startswith(words_said)
        assert words_said in cells[1][0]
    else:
        assert first.shape == "heading"
        assert cells[1][0].startswith("数据截至")


def test_corrections_of_earlier_months_are_an_annex(app, edition):
    moved = Correction("2026-10", "close_rate", Cell(0.5, 1, 2), Cell(1.0, 2, 2), ("WT9",), ())
    with app.test_request_context():
        sheet = sheet_of(replace(edition, content=replace(edition.content, corrections=(moved,))))
    grids = [block for block in sheet.blocks if block.shape == "grid"]
    assert grids[-2].rows == (("2026-10", "累计办结率", "50.0%\n1/2", "100.0%\n2/2", "WT9", "—"),)
    annexes = [block.title for block in sheet.blocks if block.shape == "annex"]
    assert annexes == [
        "各单位办理情况统计表",
        "各组走访情况表",
        "超期和挂账清单",
        "以前月份数据更正",
        "主要指标及口径说明",
    ]
