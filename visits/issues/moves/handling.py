"""The moves on a unit's desk, and the rulings on what it returns."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import (
    ContactForm,
    MoveForm,
    ProgressForm,
    ReassignForm,
    ReturnForm,
    WaiveForm,
    noting,
)
from visits.issues.moves.offers import Group, Offer, Place

OFFERS = {
    "sign": Offer(MoveForm, lambda a, i, _f, r: operations.sign(a, i, r), Group.HANDLING, Place.NEXT),
    "record_contact": Offer(
        ContactForm,
        lambda a, i, f, r: operations.record_contact(a, i, f.entry(), r),
        Group.HANDLING,
        Place.NEXT,
    ),
    "add_progress": Offer(
        ProgressForm,
        lambda a, i, f, r: operations.add_progress(a, i, f.note.data, f.next_step.data or "", r),
        Group.HANDLING,
        Place.LIKELY,
    ),
    "add_note": Offer(
        noting(_l("Note"), hint=_l("Everybody who may read the problem sees it on the timeline.")),
        lambda a, i, f, r: operations.add_note(a, i, f.note.data, r),
        Group.RECORD,
    ),
    "answer_as_co_unit": Offer(
        noting(_l("Answer of your unit")),
        lambda a, i, f, r: operations.answer_as_co_unit(a, i, f.note.data, r),
        Group.HANDLING,
        Place.NEXT,
    ),
    "waive_co_unit": Offer(
        WaiveForm,
        lambda a, i, f, r: operations.waive_co_unit(a, i, f.unit_id.data, f.note.data, r),
        Group.OFFICE,
    ),
    "return": Offer(
        ReturnForm,
        lambda a, i, f, r: operations.return_issue(a, i, f.note.data, f.suggested_unit_id.data, r),
        Group.HANDLING,
        Place.LIKELY,
    ),
    "reassign": Offer(
        ReassignForm, lambda a, i, f, r: operations.reassign(a, i, f.entry(), r), Group.OFFICE, Place.NEXT
    ),
    "uphold": Offer(
        noting(_l("Why the unit keeps it"), hint=_l("The due date stays; no further return.")),
        lambda a, i, f, r: operations.uphold(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
}
