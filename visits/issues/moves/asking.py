"""What is asked for and decided: extensions, suspensions, closings by ruling."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import (
    AskExtensionForm,
    AskSuspensionForm,
    GrantExtensionForm,
    RefuseExtensionForm,
    RefuseRulingForm,
    RefuseSuspensionForm,
    RuleClosedForm,
    SuspendForm,
    noting,
)
from visits.issues.models import RequestKind
from visits.issues.moves.offers import Group, Offer, Place

OFFERS = {
    "ask_extension": Offer(
        AskExtensionForm,
        lambda a, i, f, r: operations.ask_extension(a, i, f.entry(), r),
        Group.HANDLING,
        Place.LIKELY,
    ),
    "grant_extension": Offer(
        GrantExtensionForm,
        lambda a, i, f, r: operations.grant_extension(a, i, f.granted_on.data, f.note.data or "", r),
        Group.OFFICE,
        decides=RequestKind.EXTENSION,
    ),
    "refuse_extension": Offer(
        RefuseExtensionForm,
        lambda a, i, f, r: operations.refuse_extension(a, i, f.note.data, r),
        Group.OFFICE,
        decides=RequestKind.EXTENSION,
    ),
    "ask_suspension": Offer(
        AskSuspensionForm,
        lambda a, i, f, r: operations.ask_suspension(a, i, f.entry(), r),
        Group.HANDLING,
    ),
    "suspend": Offer(
        SuspendForm,
        lambda a, i, f, r: operations.suspend(a, i, f.review_on.data, f.note.data or "", r),
        Group.OFFICE,
        decides=RequestKind.SUSPENSION,
    ),
    "refuse_suspension": Offer(
        RefuseSuspensionForm,
        lambda a, i, f, r: operations.refuse_suspension(a, i, f.note.data, r),
        Group.OFFICE,
        decides=RequestKind.SUSPENSION,
    ),
    "resume": Offer(
        noting(_l("Why it is taken up again now"), hint=_l("On its review day it comes back by itself.")),
        lambda a, i, f, r: operations.resume(a, i, f.note.data, r),
        Group.OFFICE,
        Place.NEXT,
    ),
    "ask_ruling": Offer(
        noting(
            _l("Why nothing more can lawfully be done"),
            hint=_l("A supervisor confirms it as the second person; the rating stays as it is."),
        ),
        lambda a, i, f, r: operations.ask_ruling(a, i, f.note.data, r),
        Group.PRESSING,
    ),
    "rule_closed": Offer(
        RuleClosedForm,
        lambda a, i, f, r: operations.rule_closed(a, i, f.note.data or "", r),
        Group.PRESSING,
        decides=RequestKind.RULING,
    ),
    "refuse_ruling": Offer(
        RefuseRulingForm,
        lambda a, i, f, r: operations.refuse_ruling(a, i, f.note.data, r),
        Group.PRESSING,
        decides=RequestKind.RULING,
    ),
}
