"""A form overtaken by somebody else's save: what happened meanwhile, and what would be sent once more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import request
from flask_babel import gettext
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectField, SelectMultipleField
from wtforms import StringField as TextField

from visits.core.audit import AuditEntry
from visits.core.clock import now
from visits.core.db import db
from visits.core.forms import BaseForm

LONGEST_OPEN = timedelta(days=2)
MOST_CHANGES = 20
UNTOLD = ("visit.answered",)  # what an enterprise says of a visit is not told to those who were there
FRAME_FIELDS = frozenset({"csrf_token", "submission_id", "opened_at", "revision"})


@dataclass(frozen=True)
class Difference:
    """One field of which the form and the record now say different things."""

    label: str
    present: str
    mine: str
    is_mine: bool
    is_theirs: bool

    @property
    def as_pair(self) -> tuple[str, str]:
        """The field and what the form says."""
        return self.label, self.mine


@dataclass(frozen=True)
class Conflict:
    """What the conflict page shows, and the fields that sending both changes would take."""

    changes: Sequence[AuditEntry]
    differences: list[Difference]
    fields: list[tuple[str, str]]
    note: str
    note_fields: list[tuple[str, str]]


def describe(form: BaseForm, table: str, record_id: int, revision: int) -> Conflict:
    """Compare a refused form with the record as it is now.

    A field that only somebody else changed keeps the new value when the form is sent again; where both
    changed it, the form's own value goes in, and the page says so.
    """
    changes = _changes_since(_opened_at(form), table, record_id)
    before = _former_values(changes)
    compared = [_compare(field, before) for field in form if _is_comparable(field)]
    differences = [found for found in compared if found is not None]
    taken_over = {
        field.name: _sent(field, field.object_data)
        for field in form
        if _is_comparable(field) and _is_only_theirs(field, before)
    }
    note = _note(form, before)
    return Conflict(
        changes,
        differences,
        fields=[*_fields(taken_over, revision), _once()],
        note=note,
        note_fields=[("note", note), _once()],
    )


def _once() -> tuple[str, str]:
    """The id by which a form sent twice is known."""
    return "submission_id", str(uuid4())


def _opened_at(form: BaseForm) -> datetime:
    """When the form was opened, as it says itself; what it says badly is two days ago."""
    earliest = now() - LONGEST_OPEN
    try:
        said = datetime.fromisoformat(form.opened_at.data or "")
    except ValueError:
        return earliest
    return max(said, earliest) if said.tzinfo else earliest


def _changes_since(moment: datetime, table: str, record_id: int) -> Sequence[AuditEntry]:
    """The changes of a record since then, the oldest first."""
    entry = AuditEntry
    wanted = (entry.subject_type == table, entry.subject_id == record_id, entry.at >= moment)
    newest = (
        sa.select(entry)
        .where(*wanted, entry.action.not_in(UNTOLD))
        .order_by(entry.id.desc())
        .limit(MOST_CHANGES)
    )
    return list(reversed(db.session.scalars(newest).all()))


def _former_values(changes: Iterable[AuditEntry]) -> dict[str, Any]:
    """What stood in each field that was changed since, before the first of the changes."""
    former: dict[str, Any] = {}
    for entry in changes:
        for key, value in entry.changes.items():
            if isinstance(value, list) and len(value) == 2:
                former.setdefault(key, value[0])
    return former


def _is_comparable(field: Field) -> bool:
    return (
        field.name not in FRAME_FIELDS
        and hasattr(field, "object_data")
        and not isinstance(field, FormField | FieldList | HiddenField)
    )


def _is_only_theirs(field: Field, before: dict[str, Any]) -> bool:
    return field.name in before and _sent(field, before[field.name]) == _sent(field, field.data)


def _compare(field: Field, before: dict[str, Any]) -> Difference | None:
    if _sent(field, field.data) == _sent(field, field.object_data):
        return None
    only_theirs = _is_only_theirs(field, before)
    return Difference(
        label=str(field.label.text),
        present=_shown(field, field.object_data),
        mine=_shown(field, field.data),
        is_mine=not only_theirs,
        is_theirs=field.name in before,
    )


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _sent(field: Field, value: Any) -> list[str]:
    """A value as the browser would send it."""
    if isinstance(field, BooleanField):
        return ["y"] if value else []
    if isinstance(field, SelectMultipleField):
        return sorted(_text(one) for one in value or ())
    if isinstance(value, list):  # several lines in one text
        return ["\n".join(_text(one) for one in value)]
    return ["" if value is None else _text(value)]


def _shown(field: Field, value: Any) -> str:
    """A value as one reads it."""
    if isinstance(field, BooleanField):
        return gettext("Yes") if value else gettext("No")
    said = [one for one in _sent(field, value) if one]
    if isinstance(field, SelectField | SelectMultipleField):
        labels = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        said = [labels.get(one, one) for one in said]
    return "\n".join(said)


def _fields(taken_over: dict[str, list[str]], revision: int) -> list[tuple[str, str]]:
    """The fields of the request, for the record as it is now."""
    dropped = FRAME_FIELDS | taken_over.keys()
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in dropped]
    sent += [(name, value) for name, values in taken_over.items() for value in values]
    return [*sent, ("revision", str(revision)), ("opened_at", now().isoformat())]


def _note(form: BaseForm, before: dict[str, Any]) -> str:
    """The texts typed here, each under its label."""
    texts = [field for field in form if isinstance(field, TextField) and not isinstance(field, HiddenField)]
    filled = [
        field
        for field in texts
        if (field.data or "").strip()
        and field.data != field.object_data
        and not _is_only_theirs(field, before)
    ]
    if len(filled) == 1:
        return str(filled[0].data)
    return "\n".join(f"{field.label.text}: {field.data}" for field in filled)
