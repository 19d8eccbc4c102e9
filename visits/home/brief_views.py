"""Briefs before visits as one file that is read without network."""

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from visits.core import audit
from visits.core.bulk import back_to_list, picked_rows
from visits.core.clock import now, today
from visits.core.forms import whole_number
from visits.core.known_lists import known_for
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.home import briefs, offline

bp = Blueprint("briefs", __name__)


@bp.get("/enterprises/briefs")
@requires(Permission.ENTERPRISES_READ)
def choose():
    """Enterprises ticked in the register, else those of this week's plans, to be taken along."""
    actor, known = current_actor(), known_for(current_actor(), "enterprises")
    if "row" not in request.args and "all" not in request.args:
        offered = briefs.planned_this_week(actor)
        return render_template("home/briefs.html", offered=offered, is_ticked=False)
    picked = picked_rows(known, actor)
    if picked.refusal:
        return back_to_list(known, picked)
    if len(picked.rows) > briefs.MOST:
        flash(_("At most %(most)d briefs are taken along at once. Tick fewer.", most=briefs.MOST), "danger")
        return redirect(url_for("enterprises.index", view="all"))
    return render_template("home/briefs.html", offered=picked.rows, is_ticked=True)


@bp.post("/enterprises/briefs/file")
@requires(Permission.ENTERPRISES_READ)
def take():
    """The briefs of the ticked enterprises as one file; who took which is logged."""
    actor = current_actor()
    ids = [key for text in request.form.getlist("row") if (key := whole_number(text))]
    found = briefs.briefs_of(actor, ids)
    if not found:
        flash(_("No enterprise is ticked. Tick those you are going to visit."), "danger")
        return redirect(url_for("briefs.choose"), 303)
    stamp = now().astimezone(SITE_ZONE)
    mark = _("%(who)s, %(when)s", who=actor.name, when=f"{stamp:%Y-%m-%d %H:%M}")
    file = offline.as_file(found, mark, today=today(), **briefs.LABELS)
    audit.record(actor, "brief.taken", enterprises=[brief.enterprise.id for brief in found])
    name = _("Brief before a visit") + f"_{stamp:%Y%m%d-%H%M}.htm"
    return send_file(io.BytesIO(file), "text/html; charset=utf-8", as_attachment=True, download_name=name)
