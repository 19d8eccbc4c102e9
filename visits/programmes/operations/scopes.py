"""Changes to programmes: what they count, their rounds, which enterprises they are about and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import NotFound, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises.models import Measure
from visits.programmes import queries, records, rules
from visits.programmes.models import (
    Period,
    Programme,
    ProgrammeKind,
    Round,
    ScopeListing,
    ScopeVersion,
    Tier,
)
from visits.programmes.rules import Time

MOST_TIERS = 8


@dataclass
class ProgrammeEntry:
    """What is entered about a programme; the last day is part of it."""

    name: str
    kind: ProgrammeKind
    counted_modes: Sequence[str]
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass
class RoundEntry:
    """A round from its first day up to, not including, `until_on`."""

    name: str
    from_on: date
    until_on: date


@dataclass
class TierEntry:
    """One tier: whom it takes, and how many visits in which calendar period."""

    name: str
    visits: int
    period: Period
    tag_id: int | None = None
    measure: Measure | None = None
    at_least: Decimal | None = None


@dataclass
class ScopeEntry:
    """A new version of a programme's rule."""

    from_on: date
    reason: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    tiers: Sequence[TierEntry] = ()


@dataclass
class ListingEntry:
    """Enterprises to be named for a programme, or taken out of it, for a time."""

    enterprise_ids: Sequence[int]
    is_excluded: bool
    from_on: date
    until_on: date | None
    reason: str


def create_programme(actor: Actor, entry: ProgrammeEntry) -> Programme:
    """Set up a programme; its stable code is made from its number."""
    require(actor, Permission.PROGRAMMES_WRITE)
    _require_sound(entry)
    programme = Programme(code=records.free_programme_code(), **_columns(entry))
    db.session.add(programme)
    db.session.flush()
    audit.record(actor, "programme.created", programme, code=programme.code, name=programme.name)
    return programme


def update_programme(
    actor: Actor, programme: Programme, entry: ProgrammeEntry, revision: int | None
) -> None:
    """Change what is said of a programme; which visits count changes for past days too."""
    require(actor, Permission.PROGRAMMES_WRITE)
    programme.require_revision(revision)
    _require_sound(entry, programme)
    before = _reading(programme)
    for name, value in _columns(entry).items():
        setattr(programme, name, value)
    audit.record(actor, "programme.updated", programme, **audit.difference(before, _reading(programme)))


def _columns(entry: ProgrammeEntry) -> dict[str, Any]:
    return asdict(entry) | {"counted_modes": list(entry.counted_modes)}


def _reading(programme: Programme) -> dict[str, object]:
    names = ("name", "kind", "counted_modes", "starts_on", "ends_on")
    return {name: getattr(programme, name) for name in names}


def _require_sound(entry: ProgrammeEntry, programme: Programme | None = None) -> None:
    if not entry.counted_modes:
        raise Refused(N_("Tick at least one manner that counts as a visit."), field="counted_modes")
    if entry.starts_on and entry.ends_on and entry.ends_on < entry.starts_on:
        raise Refused(N_("The programme ends before it begins. Correct the dates."), field="ends_on")
    taken = {name: key for key, _code, name in queries.programmes()}
    if taken.get(entry.name, programme and programme.id) != (programme and programme.id):
        raise Refused(N_("There is a programme of this name already. Choose another name."), field="name")


def save_round(actor: Actor, programme: Programme, entry: RoundEntry, present: Round | None) -> None:
    """Add a round to a programme, or correct one."""
    require(actor, Permission.PROGRAMMES_WRITE)
    if not rules.is_orderly(Time(entry.from_on, entry.until_on)) or entry.from_on >= entry.until_on:
        raise Refused(N_("The round ends before it begins. Correct the dates."), field="last_on")
    saved = present or Round(programme_id=programme.id)
    before = {} if present is None else _days_of(saved)
    saved.name, saved.from_on, saved.until_on = entry.name, entry.from_on, entry.until_on
    db.session.add(saved)
    db.session.flush()
    changes = audit.difference(before, _days_of(saved))
    audit.record(actor, "programme.round_saved", programme, round=saved.id, **changes)


def _days_of(of: Round) -> dict[str, object]:
    return {"name": of.name, "from_on": of.from_on, "until_on": of.until_on}


