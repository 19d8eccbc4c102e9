"""Forms of groups, their members and the enterprises they answer for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from visits.accounts import queries as accounts
from visits.core.clock import today
from visits.core.forms import (
    BaseForm,
    NotBefore,
    QueryForm,
    choice,
    choices,
    day,
    member,
    options,
    text,
    ticks,
    whole_number,
)
from visits.enterprises import queries as enterprises
from visits.programmes import queries, rules
from visits.programmes.by_line import NamedByLine
from visits.programmes.models import (
    GROUP_LINKED,
    GROUP_ROLE_LABELS,
    GroupRole,
)
from visits.programmes.operations import (
    GroupEntry,
    LinkEntry,
    MemberEntry,
)


class GroupForm(BaseForm):
    name = text(_l("Name of the group"), 60, required=True)
    lead_unit_id = choice(_l("Leading unit"), required=True, coerce=whole_number)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lead_unit_id.choices = options(accounts.open_units(), blank=gettext("Choose"))

    def entry(self) -> GroupEntry:
        return GroupEntry(self.name.data or "", self.lead_unit_id.data)


class EditGroupForm(GroupForm):
    closed_on = day(
        _l("Closed from"),
        hint=_l("The first day on which the group no longer works. Leave empty while it does."),
    )

    def entry(self) -> GroupEntry:
        return GroupEntry(self.name.data or "", self.lead_unit_id.data, self.closed_on.data)


class MemberForm(BaseForm):
    person_id = choice(_l("Person"), required=True, coerce=whole_number)
    role = choice(
        _l("Role in the group"), required=True, coerce=member(GroupRole), default=GroupRole.MEMBER
    )
    from_on = day(_l("First day"), required=True, default=today)
    last_on = day(_l("Last day"), hint=_l("Leave empty while it is not known."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person_id.choices = options(accounts.active_people(), blank=gettext("Choose"))
        self.role.choices = choices(GROUP_ROLE_LABELS)
        if not self.is_submitted() and request.args.get("role") in set(GroupRole):
            self.role.data = GroupRole(request.args["role"])

    def validate_last_on(self, field: Any) -> None:
        NotBefore("from_on")(self, field)

    def entry(self) -> MemberEntry:
        until_on = rules.after(self.last_on.data)
        return MemberEntry(self.person_id.data, self.role.data, self.from_on.data, until_on)


class EndForm(BaseForm):
    last_on = day(
        _l("Last day"),
        required=True,
        default=today,
        hint=_l("Up to and including this day it still holds."),
    )


class OfficerForm(BaseForm):
    """Who becomes primary officer of which of a group's enterprises; those without one come ticked."""

    link_ids = ticks(_l("Enterprises"))
    officer_id = choice(_l("Primary officer"), required=True, coerce=whole_number)
    from_on = day(_l("First day"), required=True, default=today)

    def __init__(self, links: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        links = list(links)
        self.link_ids.choices = options(
            (row.id, " · ".join(filter(None, (row.name, row.programme, row.officer)))) for row in links
        )
        self.officer_id.choices = options(accounts.active_people(), blank=gettext("Choose"))
        if not self.is_submitted():
            wanted = whole_number(request.args.get("link"))
            self.link_ids.data = [
                row.id for row in links if (row.id == wanted if wanted else row.lacks_officer)
            ]


class DayForm(QueryForm):
    """As of which day a page is shown; nothing and nonsense is today."""

    on = day(_l("As of the day"))

    @property
    def former(self) -> date | None:
        """The day asked for where it is not today."""
        wanted = self.on.data if self.validate() else None
        return wanted if wanted and wanted >= rules.EARLIEST and wanted != today() else None


class OfGroup:
    """The group that comes to answer; stands before what is said of its links."""

    group_id = choice(_l("Service group"), required=True, coerce=whole_number)


class CoverForm(BaseForm):
    """What is said of a link, whoever's: its programme, officer and time."""

    programme_id = choice(_l("Programme"), required=True, coerce=whole_number)
    officer_id = choice(_l("Primary officer"), coerce=whole_number)
    from_on = day(_l("First day"), required=True, default=today)
    last_on = day(_l("Last day"), hint=_l("Leave empty while it is not known."))
    note = text(_l("Note"), 200)
    ends_present = BooleanField(
        _l("End the present link the day before"),
        description=_l("If another group or officer answers for the enterprise in this programme now."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        known = queries.programmes()
        self.programme_id.choices = options((key, name) for key, _code, name in known)
        self.officer_id.choices = options(accounts.active_people(), blank=gettext("None yet"))
        if not self.is_submitted():
            self.programme_id.data = next((key for key, code, _name in known if code == GROUP_LINKED), None)

    def validate_last_on(self, field: Any) -> None:
        NotBefore("from_on")(self, field)

    def entry_for(self, enterprise_id: int, group_id: int) -> LinkEntry:
        """The link of one enterprise with a group."""
        return LinkEntry(
            enterprise_id=enterprise_id,
            programme_id=self.programme_id.data,
            group_id=group_id,
            officer_id=self.officer_id.data,
            from_on=self.from_on.data,
            until_on=rules.after(self.last_on.data),
            note=self.note.data or "",
            ends_present=self.ends_present.data,
        )


class LinkForm(CoverForm):
    """One enterprise of a group."""

    enterprise_id = choice(
        _l("Enterprise"),
        required=True,
        coerce=whole_number,
        hint=_l("Any part of its name, its pinyin initials, or the end of its code."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enterprise_id.choices = options(enterprises.all_names(), blank=gettext("Choose"))

    def validate_enterprise_id(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose one."))

    def entry(self, group_id: int) -> LinkEntry:
        return self.entry_for(self.enterprise_id.data, group_id)


class LinesForm(NamedByLine, CoverForm):
    """Several enterprises of a group, one a line."""

    def entries(self, group_id: int) -> list[LinkEntry]:
        return [self.entry_for(key, group_id) for key in self.enterprise_ids]


class TickedForm(OfGroup, CoverForm):
    """Which group answers from now on for the enterprises ticked in the register."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group_id.choices = options(queries.open_groups(), blank=gettext("Choose"))

    def entry(self, enterprise_id: int) -> LinkEntry:
        return self.entry_for(enterprise_id, self.group_id.data)
