"""Pages of topics: what suggests itself, the list, one topic, and each thing done about it."""

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core import authz
from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.forms import whole_number
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import timeline
from visits.issues.confidence import KEPT
from visits.issues.states import STATE_LABELS
from visits.supervision import forms, listing, operations, queries, wording
from visits.supervision.filter_forms import TopicFilter
from visits.supervision.models import AFTERMATH_LABELS
from visits.supervision.states import TOPIC_LIFE, TOPIC_STATE_LABELS

bp = Blueprint("topics", __name__)
LABELS = {
    "state_labels": TOPIC_STATE_LABELS,
    "tones": wording.TOPIC_TONES,
    "issue_states": STATE_LABELS,
    "issue_tones": timeline.TONES,
    "aftermath_labels": AFTERMATH_LABELS,
    "hidden": KEPT,
}


@bp.get("/supervision/topics")
@requires(Permission.SUPERVISION_FOLLOW)
def index():
    actor, form = current_actor(), TopicFilter()
    may_lead = authz.may(actor, Permission.SUPERVISION_TOPICS)
    return render_template(
        "supervision/topics.html",
        page=page_of(listing.of_topics(actor, form.filters())),
        form=form,
        suggestions=queries.suggest_topics() if may_lead else [],
        firms=get_setting("topic_firms"),
        days=get_setting("topic_days"),
        **LABELS,
    )


@bp.post("/supervision/topics/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/supervision/topics/export.csv", defaults={"kind": "csv"})
@requires(Permission.SUPERVISION_FOLLOW, late_write=True)
def export(kind):
    form = TopicFilter()
    return taken_home(listing.of_topics(current_actor(), form.filters()), kind, form.said)


def back_to(topic_id, anchor=None):
    """The way back to a topic's page after a change."""
    flash(_("Saved."))
    return redirect(url_for("topics.show", topic_id=topic_id, _anchor=anchor), 303)


