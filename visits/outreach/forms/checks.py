"""The part of the visit form that asks how it stands with earlier promises and problems."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from visits.core.authz import Actor
from visits.core.forms import QueryForm, clean
from visits.issues.field import Heard
from visits.issues.models import Finding
from visits.outreach import queries
from visits.outreach.entries import CheckEntry
from visits.outreach.models import VisitCheck
from visits.outreach.operations.checking import NOT_LISTED
from visits.outreach.queries import Subject, key_of

NAME = re.compile(r"checks-([0-9]{1,3})-(about|finding|note)", re.ASCII)
ABOUT = re.compile(r"(promise|problem)-([1-9][0-9]{0,8})", re.ASCII)
LONGEST_NOTE = 200
SHOWN = 8  # so many stand open; what there is besides unfolds


@dataclass(frozen=True)
class Typed:
    """One answer as it was sent; what was not answered carries no finding."""

    about: str
    finding: str = ""
    note: str = ""

    @property
    def says_something(self) -> bool:
        """Something was chosen or typed."""
        return bool(self.finding or self.note)


@dataclass(frozen=True)
class AskedRow:
    """One promise or problem on the form, with what was answered so far."""

    number: int
    subject: Subject
    typed: Typed
    heard: Heard | None = None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers offered, as (value, words)."""
        return [(finding.value, self.subject.words(finding)) for finding in self.subject.findings]


class ChecksField(Field):
    """Answers by promise or problem; asks about what `offer` names and takes nothing else."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: list[Typed] = []
        self.subjects: dict[str, Subject] = {}
        self.heard: dict[str, Heard] = {}

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the answers sent, else those stored."""
        self.process_errors: list[str] = []
        self.data = None if data is unset_value else data
        self.typed = _sent(formdata) if formdata else [_stored(row) for row in self.data or ()]

    def offer(self, actor: Actor, enterprise_ids: Sequence[int], visit_id: int | None = None) -> None:
        """Ask these enterprises; of a visit that is corrected also about what it has an answer to."""
        subjects = queries.subjects_at(actor, enterprise_ids, visit_id)
        self.subjects = {subject.key: subject for subject in subjects}
        self.heard = queries.latest_heard(enterprise_ids, visit_id) if subjects else {}

    @property
    def rows(self) -> list[AskedRow]:
        """What is asked, in its order."""
        said = {typed.about: typed for typed in self.typed}
        return [
            AskedRow(number, subject, said.get(key, Typed(key)), self.heard.get(key))
            for number, (key, subject) in enumerate(self.subjects.items())
        ]

    @property
    def open_rows(self) -> list[AskedRow]:
        """The rows that stand open: the first, and whatever was answered."""
        return [row for row in self.rows if row.number < SHOWN or row.typed.says_something]

    @property
    def folded_rows(self) -> list[AskedRow]:
        """The rows that unfold on request."""
        shown = {row.number for row in self.open_rows}
        return [row for row in self.rows if row.number not in shown]

    @property
    def firms(self) -> int:
        """How many enterprises are asked."""
        return len({subject.enterprise_id for subject in self.subjects.values()})

    def pre_validate(self, form: Any) -> None:
        """Take only answers that were offered, one to each."""
        said = [typed for typed in self.typed if typed.says_something]
        if len({typed.about for typed in said}) < len(said):
            raise ValidationError(gettext("A promise or problem has two answers. Choose one."))
        for typed in said:
            if fault := self._fault_of(typed):
                raise ValidationError(fault)

    def _fault_of(self, typed: Typed) -> str:
        subject = self.subjects.get(typed.about)
        if subject is None:
            return gettext(NOT_LISTED)
        if not typed.finding:
            return gettext(
                "Choose how it stands with “%(text)s”, or take the note away.", text=subject.text
            )
        if typed.finding not in subject.findings:
            return gettext("Choose one of the answers offered.")
        return (
            gettext("At most %(max)d characters.", max=LONGEST_NOTE)
            if len(typed.note) > LONGEST_NOTE
            else ""
        )

    def entries(self) -> list[CheckEntry]:
        """The answers given, once they are found right."""
        return [
            CheckEntry(Finding(typed.finding), **_ids_of(typed.about), note=typed.note)
            for typed in self.typed
            if typed.finding
        ]


def _ids_of(about: str) -> dict[str, int]:
    match = ABOUT.fullmatch(about)
    kind, number = match.groups() if match else ("", "0")
    return {"promise_id" if kind == "promise" else "issue_id": int(number)}


def _sent(formdata: Any) -> list[Typed]:
    found: dict[int, dict[str, str]] = {}
    for name in formdata:
        if match := NAME.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = clean(formdata.get(name))
    return [Typed(**{"about": "", **found[number]}) for number in sorted(found)]


def _stored(row: VisitCheck) -> Typed:
    return Typed(key_of(row.promise_id, row.issue_id), row.finding.value, row.note)


class AskingForm(QueryForm):
    """The list of what is asked, alone: for a script that fetches it when enterprises are chosen."""

    checks = ChecksField()
