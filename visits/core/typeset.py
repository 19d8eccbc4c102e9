"""Makes a document a PDF for the archive (PDF/A), with the page of GB/T 9704 and its fonts inside.

Fonts come from the folders of the setting FONTS. What a document says is handed over as JSON and is never
part of the source. A character that no font can show is an error, not a box on paper.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import current_app
from flask_babel import get_locale, gettext

from visits.core.documents import Annex, Attached, Block, Grid, Labelled, Sheet, Text, fit_for_xml
from visits.core.errors import DomainError
from visits.core.i18n import N_

MEDIA_TYPE = "application/pdf"
SOURCE = Path(__file__).with_name("typeset.typ")
STANDARD: Final = "a-2a"
# What an office may own, by the names fonts give themselves; the shipped one stands in for the others.
OWN_FONTS = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    "heading": ("SimHei", "黑体"),
    "second": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体"),
    "text": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"),
    "strong": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"),
    "number": ("SimSun", "宋体"),
}
WEIGHTS = {"title": "bold", "heading": "bold", "second": "medium", "strong": "bold"}
SHIPPED = "Noto Sans S Chinese"
UNSHOWN = re.compile(r"the text `\"(.*?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
CONTROLS = re.compile("[\x7f-\x9f]")
UNBROKEN = re.compile(r"[!-~]{16}(?=[!-~])")
MOST_NAMED = 10


class NoPdf(DomainError):
    """The document cannot be made a PDF here; the same document for Word can be made."""

    status = 422


def as_pdf(sheet: Sheet) -> bytes:
    """Typeset a document; refuses, saying why, where a font or a character is missing."""
    try:
        import typst
    except ImportError as error:
        raise NoPdf(
            N_("This machine has no program for PDF files (the package typst). Take the Word file.")
        ) from error
    fonts = _fonts(tuple(current_app.config["FONTS"]))
    if SHIPPED not in fonts.families():
        raise NoPdf(
            N_(
                "The Chinese font for PDF files is missing in %(folder)s. Take the Word file, and tell "
                "whoever runs this system: “make install” brings it."
            ),
            folder=str(current_app.config["FONTS"][-1]),
        )
    said = json.dumps(_as_json(sheet, fonts.families()), ensure_ascii=False)
    try:
        made: bytes = typst.compile(
            SOURCE.read_bytes(), sys_inputs={"sheet": said}, font_paths=fonts, pdf_standards=STANDARD
        )
    except typst.TypstError as error:
        raise _refusal(error.diagnostic) from error
    return made


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[folder for folder in folders if Path(folder).is_dir()],
    )


def _refusal(diagnostic: str) -> NoPdf:
    named = ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), "".join(UNSHOWN.findall(diagnostic)))
    unshown = [c if c.isprintable() else f"U+{ord(c):04X}" for c in dict.fromkeys(named)]
    if not unshown:
        raise RuntimeError(diagnostic)
    return NoPdf(
        N_(
            "The font for PDF files cannot show these characters: %(characters)s. Take the Word file, or "
            "put another word for them into the text."
        ),
        characters=" ".join(unshown[:MOST_NAMED]),
    )


def _as_json(sheet: Sheet, families: Sequence[str]) -> dict[str, Any]:
    locale = get_locale()
    is_chinese = locale is None or locale.language == "zh"
    return {
        "title": _clean(sheet.name),
        "lines": [_clean(line) for line in sheet.title_lines],
        "lang": "zh" if is_chinese else "en",
        "region": "CN" if is_chinese else "GB",
        "fonts": {role: _font(role, families) for role in OWN_FONTS},
        "parts": list(_parts(sheet.blocks)),
    }


def _font(role: str, families: Sequence[str]) -> dict[str, Any]:
    own = [name for name in OWN_FONTS[role] if name in families]
    weight = "regular" if own and role != "strong" else WEIGHTS.get(role, "regular")
    return {"names": [*own[:1], SHIPPED], "weight": weight}


def _parts(blocks: Sequence[Block]) -> Iterator[Mapping[str, Any]]:
    """Blocks by the pages they lie on: every annex begins new ones."""
    part: list[dict[str, Any]] = []
    is_wide = False
    for block in blocks:
        if isinstance(block, Annex):
            yield {"is_wide": is_wide, "blocks": part}
            part, is_wide = [], block.is_wide
        part.append(_cleaned(_block(block)))
    yield {"is_wide": is_wide, "blocks": part}


def _block(block: Block) -> dict[str, Any]:
    values = {"shape": block.shape, **asdict(block)}
    match block:
        case Text():
            values["lines"] = [line for line in block.text.splitlines() if line.strip()]
        case Labelled():
            values["label"] = block.label + gettext(": ")
        case Attached():
            values["label"] = gettext("Annexes") + gettext(": ")
        case Grid():
            values["widths"] = block.widths or (1,) * len(block.head)
            values["sides"] = [block.side(column) for column in range(len(block.head))]
        case _:
            pass
    return values


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list | tuple) else value


def _clean(text: str) -> str:
    """Leave out what no document holds, and let long runs without a space break."""
    return UNBROKEN.sub(lambda run: run[0] + "\u200b", CONTROLS.sub("", fit_for_xml(text)))
