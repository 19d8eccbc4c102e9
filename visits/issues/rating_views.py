"""The list of bad ratings, with the enterprises' own words, for supervision."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.issues.models import CHANNEL_LABELS, LEVEL_LABELS, SOLVED_LABELS
from visits.issues.standing import SHOWN, bad_ratings_for

bp = Blueprint("issue_ratings", __name__)


@bp.get("/issues/bad-ratings")
@requires(Permission.ISSUES_SUPERVISE)
def index() -> ResponseReturnValue:
    return render_template(
        "issues/bad_ratings.html",
        rows=bad_ratings_for(current_actor()),
        most=SHOWN,
        channel_labels=CHANNEL_LABELS,
        level_labels=LEVEL_LABELS,
        solved_labels=SOLVED_LABELS,
    )
