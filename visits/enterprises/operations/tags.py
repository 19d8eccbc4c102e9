"""Changes to tags: the kinds there are, and which enterprise holds which."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import profile, queries
from visits.enterprises.models import Enterprise, Tag, TagGrant
from visits.enterprises.operations.entries import GrantEntry

STANDARD_TAGS = (
    ("above_scale", "规上企业"),
    ("above_quota", "限上企业"),
    ("hundred_million_output", "亿元产值企业"),
    ("srdi", "专精特新中小企业"),
    ("little_giant", "专精特新“小巨人”企业"),
    ("innovative_sme", "创新型中小企业"),
    ("tech_sme", "科技型中小企业"),
    ("hitech", "高新技术企业"),
    ("chain_leader", "链主企业"),
    ("listed", "上市企业"),
    ("pre_listed", "拟上市企业"),
    ("key", "重点企业"),
)
OWN_TAGS = 1000  # kinds an office adds stand behind the standard ones


def create_standard_tags(actor: Actor) -> None:
    """Create the kinds of tags an office begins with, those that are missing."""
    taken = queries.tag_codes()
    missing = [(n, code, name) for n, (code, name) in enumerate(STANDARD_TAGS, 1) if code not in taken]
    db.session.add_all(Tag(code=code, name=name, position=n * 10) for n, code, name in missing)
    audit.record(actor, "tags.started", codes=[code for _, code, _ in missing])


def grant_names(pairs: Sequence[tuple[int, str]]) -> None:
    """Give enterprises tags by name, without level or dates; an unknown name becomes a kind of its own."""
    db.session.add_all(TagGrant(**row) for row in grants_by_name(pairs))


def grants_by_name(pairs: Sequence[tuple[int, str]]) -> list[dict[str, int]]:
    """The rows that give enterprises tags by name; kinds that are missing are created."""
    wanted = list(dict.fromkeys(name for _, name in pairs))
    if not wanted:
        return []
    known = queries.tag_ids(wanted)
    fresh = [Tag(name=name, position=OWN_TAGS) for name in wanted if name not in known]
    db.session.add_all(fresh)
    db.session.flush()  # the grants need the ids
    known |= {tag.name: tag.id for tag in fresh}
    return [{"enterprise_id": i, "tag_id": known[name]} for i, name in pairs]


def grant_tag(actor: Actor, enterprise: Enterprise, entry: GrantEntry) -> TagGrant:
    """Give an enterprise a tag for a time; the same tag of the same level once at a time."""
    require(actor, Permission.ENTERPRISES_WRITE)
    queries.lock_enterprise(enterprise.id)
    tag = profile.get_tag(entry.tag_id)
    if tag is None or tag.closed_on is not None:
        raise Refused(N_("This tag is not granted any more. Choose another."), field="tag_id")
    if entry.granted_on and entry.expires_on and entry.expires_on < entry.granted_on:
        raise Refused(N_("The tag would end before it begins. Correct the dates."), field="expires_on")
    if any(_overlaps(grant, entry) for grant in profile.grants_ever(enterprise.id, entry.tag_id)):
        raise Refused(N_("The enterprise has this tag of this level in that time already."), field="tag_id")
    grant = TagGrant(enterprise_id=enterprise.id, **asdict(entry))
    db.session.add(grant)
    audit.record(actor, "tag.granted", enterprise, tag=tag.name, level=entry.level)
    return grant


def _overlaps(grant: TagGrant, entry: GrantEntry) -> bool:
    if grant.level != entry.level or grant.removed_at is not None:
        return False
    ends_before = entry.expires_on is not None and (grant.granted_on or date.min) > entry.expires_on
    begins_after = grant.expires_on is not None and (entry.granted_on or date.min) > grant.expires_on
    return not (ends_before or begins_after)


def take_off_tag(actor: Actor, enterprise: Enterprise, grant: TagGrant, reason: str) -> None:
    """Take a tag off an enterprise; the grant stays in its history."""
    require(actor, Permission.ENTERPRISES_WRITE)
    if grant.removed_at is not None:
        raise WrongState(N_("This tag has been taken off already."))
    grant.removed_at, grant.removal_reason = now(), reason
    audit.record(actor, "tag.taken_off", enterprise, grant=grant.id, reason=reason)


def save_tag(actor: Actor, tag: Tag | None, name: str, is_closed: bool) -> Tag:
    """Add a kind of tag or change one; a closed kind is granted no more, grants there are stay."""
    require(actor, Permission.ENTERPRISES_WRITE)
    lock_name("tags")
    known = queries.tag_ids([name])
    if name in known and (tag is None or known[name] != tag.id):
        raise Refused(N_("There is a tag of this name already."), field="name")
    if tag is None:
        tag = Tag(name=name, position=OWN_TAGS)
        db.session.add(tag)
    tag.name = name
    tag.closed_on = (tag.closed_on or today()) if is_closed else None
    audit.record(actor, "tag.saved", tag, name=name, is_closed=is_closed)
    return tag
