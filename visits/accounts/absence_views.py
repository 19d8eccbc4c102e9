"""Pages of absences: one's own and those one stands in for, everybody's for who looks after people."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.accounts import operations, queries
from visits.accounts.forms import AbsenceForm
from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires

bp = Blueprint("absences", __name__)


@bp.get("/absences")
@requires(SIGNED_IN)
def index() -> ResponseReturnValue:
    actor = current_actor()
    is_admin = may(actor, Permission.ACCOUNTS_ADMIN)
    rows = queries.absences_of_everybody() if is_admin else queries.absences_of(actor.person_id)
    mine = [row for row in rows if actor.person_id == row.person_id]
    return render_template(
        "accounts/absences.html",
        mine=mine,
        for_others=[row for row in rows if row.deputy_id == actor.person_id],
        others=[row for row in rows if row not in mine] if is_admin else [],
        is_admin=is_admin,
        today=today(),
    )


@bp.route("/absences/new", methods=["GET", "POST"])
@requires(SIGNED_IN)
def new() -> ResponseReturnValue:
    return named(current_actor())


@bp.route("/people/<int:person_id>/absences/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def new_for(person_id: int) -> ResponseReturnValue:
    """Enter the absence of somebody who cannot do it: fallen ill, for example."""
    person = queries.get_person(person_id)
    if person is None or person.disabled_at is not None:
        raise NotFound()
    return named(queries.actor_of(person.id, person.name))


def named(absent: Actor) -> ResponseReturnValue:
    """The form in which a deputy is named, and what sending it does."""
    actor, form, left = current_actor(), AbsenceForm(absent), list[str]()
    if carried_out(form, lambda: left.extend(operations.name_deputy(actor, form.entry(), absent)[1])):
        flash(_("The deputy is named. On those days your work stands on the deputy's first page too."))
        if left:
            sentence = _(
                "%(who)s was to stand in for %(names)s on some of these days. Tell them.",
                who=absent.name,
                names=_(", ").join(left),
            )
            flash(sentence, "warning")
        return redirect(url_for("absences.index"), 303)
    return answer("accounts/absence.html", form, absent=absent, is_own=absent.person_id == actor.person_id)


@bp.post("/absences/<int:absence_id>/end")
@requires(SIGNED_IN)
def end(absence_id: int) -> ResponseReturnValue:
    actor = current_actor()
    operations.end_absence(actor, queries.get_absence(actor, absence_id))
    flash(_("The absence is ended; nobody stands in any more."))
    return redirect(url_for("absences.index"), 303)
