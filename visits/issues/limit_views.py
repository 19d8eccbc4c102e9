"""Pages of the time limits: the rules in force as a table, their editions, a new rule, and a trial."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import limits, operations, rules
from visits.issues.forms.limits import EndRuleForm, RuleForm, TryLimitsForm
from visits.issues.models import COMPLEXITY_LABELS, URGENCY_LABELS
from visits.issues.rules import Complexity, Urgency

bp = Blueprint("issue_limits", __name__)
LABELS = {"complexity_labels": COMPLEXITY_LABELS, "urgency_labels": URGENCY_LABELS}


@bp.get("/limits")
@requires(Permission.ISSUES_LIMITS)
def index() -> ResponseReturnValue:
    editions = limits.editions()
    form = TryLimitsForm()
    return render_template(
        "issues/limits.html",
        sheets=limits.sheets(editions),
        editions=editions,
        form=form,
        tried=tried(form) if "complexity" in request.args else None,
        moment=now(),
        **LABELS,
    )


def tried(form: TryLimitsForm) -> dict[str, Any] | None:
    """The rule that holds for a kind of problem registered and assigned today, and the dates it gives."""
    urgency, complexity = form.urgency.data or Urgency.NORMAL, form.complexity.data or Complexity.ORDINARY
    kind = limits.kind_of(form.category.data, urgency, complexity)
    rule = rules.rule_for(limits.rules_at(now()), kind, now())
    if rule is None:
        return None
    calendar = load_calendar()
    due = rules.due_dates(rule.limits, today(), calendar)
    accept = rules.accept_due(rule.limits, today(), calendar)
    return {"rule": rule, "due": due, "accept": accept, "today": today()}


@bp.route("/limits/new", methods=["GET", "POST"])
@requires(Permission.ISSUES_LIMITS)
def new() -> ResponseReturnValue:
    form = RuleForm()
    if not form.is_submitted() and (copied := _given(request.args.get("like", ""))):
        form.process(obj=copied, data={"close": copied.closing, "valid_on": None, "reason": ""})
        form.reason.data, form.valid_on.data, form.close.data = "", None, copied.closing
    if carried_out(form, lambda: operations.make_rule(current_actor(), form.entry())):
        flash(_("The rule is made. Problems registered before keep theirs."))
        return redirect(url_for("issue_limits.index"), 303)
    return answer("issues/new_limit.html", form)


def _given(text: str) -> Any:
    return limits.get_rule(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None


@bp.route("/limits/<int:rule_id>/end", methods=["GET", "POST"])
@requires(Permission.ISSUES_LIMITS)
def end(rule_id: int) -> ResponseReturnValue:
    rule = limits.get_rule(rule_id)
    if rule is None:
        raise NotFound()
    form = EndRuleForm()
    if carried_out(form, lambda: operations.end_rule(current_actor(), rule, form.reason.data or "")):
        flash(_("The rule has ended."))
        return redirect(url_for("issue_limits.index"), 303)
    return answer("issues/end_limit.html", form, rule=rule)
