"""A monthly report as a document (通报): texts, annexes, definitions, for page, Word and PDF alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext

from visits.core.documents import Annex as AnnexHead
from visits.core.documents import Attached, Block, Grid, Heading, Note, Sheet, Signed, Text
from visits.core.i18n import N_
from visits.core.markup import moment
from visits.core.periods import local_date
from visits.monthly import tables
from visits.monthly.content import Content, Topic
from visits.monthly.pages import heading_of, paper_title_of
from visits.monthly.queries import Reading
from visits.monthly.rules import SECTION_LABELS, Section
from visits.monthly.states import ReportState
from visits.monthly.tables import NOTHING, Kind, Table, figure_said, said

SIDES = {Kind.TEXT: "l", Kind.COUNT: "r", Kind.RATE: "r", Kind.DAY: "c"}
DEFINITIONS = N_("Figures and how they are counted")
STANDINGS = {
    ReportState.DRAFT: N_("Draft: the figures can still change. Not to be passed on."),
    ReportState.FROZEN: N_("Frozen, not published yet. Not to be passed on."),
    ReportState.WITHDRAWN: N_("This report was taken back. Its figures are not valid."),
}


@dataclass(frozen=True)
class Edition:
    """A report as one writes it down: figures and texts, and how far it is."""

    content: Content
    texts: Mapping[Section, str]
    zone: str
    state: ReportState
    issue_no: int = 1
    dated: date | None = None
    digest: str | None = None


def edition_of(reading: Reading, zone: str) -> Edition:
    """A report as it was read, ready to be written down; its day is that of its publication."""
    report = reading.report
    made_at = report.published_at or report.frozen_at
    return Edition(
        content=reading.content,
        texts={section: text.said for section, text in reading.texts.items()},
        zone=zone,
        state=report.state,
        issue_no=report.issue_no,
        dated=local_date(made_at) if made_at else None,
        digest=report.digest,
    )


def sheet_of(edition: Edition) -> Sheet:
    """Write the whole report down."""
    return Sheet(paper_title_of(edition.content), list(_blocks(edition)))


def _blocks(edition: Edition) -> Iterator[Block]:
    content = edition.content
    if edition.state in STANDINGS:
        yield Note(gettext(STANDINGS[edition.state]))
    for place, (section, text) in enumerate(
        ((section, text) for section, text in edition.texts.items() if text.strip()), 1
    ):
        yield Heading(heading_of(place, SECTION_LABELS[section]))
        yield Text(text)
        yield from _beside(section, content)
    annexes = tables.annexes_of(content)
    definitions = gettext(DEFINITIONS)
    yield Attached((*(annex.title for annex in annexes), definitions))
    dated = edition.dated or local_date(content.known_at)
    day = gettext("%(year)d-%(month)d-%(day)d", year=dated.year, month=dated.month, day=dated.day)
    yield Signed((edition.zone, day))
    for number, annex in enumerate(annexes, 1):
        yield AnnexHead(annex_label(number), annex.title, annex.is_wide)
        yield from _tables(annex)
    yield AnnexHead(annex_label(len(annexes) + 1), definitions, is_wide=True)
    yield replace(_definitions(content), notes=(_ending(edition),))


def _tables(annex: tables.Annex) -> Iterator[Block]:
    """The tables of an annex, its notes with the last one."""
    for number, table in enumerate(annex.tables, 1):
        notes = annex.notes if number == len(annex.tables) else ()
        if table.rows:
            yield replace(grid_of(table), notes=notes)
        else:
            yield from map(Note, (gettext("%(what)s: none", what=table.caption), *notes))


def annex_label(number: int) -> str:
    """How the annexes of a report are called."""
    return gettext("Annex %(number)d", number=number)


def _beside(section: Section, content: Content) -> Iterator[Block]:
    """The small table that belongs to a text."""
    if section is Section.TOPICS and content.topics:
        rows = tuple(
            (
                topic.category,
                str(topic.count),
                said(topic.share, Kind.RATE),
                *_month_before(topic),
            )
            for topic in content.topics
        )
        head = (
            gettext("Category"),
            gettext("This month"),
            gettext("Share"),
            gettext("Month before"),
            gettext("Against the month before"),
        )
        yield Grid(head, rows, (4, 2, 2, 2, 2), "lrrrr", gettext("What enterprises speak of most"))
    if section is Section.TALKS and content.talks:
        meetings = tuple(
            (talk.held_on, talk.title, str(talk.problems), str(talk.duties), str(talk.duties_done))
            for talk in content.talks
        )
        head = (
            gettext("Held on"),
            gettext("Subject"),
            gettext("Problems"),
            gettext("Duties settled"),
            gettext("Of them done"),
        )
        yield Grid(head, meetings, (5, 9, 3, 4, 4), "clrrr", gettext("Coordination meetings held"))


def _month_before(topic: Topic) -> tuple[str, str]:
    """How often the category was named the month before, and how that has changed."""
    if topic.count_before is None:
        return NOTHING, NOTHING
    difference = topic.count - topic.count_before
    return str(topic.count_before), f"{difference:+d}" if difference else "0"


def grid_of(table: Table) -> Grid:
    """A table as a document shows it."""
    kinds = [column.kind for column in table.columns]
    rows = tuple(
        tuple(said(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in table.rows
    )
    return Grid(
        tuple(column.heading for column in table.columns),
        rows,
        tuple(column.share for column in table.columns),
        "".join(SIDES[kind] for kind in kinds),
        table.caption,
        is_small=True,
    )


def _definitions(content: Content) -> Grid:
    periods = (content.figures, content.before, content.year_before, content.to_date)
    head = (
        gettext("Figure"),
        gettext("Counted in"),
        gettext("This month"),
        gettext("Month before"),
        gettext("Year before"),
        gettext("To date"),
        gettext("How it is counted"),
    )
    rows = tuple(
        (
            gettext(known.label),
            gettext(known.unit),
            *(figure_said(content, key, figures.get(key)) for figures in periods),
            gettext(known.text),
        )
        for key, known in content.definitions.items()
    )
    return Grid(head, rows, (26, 12, 18, 18, 18, 20, 90), "lcrrrrl", is_small=True)


def _ending(edition: Edition) -> str:
    content = edition.content
    counted = gettext(
        "Counted from %(first)s to %(last)s, as known at %(moment)s.",
        first=content.from_on,
        last=content.to_on,
        moment=moment(content.known_at),
    )
    issue = gettext("Issue no. %(number)d", number=edition.issue_no) if edition.issue_no else ""
    seal = gettext("Seal (SHA-256)") + gettext(": ") + edition.digest if edition.digest else ""
    return "  ".join(filter(None, (counted, issue, seal)))
