"""Set-up and home."""

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.accounts import queries as accounts
from visits.core import presence
from visits.core.clock import today
from visits.core.errors import NotAllowed, NotFound
from visits.core.permissions import Permission
from visits.core.setup_token import is_loopback, setup_token
from visits.core.surroundings import pulse
from visits.core.web import PUBLIC, SIGNED_IN, answer, carried_out, current_actor, requires
from visits.enterprises import queries as enterprises
from visits.enterprises.models import (
    CONTACT_LABELS,
    LEVEL_LABELS,
    MEASURE_LABELS,
    OWNERSHIP_LABELS,
    STATUS_LABELS,
)
from visits.home import briefs, forms, operations, queries
from visits.home.beside import NO_ROWS, what_stands_beside
from visits.home.first_steps import first_steps
from visits.home.present import parts_present
from visits.honesty.words import sentence_of
from visits.issues.standing import LEAST, standings_of
from visits.outreach.models import KIND_LABELS
from visits.programmes.models import MODE_LABELS

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(SIGNED_IN)
def index():
    actor = current_actor()
    present = parts_present(actor)
    stand_ins = queries.my_stand_ins(actor, present)
    problems = queries.my_day(actor, stand_ins)
    beside = what_stands_beside(actor, present, stand_ins)
    promises, promise_count = beside.promises.get(actor.person_id, NO_ROWS)
    sections, plans = problems.get(actor.person_id, []), beside.plans.get(actor.person_id, [])
    stood_in = queries.my_stood_in(actor, stand_ins, problems, beside)
    waiting = (sections, beside.supervised, beside.duties, plans, beside.handovers, stood_in)
    return render_template(
        "home/index.html",
        sections=sections,
        stood_in=stood_in,
        beside=beside,
        plans=plans,
        is_idle=not any(waiting),
        first_steps=[] if any(waiting) else first_steps(actor),
        today=today(),
        promises=promises,
        promise_count=promise_count,
        supervised=beside.supervised,
        sentence_of=sentence_of,
        standings=standings_of(actor),
        least_rated=LEAST,
    )


@bp.get("/enterprises/<int:enterprise_id>")
@requires(Permission.ENTERPRISES_READ)
def enterprise_file(enterprise_id):
    enterprise = the_enterprise(enterprise_id)
    if enterprise.merged_into_id is not None:
        return to_survivor("home.enterprise_file", enterprise)
    return render_template(
        "home/enterprise_file.html",
        file=queries.enterprise_file(current_actor(), enterprise),
        status_labels=STATUS_LABELS,
        contact_labels=CONTACT_LABELS,
        mode_labels=MODE_LABELS,
        kind_labels=KIND_LABELS,
        level_labels=LEVEL_LABELS,
        measure_labels=MEASURE_LABELS,
        ownership_labels=OWNERSHIP_LABELS,
    )


@bp.get("/enterprises/<int:enterprise_id>/brief")
@requires(Permission.ENTERPRISES_READ)
def brief(enterprise_id):
    enterprise = the_enterprise(enterprise_id)
    if enterprise.merged_into_id is not None:
        return to_survivor("home.brief", enterprise)
    shown = briefs.brief_of(current_actor(), enterprise)
    return render_template("home/brief.html", brief=shown, today=today(), **briefs.LABELS)


def the_enterprise(enterprise_id):
    """The enterprise of an address, or the page that says there is none."""
    if (enterprise := enterprises.get_enterprise(enterprise_id)) is None:
        raise NotFound()
    return enterprise


def to_survivor(endpoint, enterprise):
    """Lead from a record merged into another to the same page of that one."""
    flash(_("%(name)s was merged into this record.", name=enterprise.name))
    return redirect(url_for(endpoint, enterprise_id=enterprise.merged_into_id), 303)


@bp.post("/also-open")
@requires(SIGNED_IN)
def also_open():
    """A form that is open asks, in the background, who else has a form of the same record open."""
    names = presence.report_open(current_actor(), request.form.get("record", ""))
    if names is None:
        abort(400)
    listed = _(", ").join(names)
    text = (
        _("%(names)s has a form of this record open too. Agree on who saves first.", names=listed)
        if names
        else ""
    )
    return jsonify(text=text)


@bp.get("/healthz")
@requires(PUBLIC)
def health():
    checks = pulse(current_app.config)
    return {"ok": all(checks.values()), "checks": checks}, 200 if all(checks.values()) else 503


@bp.route("/set-up", methods=["GET", "POST"])
@requires(PUBLIC)
def set_up():
    if accounts.count_people():
        raise NotFound()
    form = forms.SetUpForm()
    if request.method == "GET":
        form.token.data = request.args.get("token", "")
    if not is_loopback(request.remote_addr) and form.token.data != setup_token(
        current_app.config["SECRET_KEY"]
    ):
        raise NotAllowed(forms.TOKEN_NEEDED)
    if carried_out(form, lambda: operations.set_up(form.entry())):
        flash(_("The system is set up. Sign in with the account you have just made."))
        return redirect(url_for("accounts.sign_in"), 303)
    return answer("home/set_up.html", form)
