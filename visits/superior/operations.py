"""Everything that changes superiors' forms."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.calendar import load_calendar
from visits.core.catalogues import in_language
from visits.core.clock import now, today
from visits.core.db import begin_write, db
from visits.core.errors import NotFound, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.reports.queries import get_ground
from visits.reports.shapes import Part
from visits.superior import filling, queries, rules, sources
from visits.superior.faults import Check, Fault, seen_sheets
from visits.superior.models import Filling, FormVersion, MappedCell, RepeatedRow, SuperiorForm, When
from visits.superior.rules import Term
from visits.superior.sources import About
from visits.superior.templates import Look, filled_copy, look_at

MOST_CELLS = 1_000
LANGUAGE_OF_FORMS = "zh"  # the superior's, whatever the reader's
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\s]+')
IN_USE = N_("This version is in use and does not change any more. Make a new version.")
HAS_DRAFT = N_("A new version is being prepared already. Go on with that one, or discard it.")


@dataclass(frozen=True)
class FormEntry:
    """What a form is called, who asks for it, and what is to be known of it."""

    name: str
    superior: str
    note: str
    is_dropped: bool = False


@dataclass(frozen=True)
class CellEntry:
    """What belongs into a cell."""

    source: str
    part: Part | None = None
    period: When = When.CHOSEN
    narrowed: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class RowEntry:
    """Which rows are there for a list, and for which."""

    first_row: int
    last_row: int
    list_of: str
    period: When = When.CHOSEN


def add_form(actor: Actor, entry: FormEntry, content: bytes, filename: str) -> FormVersion:
    """Take in a form with its first workbook; the workbook is opened before anything is locked."""
    require(actor, Permission.SUPERIOR_PREPARE)
    look = look_at(content, filename)
    begin_write()
    form = SuperiorForm(name=entry.name, superior=entry.superior, note=entry.note)
    db.session.add(form)
    audit.record(actor, "superior.added", form, name=entry.name)
    return _new_version(actor, form, Workbook(content, filename, look), 1)


def revise_form(actor: Actor, form: SuperiorForm, entry: FormEntry, revision: int | None) -> None:
    """Change what is said of a form; one that is dropped is not filled any more."""
    require(actor, Permission.SUPERIOR_PREPARE)
    form.require_revision(revision)
    before = _reading(form)
    form.name, form.superior, form.note = entry.name, entry.superior, entry.note
    if entry.is_dropped != (form.dropped_at is not None):
        form.dropped_at = now() if entry.is_dropped else None
    if changes := audit.difference(before, _reading(form)):
        audit.record(actor, "superior.updated", form, **changes)


def _reading(form: SuperiorForm) -> dict[str, Any]:
    return {
        "name": form.name,
        "superior": form.superior,
        "note": form.note,
        "dropped": form.dropped_at is not None,
    }


@dataclass(frozen=True)
class Workbook:
    """A workbook with what was seen in it."""

    content: bytes
    filename: str
    look: Look


def add_version(actor: Actor, form: SuperiorForm, content: bytes, filename: str) -> FormVersion:
    """Begin a new version with another workbook, or with none to keep the last one's.

    What stood in the cells is taken over; what does not fit is told by the checks.
    """
    require(actor, Permission.SUPERIOR_PREPARE)
    form_id, last = form.id, queries.versions_of(form.id)[0].FormVersion
    _require_no_draft(last)
    if not content:
        filename, content = queries.content_of(last.id)
    look = look_at(content, filename)
    begin_write()
    form = queries.get_form(form_id, to_write=True)
    last = queries.versions_of(form_id)[0].FormVersion
    _require_no_draft(last)
    version = _new_version(actor, form, Workbook(content, filename, look), last.number + 1)
    _take_over(last.id, version.id)
    return version


def _require_no_draft(last: FormVersion) -> None:
    if last.released_at is None:
        raise WrongState(HAS_DRAFT)


def _new_version(actor: Actor, form: SuperiorForm, book: Workbook, number: int) -> FormVersion:
    db.session.flush()
    version = FormVersion(
        form_id=form.id,
        number=number,
        filename=book.filename[-200:],
        content=book.content,
        sha256=hashlib.sha256(book.content).hexdigest(),
        sheets={"sheets": book.look.sheets},
        lost=book.look.lost,
        made_by_id=actor.person_id,
    )
    db.session.add(version)
    db.session.flush()
    audit.record(actor, "superior.version_begun", form, number=number, file=version.filename)
    return version


def _take_over(old_id: int, new_id: int) -> None:
    placed = queries.placement_of(old_id)
    for kept in (*placed.cells, *placed.rows.values()):
        values = {c.name: getattr(kept, c.name) for c in sa.inspect(type(kept)).columns if c.name != "id"}
        db.session.add(type(kept)(**values | {"version_id": new_id}))


def require_draft(version: FormVersion) -> None:
    """Raise WrongState where a version is in use already."""
    if version.released_at is not None:
        raise WrongState(IN_USE)


def map_cell(
    actor: Actor, version: FormVersion, sheet: str, place: tuple[int, int], entry: CellEntry
) -> None:
    """Say what belongs into a cell."""
    require(actor, Permission.SUPERIOR_PREPARE)
    require_draft(version)
    cell = _cell_at(version.id, sheet, place)
    if cell is None:
        if len(queries.placement_of(version.id).cells) >= MOST_CELLS:
            raise Refused(N_("A form has at most %(most)d filled cells."), most=MOST_CELLS)
        cell = MappedCell(version_id=version.id, sheet=sheet, row=place[0], column=place[1])
        db.session.add(cell)
    cell.source, cell.part, cell.period = entry.source, entry.part, entry.period
    cell.narrowed, cell.words = dict(entry.narrowed), entry.words
    db.session.flush()
    placed = queries.placement_of(version.id)
    _require_without(_faults_at(version, placed, sheet, place))


def clear_cell(actor: Actor, version: FormVersion, sheet: str, place: tuple[int, int]) -> None:
    """Leave a cell as the template has it."""
    require(actor, Permission.SUPERIOR_PREPARE)
    require_draft(version)
    if (cell := _cell_at(version.id, sheet, place)) is not None:
        db.session.delete(cell)


def _cell_at(version_id: int, sheet: str, place: tuple[int, int]) -> MappedCell | None:
    return db.session.scalar(
        sa.select(MappedCell).where(
            MappedCell.version_id == version_id,
            MappedCell.sheet == sheet,
            MappedCell.row == place[0],
            MappedCell.column == place[1],
        )
    )


def repeat_row(actor: Actor, version: FormVersion, sheet: str, entry: RowEntry) -> None:
    """Say which row of a sheet is repeated for which list."""
    require(actor, Permission.SUPERIOR_PREPARE)
    require_draft(version)
    rows = _rows_of(version.id, sheet)
    if rows is None:
        rows = RepeatedRow(version_id=version.id, sheet=sheet)
        db.session.add(rows)
    rows.first_row, rows.last_row = entry.first_row, entry.last_row
    rows.list_of, rows.period = entry.list_of, entry.period


def repeat_no_row(actor: Actor, version: FormVersion, sheet: str) -> None:
    """Repeat no row of a sheet."""
    require(actor, Permission.SUPERIOR_PREPARE)
    require_draft(version)
    if (rows := _rows_of(version.id, sheet)) is not None:
        db.session.delete(rows)


def _rows_of(version_id: int, sheet: str) -> RepeatedRow | None:
    return db.session.scalar(
        sa.select(RepeatedRow).where(RepeatedRow.version_id == version_id, RepeatedRow.sheet == sheet)
    )


def faults_of(version: FormVersion) -> list[Fault]:
    """What is wrong with what stands in a version's cells."""
    return _check(version, queries.placement_of(version.id)).faults()


