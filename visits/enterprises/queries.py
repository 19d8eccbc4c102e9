"""Every reading of the register."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound, WrongState
from visits.core.i18n import N_
from visits.enterprises import rules
from visits.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseStatus,
    FormerName,
    Tag,
    TagGrant,
    Upload,
)

MERGED = N_("This record was merged into %(name)s. Open that one.")


def matching(q: str) -> sa.ColumnElement[bool]:
    """Living records whose names, pinyin initials or code contain every blank-separated part of `q`."""
    return sa.and_(
        is_living(), *(Enterprise.search_text.contains(t, autoescape=True) for t in rules.search_terms(q))
    )


def is_living() -> sa.ColumnElement[bool]:
    """Records that are enterprises, not tombstones of such as were merged into another."""
    return Enterprise.merged_into_id.is_(None)


def is_granted(day: date) -> sa.ColumnElement[bool]:
    """Tags that hold on a day: granted by then, neither expired nor taken off."""
    return sa.and_(
        TagGrant.removed_at.is_(None),
        sa.or_(TagGrant.granted_on.is_(None), TagGrant.granted_on <= day),
        sa.or_(TagGrant.expires_on.is_(None), TagGrant.expires_on >= day),
    )


def _granted(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(TagGrant)
        .join(Tag, Tag.id == TagGrant.tag_id)
        .where(is_granted(today()))
    )


def get_enterprise(enterprise_id: int) -> Enterprise | None:
    """One enterprise."""
    return db.session.get(Enterprise, enterprise_id)


def name_of(enterprise_id: int) -> str:
    """The name of an enterprise."""
    return db.session.scalar(sa.select(Enterprise.name).where(Enterprise.id == enterprise_id)) or "–"


def get_living(enterprise_id: int) -> Enterprise:
    """One enterprise; raises NotFound, or WrongState with the name of the one it was merged into."""
    if (enterprise := get_enterprise(enterprise_id)) is None:
        raise NotFound()
    if enterprise.merged_into_id is not None:
        raise WrongState(MERGED, name=name_of(enterprise.merged_into_id))
    return enterprise


def get_by_code(code: str) -> Enterprise | None:
    """The enterprise of a credit code."""
    return db.session.scalar(sa.select(Enterprise).where(Enterprise.code == rules.normalise_code(code)))


def lock_enterprise(enterprise_id: int) -> Enterprise | None:
    """One enterprise, locked until the transaction ends."""
    return db.session.get(Enterprise, enterprise_id, with_for_update=True)


def whole_tags() -> dict[str, str]:
    """The names of the tags that short ones mean, of those in use; a tag of the short name is itself."""
    rows = db.session.execute(sa.select(Tag.code, Tag.name).where(Tag.closed_on.is_(None))).all()
    taken, by_code = {row.name for row in rows}, {row.code: row.name for row in rows}
    return {
        short: by_code[code]
        for short, code in rules.SHORT_TAGS.items()
        if code in by_code and short not in taken
    }


def lock_enterprises(enterprise_ids: Sequence[int]) -> dict[int, str]:
    """The names of these enterprises, each locked until the transaction ends."""
    stmt = sa.select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(enterprise_ids))
    return {row.id: row.name for row in db.session.execute(stmt.order_by(Enterprise.id).with_for_update())}


def holder_of(code: str) -> Enterprise | None:
    """The enterprise a code belongs to; of a merged record, the one it went into."""
    found = get_by_code(code)
    return found if found is None or found.merged_into_id is None else get_enterprise(found.merged_into_id)


def merged_codes(enterprise_id: int) -> list[str]:
    """The codes of the records merged into this one, by which it is still found."""
    stmt = sa.select(Enterprise.code).where(Enterprise.merged_into_id == enterprise_id)
    return [code for code in db.session.scalars(stmt.order_by(Enterprise.id)) if code]


def all_names_besides(enterprise_ids: Iterable[int]) -> dict[int, list[str]]:
    """What these enterprises were called before, and the codes of records merged into them."""
    ids = list(enterprise_ids)
    former = sa.select(FormerName.enterprise_id, FormerName.name).where(FormerName.enterprise_id.in_(ids))
    merged = sa.select(Enterprise.merged_into_id, Enterprise.code).where(
        Enterprise.merged_into_id.in_(ids), Enterprise.code.is_not(None)
    )
    found: dict[int, list[str]] = {}
    for enterprise_id, name in db.session.execute(former.union_all(merged)):
        found.setdefault(enterprise_id, []).append(name)
    return found


def also_known_as(enterprise_id: int) -> list[str]:
    """What else an enterprise is found by: former names, and the codes of records merged into it."""
    return all_names_besides([enterprise_id]).get(enterprise_id, [])


def search(q: str, limit: int = 20) -> Sequence[Any]:
    """The first matches of a type-ahead, as (id, name, code)."""
    return db.session.execute(
        sa.select(Enterprise.id, Enterprise.name, Enterprise.code)
        .where(matching(q))
        .order_by(Enterprise.status != EnterpriseStatus.NORMAL, Enterprise.pinyin, Enterprise.id)
        .limit(limit)
    ).all()


def names_of(enterprise_ids: Iterable[int]) -> dict[int, str]:
    """The names of these enterprises; records merged into another are none."""
    rows = db.session.execute(
        sa.select(Enterprise.id, Enterprise.name).where(
            Enterprise.id.in_(list(enterprise_ids)), is_living()
        )
    )
    return {row.id: row.name for row in rows}


def hold_living(enterprise_ids: Iterable[int]) -> dict[int, str]:
    """The names of those of these records that are living, kept from being merged while one writes."""
    wanted = Enterprise.id.in_(list(enterprise_ids))
    stmt = sa.select(Enterprise.id, Enterprise.name).where(wanted, is_living())
    rows = db.session.execute(stmt.with_for_update(read=True, key_share=True))
    return {row.id: row.name for row in rows}


def all_names() -> list[tuple[int, str]]:
    """Every enterprise for a choice, as (id, name), by pinyin."""
    rows = db.session.execute(
        sa.select(Enterprise.id, Enterprise.name)
        .where(is_living())
        .order_by(Enterprise.pinyin, Enterprise.id)
    )
    return [(enterprise_id, name) for enterprise_id, name in rows]


def tags_of(enterprise_id: int) -> list[str]:
    """The names of the tags an enterprise has today."""
    stmt = _granted(Tag.name).where(TagGrant.enterprise_id == enterprise_id)
    return list(db.session.scalars(stmt.distinct().order_by(Tag.name)))


def grants_of(enterprise_id: int) -> Sequence[TagGrant]:
    """The tags an enterprise has today, as granted."""
    stmt = sa.select(TagGrant).where(TagGrant.enterprise_id == enterprise_id, is_granted(today()))
    return db.session.scalars(stmt.order_by(TagGrant.id)).all()


def tag_ids(names: Iterable[str]) -> dict[str, int]:
    """The kinds of tags of these names that exist."""
    stmt = sa.select(Tag.name, Tag.id).where(Tag.name.in_(list(names)))
    return {row.name: row.id for row in db.session.execute(stmt)}


def tag_codes() -> set[str]:
    """The codes of the kinds of tags there are."""
    return {code for code in db.session.scalars(sa.select(Tag.code)) if code}


def former_names_of(enterprise_id: int) -> list[str]:
    """The names an enterprise had before, latest first."""
    return list(
        db.session.scalars(
            sa.select(FormerName.name)
            .where(FormerName.enterprise_id == enterprise_id)
            .order_by(FormerName.id.desc())
        )
    )


def get_contact(enterprise_id: int, contact_id: int) -> Contact | None:
    """One contact of one enterprise."""
    return db.session.scalar(
        sa.select(Contact).where(
            Contact.id == contact_id, Contact.enterprise_id == enterprise_id, Contact.removed_at.is_(None)
        )
    )


def get_upload(upload_id: int, person_id: int | None) -> Upload | None:
    """One's own upload."""
    return db.session.scalar(sa.select(Upload).where(Upload.id == upload_id, Upload.person_id == person_id))


