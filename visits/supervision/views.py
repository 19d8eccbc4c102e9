"""Pages of supervision orders: the list, issuing, one order, its reply and what becomes of it, on paper."""

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.attachments.rules import disposition
from visits.core import authz
from visits.core.bulk import picked_rows
from visits.core.calendar import load_calendar
from visits.core.forms import whole_number
from visits.core.known_lists import known_for
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import timeline
from visits.issues.confidence import firm_on_page
from visits.issues.states import STATE_LABELS
from visits.supervision import forms, listing, operations, queries, wording
from visits.supervision.filter_forms import OrderFilter
from visits.supervision.models import COLOUR_LABELS
from visits.supervision.order_sheet import SheetFacts, sheet_of
from visits.supervision.queries.orders import standing_of
from visits.supervision.states import ORDER_LIFE, ORDER_STATE_LABELS

bp = Blueprint("supervision", __name__)
MOST_AT_ONCE = 200
NUMBER = re.compile(r"[A-Za-z0-9-]{1,20}")
LABELS = {
    "state_labels": ORDER_STATE_LABELS,
    "tones": wording.ORDER_TONES,
    "colour_labels": COLOUR_LABELS,
    "colour_tones": wording.COLOUR_TONES,
    "issue_states": STATE_LABELS,
    "issue_tones": timeline.TONES,
    "enterprise_of": firm_on_page,
}


@bp.get("/supervision/orders")
@requires(Permission.SUPERVISION_READ)
def orders():
    form, calendar = OrderFilter(), load_calendar()
    page = page_of(listing.of_orders(current_actor(), form.filters(), calendar))
    lights = {row.id: listing.shown_reply_light(row, calendar) for row in page.rows}
    return render_template("supervision/orders.html", page=page, form=form, lights=lights, **LABELS)


@bp.post("/supervision/orders/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/supervision/orders/export.csv", defaults={"kind": "csv"})
@requires(Permission.SUPERVISION_READ, late_write=True)
def export_orders(kind):
    form = OrderFilter()
    return taken_home(listing.of_orders(current_actor(), form.filters(), load_calendar()), kind, form.said)


def chosen_problems(actor):
    """The ids of the problems ticked or named by their numbers, and the numbers that are nobody's."""
    ids = [key for key in map(whole_number, request.values.getlist("issue")) if key is not None]
    if request.method == "GET" and ("row" in request.args or request.args.get("all")):
        ids += [key for key, _name in picked_rows(known_for(actor, "issues"), actor).rows]
    named = NUMBER.findall(request.values.get("numbers", ""))[:MOST_AT_ONCE]
    found = queries.problem_ids_by_number(actor, named) if named else {}
    chosen = list(dict.fromkeys([*ids, *found.values()]))[:MOST_AT_ONCE]
    return chosen, [number for number in named if number not in found]


def planned_rows(problems, calendar):
    """Problems with the words that say why they press."""
    return [(p, wording.standing_words(p.standing, p.row, calendar)) for p in problems]


