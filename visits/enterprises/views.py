"""Pages of the register and its import wizard."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import forms, listing, matching, operations, queries
from visits.enterprises.filter_forms import EnterpriseFilter
from visits.enterprises.likeness import WHY_LABELS

bp = Blueprint("enterprises", __name__)
ENTERPRISES = KnownList(
    "enterprises",
    N_("Enterprises"),
    "enterprises.index",
    "home.enterprise_file",
    Permission.ENTERPRISES_READ,
    EnterpriseFilter,
    lambda _actor, form: listing.of_enterprises(form.filters()),
)
LISTS = (ENTERPRISES,)


@bp.get("/enterprises")
@requires(Permission.ENTERPRISES_READ)
def index():
    form = EnterpriseFilter()
    page = page_of(ENTERPRISES.of(current_actor(), form))
    return render_template("enterprises/index.html", page=page, form=form)


@bp.post("/enterprises/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/enterprises/export.csv", defaults={"kind": "csv"})
@requires(Permission.ENTERPRISES_READ, late_write=True)
def export(kind):
    form = EnterpriseFilter()
    return taken_home(ENTERPRISES.of(current_actor(), form), kind, form.said)


@bp.get("/enterprises/lookup")
@requires(Permission.ENTERPRISES_READ)
def lookup():
    rows = queries.search(request.args.get("q", "")[:60])
    return jsonify([{"value": row.id, "text": row.name, "note": row.code or ""} for row in rows])


@bp.route("/enterprises/new", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def new():
    form = forms.EnterpriseForm()
    made = []

    def register():
        made.append(operations.register_enterprise(current_actor(), form.entry(), form.is_distinct.data))

    if carried_out(form, register):
        flash(_("%(name)s is in the register.", name=made[0].name))
        return redirect(url_for("home.enterprise_file", enterprise_id=made[0].id), 303)
    return edit_page(form, None)


@bp.route("/enterprises/<int:enterprise_id>/edit", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def edit(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    several = {
        "former_names": "\n".join(queries.former_names_of(enterprise_id)),
        "tags": "\n".join(queries.tags_of(enterprise_id)),
    }
    form = forms.EnterpriseForm(obj=enterprise, data=several)
    if carried_out(
        form,
        lambda: operations.update_enterprise(
            current_actor(), enterprise, form.entry(), form.revision.data, is_distinct=form.is_distinct.data
        ),
    ):
        flash(_("Saved."))
        return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)
    return edit_page(form, enterprise)


def edit_page(form, enterprise):
    """The form of a record; a refused one shows the records that may be the same enterprise."""
    refused = form.name.errors or form.code.errors
    return answer(
        "enterprises/edit.html",
        form,
        enterprise=enterprise,
        matches=matching.candidates(form.name.data or "", form.code.data, enterprise and enterprise.id)
        if refused
        else [],
        why_labels=WHY_LABELS,
    )


@bp.route("/enterprises/<int:enterprise_id>/contacts/new", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def new_contact(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    form = forms.ContactForm()
    if carried_out(form, lambda: operations.add_contact(current_actor(), enterprise, form.entry())):
        flash(_("Saved."))
        return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)
    return answer("enterprises/contact.html", form, enterprise=enterprise)


def the_contact(enterprise_id, contact_id):
    """A contact of an enterprise, both of an address."""
    enterprise = queries.get_living(enterprise_id)
    if (contact := queries.get_contact(enterprise_id, contact_id)) is None:
        raise NotFound()
    return enterprise, contact


@bp.post("/enterprises/<int:enterprise_id>/contacts/<int:contact_id>/reveal")
@requires(Permission.ENTERPRISES_REVEAL)
def reveal_contact(enterprise_id, contact_id):
    enterprise, contact = the_contact(enterprise_id, contact_id)
    phone = operations.reveal_contact(current_actor(), enterprise, contact)
    return render_template("enterprises/revealed.html", enterprise=enterprise, contact=contact, phone=phone)


@bp.route("/enterprises/<int:enterprise_id>/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def remove_contact(enterprise_id, contact_id):
    enterprise, contact = the_contact(enterprise_id, contact_id)
    form = forms.EndContactForm()
    if carried_out(
        form,
        lambda: operations.end_contact(
            current_actor(), enterprise, contact, form.reason.data, form.ended_on.data
        ),
    ):
        flash(_("%(name)s is off the list of contacts.", name=contact.name))
        return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)
    return answer("enterprises/end_contact.html", form, enterprise=enterprise, contact=contact)


@bp.post("/enterprises/<int:enterprise_id>/contacts/<int:contact_id>/verify")
@requires(Permission.ENTERPRISES_VERIFY)
def verify_contact(enterprise_id, contact_id):
    enterprise, contact = the_contact(enterprise_id, contact_id)
    operations.verify_contact(current_actor(), enterprise, contact)
    flash(_("%(name)s is noted as verified today.", name=contact.name))
    return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)
