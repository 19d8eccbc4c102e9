"""Plain words for an enterprise that follows its own problem: where it stands, and who does what next."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.issues.models import Outcome
from visits.issues.progress import Progress, PublicStep
from visits.issues.states import State

HEADINGS = {
    State.REGISTERED: N_("We have your problem"),
    State.REJECTED: N_("It could not be accepted"),
    State.ASSIGNED: N_("A unit has been told to handle it"),
    State.RETURNED: N_("We are settling which unit handles it"),
    State.IN_PROGRESS: N_("It is being handled"),
    State.SUSPENDED: N_("It has to wait for the time being"),
    State.REPORTED: N_("There is a result; we are checking it"),
    State.EVALUATING: N_("What do you say of the result?"),
    State.CLOSED: N_("It is closed"),
    State.MERGED: N_("It is handled together with a like problem"),
    State.WITHDRAWN: N_("You have withdrawn it"),
    State.VOID: N_("This entry was a mistake"),
}
NEXT = {
    State.REGISTERED: N_(
        "Our office is looking at it and will name the unit that handles it. You need do nothing."
    ),
    State.REJECTED: N_(
        "The reason and whom you can turn to instead stand below. Ring us up if that is not clear."
    ),
    State.ASSIGNED: N_("%(unit)s will take it over and speak with you."),
    State.RETURNED: N_("Our office decides on it. You need not report the problem again."),
    State.IN_PROGRESS: N_("%(unit)s is working on it and will tell you the result."),
    State.SUSPENDED: N_(
        "The conditions to solve it are not there yet. Our office looks at it again and tells you."
    ),
    State.REPORTED: N_(
        "%(unit)s has handed in a result. Our office checks it, then asks you what you think of it."
    ),
    State.EVALUATING: N_(
        "Your answer decides: content, and we close it; not content, and it is handled again."
    ),
    State.CLOSED: N_("Nothing more is to be done on your part."),
    State.MERGED: N_("Nothing is lost: the unit that handles the other one answers for yours too."),
    State.WITHDRAWN: N_("If you need help with it again, tell the person who visits you."),
    State.VOID: N_("If you think this is wrong, ring us up."),
}
NEEDS_INFO = N_("We still need some facts. The person who visits you will ask you for them.")
AGAIN = N_(
    "You were not content with the last result. %(unit)s handles it once more and will tell you the result."
)
TOO_LATE = N_("The time to answer here is over; our office will ring you up and ask.")
OUTCOMES = {
    Outcome.SOLVED: N_("The unit says: solved."),
    Outcome.PLANNED: N_("The unit says: it will be solved by a day it has named."),
    Outcome.EXPLAINED: N_("The unit says: it cannot be solved for now, and says why."),
    Outcome.ANSWERED: N_("The unit has answered your question."),
}
STEPS = {
    "register": N_("We wrote your problem down"),
    "close_on_spot": N_("It was solved on the spot"),
    "request_info": N_("We asked for more facts"),
    "complete_info": N_("The facts were added"),
    "reject": N_("It could not be accepted"),
    "restore": N_("We took it up again"),
    "assign": N_("%(lead_unit)s was told to handle it"),
    "sign": N_("The unit took it over"),
    "record_contact": N_("The unit spoke with you"),
    "add_progress": N_("The unit made progress"),
    "return": N_("The unit said that it is not in charge"),
    "reassign": N_("%(lead_unit)s was told to handle it"),
    "uphold": N_("Our office settled that the unit keeps it"),
    "grant_extension": N_("It takes longer: until %(due_on)s"),
    "suspend": N_("It has to wait for the time being"),
    "resume": N_("The unit is working on it again"),
    "report": N_("The unit handed in a result"),
    "send_back": N_("Our office found the result not sufficient yet"),
    "pass_review": N_("Our office checked the result"),
    "log_attempt": N_("We rang you up and reached nobody"),
    "record_evaluation": N_("You said what you think of the result"),
    "rate_later": N_("You rated the result anew"),
    "close_evaluated": N_("It was closed"),
    "close_unreached": N_("It was closed, for we could not reach you"),
    "rework": N_("It is handled once more"),
    "rule_closed": N_("It was closed after a decision of the zone"),
    "reopen": N_("It was taken up again"),
    "reopen_to_office": N_("It was taken up again"),
    "fulfil": N_("The unit reported what it had promised as done"),
    "merge": N_("It is handled together with a like problem"),
    "unmerge": N_("It is handled by itself again"),
    "ask_withdrawal": N_("You asked to withdraw it; our office will ring you up"),
    "withdraw": N_("You withdrew it"),
    "refuse_withdrawal": N_("You do not withdraw it; it goes on"),
    "void": N_("The entry was taken back as a mistake"),
    "import:register": N_("We wrote your problem down"),
    "import:close_on_spot": N_("It was solved on the spot"),
    "import:assign": N_("%(lead_unit)s was told to handle it"),
    "import:report": N_("The unit handed in a result"),
    "import:close": N_("It was closed"),
    "import:rate": N_("You said what you think of the result"),
    "import:undo": N_("The entry was taken back as a mistake"),
}
WITHOUT_UNIT = N_("The unit in charge")


def heading_of(progress: Progress) -> str:
    """Where the problem stands, in a few words."""
    return gettext(HEADINGS[progress.issue.state])


def next_of(progress: Progress) -> str:
    """Who does what next."""
    issue, unit = progress.issue, progress.unit or gettext(WITHOUT_UNIT)
    if issue.needs_info:
        return gettext(NEEDS_INFO)
    if issue.state is State.IN_PROGRESS and issue.round > 1:
        return gettext(AGAIN, unit=unit)
    if issue.state is State.EVALUATING and progress.rate_until is None:
        return gettext(TOO_LATE)
    return gettext(NEXT[issue.state], unit=unit)


def outcome_of(progress: Progress) -> str | None:
    """What the unit says it came to, once the office has checked that."""
    issue = progress.issue
    if issue.outcome is None or issue.state not in {State.EVALUATING, State.CLOSED}:
        return None
    return gettext(OUTCOMES[issue.outcome])


def _named(named: dict[str, Any]) -> dict[str, Any]:
    return {"lead_unit": gettext(WITHOUT_UNIT), "due_on": "", **named}


def steps_of(steps: Iterable[PublicStep]) -> list[tuple[date, str]]:
    """What happened, the latest first; what concerns the office alone is left out."""
    said = [
        (step.day, gettext(STEPS[step.move], **_named(step.named))) for step in steps if step.move in STEPS
    ]
    return [row for number, row in enumerate(said) if number == 0 or said[number - 1] != row]
