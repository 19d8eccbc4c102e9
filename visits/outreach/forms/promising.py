"""The forms on which a promise is changed, withdrawn or marked as kept."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from visits.accounts import queries as accounts
from visits.core.clock import today
from visits.core.forms import BaseForm, day, text
from visits.outreach.models import Promise
from visits.outreach.operations import PromiseChange
from visits.outreach.owners import Owner, owner_field


class KeptForm(BaseForm):
    kept_on = day(_l("Kept on"), required=True, default=today)


class ChangeForm(BaseForm):
    """Another day or another person, and why."""

    owner = owner_field()
    due_on = day(_l("By when"), is_near=True)
    reason = text(_l("Why it changes"), 200, required=True)

    def __init__(self, promise: Promise) -> None:
        super().__init__(data={"owner": promise.owner, "due_on": promise.due_on})
        self.promise, self.people = promise, accounts.active_people()
        if not self.is_submitted():
            self.revision.data = promise.revision

    @property
    def known_people(self) -> Sequence[tuple[int, str]]:
        """Whom the list of names offers."""
        return self.people

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that a name that means nobody here is no longer than a name."""
        passed = super().validate(extra_validators)
        return self.meant.fits(self.owner) and passed

    @property
    def meant(self) -> Owner:
        """Who is meant; a name that stayed means who it meant."""
        meant = Owner.meant(self.owner.data, self.people)
        if meant.person_id is None and meant.name == self.promise.owner:
            return Owner(meant.name, self.promise.owner_id)
        return meant

    def change(self) -> PromiseChange:
        """The promise as it should read."""
        meant = self.meant
        return PromiseChange(meant.name, meant.person_id, self.due_on.data, self.reason.data or "")


class WithdrawForm(BaseForm):
    """Why a promise is taken back."""

    reason = text(_l("Why it is withdrawn"), 200, required=True)

    def __init__(self, promise: Promise) -> None:
        super().__init__()
        if not self.is_submitted():
            self.revision.data = promise.revision
