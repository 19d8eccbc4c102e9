"""Superiors' forms: a workbook as one sends it, and a form that is in use."""

import io

import openpyxl
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from visits.reports.shapes import Part
from visits.superior import operations, rules
from visits.superior.models import When
from visits.superior.operations import CellEntry, FormEntry, RowEntry

SHEET, LEDGER = "附表1", "问题清单"
HEADINGS = ("序号", "责任单位", "登记问题数", "办结数", "办结率", "备注")
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def workbook(change=None):
    """A form of two sheets: figures with a row per unit and its sum, and a list of problems."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    _headed(sheet)
    for column, heading in enumerate(HEADINGS, 1):
        cell = sheet.cell(7, column, heading)
        cell.font, cell.alignment = Font(name="黑体", bold=True), Alignment(horizontal="center")
    for row in (7, 8, 9):
        for column in range(1, 7):
            sheet.cell(row, column).border = BOX
    sheet["E8"].number_format = "0.00"
    sheet["B9"], sheet["C9"], sheet["D9"], sheet["E9"] = "合计", "=SUM(C8:C8)", "=SUM(D8:D8)", "=D9/C9"
    sheet["E9"].number_format = "0.0%"
    sheet["A11"] = "填报人："
    sheet.merge_cells("A11:F11")
    sheet.row_dimensions[8].height, sheet.row_dimensions[9].height = 24, 33
    sheet.column_dimensions["B"].width = 28
    sheet.print_area, sheet.print_title_rows = "A1:F11", "1:7"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    red = PatternFill("solid", bgColor="FFC7CE")
    sheet.conditional_formatting.add(
        "C8:C8", CellIsRule(operator="greaterThan", formula=["C$9/2"], fill=red)
    )
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add("F8")
    sheet.add_data_validation(choice)
    _ledger(book.create_sheet(LEDGER))
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _headed(sheet):
    sheet["A1"] = "企业走访和问题解决情况统计表"
    sheet["A1"].font = Font(name="方正小标宋简体", size=18, color="C00000")
    sheet.merge_cells("A1:F1")
    sheet["A2"] = "填报单位："
    sheet.merge_cells("A2:F2")
    for row, label in ((3, "走访企业（家次）"), (4, "累计走访（家次）"), (5, "办结率（%）")):
        sheet.cell(row, 1, label)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
    sheet["C5"].number_format = "0.00"
    sheet["E3"], sheet["E4"] = "其中：企业大走访", "上年同期"


def _ledger(sheet):
    for column, heading in enumerate(("序号", "编号", "问题", "企业", "登记日期"), 1):
        sheet.cell(1, column, heading)
    sheet["E2"].number_format = 'yyyy"年"m"月"d"日"'


def mapped(actor, version, programme=None):
    """Say what belongs into the cells of `workbook`."""
    narrowed = {"programme": programme} if programme else {}
    singles = {
        "A2": CellEntry("text.words", words="填报单位：{单位}　期间：{期间}"),
        "C3": CellEntry("measure.visit_count"),
        "C4": CellEntry("measure.visit_count", period=When.TO_DATE),
        "C5": CellEntry("measure.close_rate"),
        "F3": CellEntry("measure.visit_count", narrowed=narrowed),
        "F4": CellEntry("measure.visit_count", period=When.YEAR_BEFORE),
        "A11": CellEntry("text.words", words="填报人：{填报人}　{填报日期}"),
    }
    of_units = {
        "A8": CellEntry("column.ordinal"),
        "B8": CellEntry("column.name"),
        "C8": CellEntry("measure.registered"),
        "D8": CellEntry("measure.close_rate", part=Part.NUMERATOR),
        "E8": CellEntry("measure.close_rate"),
    }
    of_problems = {
        "A2": CellEntry("column.ordinal"),
        "B2": CellEntry("column.number"),
        "C2": CellEntry("column.title"),
        "D2": CellEntry("column.enterprise"),
        "E2": CellEntry("column.registered"),
    }
    operations.repeat_row(actor, version, SHEET, RowEntry(8, 8, "unit"))
    operations.repeat_row(actor, version, LEDGER, RowEntry(2, 2, "problems.new"))
    for sheet, entries in ((SHEET, singles | of_units), (LEDGER, of_problems)):
        for at, entry in entries.items():
            operations.map_cell(actor, version, sheet, rules.position_of(at), entry)


def make_form(actor, name="企业走访情况月报", programme=None, content=None, in_use=True):
    """A form taken in and, by default, in use for all periods."""
    entry = FormEntry(name, "市企业服务工作领导小组办公室", "每月5日前报送")
    version = operations.add_form(actor, entry, content or workbook(), "附表1.xlsx")
    mapped(actor, version, programme)
    if in_use:
        operations.release(actor, version, None, None)
    return version
