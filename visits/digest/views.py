"""The digests a person was given, and the form of supervision orders that the ladder proposes."""

from datetime import date

from flask import Blueprint, redirect, render_template, url_for

from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import SIGNED_IN, current_actor, requires
from visits.digest import ladder, queries
from visits.digest.shown import shown_sections

bp = Blueprint("digest", __name__)
LISTED = 30


@bp.get("/inbox/digests")
@requires(SIGNED_IN)
def index():
    """The latest digest of one's own, and the days of those before."""
    days = queries.days_of_digests(current_actor(), LISTED)
    return page_of(days[0], days) if days else render_template("digest/show.html", days=[], sections=[])


@bp.get("/inbox/digests/<string:day>")
@requires(SIGNED_IN)
def show(day):
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise NotFound() from None
    return page_of(wanted, queries.days_of_digests(current_actor(), LISTED), is_wanted=True)


def page_of(day, days, *, is_wanted=False):
    """One's own digest of a day; anybody else's is as unknown as one that never was."""
    digest = queries.digest_of(current_actor(), day)
    if digest is None:
        raise NotFound()
    return render_template(
        "digest/show.html",
        day=day,
        days=days,
        is_old=not is_wanted and day < today(),
        unread=digest.content["unread"],
        sections=list(shown_sections(digest.content, day, url_for)),
    )


@bp.get("/inbox/orders-due/<int:step_id>")
@requires(Permission.SUPERVISION_ORDER)
def orders_due(step_id):
    """The form of supervision orders, filled with what was proposed on one morning."""
    proposed = ladder.ordered_with(step_id)
    if proposed is None:
        raise NotFound()
    return redirect(url_for("supervision.new_orders", issue=proposed), 303)
