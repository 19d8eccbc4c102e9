"""Visits not finished yet: kept as they are typed, for their author alone, and gone once recorded."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.erasing import Spent
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import queries as enterprises
from visits.outreach import queries, typed
from visits.outreach.models import VisitDraft

MOST_CHARACTERS = 200_000
MOST_FIELDS = 2_000
MOST_DRAFTS = 50
EMPTY_KEPT = timedelta(days=30)


def save_draft(
    actor: Actor, client_id: str, given: Iterable[tuple[str, str]], revision: int | None
) -> VisitDraft | None:
    """Keep what was typed into a visit form so far; None where that is nothing.

    Writes no audit row: it is nobody's record yet. `revision` is that of the draft the form goes on from,
    None where it has not been kept before; raise WrongState when another window went on from it too.
    """
    require(actor, Permission.OUTREACH_RECORD)
    fields = [(name, value) for name, value in given if value and typed.is_kept(name)]
    if len(fields) > MOST_FIELDS or sum(len(value) for _, value in fields) > MOST_CHARACTERS:
        raise Refused(
            N_("A draft holds up to %(most)d characters. Shorten the texts, or save the visit."),
            most=MOST_CHARACTERS,
        )
    if not typed.is_client_id(client_id):
        raise Refused(N_("This form cannot be kept as a draft. Open an empty one and enter it again."))
    _lock(actor, client_id)
    if queries.get_by_client_id(client_id) is not None:
        raise WrongState(N_("This visit is recorded already; nothing is kept as a draft any more."))
    draft = queries.draft_of_form(actor, client_id)
    if draft is None:
        return _add(actor, client_id, fields) if typed.says_something(fields) else None
    if draft.revision != revision:
        raise WrongState(
            N_("This draft was changed in another window. What stands here is not kept as a draft.")
        )
    _fill(draft, fields)
    db.session.flush()
    return draft


def _lock(actor: Actor, client_id: str) -> None:
    """Let keeping a draft and recording its visit follow one another."""
    lock_name(f"draft {actor.person_id} {client_id}")


def _add(actor: Actor, client_id: str, fields: list[tuple[str, str]]) -> VisitDraft:
    if queries.count_drafts(actor) >= MOST_DRAFTS:
        raise Refused(
            N_("You have %(most)d unfinished visits. Finish or discard one of them first."),
            most=MOST_DRAFTS,
        )
    draft = VisitDraft(client_id=client_id, author_id=actor.person_id)
    _fill(draft, fields)
    db.session.add(draft)
    db.session.flush()
    return draft


def _fill(draft: VisitDraft, fields: list[tuple[str, str]]) -> None:
    ids = typed.firms_in(fields)
    names = enterprises.names_of(ids)
    firms = [names[key] for key in ids if key in names] or typed.values_in(
        fields, "enterprises", "new_name"
    )
    draft.title = "、".join(firms)[:200]
    draft.visited_on = typed.day_in(fields)
    draft.excerpt = typed.first_words(fields)
    draft.fields = [[name, value] for name, value in fields]
    draft.saved_at = now()


def discard_draft(actor: Actor, draft: VisitDraft) -> None:
    """Throw one's own draft away."""
    require(actor, Permission.OUTREACH_RECORD)
    db.session.delete(draft)


def empty_drafts() -> Spent:
    """Drafts of long ago in which nothing stands any more: all that was typed was taken out again."""
    is_old = VisitDraft.saved_at < now() - EMPTY_KEPT
    looks_empty = (VisitDraft.title == "", VisitDraft.excerpt == "")
    rows = db.session.execute(sa.select(VisitDraft.id, VisitDraft.fields).where(is_old, *looks_empty))
    ids = [row.id for row in rows if not typed.says_something([(f[0], f[1]) for f in row.fields])]
    return Spent(N_("unfinished visits without a word"), VisitDraft, (is_old, VisitDraft.id.in_(ids)))


def finish_draft(actor: Actor, client_id: str) -> None:
    """Take a draft away with the recording of its visit."""
    _lock(actor, client_id)
    db.session.execute(
        sa.delete(VisitDraft).where(
            VisitDraft.author_id == actor.person_id, VisitDraft.client_id == client_id
        )
    )
