"""Ledgers of visits as offices keep them, small and large, with what each row must come to."""

import csv
import io

import xlsxwriter

HEADER = ("序号", "走访日期", "企业名称", "统一社会信用代码", "走访方式", "走访人员", "单位", "走访内容")


def ledger(*rows, header=HEADER, title=None):
    """A ledger in text: rows of cells in the order of the headings, short ones filled up."""
    content = io.StringIO()
    writer = csv.writer(content)
    if title:
        writer.writerow([title])
    writer.writerow(header)
    writer.writerows([*row, *[""] * (len(header) - len(row))] for row in rows)
    return content.getvalue().encode()


def book(rows, header=HEADER, title="2025年企业走访台账", merged=()):
    """The same as a workbook under a title; `merged` are (first row, last row, column, value), from 0."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, len(header) - 1, title)
        sheet.write_row(1, 0, header)
        for number, row in enumerate(rows, 2):
            sheet.write_row(number, 0, row)
        for first, last, column, value in merged:
            sheet.merge_range(first, column, last, column, value)
    return content.getvalue()
