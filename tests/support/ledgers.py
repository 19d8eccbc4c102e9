"""What a test does at the pages of ledgers, and reads of what came of it."""

import io

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.ledgers.models import LedgerExport


def ordered():
    """All ledgers that were ordered."""
    db.session.rollback()
    return db.session.scalars(
        sa.select(LedgerExport).order_by(LedgerExport.id).execution_options(populate_existing=True)
    ).all()


def press(browser, path, **fields):
    """Press one of the buttons of a page of ledgers."""
    page = browser.get("ledgers.problems")
    data = {"csrf_token": browser.token(page), **fields}
    return browser.open(path, method="POST", data=data)


def sheet_of(answer):
    """The rows of each sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def actions():
    """What the audit log holds, by its verbs."""
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))
