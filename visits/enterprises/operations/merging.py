"""Two records of one enterprise made one, and parted again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import NotFound, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import matching, queries, rules
from visits.enterprises.models import DistinctPair, Enterprise, FormerName, Merge, StatusChange
from visits.enterprises.operations.entries import CHOOSABLE, FOLLOWERS
from visits.enterprises.operations.moving import (
    Ledger,
    add_row,
    change_row,
    move_rows,
    owning_columns,
    pack,
    put_back,
    rows_of,
)
from visits.enterprises.operations.registering import derived

CODE_GONE = "信用代码已归并入的企业"


@dataclass
class MergeEntry:
    """Which record goes into which, why, and what survives.

    `from_loser` names the fields of which the loser's value survives; `loser_links_hold` says whose links
    stand where both had somebody to answer for them at the same time.
    """

    loser_id: int
    winner_id: int
    reason: str
    from_loser: frozenset[str] = field(default_factory=frozenset)
    loser_links_hold: bool = False
    loser_revision: int | None = None
    winner_revision: int | None = None


def _locked(ids: Iterable[int]) -> dict[int, Enterprise]:
    found = {i: queries.lock_enterprise(i) for i in sorted(ids)}
    return {i: enterprise for i, enterprise in found.items() if enterprise is not None}


def merge_enterprises(actor: Actor, entry: MergeEntry) -> Merge:
    """Make two records one: all that belongs to the loser moves, the loser stays as a tombstone."""
    require(actor, Permission.ENTERPRISES_MERGE)
    lock_name("register")
    loser, winner = _the_two(entry)
    loser.require_revision(entry.loser_revision)
    winner.require_revision(entry.winner_revision)
    merge = Merge(loser_id=loser.id, winner_id=winner.id, reason=entry.reason, merged_by_id=actor.person_id)
    holder = loser.id if entry.loser_links_hold else winner.id
    ledger = Ledger()
    for column in owning_columns():
        _join(ledger, move_rows(column, loser.id, winner.id, holder))
    _remember_names(winner, loser, entry.from_loser, ledger)
    _settle_fields(winner, loser, entry.from_loser, ledger)
    merge.moved, merge.kept = ledger.moved, asdict(ledger)
    db.session.add(merge)
    counts = {path.partition(".")[0]: len(ids) for path, ids in ledger.moved.items() if ids}
    audit.record(actor, "enterprise.merged", loser, into=winner.id, reason=entry.reason, moved=counts)
    audit.record(actor, "enterprise.took_in", winner, taken=loser.id, name=loser.name, reason=entry.reason)
    return merge


def _the_two(entry: MergeEntry) -> tuple[Enterprise, Enterprise]:
    if entry.loser_id == entry.winner_id:
        raise Refused(N_("A record cannot be merged into itself. Choose another."), field="winner")
    found = _locked({entry.loser_id, entry.winner_id})
    if len(found) < 2:
        raise NotFound()
    for enterprise in found.values():
        db.session.refresh(enterprise)
        if enterprise.merged_into_id is not None:
            raise WrongState(
                N_("%(name)s was merged into another record already. Open that one."), name=enterprise.name
            )
    return found[entry.loser_id], found[entry.winner_id]


def _join(whole: Ledger, part: Ledger) -> None:
    whole.moved |= part.moved
    whole.left |= part.left
    whole.changed += part.changed
    whole.deleted += part.deleted
    whole.added += part.added


def _remember_names(winner: Enterprise, loser: Enterprise, chosen: frozenset[str], ledger: Ledger) -> None:
    """Keep the name that goes as a former name of the survivor, so that it is still found."""
    going, staying = (winner.name, loser.name) if "name" in chosen else (loser.name, winner.name)
    column: Any = FormerName.__table__.c.enterprise_id
    known = {row["name"] for row in rows_of(column, winner.id)}
    if rules.fold_name(going) != rules.fold_name(staying) and going not in known:
        add_row(column.table, {"enterprise_id": winner.id, "name": going, "until_on": None}, ledger)


def _settle_fields(winner: Enterprise, loser: Enterprise, chosen: frozenset[str], ledger: Ledger) -> None:
    columns = [c for name in CHOOSABLE if name in chosen for c in FOLLOWERS.get(name, (name,))]
    values = {name: getattr(loser, name) for name in columns}
    gone: dict[str, Any] = {"merged_into_id": winner.id}
    if "code" in chosen:
        gone |= {"code": winner.code, "is_provisional": winner.code is None}
        gone["provisional_reason"] = "" if winner.code else CODE_GONE
        _change(loser, {"code": None, "is_provisional": True, "provisional_reason": CODE_GONE}, ledger)
    if "status" in chosen:
        table: Any = StatusChange.__table__
        since = {"from_on": loser.status_on or today(), "recorded_at": now()}
        add_row(table, {"enterprise_id": winner.id, "status": loser.status, **since}, ledger)
    short = values.get("short_name", winner.short_name)
    code = values.get("code", winner.code)
    formerly = [*queries.also_known_as(winner.id), *filter(None, [gone.get("code", loser.code)])]
    values |= derived(values.get("name", winner.name), short, formerly, code)
    _change(winner, values, ledger)
    _change(loser, gone, ledger)


def _change(enterprise: Enterprise, values: dict[str, Any], ledger: Ledger) -> None:
    """Change a record's columns, its revision with them, and note what they were."""
    table: Any = Enterprise.__table__
    now_is = {name: getattr(enterprise, name) for name in values}
    changed = {name: value for name, value in values.items() if pack(value) != pack(now_is[name])}
    if changed:
        change_row(table, {"id": enterprise.id, **now_is}, changed, ledger)
        _raise_revision(enterprise)