def _check(version: FormVersion, placed: Any) -> Check:
    sheets = {sheet.name: sheet for sheet in seen_sheets(version)}
    return Check(sheets, placed, get_ground(), load_calendar())


def _faults_at(version: FormVersion, placed: Any, sheet: str, place: tuple[int, int]) -> list[Fault]:
    at = rules.address_of(*place)
    found = _check(version, placed).faults()
    return [fault for fault in found if (fault.sheet, fault.at) == (sheet, at)]


def _require_without(faults: list[Fault]) -> None:
    for fault in faults:
        raise Refused(fault.message, **fault.params)


def release(actor: Actor, version: FormVersion, from_on: date | None, revision: int | None) -> None:
    """Put a version into use for periods that end on a day or later; none is from the beginning."""
    require(actor, Permission.SUPERIOR_PREPARE)
    version.require_revision(revision, is_open=version.released_at is None)
    require_draft(version)
    _require_whole(faults_of(version))
    former = [row.FormVersion.from_on for row in queries.versions_of(version.form_id)[1:]]
    if former and (from_on is None or any(day is not None and day > from_on for day in former)):
        raise Refused(
            N_(
                "The version before is in use from a later day. "
                "Choose a day from which this one takes its place."
            ),
            field="from_on",
        )
    version.from_on, version.released_at, version.released_by_id = from_on, now(), actor.person_id
    form = queries.get_form(version.form_id)
    audit.record(
        actor, "superior.version_released", form, number=version.number, from_on=str(from_on or "")
    )


