"""Suggestions, made as their authors would make them."""

from tests.factories.accounts import actor_for, make_person
from visits.core.db import db
from visits.feedback.operations import send


def make_suggestion(person=None, text="列表太宽。", page="/issues"):
    """What one person says about one page, committed."""
    suggestion = send(actor_for(person or make_person()), text, page)
    db.session.commit()
    return suggestion
