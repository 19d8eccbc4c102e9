"""Pages of handovers: the list, opening one, the pack with what both parties do with it, on paper."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from visits.attachments.rules import disposition
from visits.core import authz
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import answer, carried_out, current_actor, requires
from visits.handover import forms, operations, queries, wording
from visits.handover.forms import Answer
from visits.handover.models import KIND_LABELS, Kind
from visits.handover.sheet import SheetFacts, sheet_of
from visits.handover.states import HANDOVER_LIFE, HANDOVER_STATE_LABELS, ITEM_STATE_LABELS, ItemState

bp = Blueprint("handover", __name__)
LABELS = {"state_labels": HANDOVER_STATE_LABELS, "tones": wording.TONES}


@bp.get("/handovers")
@requires(Permission.HANDOVER_READ)
def index():
    page = queries.list_handovers(current_actor(), request.args)
    return render_template("handover/index.html", page=page, **LABELS)


@bp.route("/handovers/new", methods=["GET", "POST"])
@requires(Permission.HANDOVER_OPEN)
def new():
    actor, made = current_actor(), []
    for_all = queries.opens_for_all(actor)
    form = forms.HandoverForm(queries.disabled_holders()) if for_all else forms.OwnHandoverForm()
    if carried_out(form, lambda: made.append(operations.open_handover(actor, form.entry(actor.person_id)))):
        flash(_("The handover is open. Whoever takes over finds it under “My work”."))
        return redirect(url_for("handover.show", handover_id=made[0].id), 303)
    return answer("handover/new.html", form)


@bp.route("/handovers/<int:handover_id>", methods=["GET", "POST"])
@requires(Permission.HANDOVER_READ)
def show(handover_id):
    actor = current_actor()
    handover = queries.get_handover(actor, handover_id, to_write=request.method == "POST")
    form, said = forms.PackForm(), []
    if not form.is_submitted():
        form.revision.data = handover.revision
    if carried_out(form, lambda: said.append(act(actor, handover, form))):
        for sentence, tone in said[0]:
            flash(sentence, tone)
        return redirect(url_for("handover.show", handover_id=handover_id), 303)
    return pack_page(actor, handover_id, form)


def act(actor, handover, form):
    """Do what was chosen with what is ticked; return the sentences that say so, each with its tone."""
    revision = form.revision.data
    if form.answer.data is Answer.ACCEPT:
        return what_was_taken(operations.accept(actor, handover, form.picked, revision))
    if form.answer.data is Answer.ACCEPT_ALL:
        return what_was_taken(operations.accept_all(actor, handover, revision))
    if form.answer.data is Answer.DECLINE:
        count = operations.decline(actor, handover, form.picked, form.reason.data or "", revision)
        return [(ngettext("%(num)d thing declined.", "%(num)d things declined.", count), "success")]
    count = operations.redirect_items(actor, handover, form.picked, form.receiver_id.data, revision)
    return [(ngettext("%(num)d thing offered.", "%(num)d things offered.", count), "success")]


def what_was_taken(accepted):
    """How much was taken over, and of each thing that could not be, why."""
    count = accepted.taken
    yield ngettext("%(num)d thing taken over.", "%(num)d things taken over.", count), "success"
    for item in accepted.aside:
        why = wording.reason_of(item)
        yield (
            _("Not taken over, and back with the office: %(name)s. %(why)s", name=item.name, why=why),
            "warning",
        )


def pack_page(actor, handover_id, form):
    """The page of a handover: its things under their kinds, and what the reader may do with them."""
    row = queries.get_shown(actor, handover_id)
    items = queries.items_shown(handover_id)
    held = authz.permitted(actor, HANDOVER_LIFE.permissions, row.Handover)
    return answer(
        "handover/show.html",
        form,
        row=row,
        handover=row.Handover,
        kinds=wording.by_kind(items),
        contacts=contacts_for(actor, row, items),
        open_moves={move.name for move in HANDOVER_LIFE.open_to(held, row.Handover.state, None)},
        mine=[r for r in items if is_mine(actor, r.HandoverItem)],
        declined=sum(1 for r in items if r.HandoverItem.state is ItemState.DECLINED),
        is_named=lambda item: is_named(actor, row, item),
        page_of_item=lambda item: page_of_item(actor, row, item),
        kind_labels=KIND_LABELS,
        item_labels=ITEM_STATE_LABELS,
        item_tones=wording.ITEM_TONES,
        word_of=wording.word_of,
        reason_of=wording.reason_of,
        word_headings=wording.WORD_HEADINGS,
        due_headings=wording.DUE_HEADINGS,
        actor=actor,
        **LABELS,
    )


def is_mine(actor, item):
    """Whether something is offered to the reader."""
    return item.state is ItemState.OFFERED and item.receiver_id == actor.person_id


def is_named(actor, row, item):
    """Whether the reader may read what a thing is called: the two parties, and who reads the register."""
    parties = {row.Handover.from_id, item.receiver_id}
    return actor.person_id in parties or authz.may(actor, Permission.ENTERPRISES_READ)


def contacts_for(actor, row, items):
    """Whom to speak to at the enterprises that change hands, for those who may read their names."""
    firms = [
        r.HandoverItem.enterprise_id
        for r in items
        if r.HandoverItem.kind is Kind.LINK and is_named(actor, row, r.HandoverItem)
    ]
    return queries.contacts_of(firms) if firms else {}


def page_of_item(actor, row, item):
    """Where the reader finds a thing itself: who has it now and the office; nowhere else."""
    has_it = row.Handover.from_id if item.state is not ItemState.DONE else item.receiver_id
    if item.kind not in wording.PAGES or not is_named(actor, row, item):
        return None
    if actor.person_id != has_it and not queries.opens_for_all(actor):
        return None
    endpoint, name = wording.PAGES[item.kind]
    return url_for(endpoint, **{name: item.page_id})


@bp.post("/handovers/<int:handover_id>/gather")
@requires(Permission.HANDOVER_OPEN)
def gather(handover_id):
    actor = current_actor()
    handover = queries.get_handover(actor, handover_id, to_write=True)
    count = operations.gather(actor, handover)
    flash(
        ngettext("%(num)d thing added.", "%(num)d things added.", count)
        if count
        else _("Nothing came since the handover was opened."),
    )
    return redirect(url_for("handover.show", handover_id=handover_id), 303)


@bp.route("/handovers/<int:handover_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.HANDOVER_OPEN)
def withdraw(handover_id):
    actor = current_actor()
    handover = queries.get_handover(actor, handover_id, to_write=request.method == "POST")
    form = forms.WithdrawForm()
    if not form.is_submitted():
        form.revision.data = handover.revision
        held = authz.permitted(actor, HANDOVER_LIFE.permissions, handover)
        HANDOVER_LIFE.check("withdraw", held, handover.state, None)
    if carried_out(
        form, lambda: operations.withdraw(actor, handover, form.reason.data, form.revision.data)
    ):
        flash(_("The handover is withdrawn."))
        return redirect(url_for("handover.show", handover_id=handover_id), 303)
    return answer("handover/withdraw.html", form, row=queries.get_shown(actor, handover_id))


def sheet_facts(handover_id):
    """What stands on the paper of a handover; who may not read the names gets no paper."""
    actor = current_actor()
    row, items = queries.get_shown(actor, handover_id), queries.items_shown(handover_id)
    seen = [r for r in items if is_named(actor, row, r.HandoverItem)]
    return SheetFacts(
        row=row,
        items=seen,
        contacts=contacts_for(actor, row, seen),
        zone=get_setting("zone_name"),
        printed_by=actor.name,
    )


@bp.get("/handovers/<int:handover_id>/sheet")
@requires(Permission.HANDOVER_READ)
def sheet(handover_id):
    facts = sheet_facts(handover_id)
    return render_template("handover/sheet.html", sheet=sheet_of(facts), handover=facts.row.Handover)


@bp.post("/handovers/<int:handover_id>/sheet.docx")
@requires(Permission.HANDOVER_READ)
def download_sheet(handover_id):
    from visits.core.word import MEDIA_TYPE, as_docx  # large: only a process that writes for Word loads it

    facts = sheet_facts(handover_id)
    name = _("Handover sheet %(leaver)s", leaver=facts.row.leaver) + ".docx"
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return Response(as_docx(sheet_of(facts)), content_type=MEDIA_TYPE, headers=headers)