def _raise_revision(enterprise: Enterprise) -> None:
    table: Any = Enterprise.__table__
    db.session.execute(
        table.update().where(table.c.id == enterprise.id).values(revision=table.c.revision + 1)
    )
    db.session.refresh(enterprise)


def undo_merge(actor: Actor, merge: Merge, reason: str) -> Mapping[str, int]:
    """Part two records again; return how many rows of each table were changed since and stay as they are.

    What was written after the merge stays with the survivor.
    """
    require(actor, Permission.ENTERPRISES_MERGE)
    lock_name("register")
    found = _locked({merge.loser_id, merge.winner_id})
    db.session.refresh(merge)
    if merge.undone_at is not None:
        raise WrongState(N_("This merge has been undone already."))
    loser, winner = found[merge.loser_id], found[merge.winner_id]
    db.session.refresh(winner)
    if winner.merged_into_id is not None:
        raise WrongState(
            N_("%(name)s was itself merged into another record later. Undo that merge first."),
            name=winner.name,
        )
    lost = put_back(Ledger(**merge.kept), loser.id, winner.id)
    for enterprise in (loser, winner):
        _raise_revision(enterprise)
        formerly = queries.also_known_as(enterprise.id)
        names = derived(enterprise.name, enterprise.short_name, formerly, enterprise.code)
        for key, value in names.items():
            setattr(enterprise, key, value)
    merge.undone_at, merge.undone_by_id, merge.undo_reason = now(), actor.person_id, reason
    for subject, other in ((loser, winner), (winner, loser)):
        audit.record(actor, "enterprise.parted", subject, other=other.id, reason=reason, lost=lost)
    return lost


def note_distinct(actor: Actor, one: Enterprise, other: Enterprise, reason: str) -> None:
    """Remember that two records are two enterprises, so that nobody is asked again."""
    require(actor, Permission.ENTERPRISES_MERGE)
    if one.id == other.id:
        raise Refused(N_("These are one and the same record."))
    lock_name("register")
    if matching.distinct_pair(one.id, other.id) is None:
        first, second = sorted((one.id, other.id))
        pair = DistinctPair(first_id=first, second_id=second, reason=reason, decided_by_id=actor.person_id)
        db.session.add(pair)
        audit.record(actor, "enterprise.told_apart", one, other=other.id, reason=reason)
