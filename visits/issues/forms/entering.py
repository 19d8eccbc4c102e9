"""Forms by which a problem comes in: registration, its correction, the refusal to accept it."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from visits.core.forms import BaseForm, choice, choices, long_text, member, options, text, whole_number
from visits.enterprises import queries as enterprises
from visits.issues import queries
from visits.issues.forms.moving import MoveForm
from visits.issues.models import (
    COMPLEXITY_LABELS,
    FLAG_LABELS,
    SOURCE_LABELS,
    URGENCY_LABELS,
    IssueSource,
    RedFlag,
)
from visits.issues.operations import CorrectionEntry, IssueEntry
from visits.issues.rules import Complexity, Urgency


class IssueForm(BaseForm):
    enterprise_id = choice(
        _l("Enterprise"),
        required=True,
        coerce=whole_number,
        hint=_l("Any part of its name, its pinyin initials, or the end of its code."),
    )
    title = text(_l("Problem in short"), 80, required=True)
    description = long_text(_l("Description"), 2000, required=True)
    wish = long_text(_l("What the enterprise wishes"), 500, rows=2)
    category_id = choice(_l("Category"), required=True, coerce=whole_number)
    complexity = choice(
        _l("Complexity"), coerce=member(Complexity), hint=_l("Decides how long a unit has.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enterprise_id.choices = options(enterprises.all_names(), blank=gettext("Choose"))
        self.category_id.choices = options(queries.open_categories(), blank=gettext("Choose"))
        self.complexity.choices = choices(COMPLEXITY_LABELS, blank=gettext("As usual in the category"))


class NewIssueForm(IssueForm):
    source = choice(_l("Source"), required=True, coerce=member(IssueSource), default=IssueSource.ENTERPRISE)
    external_no = text(_l("Number at the source"), 60, hint=_l("E.g. the number of the 12345 order."))
    urgency = choice(_l("Urgency"), required=True, coerce=member(Urgency), default=Urgency.NORMAL)
    reporter_name = text(_l("Contact for this problem"), 60)
    reporter_phone = text(_l("Phone"), 30)
    red_flag = choice(
        _l("Red flag"), coerce=member(RedFlag), hint=_l("For what threatens the enterprise itself.")
    )
    confidential = BooleanField(
        _l("Keep the enterprise's name"), description=_l("The enterprise does not want to be named.")
    )
    is_other = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        labels = {key: label for key, label in SOURCE_LABELS.items() if key is not IssueSource.VISIT}
        self.source.choices = choices(labels)
        self.urgency.choices = choices(URGENCY_LABELS)
        self.red_flag.choices = choices(FLAG_LABELS, blank=gettext("None"))

    def entry(self) -> IssueEntry:
        return IssueEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            description=self.description.data or "",
            category_id=self.category_id.data,
            urgency=self.urgency.data,
            complexity=self.complexity.data,
            wish=self.wish.data or "",
            reporter_name=self.reporter_name.data or "",
            reporter_phone=self.reporter_phone.data or "",
            source=self.source.data,
            external_no=self.external_no.data or "",
            confidential=bool(self.confidential.data),
            red_flag=self.red_flag.data,
        )


class CorrectForm(IssueForm, MoveForm):
    note = long_text(_l("Why it is corrected"), 500, required=True, rows=2)

    def prepare(self, row: Any) -> None:
        if not any(key == row.Issue.category_id for key, _ in queries.open_categories()):
            self.category_id.choices = [*self.category_id.choices, (row.Issue.category_id, row.category)]
        if not self.is_submitted():
            self.process(obj=row.Issue)

    def entry(self) -> CorrectionEntry:
        return CorrectionEntry(
            enterprise_id=self.enterprise_id.data,
            title=self.title.data or "",
            description=self.description.data or "",
            category_id=self.category_id.data,
            complexity=self.complexity.data or Complexity.ORDINARY,
            wish=self.wish.data or "",
        )


class RejectForm(MoveForm):
    reason = long_text(
        _l("Why it is not accepted"),
        500,
        required=True,
        rows=2,
        hint=_l("E.g. already in litigation, arbitration or petition; secret; not of the zone."),
    )
    told = long_text(
        _l("Told to the enterprise"),
        500,
        required=True,
        rows=2,
        hint=_l("Also whom it can turn to instead."),
    )