@bp.route("/supervision/orders/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_ORDER)
def new_orders():
    actor, calendar = current_actor(), load_calendar()
    chosen, unknown = chosen_problems(actor)
    if request.method == "GET" and not chosen:
        offered = planned_rows(queries.pressing_problems(actor), calendar)
        return render_template("supervision/choose.html", offered=offered, unknown=unknown, **LABELS)
    form, made = forms.OrdersForm(calendar), []
    if carried_out(form, lambda: made.extend(operations.issue_orders(actor, form.entry(chosen)))):
        flash(_("Issued: %(numbers)s.", numbers="、".join(order.number for order in made)))
        if len(made) == 1:
            return redirect(url_for("supervision.show_order", order_id=made[0].id), 303)
        return redirect(url_for("supervision.orders"), 303)
    plan = queries.plan_orders(actor, chosen)
    form.seen.data = plan.mark
    parts = [(part, planned_rows(part.problems, calendar)) for part in plan.parts]
    return answer(
        "supervision/new_orders.html",
        form,
        plan=plan,
        parts=parts,
        chosen=chosen,
        unknown=unknown,
        **LABELS,
    )


@bp.get("/supervision/orders/<int:order_id>")
@requires(Permission.SUPERVISION_READ)
def show_order(order_id):
    actor, calendar = current_actor(), load_calendar()
    row = queries.get_order_shown(actor, order_id)
    held = authz.permitted(actor, ORDER_LIFE.permissions, row.Order)
    problems = queries.problems_of_order(actor, order_id)
    return render_template(
        "supervision/order.html",
        row=row,
        order=row.Order,
        light=listing.shown_reply_light(row.Order, calendar),
        open_moves=ORDER_LIFE.open_to(held, row.Order.state, queries.facts_of(actor, row.Order)),
        problems=[
            (problem, wording.standing_words(standing_of(problem, calendar), problem, calendar))
            for problem in problems
        ],
        replies=queries.replies_of(order_id),
        **LABELS,
    )


def sheet_facts(order_id):
    """What stands on the paper of an order."""
    actor = current_actor()
    return SheetFacts(
        row=queries.get_order_shown(actor, order_id),
        problems=queries.problems_of_order(actor, order_id),
        replies=queries.replies_of(order_id),
        calendar=load_calendar(),
        zone=get_setting("zone_name"),
        printed_by=actor.name,
    )


@bp.get("/supervision/orders/<int:order_id>/sheet")
@requires(Permission.SUPERVISION_READ)
def order_sheet(order_id):
    facts = sheet_facts(order_id)
    return render_template("supervision/order_sheet.html", sheet=sheet_of(facts), order=facts.row.Order)


@bp.post("/supervision/orders/<int:order_id>/sheet.docx")
@requires(Permission.SUPERVISION_READ)
def download_order(order_id):
    from visits.core.word import MEDIA_TYPE, as_docx  # large: only a process that writes for Word loads it

    facts = sheet_facts(order_id)
    name = _("Supervision order %(number)s", number=facts.row.Order.number) + ".docx"
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return Response(as_docx(sheet_of(facts)), content_type=MEDIA_TYPE, headers=headers)


def moved(order_id, name, make_form, carry_out):
    """The page of one move of an order: its form, and what sending it does."""
    actor = current_actor()
    row = queries.get_order_shown(actor, order_id)
    order = row.Order
    form = make_form(data={"revision": order.revision})
    if not form.validate_on_submit():
        held = authz.permitted(actor, ORDER_LIFE.permissions, order)
        ORDER_LIFE.check(name, held, order.state, queries.facts_of(actor, order))
    if carried_out(form, lambda: carry_out(actor, order, form, form.revision.data)):
        flash(_("Done: %(move)s.", move=_(ORDER_LIFE[name].label)))
        return redirect(url_for("supervision.show_order", order_id=order_id), 303)
    shown = {"row": row, "order": order, "move": ORDER_LIFE[name], "replies": queries.replies_of(order_id)}
    return answer("supervision/order_move.html", form, **shown, **LABELS)


@bp.route("/supervision/orders/<int:order_id>/reply", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_REPLY)
def reply(order_id):
    actor = current_actor()
    queries.get_order(actor, order_id)
    make_form = forms.reply_form(queries.problems_of_order(actor, order_id))
    return moved(order_id, "reply", make_form, lambda a, o, f, r: operations.reply(a, o, f.entry(), r))


@bp.route("/supervision/orders/<int:order_id>/accept", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_ORDER)
def accept(order_id):
    return moved(
        order_id,
        "accept",
        forms.AcceptForm,
        lambda a, o, f, r: operations.accept_reply(a, o, f.note.data or "", r),
    )


@bp.route("/supervision/orders/<int:order_id>/send-back", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_ORDER)
def send_back(order_id):
    calendar = load_calendar()
    return moved(
        order_id,
        "send_back",
        lambda **kwargs: forms.SendBackForm(calendar, **kwargs),
        lambda a, o, f, r: operations.send_back(a, o, f.note.data, f.workdays.data, r),
    )


@bp.route("/supervision/orders/<int:order_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_ORDER)
def withdraw(order_id):
    return moved(
        order_id, "withdraw", forms.WhyForm, lambda a, o, f, r: operations.withdraw(a, o, f.note.data, r)
    )
