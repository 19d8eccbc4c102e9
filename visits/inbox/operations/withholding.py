"""Taking back the words of messages not sent yet, when what they tell of becomes confidential."""

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Person
from visits.core.addresses import whole_address
from visits.core.catalogues import in_language
from visits.core.db import db
from visits.inbox.letters import letter_of
from visits.inbox.models import ContactPoint, Delivery, DeliveryState
from visits.inbox.operations.at_once import OF_UNITS
from visits.inbox.rules import DIGEST


def withhold(number: str) -> None:
    """Leave only the subject of messages that name this problem and are to be sent, or may be sent again.

    A morning's digest is withheld whole: it may tell of the problem by a promise or a meeting, without its
    number. What it holds stands in the system, and what lasts comes with the next one.
    """
    names_it = Delivery.text.contains(number, autoescape=True)
    unsent = (
        sa.select(Delivery, Person.language)
        .join(ContactPoint, ContactPoint.id == Delivery.contact_point_id)
        .outerjoin(Person, Person.id == ContactPoint.person_id)
        .where(Delivery.state != DeliveryState.SENT, sa.or_(names_it, Delivery.event.startswith(DIGEST)))
    )
    for delivery, language in db.session.execute(unsent).all():
        code = language or OF_UNITS
        with in_language(code):
            said = gettext("Something this message told of has become confidential since.")
            letter = letter_of(delivery.subject, said, whole_address("inbox.index"), code)
        delivery.text, delivery.html = letter
