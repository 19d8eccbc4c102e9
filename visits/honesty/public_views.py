"""The page on which an enterprise sees who serves it and who has come, and says whether that is so."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from visits.core.clock import today
from visits.core.errors import Gone, NotFound
from visits.core.forms import whole_number
from visits.core.listing import parts
from visits.core.settings import get_setting
from visits.core.web import PUBLIC, carried_out, requires
from visits.honesty import operations, queries, rules, visits_seen
from visits.honesty.models import VisitAnswer
from visits.honesty.public_forms import SaidForm
from visits.issues import progress
from visits.issues.pages import CODE, keep_to_itself, nothing_here, over
from visits.programmes.models import MODE_LABELS
from visits.programmes.queries import link_of

bp = Blueprint("public_visits", __name__)
bp.after_request(keep_to_itself)


@dataclass(frozen=True)
class Seen:
    """A visit as the enterprise sees it: the row, its units, the last answer, the next turn, if any."""

    row: Any
    units: list[str]
    answer: VisitAnswer | None
    turn: int | None


@bp.get("/r/<string:code>/visits")
@requires(PUBLIC, by_code=True)
def show(code: str) -> ResponseReturnValue:
    """Reading changes nothing, however often programs that check links open it."""
    return page_of(code)


@bp.post("/r/<string:code>/visits")
@requires(PUBLIC, by_code=True)
def say(code: str) -> ResponseReturnValue:
    form = SaidForm()
    try:
        if CODE.fullmatch(code) and carried_out(
            form, lambda: operations.answer_by_link(code, form.entry())
        ):
            lang = request.args.get("lang")
            return redirect(url_for("public_visits.show", code=code, lang=lang, _anchor="visits"), 303)
    except NotFound:
        return nothing_here(404)
    except Gone:
        return page_of(code, is_said=True)
    return page_of(code, form)


def page_of(code: str, refused: SaidForm | None = None, *, is_said: bool = False) -> ResponseReturnValue:
    """The page, with the form of one visit as it was filled in where it was refused."""
    issue = progress.issue_of(code) if CODE.fullmatch(code) else None
    if issue is None:
        return over(code)
    said = visits_seen.said_by(issue.enterprise_id)
    page = render_template(
        "honesty/public.html",
        enterprise=queries.name_of_enterprise(issue.enterprise_id),
        link=link_of(issue.enterprise_id, today()),
        visits=[seen(row, said.get(row.id, [])) for row in visits_seen.seen_by(issue.enterprise_id)],
        refused=refused,
        refused_id=whole_number(refused.visit.data) if refused else None,
        is_said=is_said,
        code=code,
        page_endpoint="public_visits.show",
        mode_labels=MODE_LABELS,
        site_name=get_setting("zone_name"),
        office_phone=get_setting("office_phone"),
    )
    return page, 410 if is_said else 422 if refused else 200


def seen(row: Any, said: list[VisitAnswer]) -> Seen:
    """One visit with what the enterprise has said of it."""
    turn = len(said) + 1
    units = sorted({unit for unit in parts(row.units) if unit})
    return Seen(row, units, said[-1] if said else None, turn if turn <= rules.ANSWERS else None)
