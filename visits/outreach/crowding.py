"""What stands under the enterprises chosen on a form: who else goes there, own plans a visit ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from visits.core.authz import Actor
from visits.outreach import queries
from visits.outreach.entries import VisitKind
from visits.outreach.queries import Frequency
from visits.outreach.queries.frequency import Meant
from visits.outreach.rules import is_exempt, is_near
from visits.programmes.models import VisitMode


@dataclass(frozen=True)
class Crowding:
    """How often these enterprises are visited, and which of one's own plans lie near the day of a visit.

    `is_exempt`: the visit is no burden the office lays on them, so that nothing asks for a reason.
    """

    firms: Sequence[Frequency]
    plans: Sequence[tuple[Frequency, Meant]]
    is_plan: bool
    is_exempt: bool

    @classmethod
    def for_visit(
        cls,
        actor: Actor,
        enterprise_ids: Iterable[int],
        day: date,
        how: tuple[VisitMode | None, VisitKind | None],
        ticked: Iterable[int] = (),
    ) -> Self:
        """What is to be known when a visit is recorded, by mode and kind; `ticked` are plans chosen."""
        chosen = set(ticked)
        firms = queries.frequency_of(actor, enterprise_ids, day, ticked=chosen)
        plans = [
            (firm, plan)
            for firm in firms
            for plan in firm.plans
            if plan.plan_id in chosen or (plan.is_mine and is_near(plan.day, day))
            if plan.may_record
        ]
        return cls(firms, plans, is_plan=False, is_exempt=is_exempt(*how))

    @classmethod
    def for_plan(
        cls,
        actor: Actor,
        enterprise_id: int | None,
        day: date,
        *,
        is_invited: bool,
        without: Sequence[int] = (),
    ) -> Self:
        """What is to be known when a visit is planned or moved."""
        ids = [enterprise_id] if enterprise_id else []
        firms = queries.frequency_of(actor, ids, day, without=without)
        return cls(firms, (), is_plan=True, is_exempt=is_invited)

    @property
    def full(self) -> list[Frequency]:
        """The enterprises at which one visit more is one too many."""
        if self.is_exempt:
            return []
        return [firm for firm in self.firms if self._is_full(firm)]

    @property
    def is_exceeded(self) -> bool:
        """Whether the limit is exceeded without this visit already, at one of the enterprises."""
        return any(self._others(firm) > firm.cap.visits for firm in self.full)

    def _others(self, firm: Frequency) -> int:
        return firm.others_for_plan if self.is_plan else firm.others_for_visit

    def _is_full(self, firm: Frequency) -> bool:
        return firm.is_full_for_plan if self.is_plan else firm.is_full_for_visit

    @property
    def telling(self) -> list[Frequency]:
        """The enterprises of which there is something to say."""
        return [firm for firm in self.firms if firm.visits or firm.planned]
