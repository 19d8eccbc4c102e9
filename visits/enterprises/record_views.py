"""Pages for what hangs on a record: tags, figures by year, sites."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import operations, profile, queries, record_forms
from visits.enterprises.models import MEASURE_LABELS

bp = Blueprint("records", __name__)


def back_to(enterprise_id, said):
    """Say what was done, on the enterprise's page."""
    flash(said)
    return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)


@bp.route("/enterprises/<int:enterprise_id>/tags/new", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def grant_tag(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    form = record_forms.GrantForm()
    if carried_out(form, lambda: operations.grant_tag(current_actor(), enterprise, form.entry())):
        return back_to(enterprise_id, _("Saved."))
    return answer("enterprises/grant_tag.html", form, enterprise=enterprise)


@bp.route("/enterprises/<int:enterprise_id>/tags/<int:grant_id>/remove", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def take_off_tag(enterprise_id, grant_id):
    enterprise = queries.get_living(enterprise_id)
    if (grant := profile.get_grant(enterprise_id, grant_id)) is None:
        raise NotFound()
    form = record_forms.ReasonForm()
    if carried_out(
        form, lambda: operations.take_off_tag(current_actor(), enterprise, grant, form.reason.data)
    ):
        return back_to(enterprise_id, _("The tag is off; it stays in the history."))
    tag = profile.get_tag(grant.tag_id)
    return answer("enterprises/take_off_tag.html", form, enterprise=enterprise, grant=grant, tag=tag)


@bp.route("/enterprises/<int:enterprise_id>/facts/new", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def record_fact(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    form = record_forms.FactForm()
    if carried_out(form, lambda: operations.record_fact(current_actor(), enterprise, form.entry())):
        return back_to(enterprise_id, _("Saved."))
    return answer("enterprises/record_fact.html", form, enterprise=enterprise)


@bp.get("/enterprises/<int:enterprise_id>/facts")
@requires(Permission.ENTERPRISES_READ)
def facts(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    rows = profile.facts_ever(enterprise_id)
    return render_template(
        "enterprises/facts.html", enterprise=enterprise, rows=rows, labels=MEASURE_LABELS
    )


@bp.route("/enterprises/<int:enterprise_id>/sites/new", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def open_site(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    form = record_forms.SiteForm()
    if carried_out(form, lambda: operations.open_site(current_actor(), enterprise, form.entry())):
        return back_to(enterprise_id, _("Saved."))
    return answer("enterprises/open_site.html", form, enterprise=enterprise)


@bp.post("/enterprises/<int:enterprise_id>/sites/<int:site_id>/close")
@requires(Permission.ENTERPRISES_WRITE)
def close_site(enterprise_id, site_id):
    enterprise = queries.get_living(enterprise_id)
    if (site := profile.get_site(enterprise_id, site_id)) is None:
        raise NotFound()
    operations.close_site(current_actor(), enterprise, site)
    return back_to(enterprise_id, _("The site is given up from today on."))
