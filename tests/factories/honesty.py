"""Questions about records of visits, as a look at them would raise them."""

from visits.core.db import db
from visits.honesty.models import Kind
from visits.honesty.operations import raising
from visits.honesty.rules import Doubt


def make_question(visit, asked_id=None, kind=Kind.LATE_BURST, said=None, **values):
    """A question about a visit, put to its author unless somebody else is named."""
    doubt = Doubt(
        kind,
        str(visit.id),
        asked_id or visit.author_id,
        (visit.id,),
        said or {"day": "2026-11-23", "count": 5},
    )
    (question,) = raising.raise_all([doubt])
    for name, value in values.items():
        setattr(question, name, value)
    db.session.flush()
    return question
