"""A long spreadsheet with known faults: what must be said of it is known to the row."""

import io

import xlsxwriter


def faulty_sheet(name, header, row_of, faults, rows, faulty):
    """An .xlsx of so many rows, and what is wrong with which: {row: (heading, words of the reason)}.

    `row_of` gives the sound cells of a number; each fault is a column, the wrong cell, words of the reason
    and the columns that are left empty because of it.
    """
    content, expected = io.BytesIO(), {}
    every = rows // faulty
    with xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, header)
        for number in range(rows):
            cells = row_of(number)
            if number % every == every - 1:
                column, wrong, says, *emptied = faults[number // every % len(faults)]
                cells[column] = wrong
                for other in emptied:
                    cells[other] = ""
                expected[number + 2] = (header[column], says)
            sheet.write_row(number + 1, 0, cells)
    return content.getvalue(), expected
