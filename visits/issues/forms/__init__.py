"""Forms of problems: registration, what each move asks for, and the categories."""

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
    "AssignForm",
    "CategoryForm",
    "ContactForm",
    "CorrectForm",
    "EvaluationForm",
    "MoveForm",
    "NewIssueForm",
    "ProgressForm",
    "ReassignForm",
    "RejectForm",
    "ReportForm",
    "ReturnForm",
    "WaiveForm",
    "noting",
]
