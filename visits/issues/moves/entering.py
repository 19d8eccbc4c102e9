"""The moves of the office's desk: a problem accepted or not, completed, corrected, void."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import AssignForm, CorrectForm, RejectForm, noting
from visits.issues.moves.offers import Group, Offer, Place

OFFERS = {
    "assign": Offer(
        AssignForm, lambda a, i, f, r: operations.assign(a, i, f.entry(), r), Group.OFFICE, Place.NEXT
    ),
    "request_info": Offer(
        noting(_l("What is missing")),
        lambda a, i, f, r: operations.request_info(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "complete_info": Offer(
        noting(_l("The information asked for"), hint=_l("It is added to the description.")),
        lambda a, i, f, r: operations.complete_info(a, i, f.note.data, r),
        Group.RECORD,
        Place.NEXT,
    ),
    "reject": Offer(
        RejectForm,
        lambda a, i, f, r: operations.reject(a, i, f.reason.data, f.told.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "restore": Offer(
        noting(_l("Why it is taken up again")),
        lambda a, i, f, r: operations.restore(a, i, f.note.data, r),
        Group.OFFICE,
        Place.NEXT,
    ),
    "correct": Offer(
        CorrectForm, lambda a, i, f, r: operations.correct(a, i, f.entry(), f.note.data, r), Group.RECORD
    ),
    "void": Offer(
        noting(_l("Why it is void"), hint=_l("It leaves every figure; its past stays readable.")),
        lambda a, i, f, r: operations.void(a, i, f.note.data, r),
        Group.RECORD,
        is_grave=True,
    ),
}
