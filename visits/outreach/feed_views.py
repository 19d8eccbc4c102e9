"""The calendar of one's plans for other programs: its secret address, and what stands there."""

import re
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.accounts.operations import note_unknown_link
from visits.core.authz import Actor
from visits.core.errors import NotFound
from visits.core.forms import BaseForm
from visits.core.permissions import Permission
from visits.core.web import PUBLIC, answer, carried_out, chosen_language, current_actor, requires
from visits.outreach import ics, operations, queries
from visits.outreach.models import PLAN_STATE_LABELS, PlanState

bp = Blueprint("feeds", __name__)
OFF = (PlanState.CANCELLED, PlanState.MOVED)
CODE = re.compile(r"[A-Za-z0-9_-]{32}")


@bp.get("/calendar/<string:code>.ics")
@requires(PUBLIC, by_code=True)
def show(code: str) -> ResponseReturnValue:
    """The plans of whoever was given the code: no sign-in, for a calendar program has none."""
    owner = queries.owner_of_feed(code) if CODE.fullmatch(code) else None
    if owner is None:
        return nothing_here(code)
    plans = queries.plans_for_feed(Actor(person_id=owner.id))
    text = ics.calendar_of(
        _("Visit plans of %(name)s", name=owner.name),
        [(plan, headed(plan), told(plan)) for plan in plans],
        request.host,
    )
    response = Response(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="visits.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def headed(plan: Any) -> str:
    """What an event is called, in whose stead; that it is off is said too: many programs show no state."""
    visit = _("Visit: %(name)s", name=plan.enterprise)
    if plan.is_stood_in:
        visit = _("%(what)s (for %(person)s)", what=visit, person=plan.owner)
    if plan.state not in OFF:
        return visit
    return _("[%(state)s] %(what)s", state=_(PLAN_STATE_LABELS[plan.state]), what=visit)


def told(plan: Any) -> str:
    """What an event says besides: what for, who goes, what became of it."""
    lines = [plan.purpose, _("Who makes the visit") + _(": ") + plan.owner]
    if plan.state is PlanState.DONE:
        lines.append(_("Carried out"))
    if plan.state in OFF and plan.end_reason:
        lines.append(_("Reason") + _(": ") + plan.end_reason)
    return "\n".join(line for line in lines if line)


def nothing_here(code: str) -> ResponseReturnValue:
    """The same answer whatever is wrong with a code; too many unknown ones are not looked at."""
    is_unknown = CODE.fullmatch(code) is not None and not queries.was_feed(code)
    if is_unknown and not note_unknown_link(request.remote_addr or ""):
        return Response(status=429, mimetype="text/plain", headers={"Retry-After": "900"})
    raise NotFound()


@bp.route("/plans/calendar-address", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN)
def address() -> ResponseReturnValue:
    """Make the address; it is shown this once, for only its hash is kept."""
    form, made = BaseForm(), []
    if carried_out(form, lambda: made.append(operations.make_feed(current_actor()))):
        language = None if chosen_language().startswith("zh") else chosen_language()
        url = url_for("feeds.show", code=made[0], lang=language, _external=True)
        return render_template("outreach/calendar_address.html", form=form, url=url, feeds=())
    feeds = queries.open_feeds_of(current_actor().person_id)
    return answer("outreach/calendar_address.html", form, url=None, feeds=feeds)


@bp.post("/plans/calendar-address/revoke")
@requires(Permission.OUTREACH_PLAN)
def revoke() -> ResponseReturnValue:
    operations.revoke_feed(current_actor())
    flash(_("The address of your calendar leads nowhere any more."))
    return redirect(url_for("feeds.address"), 303)
