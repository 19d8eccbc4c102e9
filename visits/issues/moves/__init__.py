"""What the page of a problem offers: a table of moves per file, put together here.

A move comes onto the page by a row in one of these tables, or in a table of a new file.
"""

from visits.issues.moves import asking, closing, entering, handling, joining, pressing
from visits.issues.moves.offers import Actions, Group, Offer, Place, arranged, deciding

OFFERS: dict[str, Offer] = {
    **entering.OFFERS,
    **handling.OFFERS,
    **closing.OFFERS,
    **asking.OFFERS,
    **joining.OFFERS,
    **pressing.OFFERS,
}

__all__ = ["OFFERS", "Actions", "Group", "Offer", "Place", "arranged", "deciding"]
