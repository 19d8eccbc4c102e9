"""Forms of problems: registration, what each move asks for, and the categories."""

from visits.issues.forms.asking import (
    AskExtensionForm,
    AskSuspensionForm,
    GrantExtensionForm,
    RefuseExtensionForm,
    RefuseRulingForm,
    RefuseSuspensionForm,
    RuleClosedForm,
    SuspendForm,
)
from visits.issues.forms.categories import CategoryForm
from visits.issues.forms.closing import EvaluationForm, ReportForm
from visits.issues.forms.entering import CorrectForm, NewIssueForm, RejectForm
from visits.issues.forms.handling import (
    AssignForm,
    ContactForm,
    ProgressForm,
    ReassignForm,
    ReturnForm,
    WaiveForm,
)
from visits.issues.forms.moving import MoveForm, noting

__all__ = [
    "AskExtensionForm",
    "AskSuspensionForm",
    "AssignForm",
    "CategoryForm",
    "ContactForm",
    "CorrectForm",
    "EvaluationForm",
    "GrantExtensionForm",
    "MoveForm",
    "NewIssueForm",
    "ProgressForm",
    "ReassignForm",
    "RefuseExtensionForm",
    "RefuseRulingForm",
    "RefuseSuspensionForm",
    "RejectForm",
    "ReportForm",
    "ReturnForm",
    "RuleClosedForm",
    "SuspendForm",
    "WaiveForm",
    "noting",
]
