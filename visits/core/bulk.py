"""One thing done to many rows of a list: which rows, each by itself, and what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue as Answer
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import Model, db, transaction
from visits.core.errors import DomainError, NotFound, Refused
from visits.core.forms import BaseForm, whole_number
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.web import answer, carried_out, current_actor, keep_answer

MOST = 200
AT_ONCE = 20  # rows of one transaction, which holds the database's write lock
MOST_QUERY = 2000
KEPT = timedelta(days=30)
OWN_NAMES = frozenset({"row", "all", "page"})
OVERTAKEN = N_("Somebody else was changing this record at the same moment. Try it again by itself.")


class BulkRun(Model):
    """A bulk action as it went: of each row a name and a message: none while it waits, empty when done.

    A row that is done may have a `note` besides.
    """

    __tablename__ = "bulk_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    list_name: Mapped[str] = mapped_column(sa.String(40))
    query: Mapped[str] = mapped_column(sa.String(2000))
    title: Mapped[str] = mapped_column(sa.String(80))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON())
    left_out: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)

    @property
    def done(self) -> list[dict[str, Any]]:
        """The rows with which it was done."""
        return [row for row in self.rows if row["message"] == ""]

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The rows with which it was not, for a reason."""
        return [row for row in self.rows if row["message"]]

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The rows that were not reached yet."""
        return [row for row in self.rows if row["message"] is None]


@dataclass(frozen=True)
class Note:
    """What an operation says of a row with which it was done, beside that it was."""

    message: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Picked:
    """The rows a person ticked, as (id, name): those of the list; `refusal` says why nothing can be done.

    `left_out` counts rows that were ticked and are not in the list any more, or never were for this person.
    """

    rows: Sequence[tuple[int, str]] = ()
    left_out: int = 0
    refusal: Refused | None = None


def list_query() -> str:
    """The part of the present address that narrows and sorts the list."""
    return urlencode([(k, v) for k, v in request.args.items(multi=True) if k not in OWN_NAMES and v])


def picked_rows(known: KnownList, actor: Actor) -> Picked:
    """The rows of a list that the request names: `row` once for each, or with `all` what its query finds.

    Rows are looked for in the list as the address narrows it and as the actor may read it.
    """
    source = request.form if request.method == "POST" else request.args
    listing = known.of(actor, known.form())
    if source.get("all"):
        rows = listing.named(MOST + 1)
        return _refused_many() if len(rows) > MOST else Picked(rows, refusal=None if rows else _nothing())
    ids = {number for text in source.getlist("row") if (number := whole_number(text)) is not None}
    if len(ids) > MOST:
        return _refused_many()
    rows = listing.named(MOST, sorted(ids)) if ids else []
    return Picked(rows, len(ids) - len(rows), None if rows else _nothing())


def _nothing() -> Refused:
    return Refused(N_("No row of the list is ticked. Tick those that are meant, then choose what to do."))


def _refused_many() -> Picked:
    sentence = N_("More than %(most)d rows cannot be changed at once. Narrow the list down by filters.")
    return Picked(refusal=Refused(sentence, most=MOST))


def bulk_page(known: KnownList, form: BaseForm, title: str, operation: Callable[[int], Any]) -> Answer:
    """The page of a bulk action: which rows, the form's fields, then what became of each row.

    `title` (a msgid) is what the action is called; `operation` takes the id of a row and is the one that
    does it to a single record, with all its rules. The view only marks the permission, with
    `late_write`, and makes the form.
    """
    actor, made = current_actor(), []
    picked = picked_rows(known, actor)
    if picked.refusal:
        return back_to_list(known, picked)
    if carried_out(form, lambda: made.append(carry_out(actor, known, title, picked, operation))):
        return redirect(made[0], 303)
    return answer("lists/bulk.html", form, known=known, title=title, picked=picked, query=list_query())


def back_to_list(known: KnownList, picked: Picked) -> Answer:
    """Say on the list why nothing can be done with what was ticked."""
    if picked.refusal:
        flash(gettext(picked.refusal.message, **picked.refusal.params), "danger")
    return redirect(
        f"{url_for(known.endpoint)}?{list_query() or 'view=all'}", 303 if request.method == "POST" else 302
    )


def carry_out(
    actor: Actor, known: KnownList, title: str, picked: Picked, operation: Callable[[int], Any]
) -> str:
    """Do it row by row, a few to a transaction, so that nobody waits long; the address of the result.

    A refused row leaves no trace and undoes no other. The run is stored before the first row: a server that
    stops midway leaves the rest as not done, and the same form sent again leads to the run.
    """
    rows: list[dict[str, Any]] = [
        {"id": key, "name": name, "message": None, "params": {}} for key, name in picked.rows
    ]
    with transaction():
        run_id = _begun(actor, known, title, rows, picked.left_out)
        location = url_for("lists.bulk_run", bulk_run_id=run_id)
        keep_answer(location)
    for start in range(0, len(rows), AT_ONCE):
        with transaction():
            rows[start : start + AT_ONCE] = [
                row | _told(row["id"], operation) for row in rows[start : start + AT_ONCE]
            ]
            db.session.get_one(BulkRun, run_id).rows = list(rows)
    return location


def _begun(actor: Actor, known: KnownList, title: str, rows: list[dict[str, Any]], left_out: int) -> int:
    db.session.execute(sa.delete(BulkRun).where(BulkRun.made_at < now() - KEPT))
    run = BulkRun(
        person_id=actor.person_id,
        list_name=known.name,
        query=list_query()[:MOST_QUERY],
        title=title,
        rows=list(rows),
        left_out=left_out,
    )
    db.session.add(run)
    db.session.flush()  # its address needs the id
    return run.id


def _told(key: int, operation: Callable[[int], Any]) -> dict[str, Any]:
    try:
        with db.session.begin_nested():
            done = operation(key)
    except (StaleDataError, IntegrityError):
        error: DomainError = Refused(OVERTAKEN)
    except DomainError as refusal:
        error = refusal
    else:
        return {"message": ""} | (
            {"note": done.message, "params": done.params} if isinstance(done, Note) else {}
        )
    params = {name: value if isinstance(value, int) else str(value) for name, value in error.params.items()}
    return {"message": error.message, "params": params}


def get_run(actor: Actor, run_id: int) -> BulkRun:
    """A bulk action of this person; raise NotFound where there is none."""
    run = db.session.get(BulkRun, run_id)
    if run is None or run.person_id != actor.person_id:
        raise NotFound()
    return run
