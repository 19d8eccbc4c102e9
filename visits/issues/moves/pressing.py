"""The moves that mark a problem and press for it: reminders, levels, red flags, kept names, duties."""

from flask_babel import lazy_gettext as _l

from visits.issues import operations
from visits.issues.forms import noting
from visits.issues.forms.pressing import CancelDutyForm, DoneDutyForm, DutyForm, FlagForm
from visits.issues.moves.offers import Group, Offer, Place

OFFERS = {
    "remind": Offer(
        noting(_l("Reminder")),
        lambda a, i, f, r: operations.remind(a, i, f.note.data, r),
        Group.PRESSING,
        Place.LIKELY,
    ),
    "instruct": Offer(
        noting(_l("Instruction")),
        lambda a, i, f, r: operations.instruct(a, i, f.note.data, r),
        Group.PRESSING,
    ),
    "escalate": Offer(
        noting(_l("Why a higher level has to see to it")),
        lambda a, i, f, r: operations.escalate(a, i, f.note.data, r),
        Group.PRESSING,
    ),
    "raise_flag": Offer(
        FlagForm,
        lambda a, i, f, r: operations.raise_flag(a, i, f.red_flag.data, f.note.data, r),
        Group.PRESSING,
    ),
    "lower_flag": Offer(
        noting(_l("What became of the danger")),
        lambda a, i, f, r: operations.lower_flag(a, i, f.note.data, r),
        Group.PRESSING,
    ),
    "set_duty": Offer(DutyForm, lambda a, i, f, r: operations.set_duty(a, i, f.entry(), r), Group.PRESSING),
    "complete_duty": Offer(
        DoneDutyForm,
        lambda a, i, f, r: operations.complete_duty(a, i, f.duty_id.data, f.note.data, r),
        Group.HANDLING,
        Place.LIKELY,
    ),
    "cancel_duty": Offer(
        CancelDutyForm,
        lambda a, i, f, r: operations.cancel_duty(a, i, f.duty_id.data, f.note.data, r),
        Group.PRESSING,
    ),
    "hide_enterprise": Offer(
        noting(_l("Why the name is kept"), hint=_l("As the enterprise asked.")),
        lambda a, i, f, r: operations.hide_enterprise(a, i, f.note.data, r),
        Group.RECORD,
    ),
    "show_enterprise": Offer(
        noting(_l("Who of the enterprise agreed")),
        lambda a, i, f, r: operations.show_enterprise(a, i, f.note.data, r),
        Group.RECORD,
    ),
}
