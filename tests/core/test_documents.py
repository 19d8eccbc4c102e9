"""Documents for Word: the page of GB/T 9704, fonts by name, and any text at all."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu
from hypothesis import given, settings
from hypothesis import strategies as st

from visits.core.documents import (
    Annex,
    Attached,
    Facts,
    Grid,
    Heading,
    Note,
    Sheet,
    Signed,
    Text,
    fit_for_xml,
)
from visits.core.word import as_docx

SHEET = Sheet(
    "关于走访情况的通报",
    [
        Heading("一、基本情况"),
        Heading("（一）走访", 2),
        Text("第一段。\n第二段。"),
        Grid(("单位", "件数"), (("经济发展局", "3"), ("税务局", "5")), (2, 1)),
        Facts(((("编号", "1"), ("日期", "2026-11-23")), (("问题", "一\n二"),))),
        Signed(("企业服务办公室", "2026年11月23日")),
        Note("口径说明"),
    ],
)


@pytest.fixture(scope="module")
def word():
    return docx.Document(io.BytesIO(as_docx(SHEET)))


def test_the_page_is_that_of_the_standard(word):
    page = word.sections[0]
    edges = (page.top_margin, page.left_margin, page.bottom_margin, page.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 28, 35, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "—  —"
        assert paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_everything_stands_in_its_place(word):
    said = [(p.style.name, p.text) for p in word.paragraphs]
    assert said == [
        ("Sheet Title", "关于走访情况的通报"),
        ("Sheet Heading 1", "一、基本情况"),
        ("Sheet Heading 2", "（一）走访"),
        ("Sheet Text", "第一段。"),
        ("Sheet Text", "第二段。"),
        ("Sheet Text", "企业服务办公室"),
        ("Sheet Text", "2026年11月23日"),
        ("Sheet Note", "口径说明"),
    ]
    grid, facts = word.tables
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["单位", "件数"],
        ["经济发展局", "3"],
        ["税务局", "5"],
    ]
    assert [cell.text for cell in facts.rows[0].cells] == ["编号", "1", "日期", "2026-11-23"]
    assert facts.rows[1].cells[1].text == facts.rows[1].cells[3].text == "一\n二"


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Sheet Title", "方正小标宋简体", 22),
        ("Sheet Heading 1", "黑体", 16),
        ("Sheet Heading 2", "楷体_GB2312", 16),
        ("Sheet Text", "仿宋_GB2312", 16),
        ("Sheet Page Number", "宋体", 14),
    ],
)
def test_fonts_are_named_for_chinese_and_latin(word, style, font, points):
    fonts = word.styles[style].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    assert word.styles[style].font.size.pt == points


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("湖畔区\n企业问题诉求交办单", "湖畔区企业问题诉求交办单"),
        ("湖畔国际经济技术开发区\n企业问题诉求交办单", "湖畔国际经济技术开发区企业问题诉求交办单"),
        ("湖畔国际经济技术开发新区\n企业问题诉求交办单", "湖畔国际经济技术开发新区\n企业问题诉求交办单"),
        (
            "Lakeside Economic Development Zone\nAssignment slip",
            "Lakeside Economic Development Zone \nAssignment slip",
        ),
        ("湖畔经济技术开发区企业服务办公室工作交接清单", "湖畔经济技术开发区企业服务办公室工作交接清单"),
    ],
)
def test_a_title_too_long_for_a_line_is_parted_between_its_parts_only(title, lines):
    word = docx.Document(io.BytesIO(as_docx(Sheet(title, []))))
    assert word.paragraphs[0].text == lines
    assert word.core_properties.title == lines.replace("\n", "")


@pytest.fixture(scope="module")
def with_annexes(installation):
    wide = Grid(
        ("单位", "件数", "率"), (("税务局", "5", "60.0%"),), (2, 1, 1), "lcr", "各单位", is_small=True
    )
    blocks = [
        Text("正文。"),
        Attached(("单位表", "清单", "口径")),
        Annex("附件1", "单位表", is_wide=True),
        wide,
        Annex("附件2", "清单", is_wide=True),
        Annex("附件3", "口径"),
    ]
    with installation[0].test_request_context():
        return docx.Document(io.BytesIO(as_docx(Sheet("通报", blocks))))


def test_a_wide_annex_lies_across_with_the_same_text_block(with_annexes):
    shown = [
        (part.orientation, round(Emu(part.page_width - part.left_margin - part.right_margin).mm))
        for part in with_annexes.sections
    ]
    assert shown == [(0, 156), (1, 225), (0, 156)]
    assert all(section.footer.is_linked_to_previous for section in list(with_annexes.sections)[1:])


def test_each_annex_begins_on_a_page_of_its_own_with_its_label(with_annexes):
    labels = [p for p in with_annexes.paragraphs if p.style.name == "Sheet Annex"]
    assert [p.text for p in labels] == ["附件1", "附件2", "附件3"]
    # The first and the third begin with their section, the second by a break before it.
    assert [bool(p.paragraph_format.page_break_before) for p in labels] == [False, True, False]


def test_annexes_are_named_below_the_text(with_annexes):
    said = [p.text for p in with_annexes.paragraphs]
    assert said[2:5] == ["附件：1. 单位表", "2. 清单", "3. 口径"]


def test_the_head_of_a_table_is_repeated_and_figures_stand_at_the_right(with_annexes):
    head, row = with_annexes.tables[0].rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert row._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.paragraphs[0].alignment for cell in row.cells] == [0, 1, 2]
    assert [cell.paragraphs[0].style.name for cell in row.cells] == ["Sheet Small Cell"] * 3


@pytest.mark.parametrize(("rows", "is_small", "held"), [(30, True, 2), (1, True, 2), (3, False, 4)])
def test_the_last_rows_of_a_table_stay_with_its_notes(rows, is_small, held):
    lines = tuple((f"单位{n}", str(n)) for n in range(rows))
    grid = Grid(("单位", "件数"), lines, is_small=is_small, notes=("口径一。", "口径二。"))
    word = docx.Document(io.BytesIO(as_docx(Sheet("通报", [grid]))))
    keeps = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in word.tables[0].rows]
    assert keeps == [False] * (rows + 1 - held) + [True] * held
    first, second = word.paragraphs[-2:]
    assert [first.text, second.text] == ["口径一。", "口径二。"]
    assert (first.paragraph_format.keep_with_next, second.paragraph_format.keep_with_next) == (True, False)


@settings(max_examples=30)
@given(st.text(st.characters()))
def test_any_text_makes_a_file_that_opens(text):
    sheet = Sheet(
        text, [Heading(text), Text(text), Facts((((text, text),),)), Grid((text,), ((text,),)), Note(text)]
    )
    word = docx.Document(io.BytesIO(as_docx(sheet)))
    assert len(word.tables) == 2


def test_what_xml_knows_not_is_left_out():
    assert fit_for_xml("a\0b\x0bc\ud800d\ufffee\t\n😀") == "abcde\t\n😀"
