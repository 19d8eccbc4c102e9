"""Forms of visits: recording, amending and voiding one, and the filters of the list."""

from visits.outreach.forms.recording import KeptForm, VisitFilterForm, VisitForm

__all__ = ["KeptForm", "VisitFilterForm", "VisitForm"]