@bp.route("/supervision/topics/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def new():
    actor = current_actor()
    category_id = whole_number(request.values.get("category_id") or request.values.get("category"))
    candidates = queries.candidates_for(actor, category_id) if category_id else []
    form, made = forms.NewTopicForm(candidates), []
    if not form.is_submitted() and category_id:
        form.category_id.data, form.issue_ids.data = category_id, [row.id for row in candidates]
    if carried_out(
        form,
        lambda: made.append(
            operations.propose_topic(actor, form.entry(), form.issue_ids.data or [], form.reason.data or "")
        ),
    ):
        return back_to(made[0].id)
    return answer("supervision/new_topic.html", form, category_id=category_id)


@bp.get("/supervision/topics/<int:topic_id>")
@requires(Permission.SUPERVISION_FOLLOW)
def show(topic_id):
    actor = current_actor()
    row = queries.get_topic_shown(actor, topic_id)
    held = authz.permitted(actor, TOPIC_LIFE.permissions, row.Topic)
    problems, behind = queries.problems_of_topic(actor, topic_id)
    volume = queries.volume_of(row.Topic)
    return render_template(
        "supervision/topic.html",
        row=row,
        topic=row.Topic,
        open_moves={move.name for move in TOPIC_LIFE.open_to(held, row.Topic.state, None)},
        problems=problems,
        behind=behind,
        measures=queries.measures_of(topic_id),
        outputs=queries.outputs_of(topic_id),
        months=bars_of(volume, is_started=row.Topic.started_on is not None),
        today=today(),
        **LABELS,
    )


def bars_of(volume, *, is_started):
    """One bar for each month, leading to the problems it counts; the month of the beginning says so."""
    begun = volume.after[0][0] if volume.after else None
    return [
        {
            "label": _("%(month)s (begun)", month=month) if month == begun and is_started else str(month),
            "value": count,
            "url": problems_url(month, volume.category_ids) if count else None,
        }
        for month, count in [*volume.before, *volume.after]
    ]


def problems_url(month, category_ids):
    """The list of problems of a month and these categories that count."""
    query = [("state", "counted"), ("registered_from", month.first_on), ("registered_to", month.last_on)]
    query += [("category", key) for key in category_ids]
    return f"{url_for('issues.index')}?{urlencode(query)}"


def changed(topic_id, template, form, carry_out, anchor=None, **context):
    """The page of one change of a topic: its form, and what sending it does."""
    actor = current_actor()
    topic = queries.get_topic(actor, topic_id)
    if not form.is_submitted():
        form.revision.data = topic.revision
    if carried_out(form, lambda: carry_out(actor, topic, form, form.revision.data)):
        return back_to(topic_id, anchor)
    return answer(template, form, topic=topic, **context)


def found(record):
    """A record that an address names below its topic, or the page that says there is none."""
    if record is None:
        raise NotFound()
    return record


@bp.route("/supervision/topics/<int:topic_id>/edit", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def edit(topic_id):
    form = forms.TopicForm(obj=queries.get_topic(current_actor(), topic_id))
    return changed(
        topic_id,
        "supervision/edit_topic.html",
        form,
        lambda a, t, f, r: operations.update_topic(a, t, f.entry(), r),
    )


@bp.post("/supervision/topics/<int:topic_id>/start")
@requires(Permission.SUPERVISION_TOPICS)
def start(topic_id):
    actor = current_actor()
    topic = queries.get_topic(actor, topic_id)
    operations.start_topic(actor, topic, whole_number(request.form.get("revision")))
    return back_to(topic_id)


@bp.route("/supervision/topics/<int:topic_id>/close", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def close(topic_id):
    return changed(
        topic_id,
        "supervision/close_topic.html",
        forms.CloseTopicForm(),
        lambda a, t, f, r: operations.close_topic(a, t, f.result.data, r),
    )


@bp.route("/supervision/topics/<int:topic_id>/problems/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def link(topic_id):
    actor = current_actor()
    topic = queries.get_topic(actor, topic_id)
    form = forms.LinkForm(queries.candidates_for(actor, topic.category_id, topic_id))
    return changed(
        topic_id,
        "supervision/link_problems.html",
        form,
        lambda a, t, f, r: operations.link_problems(a, t, f.issue_ids.data or [], f.reason.data, r),
        anchor="problems",
    )


@bp.route("/supervision/topics/<int:topic_id>/problems/<int:link_id>/remove", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def unlink(topic_id, link_id):
    behind = found(queries.get_topic_problem(topic_id, link_id))
    return changed(
        topic_id,
        "supervision/end_in_topic.html",
        forms.RemoveForm(),
        lambda a, t, f, r: operations.unlink_problem(a, t, behind, f.reason.data, r),
        anchor="problems",
        heading=_("Take the problem out"),
        subject=queries.number_of_problem(behind.issue_id),
    )


@bp.route("/supervision/topics/<int:topic_id>/problems/<int:link_id>/ask", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_FOLLOW)
def ask(topic_id, link_id):
    actor = current_actor()
    topic = queries.get_topic(actor, topic_id)
    behind = found(queries.get_topic_problem(topic_id, link_id))
    form = forms.AskForm()
    problem = queries.get_visible_problem(actor, behind.issue_id)
    if carried_out(
        form, lambda: operations.ask_enterprise(actor, topic, behind, form.aftermath.data, form.note.data)
    ):
        return back_to(topic_id, "problems")
    return answer("supervision/ask.html", form, topic=topic, problem=problem)


@bp.route("/supervision/topics/<int:topic_id>/measures/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def new_measure(topic_id):
    return changed(
        topic_id,
        "supervision/new_measure.html",
        forms.MeasureForm(),
        lambda a, t, f, _r: operations.add_measure(a, t, f.entry()),
        anchor="measures",
    )


def end_measure(topic_id, measure_id, name, operation):
    """The page by which a measure ends, one way or the other."""
    measure = found(queries.get_measure(topic_id, measure_id))
    return changed(
        topic_id,
        "supervision/end_in_topic.html",
        forms.EndMeasureForm(),
        lambda a, t, f, r: operation(a, t, measure, f.note.data, r),
        anchor="measures",
        heading=_(TOPIC_LIFE[name].label),
        subject=measure.text,
    )


@bp.route("/supervision/topics/<int:topic_id>/measures/<int:measure_id>/complete", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def complete_measure(topic_id, measure_id):
    return end_measure(topic_id, measure_id, "complete", operations.complete_measure)


@bp.route("/supervision/topics/<int:topic_id>/measures/<int:measure_id>/drop", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def drop_measure(topic_id, measure_id):
    return end_measure(topic_id, measure_id, "drop", operations.drop_measure)


@bp.route("/supervision/topics/<int:topic_id>/outputs/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def new_output(topic_id):
    return changed(
        topic_id,
        "supervision/new_output.html",
        forms.OutputForm(),
        lambda a, t, f, _r: operations.add_output(a, t, f.entry()),
        anchor="outputs",
    )


@bp.route("/supervision/topics/<int:topic_id>/outputs/<int:output_id>/remove", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_TOPICS)
def remove_output(topic_id, output_id):
    output = found(queries.get_output(topic_id, output_id))
    return changed(
        topic_id,
        "supervision/end_in_topic.html",
        forms.RemoveForm(),
        lambda a, t, f, r: operations.remove_output(a, t, output, f.reason.data, r),
        anchor="outputs",
        heading=_("Take the document out"),
        subject=output.title,
    )
