"""Who is told of a supervision order: the unit it goes to, and those who judge its reply."""

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.accounts.queries import holding, speaking_for
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.permissions import Permission, Role, roles_reaching
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice
from visits.supervision.models import Order

ISSUING = roles_reaching(Permission.SUPERVISION_ORDER)
REPLIED = N_("The reply to supervision order %(number)s waits to be judged.")
TO_UNIT = {
    "issue": (
        NoticeKind.URGE,
        N_("Supervision order %(number)s went to your unit; the reply is due on %(due_on)s."),
    ),
    "send_back": (
        NoticeKind.URGE,
        N_("The reply to supervision order %(number)s was sent back; answer again by %(due_on)s."),
    ),
    "accept": (
        NoticeKind.DECIDED,
        N_("The reply to supervision order %(number)s is accepted; the order is closed."),
    ),
    "withdraw": (NoticeKind.DECIDED, N_("Supervision order %(number)s is withdrawn.")),
}


def notify_moved(actor: Actor, order: Order, move: str) -> None:
    """Tell of a move of an order just written: its unit, of a reply whoever issued it and supervision."""
    kind, said = TO_UNIT.get(move, (NoticeKind.DECIDE, REPLIED))
    audience = speaking_for([order.unit_id]) if move in TO_UNIT else _judges(order)
    event = f"supervision_orders:{order.id}:{order.revision}"
    values = {"number": order.number, "due_on": order.due_on.isoformat()}
    post_notice(actor, audience, Telling(kind, event, said, order, values))


def _judges(order: Order) -> sa.Select[int]:
    issuer = sa.and_(Person.id == order.issued_by_id, Person.id.in_(holding(*ISSUING)))
    return sa.select(Person.id).where(sa.or_(issuer, Person.id.in_(holding(Role.SUPERVISOR))))
