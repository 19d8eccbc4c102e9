"""What holds a move of a problem back although state and right are there; pure questions of its facts."""

from dataclasses import dataclass
from datetime import date

from visits.core.errors import DomainError, NotAllowed, Refused
from visits.core.i18n import N_
from visits.issues.rules import EXTENSIONS, HIGHEST_LEVEL

ATTEMPTS, ATTEMPT_DAYS = 3, 2


@dataclass(frozen=True)
class MoveFacts:
    """What the guards know of a problem and of the person who wants to move it.

    "Handling unit" means the present lead and co-units; `return_until` is the last day for a return, None
    when the present assignment cannot be returned; `extend_until` is the last day to ask for an extension,
    `extension_cap` the last day one may give, `proposed_ruling` says that the person proposed the closing.
    `has_unit` says that the unit that had a closed problem can have it again.
    """

    today: date
    return_until: date | None = None
    is_registered: bool = False
    is_closed: bool = False
    needs_info: bool = False
    no_return: bool = False
    was_returned: bool = False
    return_count: int = 0
    is_contacted: bool = False
    is_coordinator: bool = False
    is_leader: bool = False
    is_head: bool = False
    head_confirms: bool = False
    in_lead_unit: bool = False
    in_handling_unit: bool = False
    waiting_co_units: int = 0
    in_waiting_co_unit: bool = False
    has_independent_coordinator: bool = True
    has_leader: bool = True
    attempts: int = 0
    attempt_days: int = 0
    is_supervisor: bool = False
    is_system: bool = False
    due_on: date | None = None
    extend_until: date | None = None
    extension_cap: date | None = None
    extended: int = 0
    extension_asked: bool = False
    suspension_asked: bool = False
    withdrawal_asked: bool = False
    ruling_asked: bool = False
    proposed_ruling: bool = False
    reopen_until: date | None = None
    has_unit: bool = False
    is_planned: bool = False
    commitment_due: date | None = None
    is_rated: bool = False
    is_rated_badly: bool = False
    may_rate_again: bool = False
    is_confidential: bool = False
    has_flag: bool = False
    escalation: int = 0
    has_duty: bool = False


def may_ask_for_info(facts: MoveFacts) -> DomainError | None:
    """Refuse to ask twice."""
    if facts.needs_info:
        return Refused(N_("More information has been asked for already. Wait for it, or add it yourself."))
    return None


def may_complete_info(facts: MoveFacts) -> DomainError | None:
    """Refuse an answer nobody asked for."""
    if not facts.needs_info:
        return Refused(N_("No more information has been asked for. Use the correction instead."))
    return None


def may_correct(facts: MoveFacts) -> DomainError | None:
    """The author corrects until the problem is assigned, a coordinator as long as it is open."""
    if facts.is_registered or facts.is_coordinator:
        return None
    return NotAllowed(N_("The problem is being handled; only a coordinator corrects it now."))


def may_restore(facts: MoveFacts) -> DomainError | None:
    """Coordinators and leaders take a rejected problem up again."""
    return None if facts.is_coordinator or facts.is_leader else NotAllowed()


def may_rule(facts: MoveFacts) -> DomainError | None:
    """The first return is ruled on by a coordinator, each later one by a leader.

    Where nobody holds the leader's role a coordinator rules on every return, lest one wait for ever.
    """
    if facts.return_count >= 2 and facts.has_leader and not facts.is_leader:
        return NotAllowed(N_("This problem was returned more than once; a zone leader rules on it."))
    if not facts.is_coordinator and (facts.return_count < 2 or not facts.is_leader):
        return NotAllowed(N_("The first return is ruled on by a coordinator."))
    return None


def only_lead_unit(facts: MoveFacts) -> DomainError | None:
    """Only people of the present lead unit."""
    return None if facts.in_lead_unit else NotAllowed(N_("Only the lead unit does this."))


def may_record_contact(facts: MoveFacts) -> DomainError | None:
    """The first contact is recorded once per assignment."""
    if facts.is_contacted:
        return Refused(N_("The first contact is recorded already. Write later talks as progress."))
    return only_lead_unit(facts)


def may_answer_as_co_unit(facts: MoveFacts) -> DomainError | None:
    """Only a co-unit that has not answered yet."""
    if not facts.in_waiting_co_unit:
        return NotAllowed(N_("No answer of your unit as co-unit is awaited."))
    return None


def may_waive_co_unit(facts: MoveFacts) -> DomainError | None:
    """There must be a co-unit to wait for."""
    return None if facts.waiting_co_units else Refused(N_("No answer of a co-unit is awaited."))


