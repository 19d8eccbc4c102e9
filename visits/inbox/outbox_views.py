"""Pages of the outbox: what waits, what was sent, what could not be delivered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.listing import paginate
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.inbox import operations, post_queries
from visits.inbox.models import CHANNEL_LABELS, DELIVERY_LABELS, DeliveryState
from visits.inbox.rules import masked
from visits.inbox.wording import last_error_said

bp = Blueprint("outbox", __name__)


@bp.get("/outbox")
@requires(Permission.INBOX_DELIVER)
def index():
    wanted = request.args.get("state", "")
    state = DeliveryState(wanted) if wanted in set(DeliveryState) else DeliveryState.DEAD
    return render_template(
        "inbox/outbox.html",
        page=paginate(post_queries.outbox_of(state), request.args, post_queries.SORTS, "-id"),
        state=state,
        counts=post_queries.counts_by_state(),
        states=(DeliveryState.DEAD, DeliveryState.WAITING, DeliveryState.SENT),
        state_labels=DELIVERY_LABELS,
        channels=CHANNEL_LABELS,
        masked=masked,
        error_said=last_error_said,
    )


@bp.post("/outbox/<int:delivery_id>/resend")
@requires(Permission.INBOX_DELIVER)
def resend(delivery_id):
    if (delivery := post_queries.get_delivery(delivery_id)) is None:
        raise NotFound()
    operations.resend(current_actor(), delivery)
    flash(_("The message is on its way again."))
    return back()


@bp.post("/outbox/resend-all")
@requires(Permission.INBOX_DELIVER)
def resend_all():
    count = operations.resend_all(current_actor())
    flash(_("Messages on their way again: %(count)d.", count=count))
    return back()


def back():
    """To the list from which the button was pressed."""
    return redirect(url_for("outbox.index", state=request.form.get("state") or None), 303)
