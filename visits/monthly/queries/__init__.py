"""What the monthly report reads: reports, texts, cases, talks, what breaks a balance, corrections."""

from visits.monthly.queries.balancing import unbalanced_problems
from visits.monthly.queries.cases import examples_of, held_talks, overdue_cases, sources_of, suspended_cases
from visits.monthly.queries.moving import MovedRecords, moved_records
from visits.monthly.queries.reading import (
    Reading,
    Told,
    get_report,
    has_records_until,
    in_force,
    is_frozen,
    issues_of_month,
    list_reports,
    read_report,
    texts_of,
    told_before,
)

__all__ = [
    "MovedRecords",
    "Reading",
    "Told",
    "examples_of",
    "get_report",
    "has_records_until",
    "held_talks",
    "in_force",
    "is_frozen",
    "issues_of_month",
    "list_reports",
    "moved_records",
    "overdue_cases",
    "read_report",
    "sources_of",
    "suspended_cases",
    "texts_of",
    "told_before",
    "unbalanced_problems",
]