def _only_head_where_so(facts: MoveFacts) -> DomainError | None:
    if facts.head_confirms and not facts.is_head:
        return NotAllowed(N_("In your unit the unit head does this."))
    return None


def _only_the_voice(facts: MoveFacts) -> DomainError | None:
    return _only_head_where_so(facts) or only_lead_unit(facts)


def may_return(facts: MoveFacts) -> DomainError | None:
    """Once per assignment, within one working day of it, never after it was upheld."""
    if facts.no_return:
        return Refused(N_("The assignment was upheld and cannot be returned again."))
    if facts.was_returned or facts.return_until is None:
        return Refused(N_("This assignment cannot be returned."))
    if facts.today > facts.return_until:
        return Refused(
            N_("A return is possible until %(day)s only. Speak with the coordinator."),
            day=facts.return_until.isoformat(),
        )
    return _only_the_voice(facts)


def may_report(facts: MoveFacts) -> DomainError | None:
    """Every co-unit has answered or is waived."""
    if facts.waiting_co_units:
        return Refused(
            N_("%(count)d co-units have not answered. Wait, or ask the coordinator to waive them."),
            count=facts.waiting_co_units,
        )
    return _only_the_voice(facts)


def may_review(facts: MoveFacts) -> DomainError | None:
    """A coordinator outside the handling units; a leader only where there is no such coordinator."""
    if facts.in_handling_unit:
        return NotAllowed(N_("Your unit handles this problem; somebody of another unit reviews it."))
    if facts.is_coordinator or (facts.is_leader and not facts.has_independent_coordinator):
        return None
    return NotAllowed(
        N_("A coordinator reviews this; a leader only if every coordinator is of the handling unit.")
    )


def only_independent(facts: MoveFacts) -> DomainError | None:
    """Nobody of a handling unit evaluates or closes."""
    if facts.in_handling_unit:
        return NotAllowed(N_("Your unit handles this problem; somebody of another unit does this."))
    return None


def may_close_unreached(facts: MoveFacts) -> DomainError | None:
    """Three attempts on two days at least, this round."""
    if facts.attempts < ATTEMPTS or facts.attempt_days < ATTEMPT_DAYS:
        return Refused(
            N_("First %(least)d callback attempts on at least %(days)d days must be recorded."),
            least=ATTEMPTS,
            days=ATTEMPT_DAYS,
        )
    return only_independent(facts)


def may_void(facts: MoveFacts) -> DomainError | None:
    """A coordinator voids what is not closed, a leader what is."""
    if facts.is_closed:
        return None if facts.is_leader else NotAllowed(N_("Only a zone leader voids a closed problem."))
    return (
        None
        if facts.is_coordinator
        else NotAllowed(N_("Only a coordinator voids a problem that is not closed."))
    )


def may_ask_extension(facts: MoveFacts) -> DomainError | None:
    """Somebody who speaks for the lead unit asks."""
    return may_be_extended(facts) or _only_the_voice(facts)


def may_be_extended(facts: MoveFacts) -> DomainError | None:
    """Twice per assignment at most, on or before the due day, one request at a time.

    After a report was sent back one more working day is left for it.
    """
    if facts.extension_asked:
        return Refused(N_("An extension has been asked for already. Wait for the decision."))
    if facts.extended >= EXTENSIONS:
        return Refused(
            N_("The due date was extended %(most)d times already. Report, or speak with the coordinator."),
            most=EXTENSIONS,
        )
    if facts.extend_until is None or facts.today > facts.extend_until:
        return Refused(
            N_("An extension is asked for on or before the due day. Report, or speak with the coordinator.")
        )
    if facts.extension_cap and facts.extension_cap <= max(facts.today, facts.due_on or facts.today):
        return Refused(
            N_(
                "The due date can be moved to %(day)s at the latest. Report, or speak with the coordinator."
            ),
            day=facts.extension_cap.isoformat(),
        )
    return None


def may_decide_extension(facts: MoveFacts) -> DomainError | None:
    """A coordinator of another unit decides on the first extension, a leader on the second."""
    if not facts.extension_asked:
        return Refused(N_("No extension is asked for."))
    if facts.extended and facts.has_leader:
        return None if facts.is_leader else NotAllowed(N_("A zone leader decides on a second extension."))
    return may_review(facts)


def may_ask_suspension(facts: MoveFacts) -> DomainError | None:
    """One at a time."""
    if facts.suspension_asked:
        return Refused(N_("A suspension has been asked for already. Wait for the decision."))
    return _only_the_voice(facts)


def may_decide_suspension(facts: MoveFacts) -> DomainError | None:
    """A zone leader decides; where there is none, a coordinator of another unit."""
    if not facts.suspension_asked:
        return Refused(N_("No suspension is asked for."))
    if facts.has_leader:
        return None if facts.is_leader else NotAllowed(N_("A zone leader decides on suspensions."))
    return may_review(facts)


