"""Changes to the response templates."""

from dataclasses import asdict, dataclass

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.issues import queries, responses
from visits.issues.models import ResponseTemplate

STEP = 10


@dataclass(frozen=True)
class TemplateEntry:
    """What is entered about a template: for which field of which move, perhaps for one category only."""

    name: str
    move: str
    field: str
    text: str
    category_id: int | None = None
    is_closed: bool = False


def create_template(actor: Actor, entry: TemplateEntry) -> ResponseTemplate:
    """Create a template; it comes last among those of its field."""
    require(actor, Permission.ISSUES_ACCEPT)
    _require_sense(entry)
    template = ResponseTemplate()
    _fill(template, entry)
    others = responses.neighbours(template)
    template.position = others[-1].position + STEP if others else STEP
    db.session.add(template)
    db.session.flush()
    audit.record(actor, "response_template.created", template, **asdict(entry))
    return template


def update_template(
    actor: Actor, template: ResponseTemplate, entry: TemplateEntry, revision: int | None
) -> None:
    """Change a template; what was written with it stays as it is."""
    require(actor, Permission.ISSUES_ACCEPT)
    template.require_revision(revision)
    _require_sense(entry)
    before = _reading(template)
    _fill(template, entry)
    audit.record(
        actor, "response_template.updated", template, **audit.difference(before, _reading(template))
    )


def move_template(actor: Actor, template: ResponseTemplate, *, up: bool) -> None:
    """Let a template change places with its neighbour above or below; at the end nothing happens."""
    require(actor, Permission.ISSUES_ACCEPT)
    lock_name("response-templates")
    rows = responses.neighbours(template)
    if template not in rows:
        return
    here = rows.index(template)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, 1):
        row.position = place * STEP
    audit.record(actor, "response_template.moved", template, place=there + 1)


def _require_sense(entry: TemplateEntry) -> None:
    if unknown := responses.unknown_placeholders(entry.text):
        raise Refused(
            N_("There is no placeholder {%(name)s}. Known are: %(known)s."),
            field="text",
            name=unknown[0],
            known="".join(f"{{{name}}}" for name in responses.PLACEHOLDERS),
        )
    if entry.category_id is not None and queries.get_category(entry.category_id) is None:
        raise Refused(N_("Choose a category that is in use."), field="category_id")


def _fill(template: ResponseTemplate, entry: TemplateEntry) -> None:
    template.name, template.text, template.category_id = entry.name, entry.text, entry.category_id
    template.move, template.field = entry.move, entry.field
    template.closed_on = (template.closed_on or today()) if entry.is_closed else None


def _reading(template: ResponseTemplate) -> dict[str, object]:
    closed_on = template.closed_on.isoformat() if template.closed_on else None
    names = ("name", "move", "field", "text", "category_id")
    return {name: getattr(template, name) for name in names} | {"closed_on": closed_on}
