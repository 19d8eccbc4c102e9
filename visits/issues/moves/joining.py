"""The moves that join and part problems, withdraw them, or take closed ones up again."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import noting
from visits.issues.forms.joining import (
    FulfilForm,
    NoWithdrawalForm,
    OtherForm,
    RepeatForm,
    SplitForm,
    WithdrawForm,
)
from visits.issues.moves.offers import Group, Offer, Place
from visits.issues.rules import RequestKind

OFFERS = {
    "merge": Offer(
        OtherForm,
        lambda a, i, f, r: operations.merge(a, i, f.other(a, i), f.note.data, r),
        Group.OFFICE,
    ),
    "unmerge": Offer(
        noting(
            _l("Why the two are not the same"),
            hint=_l("It goes back to where it was, with the units' tasks and due dates it had."),
        ),
        lambda a, i, f, r: operations.unmerge(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "split": Offer(
        SplitForm,
        lambda a, i, f, r: operations.split(a, i, f.entries(), f.note.data, r),
        Group.OFFICE,
        page="issues/split.html",
    ),
    "link_repeat": Offer(
        RepeatForm,
        lambda a, i, f, r: operations.link_repeat(a, i, f.other(a, i), f.note.data or "", r),
        Group.OFFICE,
    ),
    "ask_withdrawal": Offer(
        noting(
            _l("What the enterprise said"),
            hint=_l("A callback officer asks the enterprise before the problem leaves."),
        ),
        lambda a, i, f, r: operations.ask_withdrawal(a, i, f.note.data, r),
        Group.RECORD,
    ),
    "withdraw": Offer(
        WithdrawForm,
        lambda a, i, f, r: operations.withdraw(a, i, f.answer(), r),
        Group.OFFICE,
        decides=RequestKind.WITHDRAWAL,
    ),
    "refuse_withdrawal": Offer(
        NoWithdrawalForm,
        lambda a, i, f, r: operations.refuse_withdrawal(a, i, f.answer(), r),
        Group.OFFICE,
        decides=RequestKind.WITHDRAWAL,
    ),
    "reopen": Offer(
        noting(
            _l("Why it is re-opened"),
            hint=_l("A new round begins on the desk of the unit that had it, due in five working days."),
        ),
        lambda a, i, f, r: operations.reopen(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "reopen_to_office": Offer(
        noting(_l("Why it is re-opened"), hint=_l("The office assigns it as it does a new one.")),
        lambda a, i, f, r: operations.reopen(a, i, f.note.data, r),
        Group.OFFICE,
        Place.LIKELY,
    ),
    "fulfil": Offer(
        FulfilForm,
        lambda a, i, f, r: operations.fulfil(a, i, f.entry(), r),
        Group.HANDLING,
        Place.NEXT,
    ),
}
