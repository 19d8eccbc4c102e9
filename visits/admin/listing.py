"""The audit log as a list: what it can be narrowed to, its columns, and the names behind its numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Person, Unit
from visits.admin.telling import Names, told
from visits.admin.values import REFERENCES
from visits.admin.words import verb_label
from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.core.filters import ALL_DAYS, Days
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.periods import end_of, start_of
from visits.core.subjects import SUBJECTS
from visits.enterprises.models import Enterprise, Tag
from visits.issues.models import Category, Issue
from visits.programmes.models import Group, Programme

MOST_IDS = 500


@dataclass(frozen=True)
class LogFilters:
    """What the audit log is narrowed to; empty parts do not narrow."""

    who: str = ""
    actions: tuple[str, ...] = ()
    subject: str = ""
    subject_id: int | None = None
    address: str = ""
    days: Days = ALL_DAYS


def conditions(filters: LogFilters) -> list[sa.ColumnElement[bool]]:
    """The SQL of the filters."""
    wanted: list[sa.ColumnElement[bool]] = []
    if who := filters.who.strip():
        wanted.append(AuditEntry.actor_name.contains(who, autoescape=True))
    if filters.actions:
        wanted.append(AuditEntry.action.in_(filters.actions))
    if filters.subject:
        wanted.append(AuditEntry.subject_type == filters.subject)
    if filters.subject_id is not None:
        wanted.append(AuditEntry.subject_id == filters.subject_id)
    if filters.address:
        wanted.append(AuditEntry.changes["address"].as_string() == filters.address)
    if filters.days.first:
        wanted.append(AuditEntry.at >= start_of(filters.days.first))
    if filters.days.last:
        wanted.append(AuditEntry.at < end_of(filters.days.last))
    return wanted


def actor_of(row: Any) -> str:
    """Who did it: a person by the name of then, or the program itself."""
    return row.actor_name if row.actor_id else gettext("System")


def _subject(row: Any) -> str:
    known = SUBJECTS.get(row.subject_type or "")
    return known[0] if known else row.subject_type or ""


def _telling(names: Names) -> Callable[[Any], str]:
    """What an entry says beyond its verb, in one cell."""
    return lambda row: "；".join(
        f"{label}{gettext(': ')}{words}" for label, words in told(row, names, None)
    )


def _columns(names: Names) -> tuple[Column, ...]:
    particulars = Column("changes", N_("Particulars"), _telling(names), look="text", width=60)
    return (*COLUMNS, particulars, CODE)


COLUMNS = (
    Column("at", N_("When"), kind=Kind.MOMENT, fixed=True, look="main-cell nowrap", width=17),
    Column("who", N_("Who"), actor_of, fixed=True, look="log-who", width=14),
    Column(
        "action",
        N_("What"),
        lambda row: verb_label(row.action),
        Kind.LABEL,
        fixed=True,
        look="nowrap",
        width=24,
    ),
    Column("subject", N_("Record"), _subject, Kind.LABEL, look="log-subject", width=14),
    Column("subject_id", N_("Record number"), kind=Kind.NUMBER, usual=False),
)
CODE = Column("code", N_("Code of the action"), lambda row: row.action, usual=False, width=24)


def of_log(filters: LogFilters, names: Names | None = None) -> Listing:
    """The audit log, narrowed, the latest first; numbers of records are told by these names."""
    columns = ("id", "at", "actor_id", "actor_name", "action", "subject_type", "subject_id", "changes")
    stmt = sa.select(*(getattr(AuditEntry, name) for name in columns)).where(*conditions(filters))
    sorts: dict[str, Any] = {"at": AuditEntry.at, "id": AuditEntry.id}
    return Listing("audit", N_("Audit log"), stmt, sorts, "-at", _columns(names or {}))


def get_entry(entry_id: int) -> AuditEntry | None:
    """One entry of the log."""
    return db.session.get(AuditEntry, entry_id)


NAMES: dict[str, tuple[Any, Any]] = {
    "categories": (Category.id, Category.name),
    "enterprises": (Enterprise.id, Enterprise.name),
    "groups": (Group.id, Group.name),
    "issues": (Issue.id, Issue.number),
    "people": (Person.id, Person.name),
    "programmes": (Programme.id, Programme.name),
    "tags": (Tag.id, Tag.name),
    "units": (Unit.id, Unit.name),
}


def all_names() -> Names:
    """The present name of every record that entries may name, for a file of the whole log."""
    parts = [sa.select(sa.literal(table), key, name) for table, (key, name) in NAMES.items()]
    return {(table, key): name for table, key, name in db.session.execute(sa.union_all(*parts))}


def names_in(rows: Iterable[Any]) -> dict[tuple[str, int], str]:
    """The present names of the records that these entries are about or name, in one statement."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for table, record_id in _references(row.subject_type, row.subject_id, row.changes):
            wanted.setdefault(table, set()).add(record_id)
    parts = [
        sa.select(sa.literal(table), NAMES[table][0], NAMES[table][1]).where(
            NAMES[table][0].in_(sorted(ids)[:MOST_IDS])
        )
        for table, ids in sorted(wanted.items())
    ]
    if not parts:
        return {}
    return {(table, key): name for table, key, name in db.session.execute(sa.union_all(*parts))}


def _references(
    subject_type: str | None, subject_id: int | None, changes: Mapping[str, Any]
) -> Iterable[tuple[str, int]]:
    if subject_type in NAMES and subject_id:
        yield subject_type, subject_id
    yield from _named(changes)


def _named(said: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The records that these fields name by their numbers, those within a field too."""
    for key, value in said.items():
        if isinstance(value, dict):
            yield from _named(value)
        elif key in REFERENCES:
            yield from ((REFERENCES[key], number) for number in _numbers(value))


def _numbers(value: Any) -> list[int]:
    """The numbers that a field holds, alone or in lists."""
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []
