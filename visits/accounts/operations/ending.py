"""What ends with an account or a password: sessions and one-time links."""

from typing import Any

import sqlalchemy as sa

from visits.accounts import rules
from visits.accounts.models import PasswordLink, SignIn
from visits.core.clock import now
from visits.core.db import db


def end_sign_ins(person_id: int, but: str | None = None) -> None:
    """End a person's sessions, all or all but the one with this token."""
    stmt = sa.update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but:
        stmt = stmt.where(SignIn.token_hash != rules.token_hash(but))
    db.session.execute(stmt.values(ended_at=now()))


def end_links(person_id: int, link_id: int | None = None) -> bool:
    """End a person's open links, or the one; say whether there was any: of two at once, one is told yes."""
    stmt = sa.update(PasswordLink).where(
        PasswordLink.person_id == person_id,
        PasswordLink.ended_at.is_(None),
        PasswordLink.expires_at > now(),
    )
    if link_id is not None:
        stmt = stmt.where(PasswordLink.id == link_id)
    ended: Any = db.session.execute(stmt.values(ended_at=now()))
    return bool(ended.rowcount)
