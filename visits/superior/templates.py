"""Superiors' workbooks looked at and filled in a process of their own; what stops that is a sentence."""

import json
from dataclasses import dataclass
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any

from visits.core.apart import Stopped, run_apart
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.spreadsheet import OLE_START, SENTENCES, STARTS, ZIP_START
from visits.core.spreadsheet_limits import MEGABYTE, Problem
from visits.superior.scan import MAX_BYTES

WALL_SECONDS = 40
AT_ONCE, PATIENCE_SECONDS = 2, 15  # workbooks one server opens at the same time; the others wait a little
_slots = BoundedSemaphore(AT_ONCE)
NOT_XLSX = N_(
    "This is not an .xlsx workbook. Open the form in Excel or WPS, save it as .xlsx, and choose that."
)
OWN_SENTENCES = {
    "empty": N_("There is nothing in this file. Choose the workbook the superior sent."),
    "too_large": N_(
        "The workbook is larger than %(limit)s MB. Take out pictures and sheets that are not filled."
    ),
    "too_big": N_(
        "Unpacked, this workbook is too large. Copy the form into a new workbook and choose that."
    ),
    "not_xlsx": NOT_XLSX,
    "other_type": NOT_XLSX,
    "pdf": NOT_XLSX,
    "document": NOT_XLSX,
    "picture": NOT_XLSX,
    "macros": N_(
        "The workbook holds macros. Save it in Excel or WPS as .xlsx without macros, and choose that."
    ),
    "outside": N_(
        "The workbook takes contents from other files or addresses. Cut these links in Excel or WPS "
        "(Data, Edit links), save it, and choose it again."
    ),
    "outside_formula": N_(
        "The formula “%(formula)s” takes contents from other files or addresses. "
        "Put a value in its place, save the workbook, and choose it again."
    ),
    "embedded": N_(
        "The workbook holds other files or buttons inside. Take them out, save it, and choose it again."
    ),
    "what_if": N_(
        "The workbook holds a what-if table (data table). Put values in its place and choose it again."
    ),
    "too_many_cells": N_(
        "The sheets have more than %(limit)s cells with contents, formats or merging. "
        "Delete the empty rows below the form and choose it again."
    ),
    "too_many_sheets": N_("The workbook has more than %(limit)s sheets. Leave only those that are filled."),
    "sheet_name": N_("A sheet's name “%(name)s” is empty or longer than %(limit)s characters. Rename it."),
    "crashed": N_("The workbook could not be opened. Copy the form into a new workbook and choose that."),
    "took_too_long": N_("This workbook takes too long. Copy the form into a new workbook and choose that."),
    "inside_merge": N_("%(cell)s lies inside a merged area; only its first cell can be filled."),
}
LOST_LABELS = {
    "charts": N_("charts"),
    "pivots": N_("pivot tables and slicers"),
    "pictures": N_("pictures other than PNG, JPEG and GIF"),
    "shapes": N_("drawn shapes and text boxes"),
    "signature": N_("the digital signature"),
    "sparklines": N_("sparklines"),
    "threads": N_("threads of comments"),
    "watermark": N_("pictures behind the sheet or in its header"),
    "new_rules": N_("coloured bars and drop-down lists made by newer programs"),
}


class Unusable(Refused):
    """The workbook cannot serve as a template; the sentence says why and what to do."""


@dataclass(frozen=True)
class Look:
    """What was seen in a workbook: its sheets as a page shows them, and what a filled copy will lack."""

    sheets: list[dict[str, Any]]
    lost: list[str]


def look_at(content: bytes, filename: str) -> Look:
    """Open a workbook and say what is in it; raise Unusable when it cannot be a template."""
    try:
        _require_xlsx(content, PurePath(filename).suffix.lower())
        about, _ = _apart("look", {}, content)
    except Problem as problem:
        raise _unusable(problem) from problem
    return Look(about["sheets"], about["lost"])


def filled_copy(content: bytes, orders: dict[str, Any]) -> bytes:
    """A copy of a template with values in it; raise Unusable when they cannot be written."""
    try:
        return _apart("fill", orders, content)[1]
    except Problem as problem:
        raise _unusable(problem) from problem


def _unusable(problem: Problem) -> Unusable:
    sentence = OWN_SENTENCES.get(problem.key) or SENTENCES[problem.key]
    return Unusable(sentence, field="file", **problem.params)


def _require_xlsx(content: bytes, suffix: str) -> None:
    if not content.strip():
        raise Problem("empty")
    if len(content) > MAX_BYTES:
        raise Problem("too_large", limit=MAX_BYTES // MEGABYTE)
    if content.startswith(OLE_START) and "EncryptedPackage".encode("utf-16-le") in content:
        raise Problem("password")
    if wrong := [problem for start, problem in STARTS if content.startswith(start)]:
        raise Problem(wrong[0])
    if suffix == ".xlsm":
        raise Problem("macros")
    if not content.startswith(ZIP_START):
        raise Problem("not_xlsx")


def _apart(job: str, orders: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    asked = json.dumps({"job": job, "orders": orders}).encode() + b"\n"
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise Refused(N_("Other workbooks are being read or filled at this moment. Try again in a minute."))
    try:
        said, _, made = run_apart("visits.superior.child", asked + content, WALL_SECONDS).partition(b"\n")
    except Stopped as stopped:
        raise Problem(stopped.key) from stopped
    finally:
        _slots.release()
    about = json.loads(said)
    if "problem" in about:
        raise Problem(about["problem"], **about["params"])
    return about, made
