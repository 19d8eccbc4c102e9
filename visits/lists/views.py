"""Pages of saved views, the bar of them above each list, and what became of bulk actions."""

from dataclasses import dataclass
from uuid import uuid4

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core import bulk
from visits.core.authz import may
from visits.core.errors import NotFound
from visits.core.known_lists import KnownList, all_known, known_for
from visits.core.permissions import Permission
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires
from visits.lists import forms, operations, queries, rules

bp = Blueprint("lists", __name__)


@dataclass(frozen=True)
class Bar:
    """The views above a list: which there are, which is open, and whether it was narrowed further."""

    known: KnownList
    views: list[queries.Shelved]
    current: queries.Shelved | None
    is_changed: bool
    query: str
    submission_id: str

    @property
    def is_whole(self):
        return self.current is None and not self.query


def views_here(known):
    """The views of a list that the present visitor may open, read once per request."""
    if "saved_views" not in g:
        g.saved_views = {}
    if known.name not in g.saved_views:
        g.saved_views[known.name] = queries.views_of(current_actor(), known.name)
    return g.saved_views[known.name]


@bp.app_template_global()
def saved_views(page):
    """The bar of a list's page; None where nobody keeps views of the list."""
    known = all_known().get(page.name)
    if known is None:
        return None
    views, query = views_here(known), rules.kept_query(request.args.items(multi=True))
    asked = request.args.get("view")
    current = next((v for v in views if str(v.id) == asked), None)
    current = current or next((v for v in views if rules.is_same(v.query, query)), None)
    is_changed = current is not None and not rules.is_same(current.query, query)
    return Bar(known, views, current, is_changed, query, str(uuid4()))


@bp.before_app_request
def open_default():
    """Lead the bare address of a list to the view its reader chose for it."""
    if request.method != "GET" or request.query_string or request.endpoint is None:
        return None
    known = next((k for k in all_known().values() if k.endpoint == request.endpoint), None)
    default = known and next((view for view in views_here(known) if view.is_default), None)
    return redirect(address(known, default)) if default else None


def address(known, view):
    """Where a list shows a view."""
    return f"{url_for(known.endpoint)}?view={view.id}&{view.query}"


def list_here(list_name):
    """The list that the page belongs to, which the menu shows; not found where it may not be read."""
    known = known_for(current_actor(), list_name)
    g.menu_endpoint = known.endpoint
    return known


def list_of_view(view_id):
    """A view of an address and its list; not found where the reader may see neither."""
    view = queries.get_view(current_actor(), view_id)
    return view, list_here(view.list_name)


@bp.get("/saved-views/<string:list_name>")
@requires(SIGNED_IN)
def index(list_name):
    known = list_here(list_name)
    views = views_here(known)
    counts = known.counts(current_actor(), {view.id: view.query for view in views})
    return render_template("lists/index.html", known=known, views=views, counts=counts)


@bp.get("/saved-views/<string:list_name>/counts")
@requires(SIGNED_IN)
def counts(list_name):
    known = list_here(list_name)
    return jsonify(known.counts(current_actor(), {view.id: view.query for view in views_here(known)}))


@bp.route("/saved-views/<string:list_name>/new", methods=["GET", "POST"])
@requires(SIGNED_IN)
def new(list_name):
    known, form = list_here(list_name), forms.ViewForm()
    query, made = rules.kept_query(request.args.items(multi=True)), []
    if carried_out(
        form, lambda: made.append(operations.save_view(current_actor(), known.name, query, form.entry()))
    ):
        flash(_("The view “%(name)s” is saved.", name=made[0].name))
        return redirect(address(known, made[0]), 303)
    return answer("lists/new.html", form, known=known, said=known.form().said, query=query)


@bp.post("/saved-views/<string:list_name>/default")
@requires(SIGNED_IN)
def choose_default(list_name):
    known, chosen = list_here(list_name), request.form.get("view_id", "")
    view = next((v for v in views_here(known) if str(v.id) == chosen), None)
    if chosen and view is None:
        raise NotFound()
    operations.choose_default(
        current_actor(), known.name, view and queries.get_view(current_actor(), view.id)
    )
    flash(
        _("This list opens with “%(name)s” now.", name=view.name)
        if view
        else _("This list opens whole now.")
    )
    return redirect(url_for("lists.index", list_name=known.name), 303)


@bp.route("/saved-views/<int:saved_view_id>/edit", methods=["GET", "POST"])
@requires(SIGNED_IN)
def edit(saved_view_id):
    view, known = list_of_view(saved_view_id)
    shelved = next(v for v in views_here(known) if v.id == view.id)
    if not shelved.may_change:
        raise NotFound()
    may_share = may(current_actor(), Permission.LISTS_SHARE)
    is_own = view.owner_id == current_actor().person_id
    form = forms.ViewForm(obj=view, data={"is_default": shelved.is_default}, may_share=may_share and is_own)
    if carried_out(
        form,
        lambda: operations.update_view(
            current_actor(), view, form.entry(is_shared=view.is_shared), form.revision.data
        ),
    ):
        flash(_("Saved."))
        return redirect(url_for("lists.index", list_name=known.name), 303)
    return answer("lists/edit.html", form, known=known, view=shelved)


@bp.post("/saved-views/<int:saved_view_id>/replace")
@requires(SIGNED_IN)
def replace(saved_view_id):
    view, known = list_of_view(saved_view_id)
    operations.replace_query(current_actor(), view, rules.kept_query(request.args.items(multi=True)))
    flash(_("The view “%(name)s” stands for this now.", name=view.name))
    return redirect(address(known, view), 303)


@bp.post("/saved-views/<int:saved_view_id>/move")
@requires(SIGNED_IN)
def move(saved_view_id):
    view, known = list_of_view(saved_view_id)
    operations.move_view(current_actor(), view, up=request.form.get("direction") == "up")
    return redirect(url_for("lists.index", list_name=known.name), 303)


@bp.post("/saved-views/<int:saved_view_id>/delete")
@requires(SIGNED_IN)
def delete(saved_view_id):
    view, known = list_of_view(saved_view_id)
    operations.delete_view(current_actor(), view)
    flash(_("The view “%(name)s” is deleted; the rows of the list are as they were.", name=view.name))
    return redirect(url_for("lists.index", list_name=known.name), 303)


@bp.get("/bulk-runs/<int:bulk_run_id>")
@requires(SIGNED_IN)
def bulk_run(bulk_run_id):
    run = bulk.get_run(current_actor(), bulk_run_id)
    known = list_here(run.list_name)
    return render_template("lists/bulk_run.html", run=run, known=known)
