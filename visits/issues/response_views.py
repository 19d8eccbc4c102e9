"""Pages of the response templates."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import responses
from visits.issues.filling import TemplateForm, field_labels
from visits.issues.models import ResponseTemplate
from visits.issues.operations.responses import create_template, move_template, update_template
from visits.issues.states import MOVE_LABELS

bp = Blueprint("issue_responses", __name__)


@bp.get("/response-templates")
@requires(Permission.ISSUES_ACCEPT)
def index() -> ResponseReturnValue:
    return render_template(
        "issues/responses.html",
        rows=responses.all_templates(),
        move_labels=MOVE_LABELS,
        field_labels=field_labels(),
    )


@bp.route("/response-templates/new", methods=["GET", "POST"])
@requires(Permission.ISSUES_ACCEPT)
def new() -> ResponseReturnValue:
    form = TemplateForm()
    if carried_out(form, lambda: create_template(current_actor(), form.entry())):
        flash(_("Saved."))
        return redirect(url_for("issue_responses.index"), 303)
    return answer("issues/response.html", form, response=None)


@bp.route("/response-templates/<int:template_id>/edit", methods=["GET", "POST"])
@requires(Permission.ISSUES_ACCEPT)
def edit(template_id: int) -> ResponseReturnValue:
    template = the_template(template_id)
    place = {"place": f"{template.move}.{template.field}", "is_closed": template.closed_on is not None}
    form = TemplateForm(obj=template, data=place)
    if carried_out(
        form, lambda: update_template(current_actor(), template, form.entry(), form.revision.data)
    ):
        flash(_("Saved."))
        return redirect(url_for("issue_responses.index"), 303)
    return answer("issues/response.html", form, response=template)


@bp.post("/response-templates/<int:template_id>/move")
@requires(Permission.ISSUES_ACCEPT)
def move(template_id: int) -> ResponseReturnValue:
    move_template(current_actor(), the_template(template_id), up="up" in request.form)
    return redirect(url_for("issue_responses.index", _anchor=f"template-{template_id}"), 303)


def the_template(template_id: int) -> ResponseTemplate:
    """The template of an address, or the page that says there is none."""
    if (template := responses.get_template(template_id)) is None:
        raise NotFound()
    return template
