"""A monthly report as a workbook: numbers to reckon with, charts of the office program itself."""

import io
from tempfile import TemporaryDirectory
from typing import Any

from flask_babel import gettext

from visits.core.export import MIMETYPES, OPTIONS
from visits.core.markup import moment
from visits.monthly import tables
from visits.monthly import workbook_charts as charts
from visits.monthly.content import Content
from visits.monthly.pages import KEY_FIGURES, title_of
from visits.monthly.paper import DEFINITIONS, STANDINGS, Edition, annex_label
from visits.monthly.tables import PERCENT, Annex, Kind, label_of, number_of
from visits.monthly.workbook_sheets import Looks, SheetWriter, looks_of, widths_of

MEDIA_TYPE = MIMETYPES["xlsx"]
# What stands side by side in the first chart comes first; then the other key figures.
COMPARED = ("visit_count", "enterprise_count", "registered", "closed", "solved", "open", "overdue_open")
KEYS = (*COMPARED, *(key for key in KEY_FIGURES if key not in COMPARED))


def as_xlsx(edition: Edition) -> bytes:
    """Write the workbook: overview with charts, all figures, the annexes, the definitions."""
    import xlsxwriter  # large: only a process that writes workbooks loads it

    stream = io.BytesIO()
    with TemporaryDirectory(prefix="visits-") as folder:
        book = xlsxwriter.Workbook(stream, {**OPTIONS, "constant_memory": False, "tmpdir": folder})
        book.set_properties({"title": title_of(edition.content)})
        looks, overview = looks_of(book), book.add_worksheet(gettext("Overview"))
        _write_figures(book, edition, looks)
        heads = [
            _write_annex(book, edition, looks, annex_label(number), annex)
            for number, annex in enumerate(tables.annexes_of(edition.content), 1)
        ]
        _write_overview(book, overview, edition, looks, heads[0])
        _write_definitions(book, edition, looks)
        book.close()
    return stream.getvalue()


def _begun(
    sheet: Any, edition: Edition, looks: Looks, title: str, widths: list[float], **pages: bool
) -> SheetWriter:
    """Begin a sheet: set-up, title, moment, and how far the report is."""
    known = gettext("As known at %(moment)s", moment=moment(edition.content.known_at))
    writer = SheetWriter(sheet, looks, widths)
    writer.set_up(foot=f"{title_of(edition.content)} {known}", **{"is_wide": True, **pages})
    writer.say(title, looks.title)
    standing = gettext(STANDINGS[edition.state]) if edition.state in STANDINGS else ""
    writer.say(" ".join(filter(None, (known, standing))))
    writer.skip()
    return writer


def _write_overview(book: Any, sheet: Any, edition: Edition, looks: Looks, units_head: int) -> None:
    """Key figures beside those of other periods, categories, and what charts show of them."""
    content = edition.content
    writer = _begun(sheet, edition, looks, title_of(content), [34, *[11] * 6, 2], is_one_page=True)
    head = writer.head(
        [
            gettext("Figure"),
            gettext("This month"),
            gettext("Month before"),
            gettext("Against the month before"),
            gettext("Year before"),
            gettext("To date"),
        ]
    )
    for key in KEYS:
        _write_key_figure(writer, content, key)
    writer.skip()
    categories = writer.table(tables.categories_of(content))
    places = charts.Places(head, len(COMPARED), categories, annex_label(1), units_head)
    charts.draw(book, sheet, content, places)


def _write_key_figure(writer: SheetWriter, content: Content, key: str) -> None:
    looks, is_rate = writer.looks, content.definitions[key].unit == PERCENT
    periods = (content.figures, content.before, content.year_before, content.to_date)
    now, before, year_before, to_date = (number_of(figures, key, "value") for figures in periods)
    change = None if now is None or before is None else (now - before) * (100 if is_rate else 1)
    of = looks.of[Kind.RATE if is_rate else Kind.COUNT]
    writer.line(
        [label_of(content, key), now, before, change, year_before, to_date],
        [looks.of[Kind.TEXT], of, of, looks.points if is_rate else looks.change, of, of],
    )


def _write_figures(book: Any, edition: Edition, looks: Looks) -> None:
    """Every figure exactly: value, numerator, denominator, of each of the four periods."""
    content = edition.content
    sheet = book.add_worksheet(gettext("Figures"))
    writer = _begun(sheet, edition, looks, gettext("All figures"), [34, 12, *[11] * 12])
    periods = (
        (gettext("This month"), content.figures),
        (gettext("Month before"), content.before),
        (gettext("Year before"), content.year_before),
        (gettext("To date"), content.to_date),
    )
    parts = (gettext("value"), gettext("numerator"), gettext("denominator"))
    names = [gettext("Figure"), gettext("Counted in")]
    head = writer.head([*names, *(f"{period}\n{part}" for period, _ in periods for part in parts)])
    text, count = looks.of[Kind.TEXT], looks.of[Kind.COUNT]
    for key, known in content.definitions.items():
        value = looks.of[Kind.RATE] if known.unit == PERCENT else count
        writer.line(
            [
                gettext(known.label),
                gettext(known.unit),
                *(
                    number_of(figures, key, part)
                    for _, figures in periods
                    for part in ("value", "numerator", "denominator")
                ),
            ],
            [text, text, *[value, count, count] * len(periods)],
        )
    writer.keep_head(head, 1)


def _write_annex(book: Any, edition: Edition, looks: Looks, name: str, annex: Annex) -> int:
    """An annex on a sheet of its own; returns the row of the head of its first table."""
    widths = widths_of([table.columns for table in annex.tables])
    sheet = book.add_worksheet(name)
    writer = _begun(sheet, edition, looks, f"{name} {annex.title}", widths, is_wide=annex.is_wide)
    heads = []
    for table in annex.tables:
        heads.append(writer.table(table))
        writer.skip()
    for note in annex.notes:
        writer.say(note)
    if len(heads) == 1:
        writer.keep_head(heads[0])
    return heads[0]


def _write_definitions(book: Any, edition: Edition, looks: Looks) -> None:
    sheet, text = book.add_worksheet(gettext("Definitions")), looks.of[Kind.TEXT]
    writer = _begun(sheet, edition, looks, gettext(DEFINITIONS), [28, 12, 80], is_wide=False)
    head = writer.head([gettext("Figure"), gettext("Counted in"), gettext("How it is counted")])
    for known in edition.content.definitions.values():
        writer.line([gettext(known.label), gettext(known.unit), gettext(known.text)], [text] * 3)
    writer.keep_head(head)
    if edition.digest:
        writer.skip()
        writer.say(gettext("Seal (SHA-256)") + gettext(": ") + edition.digest)
