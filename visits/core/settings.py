"""What the office itself may set: named values with defaults in code."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, db
from visits.core.i18n import N_


class Kind(StrEnum):
    """What may be entered for a setting; an inner one is the program's own and no page shows it."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    SWITCH = "switch"
    INNER = "inner"


@dataclass(frozen=True)
class Known:
    """A setting that exists: its default, and what may be entered; `least` and `most` bound it."""

    default: Any
    kind: Kind = Kind.INNER
    label: str = ""
    hint: str = ""
    least: int = 0
    most: int = 0
    required: bool = False


def _weight(label: str) -> Known:
    return Known(
        0,
        Kind.NUMBER,
        label,
        N_("If all weights are 0, reports show no score, and units are ranked by the on-time rate."),
        most=100,
        required=True,
    )


KNOWN: dict[str, Known] = {
    "zone_name": Known(
        "",
        Kind.TEXT,
        N_("Name of the zone"),
        N_("Stands above the menu and on printed sheets."),
        most=40,
        required=True,
    ),
    "office_phone": Known(
        "",
        Kind.TEXT,
        N_("Phone of the office"),
        N_("Stands on receipts and on the page by which an enterprise follows its problem."),
        most=40,
    ),
    "count_from": Known(  # ISO; None is the first record
        None,
        Kind.DAY,
        N_("Figures to date count from"),
        N_("Empty: from the first record on."),
    ),
    "demo": Known(False),
    "calendar_edition": Known(None),  # changes whenever the calendar does
    "attachments_quota_mb": Known(
        20_480,
        Kind.NUMBER,
        N_("Room for attachments in MB"),
        N_("When it is used up, no more files are taken."),
        least=100,
        most=10_000_000,
        required=True,
    ),
    "officer_enterprises": Known(
        20,
        Kind.NUMBER,
        N_("Enterprises one service officer can look after"),
        N_("A group with more enterprises per service officer is marked in the list of groups."),
        least=1,
        most=1000,
        required=True,
    ),
    "topic_firms": Known(
        3,
        Kind.NUMBER,
        N_("Enterprises that make a common problem"),
        N_("From so many enterprises with problems of one category on, a topic is suggested."),
        least=2,
        most=100,
        required=True,
    ),
    "topic_days": Known(
        30,
        Kind.NUMBER,
        N_("Days over which common problems are counted"),
        N_("How far the suggestions of topics look back, in calendar days."),
        least=7,
        most=366,
        required=True,
    ),
    "visit_cap": Known(
        2,
        Kind.NUMBER,
        N_("Visits an enterprise should have at most"),
        N_("Counted over all programmes; a further one within those days asks for a reason."),
        least=1,
        most=31,
        required=True,
    ),
    "visit_cap_days": Known(
        30,
        Kind.NUMBER,
        N_("Days over which visits to an enterprise are counted"),
        N_("Visits at the enterprise's invitation, phone calls and online meetings do not count."),
        least=7,
        most=366,
        required=True,
    ),
    "rank_units": Known(
        True,
        Kind.SWITCH,
        N_("Monthly reports rank the units"),
        N_("How new reports begin; each draft can still be set otherwise. Persons are never ranked."),
    ),
    "weight_response": _weight(N_("Weight of the response rate in the score of units")),
    "weight_on_time": _weight(N_("Weight of the on-time rate in the score of units")),
    "weight_solved": _weight(N_("Weight of the solution rate (verified) in the score of units")),
    "weight_satisfied": _weight(N_("Weight of the satisfaction rate in the score of units")),
}


class Setting(Model):
    """One value the office has set, when and by whom."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON())
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


def get_setting(key: str) -> Any:
    """The value of a setting, or its default; all are read together, once per session."""
    known = db.session.info.get("settings")
    if known is None:
        known = {row.key: row.value for row in db.session.execute(sa.select(Setting.key, Setting.value))}
        db.session.info["settings"] = known
    return known.get(key, KNOWN[key].default)


def setting_revision(key: str) -> int:
    """A number that is another one after each change of a setting; zero as long as nobody has set it."""
    changed_at = db.session.scalar(sa.select(Setting.changed_at).where(Setting.key == key))
    return int(changed_at.timestamp() * 1_000_000) if changed_at else 0


def set_setting(key: str, value: Any, person_id: int | None = None) -> None:
    """Store the value of a known setting in the running transaction."""
    if key not in KNOWN:
        raise KeyError(key)
    db.session.info.pop("settings", None)
    db.session.merge(Setting(key=key, value=value, changed_at=now(), changed_by_id=person_id))
