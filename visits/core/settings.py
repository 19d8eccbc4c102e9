"""What the office itself may set: named values with defaults in code."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, db

DEFAULTS: dict[str, Any] = {
    "zone_name": "",
    "demo": False,
    "calendar_edition": None,  # changes whenever the calendar does
    "count_from": None,  # first day of "to date", ISO; None is the first record
}


class Setting(Model):
    """One value the office has set."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON())


def get_setting(key: str) -> Any:
    """The value of a setting, or its default; all are read together, once per session."""
    known = db.session.info.get("settings")
    if known is None:
        known = {row.key: row.value for row in db.session.execute(sa.select(Setting.key, Setting.value))}
        db.session.info["settings"] = known
    return known.get(key, DEFAULTS[key])


def set_setting(key: str, value: Any) -> None:
    """Store the value of a known setting in the running transaction."""
    if key not in DEFAULTS:
        raise KeyError(key)
    db.session.info.pop("settings", None)
    db.session.merge(Setting(key=key, value=value))
