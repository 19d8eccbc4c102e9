"""A form the demo office's superior asks for every month, filled for the last one."""

import io
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties

from visits.cli.demo.office import Office
from visits.core.db import db
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED
from visits.superior import operations, queries, rules
from visits.superior.models import When
from visits.superior.operations import CellEntry, FormEntry, RowEntry
from visits.superior.rules import Term

SHEET, LEDGER = "附表1 走访服务情况", "附表2 问题清单"
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
HEADINGS = ("序号", "责任单位", "登记问题数", "办结数", "办结率", "按时办结率", "备注")
PROBLEM_HEADINGS = (
    "序号",
    "问题编号",
    "企业名称",
    "问题摘要",
    "问题类别",
    "责任单位",
    "登记日期",
    "办理状态",
)
FIGURES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("走访企业（家次）", "measure.visit_count", {}),
    ("走访企业（家）", "measure.enterprise_count", {}),
    ("其中：企业大走访（家次）", "measure.visit_count", {"programme": ENTERPRISE_VISIT}),
    ("其中：组团联企（家次）", "measure.visit_count", {"programme": GROUP_LINKED}),
    ("登记问题（个）", "measure.registered", {}),
    ("办结问题（个）", "measure.closed", {}),
    ("协助解决（个）", "measure.solved", {}),
    ("满意率", "measure.satisfaction_rate", {}),
)
WHENS = (
    ("本期", When.CHOSEN),
    ("上期", When.BEFORE),
    ("本年累计", When.YEAR),
    ("启用以来累计", When.TO_DATE),
)
FIRST_FIGURE = 4
LIST_ROW = FIRST_FIGURE + len(FIGURES) + 2


def workbook() -> bytes:
    """The workbook as the superior sends it: figures, a row per unit with its sum, a list of problems."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet["A1"] = "企业走访和问题解决情况月报表"
    sheet["A1"].font, sheet["A1"].alignment = Font(name="方正小标宋简体", size=18), CENTRED
    sheet.merge_cells("A1:G1")
    sheet["A2"] = "填报单位："
    sheet.merge_cells("A2:G2")
    _figures(sheet)
    _units(sheet)
    for letter, width in zip("ABCDEFG", (8, 26, 13, 13, 13, 15, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    _on_landscape(sheet)
    sheet.print_area = f"A1:G{LIST_ROW + 3}"
    _problems(book.create_sheet(LEDGER))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _on_landscape(sheet: Any) -> None:
    """A4 landscape, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def _headed(sheet: Any, row: int, headings: tuple[str, ...]) -> None:
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(row, column, heading)
        cell.font, cell.alignment, cell.border = Font(name="黑体", bold=True), CENTRED, BOX


def _figures(sheet: Any) -> None:
    _headed(sheet, 3, ("指标", "", *(label for label, _ in WHENS), ""))
    sheet.merge_cells("A3:B3")
    for row, (label, source, _) in enumerate(FIGURES, FIRST_FIGURE):
        sheet.cell(row, 1, label)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        for column in range(1, 8):
            sheet.cell(row, column).border = BOX
            if source.endswith("_rate") and column > 2:
                sheet.cell(row, column).number_format = "0.0%"


def _units(sheet: Any) -> None:
    _headed(sheet, LIST_ROW - 1, HEADINGS)
    total = LIST_ROW + 1
    for row in (LIST_ROW, total):
        for column in range(1, 8):
            sheet.cell(row, column).border = BOX
            sheet.cell(row, column).alignment = CENTRED
        sheet.cell(row, 5).number_format = sheet.cell(row, 6).number_format = "0.0%"
    sheet.cell(total, 2, "合计").font = Font(bold=True)
    for letter in "CD":
        sheet[f"{letter}{total}"] = f"=SUM({letter}{LIST_ROW}:{letter}{LIST_ROW})"
    sheet[f"E{total}"] = f"=IF(C{total}=0,0,D{total}/C{total})"
    sheet[f"A{total + 2}"] = "填报人："
    sheet.merge_cells(f"A{total + 2}:G{total + 2}")


def _problems(sheet: Any) -> None:
    _headed(sheet, 1, PROBLEM_HEADINGS)
    for column in range(1, len(PROBLEM_HEADINGS) + 1):
        sheet.cell(2, column).border = BOX
    for letter, width in zip("ABCDEFGH", (6, 20, 30, 36, 14, 20, 13, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["G2"].number_format = "yyyy-mm-dd"
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    _on_landscape(sheet)


def _entries(office: Office) -> dict[str, dict[str, CellEntry]]:
    """What belongs into which cell, by sheet."""
    first: dict[str, CellEntry] = {
        "A2": CellEntry("text.words", words="填报单位：{单位}　　统计期间：{期间}"),
        f"A{LIST_ROW + 3}": CellEntry("text.words", words="填报人：{填报人}　　填报日期：{填报日期}"),
    }
    for row, (_, source, parts) in enumerate(FIGURES, FIRST_FIGURE):
        narrowed = {name: office.programmes[code] for name, code in parts.items()}
        for column, (_, when) in enumerate(WHENS, 3):
            first[rules.address_of(row, column)] = CellEntry(source, period=when, narrowed=narrowed)
    columns = ("column.ordinal", "column.name", "measure.registered", "measure.closed")
    rates = ("measure.close_rate", "measure.on_time_rate")
    for letter, source in zip("ABCDEF", (*columns, *rates), strict=True):
        first[f"{letter}{LIST_ROW}"] = CellEntry(source)
    keys = ("ordinal", "number", "enterprise", "title", "category", "unit", "registered", "state")
    second = {
        f"{letter}2": CellEntry(f"column.{key}") for letter, key in zip("ABCDEFGH", keys, strict=True)
    }
    return {SHEET: first, LEDGER: second}


def send_forms(office: Office, last: date) -> None:
    """Take the form in, say what stands where, and fill it for the month before the last day."""
    actor = office.actor(office.with_role(Role.COORDINATOR)[0])
    entry = FormEntry("企业走访和问题解决情况月报表", "市企业服务工作领导小组办公室", "每月5日前报送。")
    version = operations.add_form(actor, entry, workbook(), "企业走访和问题解决情况月报表.xlsx")
    operations.repeat_row(actor, version, SHEET, RowEntry(LIST_ROW, LIST_ROW, "unit"))
    operations.repeat_row(actor, version, LEDGER, RowEntry(2, 2, "problems.new"))
    for sheet, entries in _entries(office).items():
        for at, cell in entries.items():
            operations.map_cell(actor, version, sheet, rules.position_of(at) or (1, 1), cell)
    operations.release(actor, version, None, None)
    db.session.commit()
    term = Term.parse(str(Month.of(last).previous))
    if term is not None:
        operations.fill_form(actor, queries.get_form(version.form_id), term)
    db.session.commit()
