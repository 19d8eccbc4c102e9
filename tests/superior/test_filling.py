"""A superior's form filled with the worked example, and read back."""

import io
from datetime import date, datetime

import openpyxl
import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.superior import LEDGER, SHEET, make_form
from tests.reports.example import lay_example
from visits.core.audit import AuditEntry
from visits.core.catalogues import in_language
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.reports import assemble
from visits.reports.filters import ReportFilter
from visits.reports.measures import MEASURES
from visits.superior import operations, queries
from visits.superior.models import Filling
from visits.superior.operations import CellEntry
from visits.superior.rules import Term

pytestmark = pytest.mark.any_database

NOVEMBER = Term.parse("2026-11")


@pytest.fixture
def example(database, at):
    at("2026-12-10")
    world = lay_example()
    set_setting("zone_name", "滨江高新区")
    world.actor = actor_for(make_person([Role.COORDINATOR], make_unit("企业服务局"), name="陈主任"))
    world.version = make_form(world.actor, programme=world.visiting)
    db.session.commit()
    return world


def filled(world, term=NOVEMBER, as_of=None):
    form = queries.get_form(world.version.form_id)
    filling = operations.fill_form(world.actor, form, term, as_of)
    db.session.commit()
    return filling


def opened(filling):
    return openpyxl.load_workbook(io.BytesIO(filling.content), rich_text=True)


def test_every_cell_says_what_the_totals_say(example):
    book = opened(filled(example))
    sheet, totals = book[SHEET], assemble.get_totals(example.actor, ReportFilter.of(NOVEMBER.span))
    assert (sheet["C3"].value, sheet["C4"].value) == (6, 6)
    assert (sheet["F3"].value, sheet["F4"].value) == (5, 0)
    assert sheet["C5"].value == 62.5  # the heading says per cent, the cell shows a plain number
    assert sheet["A2"].value == "填报单位：滨江高新区　期间：2026年11月"
    units = totals.by["unit"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(8, 7 + count_of(sheet), max_col=5)]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    names = {named.name: key for key, named in totals.named["unit"].items()}
    for _, name, registered, closed, rate in rows:
        figures = units.get(names.get(name, 0), {})
        wanted = figures["close_rate"].value if figures else None
        assert registered == (figures["registered"].value if figures else 0)
        assert closed == (figures["close_rate"].numerator if figures else 0)
        assert rate == (None if wanted is None else round(wanted * 100, 10))
    assert sum(row[2] for row in rows) == totals.figures["registered"].value == 8


def test_the_form_speaks_the_superiors_language_whatever_the_readers(example):
    with in_language("en"):
        filling = filled(example)
    book = opened(filling)
    assert book[SHEET]["A2"].value == "填报单位：滨江高新区　期间：2026年11月"
    assert filling.filename == "企业走访情况月报-2026年11月.xlsx"


def count_of(sheet):
    """How many rows stand between the headings and the sum."""
    return next(row for row in range(8, 60) if sheet.cell(row, 2).value == "合计") - 8


def test_the_superiors_workbook_is_kept_around_the_values(example):
    sheet = opened(filled(example))[SHEET]
    total = 8 + count_of(sheet)
    assert total > 10
    assert sheet.cell(total, 3).value == f"=SUM(C8:C{total - 1})"
    assert sheet.cell(total, 5).value == f"=D{total}/C{total}"
    areas = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:F1", "A2:F2", "A3:B3", f"A{total + 2}:F{total + 2}"} <= areas
    assert sheet.cell(total + 2, 1).value == "填报人：陈主任　2026年12月10日"
    assert (sheet.row_dimensions[total].height, sheet.row_dimensions[total - 1].height) == (33, 24)
    assert sheet.column_dimensions["B"].width == 28
    assert (sheet["A1"].font.name, sheet["A1"].font.size) == ("方正小标宋简体", 18)
    assert sheet.cell(total - 1, 2).border.left.style == "thin"
    assert sheet.cell(total - 1, 5).number_format == "0.00"
    assert sheet.print_area.replace("$", "").endswith(f"A1:F{total + 2}")
    assert sheet.print_title_rows == "$1:$7"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    [rule] = list(sheet.conditional_formatting)
    assert (str(rule.sqref), rule.rules[0].formula) == (f"C8:C{total - 1}", [f"C${total}/2"])
    [choice] = sheet.data_validations.dataValidation
    assert str(choice.sqref) == f"F8:F{total - 1}"


def test_the_list_holds_the_rows_the_figure_counts_with_days_as_days(example):
    sheet = opened(filled(example))[LEDGER]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(2, max_col=5)]
    assert len(rows) == 9
    assert [row[0] for row in rows] == list(range(1, 10))
    assert all(isinstance(row[4], datetime) for row in rows)
    assert sheet["E9"].number_format == 'yyyy"年"m"月"d"日"'
    assert all(row[1] and row[2] and row[3] for row in rows)


def test_a_filling_stays_as_it_was_and_as_of_gives_the_same_again(example, at):
    first = filled(example)
    then, sha = first.as_of, first.sha256
    at("2026-12-20")
    example.visit(date(2026, 11, 25), [example.firm()], recorded=date(2026, 12, 19))
    db.session.commit()
    assert opened(filled(example))[SHEET]["C3"].value == 7
    again = filled(example, as_of=then)
    assert opened(again)[SHEET]["C3"].value == 6
    assert values_of(again) == values_of(first)
    kept = db.session.get(Filling, first.id)
    assert operations.take_filling(example.actor, first.id)[1] == first.content
    assert kept.sha256 == sha


def values_of(filling):
    said = db.session.scalars(sa.select(Filling.said).where(Filling.id == filling.id)).one()
    return [(cell["at"], cell["value"]) for cell in said["cells"] if cell["source"].startswith("measure")]


def test_who_filled_what_and_took_it_stands_in_the_log(example):
    filling = filled(example)
    operations.take_filling(example.actor, filling.id)
    db.session.flush()
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.action.in_(["superior.filled", "superior.taken"]))
        .order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["superior.filled", "superior.taken"]
    assert entries[0].changes["last_on"] == "2026-11-30"
    assert entries[0].actor_name == "陈主任"


def test_names_of_units_that_look_like_formulas_stay_text(example):
    make_unit('=HYPERLINK("http://x","点")')
    make_unit("＋cmd|' /C calc'!A0")
    db.session.commit()
    sheet = opened(filled(example))[SHEET]
    found = [sheet.cell(row, 2) for row in range(8, 8 + count_of(sheet))]
    guarded = [cell for cell in found if cell.value.startswith(("=", "＋"))]
    assert len(guarded) == 2
    assert {cell.data_type for cell in guarded} == {"s"}
    assert all(cell.quotePrefix for cell in guarded)


def test_all_figures_can_stand_in_cells_and_equal_the_totals(example):
    form = queries.get_form(example.version.form_id)
    version = operations.add_version(example.actor, form, b"", "")
    for row, key in enumerate(MEASURES, 1):
        operations.map_cell(example.actor, version, LEDGER, (100 + row, 8), CellEntry(f"measure.{key}"))
    operations.release(example.actor, version, date(2026, 1, 1), None)
    db.session.commit()
    filling = filled(example)
    totals = assemble.get_totals(example.actor, ReportFilter.of(NOVEMBER.span)).figures
    sheet = opened(filling)[LEDGER]
    got = {key: sheet.cell(108 + row, 8).value for row, key in enumerate(MEASURES, 1)}
    assert got == {key: totals[key].value for key in MEASURES}
