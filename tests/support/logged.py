"""What this process records in the audit log without words for it: verbs, and fields also within fields."""

from types import SimpleNamespace

import sqlalchemy as sa

from visits.admin.fields import area_of, label_of
from visits.admin.telling import fields_of
from visits.admin.words import all_verbs
from visits.core.audit import AuditEntry

wordless = set()


def listen():
    """Look at every entry from now on, as it is made."""
    sa.event.listen(AuditEntry, "init", _look)


def _look(_entry, _args, given):
    row = SimpleNamespace(**{"subject_type": None, "changes": {}} | given)
    if row.action not in all_verbs():
        wordless.add(row.action)
    area = area_of(row.action)
    wordless.update(f"{area}.{key}" for key in _keys(dict(fields_of(row))) if label_of(area, key) is None)


def _keys(fields):
    """The keys of these fields, and of those within one."""
    for key, value in fields.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)
