"""Every change of digests and of the ladder of reminders: what the system does on a morning."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.erasing import Spent
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.digest import ladder, queries
from visits.digest.mail import message_for
from visits.digest.models import Digest, LadderStep
from visits.digest.queries import Waiting
from visits.digest.rules import Rung
from visits.inbox import queries as inbox
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, in_silence, post_notice, queue_message
from visits.inbox.rules import DIGEST
from visits.issues import operations as issues
from visits.issues.models import Issue

REMINDER = N_("The due day is over. Please report, or ask for an extension.")
REMINDED = N_("%(number)s is overdue and the system has reminded of it.")
ORDERS_DUE = N_("Overdue for five working days, a supervision order is due: %(numbers)s")
MOST_NAMED = 5
DIGESTS_KEPT = timedelta(days=366)


def send_digest(waiting: Waiting, day: date) -> bool:
    """Write down what waits for a person this morning and send it where they want it; once a day."""
    if queries.has_digest(waiting.person_id, day):
        return False
    content = queries.content_of(waiting)
    db.session.add(Digest(person_id=waiting.person_id, day=day, content=content))
    points = [point for point in inbox.points_of_people([waiting.person_id]) if point.takes_digest]
    if points:
        queue_message(points, f"{DIGEST}{day}", message_for(waiting, content, day))
    return True


def take_note(steps: Iterable[tuple[int, Rung]], on: date) -> bool:
    """Write down at which step problems stand of which only the digests of the morning tell."""
    taken = [_step(issue, rung, on) for key, rung in steps if (issue := ladder.still_at(key, rung, on))]
    return bool(taken)


def _step(issue: Issue, rung: Rung, on: date) -> LadderStep:
    step = LadderStep(issue_id=issue.id, due_on=issue.due_on, rung=rung, day=on)
    db.session.add(step)
    return step


def remind(issue_id: int, on: date) -> bool:
    """Remind the unit of a problem that is overdue, on its timeline and in the inboxes of its people."""
    issue = ladder.still_at(issue_id, Rung.REMINDED, on)
    if issue is None:
        return False
    _step(issue, Rung.REMINDED, on)
    with in_silence():  # the sentence below says more than that of a reminder by hand
        move = issues.remind(SYSTEM, issue, REMINDER)
    db.session.flush()
    telling = Telling(NoticeKind.URGE, f"issue_moves:{move.id}", REMINDED, issue, {"number": issue.number})
    post_notice(SYSTEM, ladder.people_of_desk(issue.lead_unit_id), telling)
    return True


def propose_orders(issue_ids: Iterable[int], on: date) -> bool:
    """Tell whoever issues supervision orders that problems have been overdue so long that one is due.

    An order is issued in a person's name, so the system only proposes it. One notice a morning names all.
    """
    found = [issue for key in issue_ids if (issue := ladder.still_at(key, Rung.ORDERED, on))]
    if not found:
        return False
    steps = [_step(issue, Rung.ORDERED, on) for issue in found]
    db.session.flush()
    numbers = [issue.number for issue in found if not issue.supervised]
    if numbers:
        named = "、".join(numbers[:MOST_NAMED]) + ("…" if len(numbers) > MOST_NAMED else "")
        telling = Telling(
            NoticeKind.URGE, f"ladder:{on}", ORDERS_DUE, steps[0], {"numbers": named, "count": len(numbers)}
        )
        post_notice(SYSTEM, ladder.people_with(Permission.SUPERVISION_ORDER), telling)
    return True


def climb(piece: Any, on: date) -> bool:
    """Take one piece of a morning's steps: those only noted, one reminder, or all orders to propose."""
    rung, is_told, keys = piece
    if not is_told:
        return take_note([(key, rung) for key in keys], on)
    return propose_orders(keys, on) if rung is Rung.ORDERED else remind(keys[0], on)


def spent_digests() -> Spent:
    """Digests of mornings more than a year ago; the steps of the ladder stay, for each is taken once."""
    return Spent(N_("digests"), Digest, (Digest.day < today() - DIGESTS_KEPT,))
