"""What somebody reads before a visit: half a page about one enterprise, from all slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.permissions import Permission as P
from visits.enterprises import queries as enterprises
from visits.enterprises.models import CONTACT_LABELS, MEASURE_LABELS, STATUS_LABELS, Enterprise
from visits.enterprises.profile import Known, Profile
from visits.home.queries import EnterpriseFile, enterprise_file
from visits.issues.models import FLAG_LABELS
from visits.meetings import queries as meetings
from visits.outreach import queries as outreach
from visits.programmes.models import MODE_LABELS

MOST = 20  # briefs taken along at once
CONTACTS = 3
LABELS = {
    "status_labels": STATUS_LABELS,
    "contact_labels": CONTACT_LABELS,
    "mode_labels": MODE_LABELS,
    "measure_labels": MEASURE_LABELS,
    "flag_labels": FLAG_LABELS,
    "most": {"problems": 5, "promises": 4, "visits": 3},
}


@dataclass(frozen=True)
class Brief:
    """An enterprise's file with what its brief says besides: what is planned, which meetings come."""

    file: EnterpriseFile
    meetings: Sequence[Any]

    @property
    def enterprise(self) -> Enterprise:
        """Whom it is about."""
        return self.file.enterprise

    @property
    def profile(self) -> Profile:
        """What hangs on the record of the register."""
        return self.file.profile

    @property
    def plan(self) -> Any:
        """The next visit planned there, if any."""
        return next(iter(self.file.plans), None)

    @property
    def contacts(self) -> list[Known]:
        """The contacts to know; those to be verified are among them."""
        return self.profile.contacts[:CONTACTS]

    @property
    def problems(self) -> list[tuple[Any, Any]]:
        """Open problems: red flags first, then as the file has them."""
        return sorted(self.file.problems, key=lambda pair: pair[0].red_flag is None)


def brief_of(actor: Actor, enterprise: Enterprise) -> Brief:
    """Gather the brief of one enterprise; phones come masked."""
    return Brief(
        file=enterprise_file(actor, enterprise, to_take_along=True),
        meetings=meetings.coming_for(actor, enterprise.id) if may(actor, P.MEETINGS_READ) else [],
    )


def briefs_of(actor: Actor, enterprise_ids: Sequence[int]) -> list[Brief]:
    """The briefs of these enterprises, at most MOST, in their order; merged records are left out."""
    found = [enterprises.get_enterprise(key) for key in dict.fromkeys(enterprise_ids[:MOST])]
    return [brief_of(actor, one) for one in found if one is not None and one.merged_into_id is None]


def planned_this_week(actor: Actor) -> Sequence[Any]:
    """The enterprises a person has planned to visit until Sunday, as (id, name), by day."""
    return outreach.planned_firms(actor, today(), _sunday())


def _sunday() -> date:
    return today() + timedelta(days=6 - today().weekday())
