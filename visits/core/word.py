"""Writes a document for Word, set by GB/T 9704.

Fonts are named, not shipped; Word takes another one where an office has not bought them. The package for it
is large: import this where a file is asked for, not when the program starts.
"""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat
from flask_babel import gettext

from visits.core.documents import (
    Annex,
    Attached,
    Block,
    Facts,
    Grid,
    Heading,
    Labelled,
    Note,
    Sheet,
    Signed,
    Text,
    fit_for_xml,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT_WIDTH, WIDTH_ACROSS = 156, 225  # millimetres
ROOM_TO_WRITE = 13
SMALL_MARGIN = 45  # of cells, in twentieths of a point
MOST_HELD = 8  # rows of a table that is not torn over two pages
LATIN = "Times New Roman"
SONG, FANGSONG, HEI, KAI = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_FONT = "方正小标宋简体"
LINE = Pt(28.95)  # 22 lines on 225 mm
# style: font, points, bold
STYLES: dict[str, tuple[str, float, bool]] = {
    "Sheet Title": (TITLE_FONT, 22, False),
    "Sheet Heading 1": (HEI, 16, False),
    "Sheet Heading 2": (KAI, 16, False),
    "Sheet Heading 3": (FANGSONG, 16, True),
    "Sheet Text": (FANGSONG, 16, False),
    "Sheet Label": (HEI, 12, False),
    "Sheet Cell": (FANGSONG, 12, False),
    "Sheet Small Label": (HEI, 9, False),
    "Sheet Small Cell": (FANGSONG, 9, False),
    "Sheet Annex": (HEI, 16, False),
    "Sheet Note": (FANGSONG, 10.5, False),
    "Sheet Page Number": (SONG, 14, False),
}
SIDES = {
    "l": WD_ALIGN_PARAGRAPH.LEFT,
    "c": WD_ALIGN_PARAGRAPH.CENTER,
    "r": WD_ALIGN_PARAGRAPH.RIGHT,
}


def as_docx(sheet: Sheet) -> bytes:
    """Write a document for Word: A4, margins, fonts and lines by GB/T 9704-2012, page numbers outside."""
    word = docx.Document()
    _set_styles(word)
    _set_page(word)
    _paragraph(word, "\n".join(sheet.title_lines), "Sheet Title", WD_ALIGN_PARAGRAPH.CENTER)
    for block in sheet.blocks:
        _WRITERS[type(block)](word, block)
    word.core_properties.title, word.core_properties.author = fit_for_xml(sheet.name), ""
    word.core_properties.comments = ""
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_styles(word: Word) -> None:
    for name, (font, points, bold) in STYLES.items():
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.name, style.font.size, style.font.bold = LATIN, Pt(points), bold
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        if points >= 16:
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    word.styles["Sheet Title"].paragraph_format.line_spacing = Pt(33)
    word.styles["Sheet Title"].paragraph_format.space_after = Pt(14)


def _set_page(word: Word) -> None:
    page = word.sections[0]
    _turn(page, is_wide=False)
    word.settings.odd_and_even_pages_header_footer = True
    _number_pages(page.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(page.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _turn(page: Section, is_wide: bool) -> None:
    """Lay a page upright, or across: the same page a quarter turned, so that the text block stays."""
    if is_wide:
        page.orientation, page.page_width, page.page_height = WD_ORIENTATION.LANDSCAPE, Mm(297), Mm(210)
        page.top_margin, page.bottom_margin = Mm(28), Mm(26)
        page.left_margin, page.right_margin = Mm(37), Mm(35)
        page.footer_distance = Mm(16)
    else:
        page.orientation, page.page_width, page.page_height = WD_ORIENTATION.PORTRAIT, Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(37), Mm(35)
        page.left_margin, page.right_margin = Mm(28), Mm(26)
        page.footer_distance = Mm(25)


def _lies(word: Word) -> bool:
    return word.sections[-1].orientation is WD_ORIENTATION.LANDSCAPE


def _number_pages(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.style, paragraph.alignment = "Sheet Page Number", side
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _paragraph(
    place: Word | _Cell, text: str, style: str, side: WD_ALIGN_PARAGRAPH | None = None
) -> Paragraph:
    paragraph = place.add_paragraph(fit_for_xml(text), style)
    paragraph.alignment = side
    return paragraph


def _write_heading(word: Word, block: Heading) -> None:
    paragraph = _paragraph(word, block.text, f"Sheet Heading {block.level}")
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.keep_with_next = True


def _write_text(word: Word, block: Text) -> None:
    for line in block.text.splitlines():
        _paragraph(word, line, "Sheet Text").paragraph_format.first_line_indent = Pt(32)


def _write_labelled(word: Word, block: Labelled) -> None:
    paragraph = word.add_paragraph(style="Sheet Text")
    paragraph.paragraph_format.first_line_indent = Pt(32)
    label = paragraph.add_run(fit_for_xml(block.label + gettext(": ")))
    label._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)
    paragraph.add_run(fit_for_xml(block.text))


def _write_signed(word: Word, block: Signed) -> None:
    for number, line in enumerate(block.lines):
        shape = _paragraph(word, line, "Sheet Text", WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format
        shape.right_indent, shape.space_before = Pt(32), Pt(0) if number else LINE
        shape.keep_with_next = number + 1 < len(block.lines)


def _write_note(word: Word, block: Note) -> ParagraphFormat:
    shape = _paragraph(word, block.text, "Sheet Note").paragraph_format
    shape.space_before = Pt(6)
    return shape


def _write_facts(word: Word, block: Facts) -> None:
    label, value = 26, (TEXT_WIDTH - 2 * 26) // 2
    table = _table(word, len(block.rows), (label, value, label, value))
    for row, pairs in zip(table.rows, block.rows, strict=True):
        cells = row.cells
        if len(pairs) == 1:
            cells[1].merge(cells[3])
        if not any(said for _, said in pairs):
            row.height = Mm(ROOM_TO_WRITE)
        for number, (name, said) in enumerate(pairs):
            _fill(cells[2 * number], name, "Sheet Label")
            _fill(cells[2 * number + 1], said, "Sheet Cell")


def _write_grid(word: Word, block: Grid) -> None:
    if block.caption:
        caption = _paragraph(word, block.caption, "Sheet Label", WD_ALIGN_PARAGRAPH.CENTER)
        caption.paragraph_format.space_before, caption.paragraph_format.keep_with_next = Pt(6), True
    shares, width = block.widths or (1,) * len(block.head), WIDTH_ACROSS if _lies(word) else TEXT_WIDTH
    table = _table(word, 1 + len(block.rows), [width * share / sum(shares) for share in shares])
    small = "Small " if block.is_small else ""
    if block.is_small:
        _set_margins(table, SMALL_MARGIN)
    sides = [SIDES[block.side(column)] for column in range(len(block.head))]
    lines = [(f"Sheet {small}Label", block.head), *((f"Sheet {small}Cell", row) for row in block.rows)]
    held = _rows_held(block)
    for number, (row, (style, said)) in enumerate(zip(table.rows, lines, strict=True)):
        rules = row._tr.get_or_add_trPr()
        rules.append(OxmlElement("w:cantSplit"))
        if said is block.head:
            rules.append(OxmlElement("w:tblHeader"))  # again on every page
        for cell, text, side in zip(row.cells, said, sides, strict=True):
            _fill(cell, text, style, WD_ALIGN_PARAGRAPH.CENTER if said is block.head else side)
            cell.paragraphs[0].paragraph_format.keep_with_next = number in held
    for number, note in enumerate(block.notes, 1):
        shape = _write_note(word, Note(note))
        shape.keep_together, shape.keep_with_next = True, number < len(block.notes)


def _rows_held(block: Grid) -> range:
    """Which rows stand on the page of what follows: of a short table all, else those before its notes."""
    last = len(block.rows)
    if not block.is_small and last <= MOST_HELD:
        return range(last + bool(block.notes))
    return range(max(0, last - 1), last + 1) if block.notes else range(0)


def _set_margins(table: Table, twentieths: int) -> None:
    """How far the texts of a table's cells stand from the lines beside them."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), str(twentieths))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _write_attached(word: Word, block: Attached) -> None:
    label = gettext("Annexes") + gettext(": ")
    for number, title in enumerate(block.titles, 1):
        said = title if len(block.titles) == 1 else f"{number}. {title}"
        paragraph = _paragraph(word, (label if number == 1 else "") + said, "Sheet Text")
        shape = paragraph.paragraph_format
        shape.left_indent = Pt(32 + 16 * len(label))
        shape.first_line_indent = Pt(-16 * len(label)) if number == 1 else Pt(0)
        shape.space_before = LINE if number == 1 else Pt(0)
        shape.keep_with_next = True  # whoever signs does not stand alone on a page


def _write_annex(word: Word, block: Annex) -> None:
    is_turned = block.is_wide != _lies(word)
    if is_turned:
        _turn(word.add_section(WD_SECTION.NEW_PAGE), block.is_wide)
    _paragraph(word, block.label, "Sheet Annex").paragraph_format.page_break_before = not is_turned
    _paragraph(word, block.title, "Sheet Title", WD_ALIGN_PARAGRAPH.CENTER)


def _table(word: Word, rows: int, widths: Sequence[float]) -> Table:
    table = word.add_table(rows, len(widths), "Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return table


def _fill(cell: _Cell, text: str, style: str, side: WD_ALIGN_PARAGRAPH | None = None) -> None:
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(text.splitlines() or [""]):
        if number:
            paragraph = cell.add_paragraph()
        paragraph.style, paragraph.alignment = style, side
        paragraph.add_run(fit_for_xml(line))
        space = Pt(1.5 if style.startswith("Sheet Small") else 3)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = space


_WRITERS: dict[type[Block], Any] = {
    Heading: _write_heading,
    Text: _write_text,
    Labelled: _write_labelled,
    Signed: _write_signed,
    Note: _write_note,
    Facts: _write_facts,
    Grid: _write_grid,
    Attached: _write_attached,
    Annex: _write_annex,
}
