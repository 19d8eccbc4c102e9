"""Pages of the administration: people and units that leave, the calendar, the settings, the audit log."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from visits.accounts import queries as accounts
from visits.admin import forms, operations, queries
from visits.core.errors import NotFound
from visits.core.permissions import ROLE_LABELS, Permission
from visits.core.web import answer, carried_out, current_actor, requires

bp = Blueprint("admin", __name__)


@bp.route("/people/<int:person_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def disable_person(person_id):
    if (person := accounts.get_person(person_id)) is None:
        raise NotFound()
    form, actor = forms.DisableForm(), current_actor()
    if carried_out(
        form,
        lambda: operations.disable_person(actor, person, form.reason.data, bool(form.is_confirmed.data)),
    ):
        flash(_("%(name)s's account is disabled.", name=person.name))
        return redirect(url_for("accounts.people"), 303)
    return answer(
        "admin/disable.html",
        form,
        person=person,
        holdings=queries.holdings_of(actor, person.id),
        leaves_a_desk=queries.leaves_a_desk(person.id),
        sole_roles=[_(ROLE_LABELS[role]) for role in queries.sole_roles(person.id)],
    )


@bp.route("/units/<int:unit_id>/close", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def close_unit(unit_id):
    if (unit := accounts.get_unit(unit_id)) is None or unit.closed_on is not None:
        raise NotFound()
    form, actor = forms.ReasonForm(), current_actor()
    if carried_out(form, lambda: operations.close_unit(actor, unit, form.reason.data)):
        flash(_("%(name)s is no longer in use.", name=unit.name))
        return redirect(url_for("accounts.units"), 303)
    return answer("admin/close_unit.html", form, unit=unit, held=queries.open_in_unit(actor, unit.id))
