"""What a person does with the own inbox: reading, and choosing what to be told."""

from collections.abc import Collection

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db
from visits.inbox import queries
from visits.inbox.models import ALWAYS, Notice, NoticeKind, NoticeSwitch


def mark_read(actor: Actor, notice_id: int) -> Notice:
    """Note that a person has read one of the own notices; raise NotFound for any other."""
    notice = queries.get_notice(actor, notice_id)
    if notice.read_at is None:
        notice.read_at = now()
    return notice


def mark_all_read(actor: Actor, last_id: int) -> int:
    """Note that a person has read all notices up to the last one seen; says how many that were."""
    stmt = (
        sa.update(Notice)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None), Notice.id <= last_id)
        .values(read_at=now())
        .returning(Notice.id)
    )
    return len(db.session.scalars(stmt).all())


def choose_kinds(actor: Actor, wanted: Collection[NoticeKind]) -> None:
    """Let a person be told of these kinds only, and of those that nobody can switch off."""
    off = set(NoticeKind) - set(wanted) - ALWAYS
    before = queries.switched_off(actor.person_id)
    if on_again := before - off:
        own = (NoticeSwitch.person_id == actor.person_id, NoticeSwitch.kind.in_(on_again))
        db.session.execute(sa.delete(NoticeSwitch).where(*own))
    for kind in sorted(off - before):
        db.session.add(NoticeSwitch(person_id=actor.person_id, kind=kind))