def set_scope(actor: Actor, programme: Programme, entry: ScopeEntry) -> ScopeVersion:
    """Give a programme a new version of its rule from a day on; the former ones stay as they are."""
    require(actor, Permission.PROGRAMMES_WRITE)
    if not rules.is_orderly(Time(entry.from_on, None)):
        raise Refused(N_("The first day lies before the year 2000. Correct it."), field="from_on")
    if not entry.reason:
        raise Refused(N_("Say why the rule changes."), field="reason")
    version = ScopeVersion(
        programme_id=programme.id,
        from_on=entry.from_on,
        conditions=dict(entry.conditions),
        reason=entry.reason,
        recorded_by_id=actor.person_id,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        Tier(version_id=version.id, position=position, **asdict(tier))
        for position, tier in enumerate(entry.tiers)
    )
    audit.record(
        actor,
        "programme.scope_set",
        programme,
        version=version.id,
        from_on=entry.from_on.isoformat(),
        reason=entry.reason,
        conditions=version.conditions,
        tiers=[f"{t.name}: {t.visits}/{t.period.value}" for t in entry.tiers],
    )
    return version


def list_enterprises(actor: Actor, programme: Programme, entry: ListingEntry) -> int:
    """Name enterprises for a programme, or take them out; returns how many were not so listed already.

    Who was listed the other way round in that time is so up to the day before only.
    """
    require(actor, Permission.PROGRAMMES_WRITE)
    wanted = Time(entry.from_on, entry.until_on)
    if not rules.is_orderly(wanted):
        raise Refused(N_("The last day lies before the first. Correct the dates."), field="last_on")
    records.lock_programme(programme.id)
    present = records.current_listings(programme.id, entry.enterprise_ids)
    listed = {row.enterprise_id for row in present if _is_same(row, entry, wanted)}
    for row in present:
        if row.is_excluded != entry.is_excluded and rules.overlap(wanted, Time(row.from_on, row.until_on)):
            _shorten(actor, row, max(row.from_on, entry.from_on))
    added = [firm for firm in dict.fromkeys(entry.enterprise_ids) if firm not in listed]
    for firm in added:
        db.session.add(
            ScopeListing(
                programme_id=programme.id,
                enterprise_id=firm,
                is_excluded=entry.is_excluded,
                reason=entry.reason,
                recorded_by_id=actor.person_id,
                **wanted._asdict(),
            )
        )
    if entry.is_excluded:
        audit.record(actor, "programme.taken_out", programme, enterprises=added, reason=entry.reason)
    else:
        audit.record(actor, "programme.listed", programme, enterprises=added, reason=entry.reason)
    return len(added)


def _is_same(row: ScopeListing, entry: ListingEntry, wanted: Time) -> bool:
    """Whether a listing says already what is wanted, for all of the time."""
    lasts = row.until_on is None or (wanted.until_on is not None and wanted.until_on <= row.until_on)
    return row.is_excluded == entry.is_excluded and row.from_on <= wanted.from_on and lasts


def _shorten(actor: Actor, row: ScopeListing, until_on: date) -> None:
    """Let a listing end; the row as it was stays, superseded, for what was known before."""
    moment = now()
    db.session.add(
        ScopeListing(
            programme_id=row.programme_id,
            enterprise_id=row.enterprise_id,
            is_excluded=row.is_excluded,
            from_on=row.from_on,
            until_on=until_on,
            reason=row.reason,
            recorded_by_id=actor.person_id,
            recorded_at=moment,
        )
    )
    row.superseded_at = moment


def end_listing(actor: Actor, programme: Programme, row: ScopeListing, until_on: date) -> None:
    """End a listing; `until_on` is the first day on which it no longer holds."""
    require(actor, Permission.PROGRAMMES_WRITE)
    records.lock_programme(programme.id)
    if row.superseded_at is not None:
        raise NotFound()
    if until_on < row.from_on or (row.until_on is not None and until_on > row.until_on):
        raise Refused(N_("The last day lies outside the time that is to be ended."), field="last_on")
    _shorten(actor, row, until_on)
    audit.record(
        actor,
        "programme.listing_ended",
        programme,
        enterprise=row.enterprise_id,
        until_on=until_on.isoformat(),
    )