def _require_whole(faults: list[Fault]) -> None:
    if not faults:
        return
    first = faults[0]
    if not first.at:
        raise Refused(first.message)
    raise Refused(
        N_(
            "%(sheet)s, %(cell)s is not right yet; the page of the version says what is wrong "
            "(%(count)d in all)."
        ),
        sheet=first.sheet,
        cell=first.at,
        count=len(faults),
    )


def discard(actor: Actor, version: FormVersion) -> None:
    """Give up a version that was never in use; with the first one the form goes too."""
    require(actor, Permission.SUPERIOR_PREPARE)
    require_draft(version)
    form = queries.get_form(version.form_id)
    for model in (MappedCell, RepeatedRow):
        db.session.execute(sa.delete(model).where(model.version_id == version.id))
    audit.record(actor, "superior.version_discarded", form, number=version.number)
    is_first = version.number == 1
    db.session.delete(version)
    db.session.flush()
    if is_first:
        db.session.delete(form)


def fill_form(actor: Actor, form: SuperiorForm, term: Term, as_of: datetime | None = None) -> Filling:
    """Fill the version in use for a term, and keep the file; nothing is locked while figures are read."""
    require(actor, Permission.SUPERIOR_FILL)
    if form.dropped_at is not None:
        raise WrongState(N_("This form is not asked for any more."))
    if term.first_on > today():
        raise Refused(N_("This period has not begun yet."), field="to")
    form_id, version, moment = form.id, queries.version_for(form.id, term.span.to_on), as_of or now()
    _require_whole(faults_of(version))
    about = About(get_setting("zone_name"), actor.name, queries.unit_of(actor), today(), term)
    with in_language(LANGUAGE_OF_FORMS):
        filled = filling.fill(actor, queries.placement_of(version.id), about, moment)
        name = NOT_IN_NAMES.sub("-", f"{form.name}-{sources.term_words(term)}")
    kept = Filling(
        version_id=version.id,
        from_on=term.first_on,
        to_on=term.span.to_on,
        as_of=moment,
        made_by_id=actor.person_id,
        filename=f"{name}.xlsx",
        said={"cells": filled.cells, "lists": filled.lists, "kind": term.kind},
    )
    content, number = version.content, version.number
    db.session.rollback()
    kept.content = filled_copy(content, filled.orders)
    kept.size, kept.sha256 = len(kept.content), hashlib.sha256(kept.content).hexdigest()
    begin_write()
    db.session.add(kept)
    db.session.flush()
    said = {"number": number, "from_on": str(kept.from_on), "last_on": str(kept.to_on)}
    audit.record(actor, "superior.filled", queries.get_form(form_id), **said, filling=kept.id)
    return kept


def take_filling(actor: Actor, filling_id: int) -> tuple[str, bytes]:
    """The file of a filling as it was made; that somebody took it is noted."""
    require(actor, Permission.SUPERIOR_FILL)
    row = db.session.execute(
        sa.select(Filling.filename, Filling.content, Filling.sha256, FormVersion.form_id)
        .join(FormVersion, FormVersion.id == Filling.version_id)
        .where(Filling.id == filling_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    audit.record(actor, "superior.taken", queries.get_form(row.form_id), filling=filling_id)
    return row.filename, row.content
