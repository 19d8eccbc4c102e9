"""Pages of programmes, groups and links."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.clock import now, today
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.periods import Span
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import queries as enterprises
from visits.enterprises.models import MEASURE_LABELS
from visits.enterprises.rules import unit_of
from visits.programmes import forms, listing, operations, queries, records, rules, scope, scope_forms
from visits.programmes.by_line import tell_left_out
from visits.programmes.composition import FEWEST, composition_of, faults_of, gone_from
from visits.programmes.filter_forms import GroupFilter
from visits.programmes.models import (
    GROUP_ROLE_LABELS,
    MODE_LABELS,
    PERIOD_LABELS,
    PROGRAMME_KIND_LABELS,
)

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
    return render_template(
        "programmes/index.html",
        rows=queries.list_programmes(),
        mode_labels=MODE_LABELS,
        kind_labels=PROGRAMME_KIND_LABELS,
    )


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


def the_programme(programme_id):
    """The programme of an address, or the page that says there is none."""
    if (found := queries.get_programme(programme_id)) is None:
        raise NotFound()
    return found


def back_to_programme(programme, anchor=None):
    """The way back to a programme's page after a change."""
    flash(_("Saved."))
    return redirect(url_for("programmes.show", programme_id=programme.id, _anchor=anchor), 303)


@bp.get("/programmes/<int:programme_id>")
@requires(Permission.PROGRAMMES_READ)
def show(programme_id):
    found = the_programme(programme_id)
    known = scope.scopes(programme_id)[0].known_at(now())
    present = known.stretches(Span(today(), today()))[0].version
    tiers = known.tiers(present)
    taken = scope.tried(known, known.conditions(present), tiers, today())
    return render_template(
        "programmes/show.html",
        programme=found,
        versions=records.versions_of(programme_id),
        present=present,
        tiers={version.id: version.tiers for version in known.versions},
        taken=by_tier(tiers, taken),
        rounds=[row for row in records.all_rounds() if row.programme_id == programme_id],
        listings=records.list_listings(programme_id, request.args),
        names=records.names_in_conditions(),
        last_day=rules.last_day,
        kind_labels=PROGRAMME_KIND_LABELS,
        mode_labels=MODE_LABELS,
        period_labels=PERIOD_LABELS,
        measure_labels=MEASURE_LABELS,
        unit_of=unit_of,
    )


def by_tier(tiers, taken):
    """How many enterprises a rule takes: all, and each tier by name; those of none come last."""
    named = [(tier.name, taken.get(position, 0)) for position, tier in enumerate(tiers)]
    if tiers and taken.get(-1):
        named.append((_("No visit required"), taken[-1]))
    return {"all": sum(taken.values()), "tiers": named}


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_programme():
    form, made = scope_forms.ProgrammeForm(), []
    if carried_out(form, lambda: made.append(operations.create_programme(current_actor(), form.entry()))):
        return back_to_programme(made[0])
    return answer("programmes/edit_programme.html", form, programme=None)


@bp.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def edit_programme(programme_id):
    found = the_programme(programme_id)
    form = scope_forms.programme_form(found)
    if carried_out(
        form, lambda: operations.update_programme(current_actor(), found, form.entry(), form.revision.data)
    ):
        return back_to_programme(found)
    return answer("programmes/edit_programme.html", form, programme=found)


@bp.route("/programmes/<int:programme_id>/rounds/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_round(programme_id):
    found, form = the_programme(programme_id), scope_forms.RoundForm()
    if carried_out(form, lambda: operations.save_round(current_actor(), found, form.entry(), None)):
        return back_to_programme(found, "rounds")
    return answer("programmes/edit_round.html", form, programme=found, round=None)


@bp.route("/programmes/<int:programme_id>/rounds/<int:round_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def edit_round(programme_id, round_id):
    found, present = the_programme(programme_id), records.get_round(programme_id, round_id)
    if present is None:
        raise NotFound()
    form = scope_forms.RoundForm(obj=present, data={"last_on": rules.last_day(present.until_on)})
    if carried_out(form, lambda: operations.save_round(current_actor(), found, form.entry(), present)):
        return back_to_programme(found, "rounds")
    return answer("programmes/edit_round.html", form, programme=found, round=present)


@bp.route("/programmes/<int:programme_id>/scope/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_scope(programme_id):
    found, form = the_programme(programme_id), scope_forms.ScopeForm()
    known = scope.scopes(programme_id)[0].known_at(now())
    taken = None
    if not form.is_submitted():
        present = known.stretches(Span(today(), today()))[0].version
        form.from_on.data = today() if present else today().replace(month=1, day=1)
        form.begin_with(next((v for v in known.versions if v.id == present), scope.NO_RULE))
    elif "usual" in request.form:
        form.offer_usual_tiers()
    elif "preview" in request.form:
        if form.validate():
            entry = form.entry()
            tiers = [scope.TierRule(**vars(tier)) for tier in entry.tiers]
            taken = by_tier(tiers, scope.tried(known, entry.conditions, tiers, max(entry.from_on, today())))
    elif carried_out(form, lambda: operations.set_scope(current_actor(), found, form.entry())):
        return back_to_programme(found, "scope")
    return answer("programmes/new_scope.html", form, programme=found, taken=taken)


@bp.route("/programmes/<int:programme_id>/listings/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def new_listings(programme_id):
    found, form, added = the_programme(programme_id), scope_forms.ListingForm(), []
    if carried_out(
        form,
        lambda: added.append(operations.list_enterprises(current_actor(), found, form.entry())),
    ):
        count, known = added[0], len(form.enterprise_ids) - added[0]
        flash(
            _("%(count)s enterprises entered, %(known)s were so listed already.", count=count, known=known)
        )
        tell_left_out(form)
        return redirect(url_for("programmes.show", programme_id=found.id, _anchor="listings"), 303)
    return answer("programmes/new_listings.html", form, programme=found)


@bp.route("/programmes/<int:programme_id>/listings/<int:listing_id>/end", methods=["GET", "POST"])
@requires(Permission.PROGRAMMES_WRITE)
def end_listing(programme_id, listing_id):
    found, form = the_programme(programme_id), forms.EndForm()
    row = records.get_listing(programme_id, listing_id)
    if row is None:
        raise NotFound()
    if carried_out(
        form,
        lambda: operations.end_listing(current_actor(), found, row, rules.day_after(form.last_on.data)),
    ):
        return back_to_programme(found, "listings")
    name = enterprises.names_of([row.enterprise_id])[row.enterprise_id]
    return answer("programmes/end_listing.html", form, programme=found, subject=name)


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
