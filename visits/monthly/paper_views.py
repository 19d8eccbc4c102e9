"""A monthly report on paper: a page for the printer, and files for Word, Excel and the archive."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from visits.attachments.rules import disposition
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import current_actor, requires
from visits.monthly import files, operations, queries
from visits.monthly.pages import title_of
from visits.monthly.paper import Edition, edition_of, sheet_of

bp = Blueprint("monthly_paper", __name__)


def edition_in_reach(report_id: int) -> Edition:
    """A report this person may read, ready to be written down."""
    report = queries.get_report(current_actor(), report_id)
    return edition_of(queries.read_report(report), get_setting("zone_name"))


@bp.get("/monthly/<int:report_id>/paper")
@requires(Permission.MONTHLY_READ)
def show(report_id: int) -> str:
    sheet = sheet_of(edition_in_reach(report_id))
    return render_template("monthly/paper.html", sheet=sheet, report_id=report_id)


@bp.post("/monthly/<int:report_id>/report.docx", defaults={"kind": "docx"})
@bp.post("/monthly/<int:report_id>/report.xlsx", defaults={"kind": "xlsx"})
@bp.post("/monthly/<int:report_id>/report.pdf", defaults={"kind": "pdf"})
@requires(Permission.MONTHLY_READ, late_write=True)
def download(report_id: int, kind: str) -> Response:
    """A file of the report; that somebody took it is logged before it is sent."""
    edition, file = files.made(lambda: edition_in_reach(report_id), kind)
    actor = current_actor()
    operations.note_taken(actor, queries.get_report(actor, report_id), kind)
    name = f"{title_of(edition.content)}_{_('Issue no. %(number)d', number=edition.issue_no)}.{kind}"
    headers = {"Content-Disposition": disposition(name, inline=False), "Cache-Control": "no-store"}
    return Response(file.content, content_type=file.media_type, headers=headers)
