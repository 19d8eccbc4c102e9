"""Pages by which a group comes to answer for many enterprises at once."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.core.bulk import bulk_page
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import known_for
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.programmes import forms, operations, queries
from visits.programmes.by_line import tell_left_out

bp = Blueprint("links", __name__)
ASSIGN = N_("Give to a service group")


@bp.route("/groups/<int:group_id>/links/by-list", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def by_list(group_id: int) -> ResponseReturnValue:
    """Enterprises one a line, as an office's own list has them."""
    if (found := queries.get_group(group_id)) is None:
        raise NotFound()
    actor, form, added = current_actor(), forms.LinesForm(), []
    if carried_out(form, lambda: added.append(operations.cover_enterprises(actor, form.entries(group_id)))):
        flash(entered(added[0], len(form.enterprise_ids) - added[0]))
        tell_left_out(form)
        return redirect(url_for("programmes.group", group_id=found.id), 303)
    return answer("programmes/new_links.html", form, group=found)


def entered(count: int, known: int) -> str:
    """How many enterprises came to a group, and how many it had so already."""
    if not known:
        return _("%(count)s enterprises entered.", count=count)
    return _("%(count)s enterprises entered, %(known)s were so linked already.", count=count, known=known)


@bp.route("/enterprises/links", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE, late_write=True)
def ticked() -> ResponseReturnValue:
    """The enterprises ticked in the register, each by itself."""
    actor, form = current_actor(), forms.TickedForm()
    return bulk_page(
        known_for(actor, "enterprises"),
        form,
        ASSIGN,
        lambda key: operations.cover_enterprise(actor, form.entry(key)),
    )
