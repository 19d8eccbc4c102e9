"""Every reading of superiors' forms."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound, WrongState
from visits.core.i18n import N_
from visits.core.listing import Page, paginate
from visits.issues.models import Category
from visits.outreach.models import VisitPair
from visits.programmes.models import Group
from visits.superior.models import Filling, FormVersion, MappedCell, RepeatedRow, SuperiorForm
from visits.superior.placement import Placement

CLOSING: dict[str, Any] = {"unit": Unit, "category": Category, "group": Group}


def closed_parts(dimension: str) -> set[int]:
    """The parts of a dimension that are out of use."""
    table = CLOSING.get(dimension)
    if table is None:
        return set()
    return set(db.session.scalars(sa.select(table.id).where(table.closed_on <= today())))


def visits_of(pair_ids: sa.Select[Any]) -> sa.Select[Any]:
    """The visits of which these pairs are."""
    return sa.select(VisitPair.visit_id).where(VisitPair.id.in_(pair_ids))


def unit_of(actor: Actor) -> str:
    """The unit the actor is in today; empty where there is none."""
    names = sa.select(Unit.name).where(Unit.id.in_(actor.unit_ids)).order_by(Unit.name)
    return "、".join(db.session.scalars(names)) if actor.unit_ids else ""


def list_forms(args: Mapping[str, str]) -> Page:
    """Forms with the versions in use, drafts, and when they were last filled for what."""
    versions = sa.select(sa.func.count()).where(FormVersion.form_id == SuperiorForm.id)
    last = (
        sa.select(sa.func.max(Filling.to_on))
        .join(FormVersion, FormVersion.id == Filling.version_id)
        .where(FormVersion.form_id == SuperiorForm.id)
    )
    released = FormVersion.released_at.is_not(None)
    stmt = sa.select(
        SuperiorForm.id,
        SuperiorForm.name,
        SuperiorForm.superior,
        SuperiorForm.dropped_at,
        versions.where(released).correlate(SuperiorForm).scalar_subquery().label("released"),
        versions.where(sa.not_(released)).correlate(SuperiorForm).scalar_subquery().label("drafts"),
        last.correlate(SuperiorForm).scalar_subquery().label("filled_to"),
    )
    dropped = SuperiorForm.dropped_at.is_not(None)
    sorts: dict[str, Any] = {
        "state": dropped,
        "name": SuperiorForm.name,
        "superior": SuperiorForm.superior,
        "id": SuperiorForm.id,
    }
    return paginate(stmt, args, sorts, "state")


def get_form(form_id: int, *, to_write: bool = False) -> SuperiorForm:
    """A form; with `to_write` nobody else changes it meanwhile."""
    stmt = sa.select(SuperiorForm).where(SuperiorForm.id == form_id)
    if to_write:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    form = db.session.scalar(stmt)
    if form is None:
        raise NotFound()
    return form


def versions_of(form_id: int) -> list[Any]:
    """A form's versions, the newest first, with who released them."""
    stmt = (
        sa.select(FormVersion, Person.name.label("released_by"))
        .outerjoin(Person, Person.id == FormVersion.released_by_id)
        .where(FormVersion.form_id == form_id)
        .order_by(FormVersion.number.desc())
    )
    return list(db.session.execute(stmt).all())


def get_version(version_id: int, *, to_write: bool = False) -> FormVersion:
    """A version with what is seen of its sheets; with `to_write` only one that may still change."""
    stmt = sa.select(FormVersion).where(FormVersion.id == version_id).options(undefer(FormVersion.sheets))
    if to_write:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    version = db.session.scalar(stmt)
    if version is None:
        raise NotFound()
    return version


def placement_of(version_id: int) -> Placement:
    """What stands in a version's cells."""
    of_version = MappedCell.version_id == version_id
    cells = db.session.scalars(
        sa.select(MappedCell)
        .where(of_version)
        .order_by(MappedCell.sheet, MappedCell.row, MappedCell.column)
    ).all()
    rows = db.session.scalars(sa.select(RepeatedRow).where(RepeatedRow.version_id == version_id)).all()
    return Placement(cells, {row.sheet: row for row in rows})


def version_for(form_id: int, last_day: date) -> FormVersion:
    """The version in use for a period that ends on a day; raise WrongState where there is none."""
    begins = sa.func.coalesce(FormVersion.from_on, sa.literal(date.min, sa.Date))
    stmt = (
        sa.select(FormVersion)
        .where(FormVersion.form_id == form_id, FormVersion.released_at.is_not(None), begins <= last_day)
        .order_by(begins.desc(), FormVersion.number.desc())
        .options(undefer(FormVersion.sheets), undefer(FormVersion.content))
        .limit(1)
    )
    version = db.session.scalar(stmt)
    if version is None:
        raise WrongState(
            N_(
                "No version of this form is in use for that period. "
                "Whoever looks after the form puts one into use."
            )
        )
    return version


def content_of(version_id: int) -> tuple[str, bytes]:
    """A version's workbook as it was taken in, with its name."""
    stmt = sa.select(FormVersion.filename, FormVersion.content).where(FormVersion.id == version_id)
    row = db.session.execute(stmt).one_or_none()
    if row is None:
        raise NotFound()
    return row.filename, row.content


def fillings_of(form_id: int, args: Mapping[str, str]) -> Page:
    """When a form was filled for which period, by whom."""
    stmt = (
        sa.select(
            Filling.id,
            Filling.from_on,
            Filling.to_on,
            Filling.as_of,
            Filling.made_at,
            FormVersion.number,
            Person.name.label("made_by"),
        )
        .join(FormVersion, FormVersion.id == Filling.version_id)
        .outerjoin(Person, Person.id == Filling.made_by_id)
        .where(FormVersion.form_id == form_id)
    )
    sorts: dict[str, Any] = {"period": Filling.to_on, "made": Filling.made_at, "id": Filling.id}
    return paginate(stmt, args, sorts, "-made")


def get_filling(filling_id: int) -> Any:
    """A filling with its form's name, its version's number and who made it."""
    stmt = (
        sa.select(
            Filling, FormVersion.number, SuperiorForm.id, SuperiorForm.name, Person.name.label("made_by")
        )
        .join(FormVersion, FormVersion.id == Filling.version_id)
        .join(SuperiorForm, SuperiorForm.id == FormVersion.form_id)
        .outerjoin(Person, Person.id == Filling.made_by_id)
        .where(Filling.id == filling_id)
        .options(undefer(Filling.said))
    )
    row = db.session.execute(stmt).one_or_none()
    if row is None:
        raise NotFound()
    return row
