"""The pages of ledgers: each as a list with its file, and the files that were made apart."""

from functools import partial

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from visits.attachments.rules import shown_size
from visits.core import export
from visits.core.clock import now
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, sent, table_taken_home
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Permission
from visits.core.web import chosen_language, current_actor, requires
from visits.ledgers import operations, queries, stages
from visits.ledgers.books import LEDGERS, Sheet, titled
from visits.ledgers.filter_forms import FORMS
from visits.ledgers.forms import OrderForm
from visits.ledgers.models import AT_WORK, BOOK_LABELS, STAGE_LABELS, Book
from visits.ledgers.operations import Order
from visits.ledgers.storage import Shelf

bp = Blueprint("ledgers", __name__)
AT_ONCE = 2000  # rows of a file that is made before the page is answered
RECORDS = {
    Book.VISITS: ("outreach.show", "visit_id"),
    Book.PROBLEMS: ("issues.show", "issue_id"),
    Book.ENTERPRISES: ("home.enterprise_file", "enterprise_id"),
}
LINKED = {Book.VISITS: "visited", Book.PROBLEMS: "title", Book.ENTERPRISES: "name"}
PLAIN_LISTS = {
    Book.VISITS: "outreach.index",
    Book.PROBLEMS: "issues.index",
    Book.ENTERPRISES: "enterprises.index",
}
ABOUT = {
    Book.VISITS: _l("Each enterprise met on a visit, with who went, what was said and what was promised."),
    Book.PROBLEMS: _l(
        "Each problem with its units, limit, progress, outcome and what the enterprise says."
    ),
    Book.ENTERPRISES: _l("The register, with the visits and problems a period brought each enterprise."),
}


def shelf():
    """The folder of ledgers."""
    return Shelf(current_app.config["LEDGERS"])


def listing_of(book, actor, form):
    """The rows of a ledger that a form asks for."""
    return LEDGERS[book].of(actor, form.wanted())


LISTS = tuple(
    KnownList(
        f"ledger.{book}",
        BOOK_LABELS[book],
        f"ledgers.{book}",
        RECORDS[book][0],
        Permission.REPORTS_READ,
        FORMS[book],
        partial(listing_of, book),
    )
    for book in Book
)


@bp.get("/ledgers")
@requires(Permission.REPORTS_READ)
def index():
    made = queries.list_own(current_actor())
    alive = queries.count_alive() if any(one.stage in AT_WORK for one in made) else 0
    return render_template(
        "ledgers/index.html",
        books=[(book, _(BOOK_LABELS[book]), ABOUT[book], PLAIN_LISTS[book]) for book in Book],
        made=made,
        is_stalled={one.id: stages.is_stalled(one.stage, one.beat_at, alive) for one in made},
        **words(),
    )


def words():
    """What the templates of ledgers call things."""
    return {
        "book_labels": BOOK_LABELS,
        "stage_labels": STAGE_LABELS,
        "AT_WORK": AT_WORK,
        "size": shown_size,
    }


def show(book):
    """One ledger as a list, and the way to its file."""
    form = FORMS[book]()
    endpoint, key = RECORDS[book]
    return render_template(
        "ledgers/show.html",
        book=book,
        heading=_(BOOK_LABELS[book]),
        page=page_of(listing_of(book, current_actor(), form)),
        form=form,
        order_form=OrderForm(formdata=None),
        record=lambda row: url_for(endpoint, **{key: row.id}),
        link=LINKED[book],
        export_endpoint=f"ledgers.export_{book}",
        tabs=[
            {"label": _(BOOK_LABELS[one]), "url": url_for(f"ledgers.{one}"), "active": one is book}
            for one in Book
        ],
        at_once=AT_ONCE,
    )


def take_home(book, kind):
    """Make the file at once, or have it made apart when it is large."""
    ledger, actor, form = LEDGERS[book], current_actor(), FORMS[book]()
    wanted, is_office = form.wanted(), OrderForm().is_office
    listing = ledger.of(actor, wanted)
    columns = ledger.columns(listing, request.args.getlist("columns"), is_office=is_office)
    if (total := listing.count()) > AT_ONCE:
        keys, sort = [column.key for column in columns], request.args.get("sort", "")
        order = Order(book, kind, wanted, form.said, keys, is_office, sort, chosen_language(), total)
        return _ordered(order)
    stamp = now().astimezone(SITE_ZONE)
    sheet = Sheet(titled(ledger, wanted), actor.name, stamp, form.said, is_office)

    def read():
        return sheet.table(columns, listing.cells(request.args, columns))

    return table_taken_home(listing.name, kind, read, stamp)


def _ordered(order):
    made = operations.order_ledger(current_actor(), order)
    return redirect(url_for("ledgers.made", ledger_export_id=made.id), 303)


for _book in Book:
    _address, _mark = f"/ledgers/{_book}", requires(Permission.REPORTS_READ)
    bp.add_url_rule(_address, _book.value, _mark(partial(show, _book)), methods=["GET"])
    _take = requires(Permission.REPORTS_READ, late_write=True)(partial(take_home, _book))
    for _kind in export.WRITERS:
        _file = f"{_address}/export.{_kind}"
        bp.add_url_rule(_file, f"export_{_book}", _take, methods=["POST"], defaults={"kind": _kind})


@bp.get("/ledgers/exports/<int:ledger_export_id>")
@requires(Permission.REPORTS_READ)
def made(ledger_export_id):
    found = queries.get_own(current_actor(), ledger_export_id)
    alive = queries.count_alive() if found.stage in AT_WORK else 0
    return render_template(
        "ledgers/made.html",
        made=found,
        title=_(BOOK_LABELS[found.book]),
        stalled=stages.is_stalled(found.stage, found.beat_at, alive),
        **words(),
    )


@bp.post("/ledgers/exports/<int:ledger_export_id>/start-again")
@requires(Permission.REPORTS_READ)
def start_again(ledger_export_id):
    found = queries.get_own(current_actor(), ledger_export_id)
    operations.begin_again(found)
    return redirect(url_for("ledgers.made", ledger_export_id=found.id), 303)


@bp.post("/ledgers/exports/<int:ledger_export_id>/discard")
@requires(Permission.REPORTS_READ)
def discard(ledger_export_id):
    found = queries.get_own(current_actor(), ledger_export_id)
    said = _("Cancelled.") if found.stage in AT_WORK else _("Removed.")
    operations.discard(current_actor(), found, shelf())
    flash(said, "success")
    return redirect(url_for("ledgers.index"), 303)


@bp.post("/ledgers/exports/<int:ledger_export_id>/file")
@requires(Permission.REPORTS_READ)
def download(ledger_export_id):
    found = queries.get_own(current_actor(), ledger_export_id)
    file = operations.download(current_actor(), found, shelf())
    return sent(file, found.filename, found.format)
