"""Pages that put the register in order: provisional records, duplicates, merges, imports, kinds of tags."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import matching, operations, profile, queries, record_forms, runs
from visits.enterprises.columns import BY_KEY
from visits.enterprises.likeness import WHY_LABELS
from visits.enterprises.models import OWNERSHIP_LABELS, STATUS_LABELS, Cargo

bp = Blueprint("cleaning", __name__)


@bp.get("/enterprises/provisional")
@requires(Permission.ENTERPRISES_WRITE)
def provisional():
    page = matching.provisional(request.args)
    return render_template("enterprises/provisional.html", page=page, why_labels=WHY_LABELS)


@bp.get("/enterprises/duplicates")
@requires(Permission.ENTERPRISES_MERGE)
def duplicates():
    page = matching.duplicates(request.args)
    return render_template("enterprises/duplicates.html", page=page, why_labels=WHY_LABELS)


@bp.post("/enterprises/<int:enterprise_id>/distinct/<int:other_id>")
@requires(Permission.ENTERPRISES_MERGE)
def note_distinct(enterprise_id, other_id):
    one, other = queries.get_living(enterprise_id), queries.get_living(other_id)
    operations.note_distinct(current_actor(), one, other, "")
    flash(_("Noted as two enterprises. The pair is not shown again."))
    return redirect(url_for("cleaning.duplicates"), 303)


@bp.get("/enterprises/<int:enterprise_id>/merge")
@requires(Permission.ENTERPRISES_MERGE)
def choose_merge(enterprise_id):
    enterprise = queries.get_living(enterprise_id)
    form = record_forms.FindForm()
    found = queries.search(form.q.data) if form.q.data else []
    return render_template(
        "enterprises/choose_merge.html",
        enterprise=enterprise,
        form=form,
        found=[row for row in found if row.id != enterprise_id],
        matches=matching.candidates(enterprise.name, enterprise.code, exclude=enterprise_id),
        why_labels=WHY_LABELS,
    )


@bp.route("/enterprises/<int:enterprise_id>/merge/<int:other_id>", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_MERGE)
def merge(enterprise_id, other_id):
    winner, loser = queries.get_living(enterprise_id), queries.get_living(other_id)
    form = record_forms.merge_form(winner, loser)
    if carried_out(
        form, lambda: operations.merge_enterprises(current_actor(), form.entry(other_id, enterprise_id))
    ):
        flash(_("The two records are one now."))
        return redirect(url_for("home.enterprise_file", enterprise_id=enterprise_id), 303)
    return answer(
        "enterprises/merge.html",
        form,
        winner=winner,
        loser=loser,
        foretold=operations.foretell(loser.id, winner.id),
        status_labels=STATUS_LABELS,
        ownership_labels=OWNERSHIP_LABELS,
    )


@bp.route("/enterprises/merges/<int:merge_id>/undo", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_MERGE)
def undo_merge(merge_id):
    if (found := profile.get_merge(merge_id)) is None or found.undone_at is not None:
        raise NotFound()
    form = record_forms.ReasonForm()
    lost = []
    if carried_out(
        form, lambda: lost.append(operations.undo_merge(current_actor(), found, form.reason.data))
    ):
        flash(_("The two records are apart again."))
        if lost[0]:
            flash(_("What was changed since the merge stays as it is."), "warning")
        return redirect(url_for("home.enterprise_file", enterprise_id=found.loser_id), 303)
    names = {i: queries.name_of(i) for i in (found.loser_id, found.winner_id)}
    return answer("enterprises/undo_merge.html", form, merge=found, names=names)


@bp.get("/enterprises/imports")
@requires(Permission.ENTERPRISES_IMPORT)
def imports():
    page = runs.list_runs(request.args, Cargo.ENTERPRISES)
    return render_template("enterprises/imports.html", page=page)


@bp.route("/enterprises/imports/<int:run_id>", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_IMPORT)
def undo_import(run_id):
    if (run := runs.get_run(run_id)) is None:
        raise NotFound()
    form = record_forms.ReasonForm()
    if carried_out(form, lambda: operations.undo_import(current_actor(), run, form.reason.data)):
        flash(_("The import is taken out again."))
        return redirect(url_for("cleaning.undo_import", run_id=run_id), 303)
    kept = [{**row, "params": told(row["params"])} for row in run.outcome.get("kept", ())]
    return answer("enterprises/undo_import.html", form, run=run, kept=kept)


def told(params):
    """The values of a sentence, with columns named as people know them."""
    if "fields" not in params:
        return params
    return {"fields": _(", ").join(_(BY_KEY[name].label) for name in params["fields"] if name in BY_KEY)}


@bp.get("/enterprises/tags")
@requires(Permission.ENTERPRISES_WRITE)
def tags():
    return render_template("enterprises/tags.html", rows=profile.list_tags())


@bp.route("/enterprises/tags/new", methods=["GET", "POST"], defaults={"tag_id": None})
@bp.route("/enterprises/tags/<int:tag_id>", methods=["GET", "POST"])
@requires(Permission.ENTERPRISES_WRITE)
def edit_tag(tag_id):
    tag = None if tag_id is None else profile.get_tag(tag_id)
    if tag is None and tag_id is not None:
        raise NotFound()
    form = record_forms.TagForm(obj=tag, data={"is_closed": tag is not None and tag.closed_on is not None})
    if carried_out(
        form, lambda: operations.save_tag(current_actor(), tag, form.name.data, form.is_closed.data)
    ):
        flash(_("Saved."))
        return redirect(url_for("cleaning.tags"), 303)
    return answer("enterprises/tag.html", form, tag=tag)
