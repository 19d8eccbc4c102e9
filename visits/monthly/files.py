"""The files a report is taken home as: Word, workbook, PDF."""

from collections.abc import Callable
from dataclasses import dataclass

from visits.core.db import begin_write, db
from visits.core.list_pages import few_at_once
from visits.monthly.paper import Edition, sheet_of


@dataclass(frozen=True)
class File:
    """A file: its bytes and what a browser is told it is."""

    content: bytes
    media_type: str


# The packages for these are large: only a process that writes such a file loads them.


def _docx(edition: Edition) -> File:
    from visits.core.word import MEDIA_TYPE, as_docx

    return File(as_docx(sheet_of(edition)), MEDIA_TYPE)


def _xlsx(edition: Edition) -> File:
    from visits.monthly.workbook import MEDIA_TYPE, as_xlsx

    return File(as_xlsx(edition), MEDIA_TYPE)


def _pdf(edition: Edition) -> File:
    from visits.core.typeset import MEDIA_TYPE, as_pdf

    return File(as_pdf(sheet_of(edition)), MEDIA_TYPE)


WRITERS: dict[str, Callable[[Edition], File]] = {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf}


def made(read: Callable[[], Edition], kind: str) -> tuple[Edition, File]:
    """Read a report and write it as a file; nothing is held meanwhile, and what follows may write."""
    with few_at_once():
        edition = read()
        db.session.rollback()
        file = WRITERS[kind](edition)
    begin_write()
    return edition, file
