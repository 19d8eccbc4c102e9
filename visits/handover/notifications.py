"""Who is told of a handover: to whom it offers something, and who waits for the answer."""

from collections.abc import Iterable, Sequence

from visits.accounts.queries import get_person
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.handover.models import Handover, HandoverItem
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice

OFFERED = N_("%(name)s's work is offered to you to take over (%(count)d).")
ACCEPTED = N_("Of %(name)s's work %(count)d were taken over.")
DECLINED = N_("Of %(name)s's work %(count)d were declined; offer them to somebody else.")
WITHDRAWN = N_("The handover of %(name)s's work is withdrawn.")
FINISHED = N_("The handover of %(name)s's work is finished.")


def notify_offered(actor: Actor, handover: Handover, receiver_id: int, count: int) -> None:
    """Tell somebody that things wait to be taken over."""
    if count:
        event = f"handovers:{handover.id}:offer:{handover.revision}"
        _post(actor, handover, [receiver_id], event, OFFERED, count=count)


def notify_answered(
    actor: Actor, handover: Handover, items: Sequence[HandoverItem], *, is_accepted: bool
) -> None:
    """Tell whose work it is, and who leads the handover, what was answered."""
    last = items[-1]
    event = f"handover_items:{last.id}:{last.revision}:{'accept' if is_accepted else 'decline'}"
    said = ACCEPTED if is_accepted else DECLINED
    _post(actor, handover, _leading(handover), event, said, count=len(items))


def notify_withdrawn(actor: Actor, handover: Handover, receiver_ids: Iterable[int]) -> None:
    """Tell everybody concerned that nothing more changes hands."""
    people = {*_leading(handover), *receiver_ids}
    _post(actor, handover, people, f"handovers:{handover.id}:withdrawn", WITHDRAWN)


def notify_finished(actor: Actor, handover: Handover) -> None:
    """Tell whose work it was, and who led the handover, that nothing waits any more."""
    _post(actor, handover, _leading(handover), f"handovers:{handover.id}:finished", FINISHED)


def _leading(handover: Handover) -> set[int]:
    return {person_id for person_id in (handover.from_id, handover.opened_by_id) if person_id}


def _post(
    actor: Actor, handover: Handover, people: Iterable[int], event: str, said: str, *, count: int = 0
) -> None:
    leaver = get_person(handover.from_id)
    values = {"name": leaver.name if leaver else "", "count": count}
    post_notice(actor, people, Telling(NoticeKind.HANDOVER, event, said, handover, values))
