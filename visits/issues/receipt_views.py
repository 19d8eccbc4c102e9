"""The receipt: a new link for the enterprise, shown once, for the printer or to copy."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from visits.core.clock import today
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.setup_token import is_loopback
from visits.core.web import current_actor, requires
from visits.issues import operations, queries
from visits.issues.receipt import ReceiptFacts, qr_code, receipt_of

bp = Blueprint("issue_receipts", __name__)


@bp.post("/issues/<int:issue_id>/receipt")
@requires(Permission.ISSUES_READ)
def make(issue_id: int) -> ResponseReturnValue:
    """Make the link and show it; it is nowhere else, so the page opened again would make another."""
    row = queries.get_shown(current_actor(), issue_id)
    address = address_of(operations.make_link(current_actor(), row.Issue))
    facts = ReceiptFacts(row, get_setting("zone_name"), get_setting("office_phone"))
    return render_template(
        "issues/receipt.html",
        sheet=receipt_of(facts),
        issue=row.Issue,
        address=address,
        is_only_here=opens_only_here(address),
        code=qr_code(address),
        zone=facts.zone,
        printed_on=today(),
    )


def opens_only_here(address: str) -> bool:
    """Say whether an address names the machine that it is opened on."""
    host = urlsplit(address).hostname
    return host == "localhost" or is_loopback(host)


def address_of(code: str) -> str:
    """The whole address of a link, as enterprises reach this system."""
    path, base = url_for("public_issues.show", code=code), current_app.config["PUBLIC_BASE_URL"]
    return base.rstrip("/") + path if base else url_for("public_issues.show", code=code, _external=True)
