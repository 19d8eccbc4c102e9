"""Pages of programmes, groups and links."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import queries as enterprises
from visits.programmes import forms, listing, operations, queries, rules
from visits.programmes.composition import FEWEST, composition_of, faults_of, gone_from
from visits.programmes.filter_forms import GroupFilter
from visits.programmes.models import GROUP_ROLE_LABELS, MODE_LABELS

bp = Blueprint("programmes", __name__)
GROUPS = KnownList(
    "groups",
    N_("Service groups"),
    "programmes.groups",
    "programmes.group",
    Permission.PROGRAMMES_READ,
    GroupFilter,
    lambda _actor, form: listing.of_groups(form.filters()),
)
LISTS = (GROUPS,)


@bp.get("/programmes")
@requires(Permission.PROGRAMMES_READ)
def index():
    return render_template("programmes/index.html", rows=queries.list_programmes(), mode_labels=MODE_LABELS)


@bp.get("/groups")
@requires(Permission.PROGRAMMES_READ)
def groups():
    form = GroupFilter()
    page = page_of(GROUPS.of(current_actor(), form))
    return render_template("programmes/groups.html", page=page, form=form)


@bp.post("/groups/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/groups/export.csv", defaults={"kind": "csv"})
@requires(Permission.PROGRAMMES_READ, late_write=True)
def export_groups(kind):
    form = GroupFilter()
    return taken_home(GROUPS.of(current_actor(), form), kind, form.said)


def the_group(group_id):
    """The group of an address, or the page that says there is none."""
    if (found := queries.get_group(group_id)) is None:
        raise NotFound()
    return found


def back_to(group):
    """The way back to a group's page after a change."""
    flash(_("Saved."))
    return redirect(url_for("programmes.group", group_id=group.id), 303)


@bp.get("/groups/<int:group_id>")
@requires(Permission.PROGRAMMES_READ)
def group(group_id):
    form = forms.DayForm()
    former = form.former
    found = queries.group_page(group_id, former)
    if found is None:
        raise NotFound()
    composition = composition_of(group_id, former or today())
    return render_template(
        "programmes/group.html",
        group=found,
        form=form,
        former=former,
        members=queries.members_of(group_id, former),
        links=queries.list_links(group_id, request.args, former),
        faults=faults_of(composition),
        composition=composition,
        gone=gone_from(group_id, former or today()),
        most=get_setting("officer_enterprises"),
        fewest=FEWEST,
        role_labels=GROUP_ROLE_LABELS,
        last_day=rules.last_day,
    )


@bp.route("/groups/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_group():
    form, made = forms.GroupForm(), []
    if carried_out(form, lambda: made.append(operations.form_group(current_actor(), form.entry()))):
        return back_to(made[0])
    return answer("programmes/edit_group.html", form, group=None)


@bp.route("/groups/<int:group_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def edit_group(group_id):
    found = the_group(group_id)
    form = forms.EditGroupForm(obj=found)
    if carried_out(
        form, lambda: operations.update_group(current_actor(), found, form.entry(), form.revision.data)
    ):
        return back_to(found)
    return answer("programmes/edit_group.html", form, group=found)


@bp.route("/groups/<int:group_id>/members/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_member(group_id):
    found, form = the_group(group_id), forms.MemberForm()
    if carried_out(form, lambda: operations.add_member(current_actor(), found, form.entry())):
        return back_to(found)
    return answer("programmes/new_member.html", form, group=found)


@bp.route("/groups/<int:group_id>/members/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def end_membership(group_id, member_id):
    found, form = the_group(group_id), forms.EndForm()
    membership = queries.get_membership(group_id, member_id)
    if membership is None:
        raise NotFound()
    if carried_out(
        form,
        lambda: operations.end_membership(
            current_actor(), found, membership, rules.day_after(form.last_on.data)
        ),
    ):
        return back_to(found)
    name = next(row.name for row in queries.members_of(group_id) if row.id == member_id)
    return answer("programmes/end.html", form, group=found, heading=_("End the membership"), subject=name)


@bp.route("/groups/<int:group_id>/links/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_link(group_id):
    found, form = the_group(group_id), forms.LinkForm()
    if carried_out(form, lambda: operations.cover_enterprise(current_actor(), form.entry(group_id))):
        return back_to(found)
    return answer("programmes/new_link.html", form, group=found)


@bp.route("/groups/<int:group_id>/officer", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def name_officer(group_id):
    found = the_group(group_id)
    form = forms.OfficerForm(queries.links_on(group_id, today()))
    if carried_out(
        form,
        lambda: operations.name_officer(
            current_actor(), found, form.link_ids.data or [], form.officer_id.data, form.from_on.data
        ),
    ):
        return back_to(found)
    return answer("programmes/name_officer.html", form, group=found)


@bp.route("/groups/<int:group_id>/links/<int:link_id>/end", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def end_link(group_id, link_id):
    found, form = the_group(group_id), forms.EndForm()
    link = queries.get_link(group_id, link_id)
    if link is None:
        raise NotFound()
    if carried_out(
        form, lambda: operations.end_cover(current_actor(), link, rules.day_after(form.last_on.data))
    ):
        return back_to(found)
    name = enterprises.names_of([link.enterprise_id])[link.enterprise_id]
    return answer("programmes/end.html", form, group=found, heading=_("End the link"), subject=name)
