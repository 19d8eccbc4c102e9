"""The page of tiers: classes of enterprises on a day, each number a link to the rows it counts."""

from flask import Blueprint, render_template

from visits.core.clock import now
from visits.core.list_pages import table_taken_home
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.enterprises import tiers
from visits.enterprises.filter_forms import TiersForm
from visits.enterprises.models import LEVEL_LABELS, MEASURE_LABELS, STATUS_LABELS
from visits.enterprises.sentences import sentences
from visits.enterprises.standing import AMOUNT_LABELS, FLOORS, Amount, Standing, year_before
from visits.enterprises.tier_links import Links
from visits.enterprises.tier_sheet import part_label, sheet

bp = Blueprint("tiers", __name__)


@bp.get("/enterprises/tiers")
@requires(Permission.ENTERPRISES_READ)
def board():
    form = TiersForm()
    found = tiers.get_board(form.wanted())
    return render_template(
        "enterprises/tiers.html",
        form=form,
        board=found,
        links=Links(found.wanted),
        sentences=sentences(found),
        by_code={tag.code: tag for tag in found.tags},
        part_label=part_label,
        labels={**STATUS_LABELS, **LEVEL_LABELS, **MEASURE_LABELS, **AMOUNT_LABELS, **tiers.PART_LABELS},
        levels=LEVEL_LABELS,
        floors=FLOORS,
        Amount=Amount,
        Standing=Standing,
        year_before=year_before(found.wanted.on),
    )


@bp.post("/enterprises/tiers/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/enterprises/tiers/export.csv", defaults={"kind": "csv"})
@requires(Permission.ENTERPRISES_READ, late_write=True)
def export(kind):
    wanted, stamp = TiersForm().wanted(), now().astimezone(SITE_ZONE)
    who = current_actor().name
    return table_taken_home("tiers", kind, lambda: sheet(tiers.get_board(wanted), who, stamp), stamp)
