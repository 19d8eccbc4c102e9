"""The moves by which a problem ends: reported, reviewed, evaluated, closed."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import EvaluationForm, ReportForm, noting
from visits.issues.moves.offers import Group, Offer, Place

OFFERS = {
    "report": Offer(
        ReportForm, lambda a, i, f, r: operations.report(a, i, f.entry(), r), Group.HANDLING, Place.NEXT
    ),
    "pass_review": Offer(
        noting(_l("Note"), required=False),
        lambda a, i, f, r: operations.pass_review(a, i, f.note.data or "", r),
        Group.OFFICE,
        Place.NEXT,
    ),
    "send_back": Offer(
        noting(_l("What the report lacks"), hint=_l("Round and due date stay.")),
        lambda a, i, f, r: operations.send_back(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "record_evaluation": Offer(
        EvaluationForm,
        lambda a, i, f, r: operations.record_evaluation(a, i, f.entry(), r),
        Group.OFFICE,
        Place.NEXT,
    ),
    "rate_later": Offer(
        EvaluationForm,
        lambda a, i, f, r: operations.rate_later(a, i, f.entry(), r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "log_attempt": Offer(
        noting(_l("Whom you tried to reach, and what happened")),
        lambda a, i, f, r: operations.log_attempt(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "close_unreached": Offer(
        noting(_l("How the enterprise was sought"), hint=_l("The problem stays unrated.")),
        lambda a, i, f, r: operations.close_unreached(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
}
