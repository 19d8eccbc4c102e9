"""Forms of visits: recording, correcting and voiding one, and the filters of the list."""

from visits.outreach.forms.amending import KeptForm, amend_form, void_form
from visits.outreach.forms.recording import VisitForm

__all__ = ["KeptForm", "VisitForm", "amend_form", "void_form"]
