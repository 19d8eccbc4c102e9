"""Pages of suggestions: one's own, the list of who answers, one with all that was said to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.core.authz import may
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires
from visits.feedback import listing, operations, queries, rules
from visits.feedback.filter_forms import SuggestionFilter
from visits.feedback.forms import ReplyForm, SuggestionForm
from visits.feedback.models import STATE_LABELS, Suggestion, SuggestionState

bp = Blueprint("feedback", __name__)
MOST = 200
TONES = {SuggestionState.OPEN: "warning", SuggestionState.SETTLED: "muted"}
SUGGESTIONS = KnownList(
    "suggestions",
    N_("Feedback"),
    "feedback.index",
    "feedback.show",
    Permission.FEEDBACK_ANSWER,
    SuggestionFilter,
    lambda actor, form: listing.of_suggestions(actor, form.filters()),
)
LISTS = (SUGGESTIONS,)
LABELS = {"state_labels": STATE_LABELS, "state_tones": TONES}


@bp.get("/feedback")
@requires(Permission.FEEDBACK_ANSWER)
def index() -> ResponseReturnValue:
    form = SuggestionFilter()
    page = page_of(SUGGESTIONS.of(current_actor(), form))
    return render_template("feedback/index.html", page=page, form=form, **LABELS)


@bp.post("/feedback/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/feedback/export.csv", defaults={"kind": "csv"})
@requires(Permission.FEEDBACK_ANSWER, late_write=True)
def export(kind: str) -> ResponseReturnValue:
    form = SuggestionFilter()
    return taken_home(SUGGESTIONS.of(current_actor(), form), kind, form.said)


@bp.get("/feedback/mine")
@requires(SIGNED_IN)
def mine() -> ResponseReturnValue:
    rows = queries.own_suggestions(current_actor(), MOST)
    return render_template("feedback/mine.html", rows=rows, **LABELS)


@bp.route("/feedback/new", methods=["GET", "POST"])
@requires(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Say something about the page one comes from."""
    actor, form, made = current_actor(), SuggestionForm(), list[Suggestion]()
    if request.method == "GET":
        form.page.data = rules.page_of(request.args.get("page"))
    if carried_out(
        form, lambda: made.append(operations.send(actor, form.text.data or "", form.page.data or ""))
    ):
        flash(_("Thank you. The administrators read it and reply here."))
        return redirect(url_for("feedback.show", suggestion_id=made[0].id), 303)
    return answer("feedback/new.html", form)


@bp.get("/feedback/<int:suggestion_id>")
@requires(SIGNED_IN)
def show(suggestion_id: int) -> ResponseReturnValue:
    suggestion = queries.get_suggestion(current_actor(), suggestion_id)
    form = reply_form()
    form.revision.data = suggestion.revision
    return answer("feedback/show.html", form, **about(suggestion))


@bp.post("/feedback/<int:suggestion_id>/reply")
@requires(SIGNED_IN)
def reply(suggestion_id: int) -> ResponseReturnValue:
    actor, form = current_actor(), reply_form()
    suggestion = queries.get_suggestion(actor, suggestion_id, to_write=True)
    if carried_out(
        form,
        lambda: operations.reply(
            actor, suggestion, form.text.data or "", form.revision.data, settles=form.is_settling
        ),
    ):
        flash(_("Your reply is sent."))
        return redirect(url_for("feedback.show", suggestion_id=suggestion_id), 303)
    return answer("feedback/show.html", form, **about(suggestion))


@bp.post("/feedback/<int:suggestion_id>/settle")
@requires(Permission.FEEDBACK_ANSWER)
def settle(suggestion_id: int) -> ResponseReturnValue:
    actor = current_actor()
    operations.settle(actor, queries.get_suggestion(actor, suggestion_id, to_write=True))
    flash(_("The feedback is settled. Its author can write again."))
    return redirect(url_for("feedback.index"), 303)


def reply_form() -> ReplyForm:
    """The form of a reply, with a tick for whoever may settle."""
    return ReplyForm(may_settle=may(current_actor(), Permission.FEEDBACK_ANSWER))


def about(suggestion: Suggestion) -> dict[str, object]:
    """What the page of one suggestion shows."""
    actor, author = current_actor(), queries.author_of(suggestion)
    first = {
        "at": suggestion.created_at,
        "who": author,
        "title": _("Feedback"),
        "note": suggestion.text,
    }
    replies = [
        {
            "at": row.SuggestionReply.created_at,
            "who": row.who,
            "title": _("Reply")
            if row.SuggestionReply.person_id != suggestion.person_id
            else _("The author"),
            "note": row.SuggestionReply.text,
        }
        for row in queries.replies_to(suggestion.id)
    ]
    return {
        "suggestion": suggestion,
        "author": author,
        "said": [first, *replies],
        "is_own": suggestion.person_id == actor.person_id,
        "may_settle": may(actor, Permission.FEEDBACK_ANSWER),
        **LABELS,
    }