def register_rows() -> Sequence[Enterprise]:
    """The whole register, for comparing a file with it; tombstones too, for their codes."""
    return db.session.scalars(sa.select(Enterprise)).all()


def liaisons() -> dict[int, Contact]:
    """The first liaison of each enterprise that has one."""
    rows = db.session.scalars(
        sa.select(Contact)
        .where(Contact.role == "liaison", Contact.removed_at.is_(None))
        .order_by(Contact.id.desc())
    )
    return {contact.enterprise_id: contact for contact in rows}


def all_tags() -> dict[int, set[str]]:
    """The tags of every enterprise that has any, expired ones too."""
    stmt = sa.select(TagGrant.enterprise_id, Tag.name).join(Tag, Tag.id == TagGrant.tag_id)
    found: dict[int, set[str]] = {}
    for enterprise_id, name in db.session.execute(stmt.where(TagGrant.removed_at.is_(None))):
        found.setdefault(enterprise_id, set()).add(name)
    return found


def all_former_names() -> dict[int, list[str]]:
    """The former names of every enterprise that has any."""
    found: dict[int, list[str]] = {}
    for enterprise_id, name in db.session.execute(sa.select(FormerName.enterprise_id, FormerName.name)):
        found.setdefault(enterprise_id, []).append(name)
    return found


def by_codes_and_names(words: Iterable[str]) -> dict[str, list[int]]:
    """The living records each word names whole: by code, else by present name, else by a former one."""
    words = list(words)
    codes = {word: rules.normalise_code(word) for word in words}
    keys = {word: rules.fold_name(word) for word in words}
    firm = Enterprise.id
    named = sa.select(firm, Enterprise.code, Enterprise.name_key).where(
        is_living(),
        sa.or_(Enterprise.code.in_(set(codes.values())), Enterprise.name_key.in_(set(keys.values()))),
    )
    formerly = sa.select(firm, FormerName.name).join(FormerName, FormerName.enterprise_id == firm)
    found: dict[tuple[str, str], set[int]] = {}
    for firm_id, code, name_key in db.session.execute(named):
        found.setdefault(("code", code or ""), set()).add(firm_id)
        found.setdefault(("name", name_key), set()).add(firm_id)
    for firm_id, name in db.session.execute(formerly.where(is_living(), FormerName.name.in_(words))):
        found.setdefault(("former", name), set()).add(firm_id)
    ways = {w: (("code", codes[w]), ("name", keys[w]), ("former", w)) for w in words}
    return {w: sorted(next((found[way] for way in ways[w] if way in found), ())) for w in words}
