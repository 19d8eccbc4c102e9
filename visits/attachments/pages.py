"""Pages of attached files, made once for visits and once for problems: a file is found by its parent."""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _

from visits.attachments import operations, queries, rules
from visits.attachments.forms import AttachForm, RemoveForm
from visits.attachments.kinds import ABOUT, Kind
from visits.attachments.models import Attachment
from visits.attachments.storage import Store
from visits.core import authz
from visits.core.authz import Actor
from visits.core.errors import NotAllowed, NotFound, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
GONE = N_("This file is missing in the store. Tell the administrator its name and number.")
BLUEPRINTS = {"visits": "visit_attachments", "issues": "issue_attachments"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parent:
    """A visit or problem the visitor may read, as the pages of its files need it."""

    subject: Any
    title: str
    url: str
    is_void: bool


Find = Callable[[Actor, int], Parent]


@dataclass(frozen=True)
class Shown:
    """One file as the card shows it; one that was removed has no address."""

    attachment: Attachment
    who: str
    remover: str
    is_missing: bool
    url: str | None = None
    thumbnail_url: str | None = None
    remove_url: str | None = None

    @property
    def size(self) -> str:
        """How large the file is, in words."""
        return rules.shown_size(self.attachment.size)


@dataclass(frozen=True)
class Card:
    """The files of one parent, and the form to add some where the visitor may."""

    rows: Sequence[Shown]
    add_url: str
    form: AttachForm | None
    most: int = rules.MAX_FILES
    max_bytes: int = rules.MAX_FILE_BYTES

    @property
    def present(self) -> list[Shown]:
        """The files nobody removed."""
        return [row for row in self.rows if row.attachment.removed_at is None]

    @property
    def removed(self) -> list[Shown]:
        """The files somebody removed."""
        return [row for row in self.rows if row.attachment.removed_at is not None]


def card_of(actor: Actor, parent: Any, *, is_void: bool, held: Set[Permission] | None = None) -> Card:
    """Read what the card of a visit or problem shows; `held` spares the question who may add."""
    if held is None:
        held = authz.permitted(actor, (Permission.ATTACHMENTS_ADD,), parent)
    may_add = Permission.ATTACHMENTS_ADD in held and not is_void
    return Card(
        rows=[_shown(parent, row) for row in queries.list_of(actor, parent)],
        add_url=_url("add", parent),
        form=AttachForm(formdata=None) if may_add else None,
    )


def _url(page: str, parent: Any, **ids: int) -> str:
    table = type(parent).__tablename__
    own: dict[str, Any] = {queries.PARENTS[table].key: parent.id, **ids}
    return url_for(f"{BLUEPRINTS[table]}.{page}", **own)


def _shown(parent: Any, row: Any) -> Shown:
    found: Attachment = row.Attachment
    said = (found, row.who or _("System"), row.remover or _("System"))
    if found.removed_at is not None:
        return Shown(*said, is_missing=False)
    return Shown(
        *said,
        is_missing=not _store().has(found.storage_key),
        url=_url("show", parent, attachment_id=found.id),
        thumbnail_url=_url("thumbnail", parent, attachment_id=found.id) if found.has_thumbnail else None,
        remove_url=_url("remove", parent, attachment_id=found.id) if row.removable else None,
    )


def make_pages(table: str, mark: Permission, find: Find) -> Blueprint:
    """Make the routes below one kind of parent; `find` gives the parent or raises NotFound."""
    bp = Blueprint(BLUEPRINTS[table], __name__)
    key = queries.PARENTS[table].key
    all_files = f"/{table}/<int:{key}>/attachments"
    one_file = f"{all_files}/<int:attachment_id>"

    @bp.route(all_files, methods=["GET", "POST"])
    @requires(mark, late_write=True)
    def add(**ids: int) -> Any:
        return _add(find(current_actor(), ids[key]))

    @bp.get(one_file)
    @requires(mark)
    def show(attachment_id: int, **ids: int) -> Any:
        return _show(find(current_actor(), ids[key]), attachment_id)

    @bp.get(f"{one_file}/thumbnail")
    @requires(mark)
    def thumbnail(attachment_id: int, **ids: int) -> Any:
        return _thumbnail(find(current_actor(), ids[key]), attachment_id)

    @bp.route(f"{one_file}/remove", methods=["GET", "POST"])
    @requires(mark)
    def remove(attachment_id: int, **ids: int) -> Any:
        return _remove(find(current_actor(), ids[key]), attachment_id)

    return bp


def _store() -> Store:
    return Store(current_app.config["ATTACHMENTS"])


def _add(parent: Parent) -> Any:
    actor, form = current_actor(), AttachForm()
    if not authz.can(actor, Permission.ATTACHMENTS_ADD, parent.subject):
        raise NotAllowed()
    if form.validate_on_submit():
        if parent.is_void:
            form.form_errors.append(_("What is void takes no more files."))
        elif files := form.chosen():
            given = [(file.filename or "", file.stream.read(rules.MAX_FILE_BYTES + 1)) for file in files]
            scanner = current_app.config["SCANNER"]
            taken = operations.take_in(actor, _store(), parent.subject, given, scanner)
            refused = [_as_sentence(*refusal) for refusal in taken.refused]
            if taken.added:
                _say(len(taken.added), refused)
                # What was refused stands at the top of the page, above the card that the address names.
                return redirect(urldefrag(parent.url).url if refused else parent.url, 303)
            form.form_errors.extend(refused)
        else:
            form.form_errors.append(_("Choose one file or several."))
    return answer("attachments/add.html", form, parent=parent)


def _as_sentence(name: str, refusal: Refused) -> str:
    sentence = _(refusal.message, **refusal.params)
    return _("“%(name)s”: %(sentence)s", name=rules.shown_name(name), sentence=sentence)


def _say(added: int, refused: list[str]) -> None:
    flash(_("Files added: %(count)d.", count=added))
    for sentence in refused:
        flash(_("Not added: %(sentence)s", sentence=sentence), "warning")


def _show(parent: Parent, attachment_id: int) -> Response:
    found = queries.get_present(parent.subject, attachment_id)
    about = ABOUT[found.kind]
    return _sent(found, about.media_type, rules.disposition(found.name, inline=about.is_picture))


def _thumbnail(parent: Parent, attachment_id: int) -> Response:
    found = queries.get_present(parent.subject, attachment_id)
    if not found.has_thumbnail:
        raise NotFound()
    return _sent(found, ABOUT[Kind.WEBP].media_type, "inline", thumbnail=True)


def _sent(found: Attachment, media_type: str, disposition: str, *, thumbnail: bool = False) -> Response:
    content = _store().read(found.storage_key, thumbnail=thumbnail)
    if content is None:
        log.error("attachment %s is missing in the store: %s", found.id, found.storage_key)
        raise NotFound(GONE)
    return Response(
        content, content_type=media_type, headers=HEADERS | {"Content-Disposition": disposition}
    )


def _remove(parent: Parent, attachment_id: int) -> Any:
    actor, form = current_actor(), RemoveForm()
    found = queries.get_present(parent.subject, attachment_id)
    if not authz.can(actor, Permission.ATTACHMENTS_REMOVE, found):
        raise NotAllowed()
    if carried_out(form, lambda: operations.remove(actor, found, form.reason.data)):
        flash(_("The file is removed."))
        return redirect(parent.url, 303)
    return answer("attachments/remove.html", form, parent=parent, attachment=found)
