"""What must hold among the tables of supervision, whatever happened."""

import sqlalchemy as sa

from visits.core.db import db
from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_
from visits.issues.models import Issue
from visits.supervision import rules
from visits.supervision.models import Order, OrderProblem, Sample, SampleItem
from visits.supervision.rules import Drawable, Kind
from visits.supervision.states import RUNNING

SHOWN = 5


def find_broken_supervision() -> list[Finding]:
    """Compare the marks of problems with the orders on them, and the samples with what their seeds draw."""
    return [_marks(), _samples()]


def _marks() -> Finding:
    under_way = (
        sa.select(OrderProblem.issue_id)
        .join(Order, Order.id == OrderProblem.order_id)
        .where(Order.state.in_(list(RUNNING)))
    )
    ordered = Issue.id.in_(under_way)
    numbers = list(
        db.session.scalars(
            sa.select(Issue.number)
            .where(sa.or_(sa.and_(Issue.supervised, sa.not_(ordered)), sa.and_(~Issue.supervised, ordered)))
            .order_by(Issue.number)
        )
    )
    if numbers:
        return wrong(
            "supervised",
            N_("%(count)d problems are marked otherwise than the orders on them say: %(numbers)s."),
            count=len(numbers),
            numbers=", ".join(numbers[:SHOWN]),
        )
    return fine("supervised", N_("What is marked as supervised has an order under way, and only that."))


def _samples() -> Finding:
    kept: dict[int | None, set[tuple[str, int | None]]] = {}
    rows = sa.select(SampleItem.sample_id, SampleItem.kind, SampleItem.issue_id, SampleItem.visit_id)
    for sample_id, kind, issue_id, visit_id in db.session.execute(rows):
        kept.setdefault(sample_id, set()).add((kind.value, issue_id or visit_id))
    months = [
        sample.month
        for sample in db.session.scalars(sa.select(Sample).order_by(Sample.month))
        if _drawn_again(sample) != kept.get(sample.id, set())
    ]
    if months:
        return wrong(
            "samples",
            N_("The samples of these months are not what their seeds draw: %(months)s."),
            months=", ".join(months[:SHOWN]),
        )
    return fine("samples", N_("Every sample is what its seed draws."))


def _drawn_again(sample: Sample) -> set[tuple[str, int | None]]:
    population = [Drawable(Kind(kind), key, weight) for kind, key, weight in sample.population]
    return {
        (one.kind.value, one.key)
        for kind in Kind
        for one in rules.drawn([one for one in population if one.kind is kind], sample.seed)
    }