def may_ask_withdrawal(facts: MoveFacts) -> DomainError | None:
    """One at a time."""
    if facts.withdrawal_asked:
        return Refused(N_("The withdrawal has been passed on already. The callback officer asks next."))
    return None


def may_decide_withdrawal(facts: MoveFacts) -> DomainError | None:
    """Somebody outside the handling units asks the enterprise whether it withdraws of its own free will."""
    if not facts.withdrawal_asked:
        return Refused(N_("No withdrawal is asked for."))
    return only_independent(facts)


def _in_time_to_reopen(facts: MoveFacts) -> DomainError | None:
    if facts.is_supervisor or facts.is_leader or facts.is_system or facts.reopen_until is None:
        return None
    if facts.today > facts.reopen_until:
        return Refused(
            N_("A problem is re-opened until %(day)s only. Register it anew, or ask a supervisor."),
            day=facts.reopen_until.isoformat(),
        )
    return None


def may_reopen(facts: MoveFacts) -> DomainError | None:
    """Back to its unit, as long as that can take it."""
    if not facts.has_unit:
        return Refused(N_("No unit can take the problem up again. It goes back to the office."))
    return _in_time_to_reopen(facts)


def may_reopen_to_office(facts: MoveFacts) -> DomainError | None:
    """Back to the office where no unit had the problem, or the unit is gone."""
    if facts.has_unit:
        return Refused(N_("The unit that had the problem takes it up again."))
    return _in_time_to_reopen(facts)


def may_fulfil(facts: MoveFacts) -> DomainError | None:
    """What was closed as planned is reported done on or before the day promised."""
    if not facts.is_planned or facts.commitment_due is None:
        return Refused(N_("Only a problem closed with outcome B has something to be fulfilled."))
    if facts.today > facts.commitment_due:
        return Refused(N_("The day promised is over; the problem is taken up again."))
    return _only_head_where_so(facts)


def may_ask_ruling(facts: MoveFacts) -> DomainError | None:
    """A zone leader proposes to close what was rated badly although nothing lawful was left to do."""
    if not facts.is_leader:
        return NotAllowed(N_("Only a zone leader proposes a closing by ruling."))
    if facts.ruling_asked:
        return Refused(N_("The closing by ruling is proposed already. A supervisor decides next."))
    if not facts.is_rated_badly:
        return Refused(N_("Only what the enterprise rated badly is closed by ruling."))
    return None


def may_confirm_ruling(facts: MoveFacts) -> DomainError | None:
    """A second person, of supervision and outside the handling units, confirms or refuses it."""
    if not facts.ruling_asked:
        return Refused(N_("No closing by ruling is proposed."))
    if facts.proposed_ruling:
        return NotAllowed(N_("You proposed this closing; a second person confirms or refuses it."))
    return only_independent(facts)


def may_rate_later(facts: MoveFacts) -> DomainError | None:
    """A closed problem nobody rated, or that is rated for the second and last time, within 30 days."""
    if not facts.may_rate_again or (facts.reopen_until is not None and facts.today > facts.reopen_until):
        return Refused(N_("The time to rate this problem is over."))
    return only_independent(facts)


def only_leader(facts: MoveFacts) -> DomainError | None:
    """Only zone leaders."""
    return None if facts.is_leader else NotAllowed(N_("Only a zone leader does this."))


def may_escalate(facts: MoveFacts) -> DomainError | None:
    """Up to the highest level."""
    if facts.escalation >= HIGHEST_LEVEL:
        return Refused(N_("The problem is at the highest level already."))
    return None


def may_raise_flag(facts: MoveFacts) -> DomainError | None:
    """One flag at a time."""
    return Refused(N_("A red flag is raised already.")) if facts.has_flag else None


def may_lower_flag(facts: MoveFacts) -> DomainError | None:
    """There must be a flag."""
    return None if facts.has_flag else Refused(N_("No red flag is raised."))


def may_hide_enterprise(facts: MoveFacts) -> DomainError | None:
    """Once is enough."""
    return Refused(N_("The enterprise's name is kept already.")) if facts.is_confidential else None


def may_show_enterprise(facts: MoveFacts) -> DomainError | None:
    """There must be something kept."""
    return None if facts.is_confidential else Refused(N_("The enterprise's name is not kept."))


def may_end_duty(facts: MoveFacts) -> DomainError | None:
    """There must be a duty that is not done, of one's own unit unless one is of the office."""
    return None if facts.has_duty else Refused(N_("No duty of your unit is open here."))
