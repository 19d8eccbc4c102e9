"""PDF files: what stands in them, with which font, and what cannot be shown."""

import io
import sys

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visits.core.documents import (
    Annex,
    Attached,
    Facts,
    Grid,
    Heading,
    Labelled,
    Note,
    Sheet,
    Signed,
    Text,
)
from visits.core.typeset import NoPdf, as_pdf

MARKUP = r"#panic() *a* _b_ $x$ `c` \ [d] <e> @preview #read(\"/etc/passwd\") // f /* g"
SHEET = Sheet(
    "关于走访情况的通报",
    [
        Heading("一、基本情况"),
        Heading("（一）走访", 2),
        Heading("1. 数量", 3),
        Text("第一段。\n\n第二段。"),
        Labelled("时间", "11月23日"),
        Grid(("单位", "件数"), (("经济发展局", "3"),), (2, 1), "lr", caption="各单位"),
        Facts(((("编号", "77"), ("日期", "2026-11-23")), (("问题", "一\n二"),))),
        Attached(("单位表", "清单")),
        Signed(("企业服务办公室", "2026年11月24日")),
        Annex("附件1", "单位表", is_wide=True),
        Grid(("单位", "件数"), tuple((f"单位{n}", str(n)) for n in range(60)), is_small=True),
        Annex("附件2", "清单"),
        Note("口径说明"),
    ],
)


def pages_of(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).pages


@pytest.fixture
def pages(app):
    with app.test_request_context():
        return pages_of(as_pdf(SHEET))


def words(page):
    return "".join(page.extract_text().replace("\u200b", "").split())


def test_everything_stands_in_the_file_in_its_order(pages):
    said = "".join(words(page) for page in pages)
    wanted = [
        "关于走访情况的通报",
        "一、基本情况",
        "（一）走访",
        "1.数量",
        "第一段。",
        "第二段。",
        "时间：11月23日",
    ]
    wanted += [
        "各单位",
        "经济发展局",
        "77",
        "单位表",
        "企业服务办公室",
        "附件1",
        "单位59",
        "附件2",
        "口径说明",
    ]
    places = [said.index(part) for part in wanted if part != "单位表"]
    assert places == sorted(places)


def test_annexes_begin_on_pages_of_their_own_and_wide_ones_lie_across(pages):
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    assert lying == [False, True, True, True, False]
    assert words(pages[1]).startswith("附件1单位表")
    assert words(pages[4]).startswith("附件2清单")


def test_the_head_of_a_table_stands_on_each_of_its_pages(pages):
    assert all("单位件数" in words(page) for page in pages[1:4])


@pytest.mark.parametrize("rows", [1, 17, 19, 21, 60])
def test_notes_never_stand_without_rows_of_their_table(app, rows):
    lines = tuple((f"单位{n}", str(n)) for n in range(rows))
    notes = ("口径一。" * 40, "口径二。" * 30)
    blocks = [Annex("附件1", "单位表", is_wide=True)]
    blocks += [Grid(("单位", "件数"), lines, (2, 1), "lr", is_small=True, notes=notes)]
    with app.test_request_context():
        last = words(pages_of(as_pdf(Sheet("通报", blocks)))[-1])
    held = "".join(f"单位{n}{n}" for n in range(max(0, rows - 2), rows))
    assert "单位件数" in last
    assert f"{held}口径一。" in last
    assert last.count("口径二。") == 30


def test_pages_are_numbered_odd_ones_right_even_ones_left(pages):
    def place_of_number(page):
        places = []
        page.extract_text(visitor_text=lambda text, cm, *_: text.startswith("— ") and places.append(cm[4]))
        return places[0]

    assert [words(page)[-3:] for page in pages] == [f"—{n}—" for n in range(1, 6)]
    first, second, third = (place_of_number(page) for page in pages[:3])
    assert first > float(pages[0].mediabox.width) / 2
    assert second < float(pages[1].mediabox.width) / 2 < third


def test_the_file_is_one_for_the_archive_with_its_font_inside(app):
    with app.test_request_context():
        pdf = as_pdf(SHEET)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "关于走访情况的通报"
    assert b"<pdfaid:part>2</pdfaid:part>" in reader.xmp_metadata.stream.get_data()
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    below = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all("/FontFile3" in descriptor.get_object() for descriptor in below)


def test_a_long_title_goes_to_its_next_line_between_words(app):
    title = "关于2026年10月企业走访和\n问题诉求办理情况的通报"
    with app.test_request_context():
        pdf = as_pdf(Sheet(title, []))
    shown = pages_of(pdf)[0].extract_text().replace("\u200b", "").replace(" ", "").splitlines()
    assert shown[:2] == title.splitlines()
    assert pypdf.PdfReader(io.BytesIO(pdf)).metadata.title == title.replace("\n", "")


def test_markup_in_texts_is_shown_as_it_was_typed(app):
    with app.test_request_context():
        sheet = Sheet(MARKUP, [Text(MARKUP), Grid((MARKUP,), ((MARKUP,),)), Annex(MARKUP, MARKUP)])
        said = "".join(words(page) for page in pages_of(as_pdf(sheet)))
    assert said.count("".join(MARKUP.split())) == 6


def test_characters_the_font_has_not_are_named_and_no_box_is_printed(app):
    with app.test_request_context(), pytest.raises(NoPdf) as refusal:
        as_pdf(Sheet("通报", [Text("进展顺利😀，另见🚀"), Note("😀")]))
    assert refusal.value.params == {"characters": "😀 🚀"}
    assert "Take the Word file" in str(refusal.value)


def test_a_missing_font_is_said_with_its_folder(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "FONTS", [str(tmp_path / "none")])
    with app.test_request_context(), pytest.raises(NoPdf) as refusal:
        as_pdf(SHEET)
    assert str(tmp_path / "none") in str(refusal.value)


def test_a_machine_without_the_typesetter_says_so(app, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with app.test_request_context(), pytest.raises(NoPdf, match="package typst"):
        as_pdf(SHEET)


def test_long_runs_without_a_space_stay_on_the_page(app):
    with app.test_request_context():
        page = pages_of(as_pdf(Sheet("通报", [Text("w" * 400), Grid(("甲",) * 4, (("w" * 100,) * 4,))])))[0]
    far = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: far.append(cm[4] + tm[4]) if text.strip() else None
    )
    assert max(far) < float(page.mediabox.width)
    assert words(page).count("w") == 800


SHOWN = st.text(st.characters(codec="gb2312", exclude_categories=("Co",)), max_size=60)


@settings(max_examples=25, deadline=None)
@given(SHOWN)
def test_any_text_of_the_common_characters_makes_a_file(installation, text):
    with installation[0].test_request_context():
        sheet = Sheet(
            text, [Heading(text), Text(text), Facts((((text, text),),)), Grid((text,), ((text,),))]
        )
        assert len(pages_of(as_pdf(sheet))) >= 1
