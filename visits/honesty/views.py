"""Pages of questions about records: the author's own, the office's list, one question and its forms."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from visits.core.errors import NotAllowed
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer as shown
from visits.core.web import carried_out, current_actor, requires
from visits.honesty import listing, operations, queries
from visits.honesty.filter_forms import QuestionFilter
from visits.honesty.forms import AnswerForm, CloseForm
from visits.honesty.models import ANSWER_LABELS, CLOSING_LABELS, KIND_LABELS
from visits.honesty.pages import is_to_answer
from visits.honesty.words import kind_of, sentence_of
from visits.programmes.models import MODE_LABELS

bp = Blueprint("honesty", __name__)
MOST = 200
LABELS = {
    "kind_labels": KIND_LABELS,
    "answer_labels": ANSWER_LABELS,
    "closing_labels": CLOSING_LABELS,
    "mode_labels": MODE_LABELS,
}
QUESTIONS = KnownList(
    "questions",
    N_("Questions about records"),
    "honesty.index",
    "honesty.show",
    Permission.HONESTY_CLOSE,
    QuestionFilter,
    lambda actor, form: listing.of_questions(actor, form.filters()),
)
LISTS = (QUESTIONS,)


@bp.get("/questions")
@requires(Permission.HONESTY_CLOSE)
def index():
    form = QuestionFilter()
    page = page_of(QUESTIONS.of(current_actor(), form))
    return render_template("honesty/index.html", page=page, form=form, **LABELS)


@bp.post("/questions/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/questions/export.csv", defaults={"kind": "csv"})
@requires(Permission.HONESTY_CLOSE, late_write=True)
def export(kind):
    form = QuestionFilter()
    return taken_home(QUESTIONS.of(current_actor(), form), kind, form.said)


@bp.get("/questions/mine")
@requires(Permission.HONESTY_ANSWER)
def mine():
    rows = queries.to_answer(current_actor(), MOST).rows()
    return render_template("honesty/mine.html", rows=rows, sentence_of=sentence_of, **LABELS)


@bp.get("/questions/<int:question_id>")
@requires(Permission.HONESTY_READ)
def show(question_id):
    return render_template("honesty/show.html", **about(queries.get_shown(current_actor(), question_id)))


def about(row):
    """What every page of one question shows."""
    actor, question = current_actor(), row.RecordQuestion
    is_own = question.asked_id == actor.person_id
    return {
        "row": row,
        "question": question,
        "kind": kind_of(question, for_office=not is_own),
        "sentence": sentence_of(question, for_office=not is_own),
        "visits": queries.visits_named(actor, question),
        "is_own": is_own,
        "may_answer": is_to_answer(question, actor),
        "may_close": row.is_for_office and question.closed_at is None,
        "denial": queries.latest_answer(question) if row.is_for_office and question.issue_id else None,
        **LABELS,
    }


@bp.route("/questions/<int:question_id>/answer", methods=["GET", "POST"])
@requires(Permission.HONESTY_ANSWER)
def answer(question_id):
    actor = current_actor()
    row = queries.get_shown(actor, question_id)
    if row.RecordQuestion.asked_id != actor.person_id:
        raise NotAllowed()
    form = AnswerForm()
    if not form.is_submitted():
        form.revision.data = row.RecordQuestion.revision
    if carried_out(
        form, lambda: operations.answer(actor, row.RecordQuestion, form.entry(), form.revision.data)
    ):
        flash(_("Your answer is noted. Thank you."))
        return redirect(url_for("honesty.mine"), 303)
    return shown("honesty/answer.html", form, **about(row))


@bp.route("/questions/<int:question_id>/close", methods=["GET", "POST"])
@requires(Permission.HONESTY_CLOSE)
def close(question_id):
    actor = current_actor()
    row = queries.get_shown(actor, question_id)
    if not row.is_for_office:
        raise NotAllowed()
    form = CloseForm()
    if not form.is_submitted():
        form.revision.data = row.RecordQuestion.revision
    if carried_out(
        form,
        lambda: operations.close(
            actor, row.RecordQuestion, form.closing.data, form.note.data, form.revision.data
        ),
    ):
        flash(_("The question is closed."))
        return redirect(url_for("honesty.index"), 303)
    return shown("honesty/close.html", form, **about(row))
