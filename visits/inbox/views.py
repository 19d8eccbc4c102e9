"""Pages of the inbox: what one was told, reading it, and the choice of what to be told."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from visits.core.errors import Refused
from visits.core.forms import whole_number
from visits.core.i18n import N_
from visits.core.listing import paginate
from visits.core.subjects import address_of
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires
from visits.inbox import forms, operations, queries
from visits.inbox.models import ALWAYS, KIND_LABELS
from visits.inbox.words import sentence_of, who_acted

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
@requires(SIGNED_IN)
def index():
    is_unread_only = request.args.get("show") == "unread"
    stmt = queries.inbox_of(current_actor(), is_unread_only=is_unread_only)
    return render_template(
        "inbox/index.html",
        page=paginate(stmt, request.args, queries.SORTS, "-id"),
        is_unread_only=is_unread_only,
        sentence_of=sentence_of,
        who_acted=who_acted,
        address_of=address_of,
        kind_labels=KIND_LABELS,
    )


@bp.post("/inbox/<int:notice_id>/open")
@requires(SIGNED_IN)
def open_notice(notice_id):
    notice = operations.mark_read(current_actor(), notice_id)
    return redirect(address_of(notice.subject_type, notice.subject_id) or url_for("inbox.index"), 303)


@bp.post("/inbox/<int:notice_id>/read")
@requires(SIGNED_IN)
def mark_read(notice_id):
    operations.mark_read(current_actor(), notice_id)
    return redirect(_list_before(), 303)


@bp.post("/inbox/read-all")
@requires(SIGNED_IN)
def mark_all_read():
    if (last_id := whole_number(request.form.get("last_id"))) is None:
        raise Refused(
            N_("The page was not sent whole, so nothing was marked. Open the inbox and try again.")
        )
    count = operations.mark_all_read(current_actor(), last_id)
    flash(ngettext("%(num)d notice is marked as read.", "%(num)d notices are marked as read.", count))
    return redirect(_list_before(), 303)


def _list_before():
    """The list from which a form was sent: of all notices or of the unread, and its page."""
    show = "unread" if request.args.get("show") == "unread" else None
    return url_for("inbox.index", show=show, page=whole_number(request.args.get("page")))


@bp.route("/inbox/settings", methods=["GET", "POST"])
@requires(SIGNED_IN)
def settings():
    off = queries.switched_off(current_actor().person_id)
    form = forms.SwitchForm(data={"kinds": [kind for kind in forms.CHOOSABLE if kind not in off]})
    if carried_out(form, lambda: operations.choose_kinds(current_actor(), form.wanted())):
        flash(_("Saved. What you were told before stays in your inbox."))
        return redirect(url_for("inbox.settings"), 303)
    always = [_(KIND_LABELS[kind]) for kind in KIND_LABELS if kind in ALWAYS]
    return answer("inbox/settings.html", form, always=always)
