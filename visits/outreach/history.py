"""What a visit said and says: its content in one piece, as text, and what changed between two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Person
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.together import Few, read_together
from visits.issues.models import FINDING_LABELS, Finding
from visits.outreach import queries
from visits.outreach.models import Visit, VisitVersion
from visits.programmes.models import Group

Content = dict[str, Any]

FIELD_LABELS = {
    "firms": N_("Enterprises"),
    "visited_on": N_("Visited on"),
    "mode": N_("Mode"),
    "kind": N_("Kind of visit"),
    "programmes": N_("Programmes"),
    "no_issues": N_("None heard"),
    "people": N_("Participants"),
    "summary": N_("Note of the visit"),
    "promises": N_("Promises"),
    "checks": N_("Said of earlier promises and problems"),
    "time": N_("Time"),
    "place": N_("Place"),
    "group": N_("Group"),
}


@dataclass(frozen=True)
class Change:
    """One field that an amendment changed, as text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Amended:
    """One amendment: who, when, why, and what it changed."""

    who: str
    at: datetime
    reason: str
    changes: tuple[Change, ...]


def content_of(visit: Visit) -> Content:
    """All that a visit says now, with names, ready to be stored as JSON."""
    group = db.session.get(Group, visit.group_id) if visit.group_id else None
    return {
        "visited_on": visit.visited_on.isoformat(),
        "start_time": visit.start_time.strftime("%H:%M") if visit.start_time else "",
        "end_time": visit.end_time.strftime("%H:%M") if visit.end_time else "",
        "mode": visit.mode.value,
        "kind": visit.kind.value,
        "place": visit.place,
        "summary": visit.summary,
        "group": {"id": group.id, "name": group.name} if group else None,
        "firms": [
            {
                "id": firm.enterprise_id,
                "name": firm.name,
                "has_no_issues": firm.has_no_issues,
                "programmes": list(firm.programmes),
            }
            for firm in queries.firms_of_visits([visit.id]).get(visit.id, [])
        ],
        "people": [
            {"id": row.person_id, "name": row.name, "unit": row.unit_name}
            for row in queries.attendances_of(visit.id)
        ],
        "promises": [
            {
                "firm": row.enterprise,
                "text": row.text,
                "owner": row.owner,
                "due_on": row.due_on.isoformat() if row.due_on else "",
            }
            for row in queries.promises_of(visit.id)
        ],
        "checks": _checks_of(visit),
    }


def _checks_of(visit: Visit) -> list[dict[str, Any]]:
    """The answers of a visit; of a confidential problem not even the number, for others read this."""
    rows = queries.checks_of(visit.id)
    numbers = queries.numbers_of(row.issue_id for row in rows if row.issue_id)
    promised = queries.texts_of_promises(row.promise_id for row in rows if row.promise_id)
    return [
        {
            "promise_id": row.promise_id,
            "issue_id": row.issue_id,
            "about": promised.get(row.promise_id or 0) or numbers.get(row.issue_id or 0, "…"),
            "finding": row.finding.value,
            "note": row.note,
        }
        for row in rows
    ]


def ids_of(visit: Visit) -> dict[str, Any]:
    """What a visit refers to, under the names of the form's fields."""
    pairs = queries.pairs_of(visit.id)
    people = queries.attendances_of(visit.id)
    return {
        "enterprise_ids": sorted(pair.enterprise_id for pair, _ in pairs),
        "programme_ids": sorted({key for _, programme_ids in pairs for key in programme_ids}),
        "participant_ids": [row.person_id for row in people if row.person_id],
        "group_id": visit.group_id,
    }


def texts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The content by field, each as one text; mode and kind stay codes."""
    plain = ("visited_on", "mode", "kind", "place", "summary")
    firms = content["firms"]
    several = len({tuple(firm["programmes"]) for firm in firms}) > 1
    return {name: content[name] for name in plain} | {
        "time": "–".join(filter(None, (content["start_time"], content["end_time"]))),
        "group": (content["group"] or {}).get("name", ""),
        "firms": "、".join(sorted(firm["name"] for firm in firms)),
        "no_issues": "、".join(sorted(firm["name"] for firm in firms if firm["has_no_issues"])),
        "programmes": _programmes(firms if several else firms[:1], several),
        "people": "、".join(map(_person, content["people"])),
        "promises": "\n".join(sorted(map(_promise, content["promises"]))),
        "checks": "\n".join(sorted(map(_check, content["checks"]))),
    }


def _programmes(firms: list[Any], several: bool) -> str:
    lines = [(f"{firm['name']}：" if several else "") + "、".join(firm["programmes"]) for firm in firms]
    return "\n".join(sorted(lines))


def _person(person: Mapping[str, Any]) -> str:
    return f"{person['name']}（{person['unit']}）" if person["unit"] else str(person["name"])


def _promise(promise: Mapping[str, Any]) -> str:
    parts = (promise["firm"], promise["text"], promise["owner"], promise["due_on"])
    return " · ".join(filter(None, parts))


def _check(check: Mapping[str, Any]) -> str:
    return f"{check['finding']} {' · '.join(filter(None, (check['about'], check['note'])))}"


def _shown_check(line: str) -> str:
    """A line of `_check` in words."""
    finding, about = line.split(" ", 1)
    return f"{gettext(FINDING_LABELS[Finding(finding)])} · {about}"


def _versions_of(visit_id: int) -> Few:
    """What was changed of a visit, newest first."""
    columns = (VisitVersion.made_at, VisitVersion.reason, VisitVersion.changes)
    stmt = (
        sa.select(*columns, Person.name.label("who"))
        .outerjoin(Person, Person.id == VisitVersion.made_by_id)
        .where(VisitVersion.visit_id == visit_id)
    )
    return Few(stmt, (VisitVersion.seq.desc(),))


def _amended(row: Any) -> Amended:
    return Amended(row.who or "–", row.made_at, row.reason, _changes(row.changes))


@dataclass(frozen=True)
class Beside:
    """What a visit's page lists beside its content."""

    firms: Sequence[queries.MetFirm]
    attendances: Sequence[Any]
    promises: Sequence[Any]
    plans: Sequence[Any]
    amendments: Sequence[Amended]


def beside(row: Any) -> Beside:
    """Read what there is of it, in one statement; `row` is one of `queries.get_visible`."""
    visit_id = row.Visit.id
    lists = {"firms": queries.met_on([visit_id]), "attendances": queries.participants_of(visit_id)}
    if row.has_promises:
        lists["promises"] = queries.made_on(visit_id)
    if row.was_planned:
        lists["plans"] = queries.days_planned_of(visit_id)
    if row.has_versions:
        lists["versions"] = _versions_of(visit_id)
    found = read_together(lists)
    return Beside(
        firms=queries.firms_in(found["firms"]).get(visit_id, []),
        attendances=found["attendances"],
        promises=found.get("promises", ()),
        plans=found.get("plans", ()),
        amendments=[_amended(version) for version in found.get("versions", ())],
    )


def _changes(changes: Mapping[str, list[str]]) -> tuple[Change, ...]:
    return tuple(
        Change(name, *(shown_text(name, text) for text in changes[name]))
        for name in FIELD_LABELS
        if name in changes
    )


def shown_text(name: str, text: str) -> str:
    """One of `texts_of` as people read it: what was answered at a visit is kept by its code."""
    return "\n".join(map(_shown_check, text.split("\n"))) if name == "checks" and text else text
