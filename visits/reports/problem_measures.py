"""The figures of problems: what was registered, what came of it, what is open."""

from visits.core.i18n import N_
from visits.reports.shapes import PROBLEMS, TIMES, Measure, Shape, rate

RESULT_MEASURES = (
    Measure(
        "registered",
        N_("Validly registered"),
        N_(
            "Newly registered problems that at the end of the period are not rejected, merged or withdrawn."
        ),
        PROBLEMS,
        "registered",
    ),
    Measure(
        "excluded",
        N_("Excluded"),
        N_("Newly registered problems that at the end of the period are rejected, merged or withdrawn."),
        PROBLEMS,
        "excluded",
    ),
    Measure(
        "rejected",
        N_("Of these not accepted"),
        N_("Newly registered problems that at the end of the period are not accepted."),
        PROBLEMS,
        "rejected",
    ),
    Measure(
        "merged",
        N_("Of these merged"),
        N_("Newly registered problems that at the end of the period are merged into another."),
        PROBLEMS,
        "merged",
    ),
    Measure(
        "withdrawn",
        N_("Of these withdrawn by the enterprise"),
        N_(
            "Newly registered problems that at the end of the period are withdrawn, as a callback "
            "confirmed."
        ),
        PROBLEMS,
        "withdrawn",
    ),
    Measure(
        "dispatched",
        N_("Assigned to units"),
        N_("Problems first assigned to a unit in the period."),
        PROBLEMS,
        "dispatched",
    ),
    Measure(
        "closed",
        N_("Problems closed"),
        N_(
            "Problems closed at the end of the period whose last closing lies in it; closed is not yet "
            "solved."
        ),
        PROBLEMS,
        "closed",
    ),
    Measure(
        "closed_on_spot",
        N_("Closed on the spot"),
        N_("Closed problems that were solved during the visit; no unit was asked."),
        PROBLEMS,
        "closed_on_spot",
    ),
    Measure(
        "outcome_a",
        N_("Closed with outcome A"),
        N_("Closed problems with outcome A, solved."),
        PROBLEMS,
        "closed_a",
    ),
    Measure(
        "outcome_b",
        N_("Closed with outcome B"),
        N_("Closed problems with outcome B, being solved or planned."),
        PROBLEMS,
        "closed_b",
    ),
    Measure(
        "outcome_c",
        N_("Closed with outcome C"),
        N_("Closed problems with outcome C, cannot be solved for now and explained."),
        PROBLEMS,
        "closed_c",
    ),
    Measure(
        "outcome_d",
        N_("Closed with outcome D"),
        N_("Closed problems with outcome D, consultation or suggestion answered."),
        PROBLEMS,
        "closed_d",
    ),
    Measure(
        "solved",
        N_("Solved for enterprises"),
        N_(
            "Closed problems with outcome A only; explained, planned and answered ones do not count as "
            "solved."
        ),
        PROBLEMS,
        "closed_a",
    ),
)
FLOW_MEASURES = (
    Measure(
        "opening",
        N_("Open at the beginning"),
        N_("Problems open at the end of the day before the period."),
        PROBLEMS,
        "opening",
    ),
    Measure(
        "new",
        N_("Newly registered"),
        N_("Problems registered in the period, whatever became of them; void ones never count."),
        PROBLEMS,
        "new",
    ),
    Measure(
        "reopened",
        N_("Reopenings"),
        N_("How often closed problems were opened again in the period."),
        TIMES,
        "reopenings",
    ),
    Measure(
        "closed_events",
        N_("Closings"),
        N_("How often problems were closed in the period, including those opened again later."),
        TIMES,
        "closings",
    ),
    Measure(
        "excluded_events",
        N_("Exclusions"),
        N_(
            "How often problems were rejected, merged or withdrawn in the period, less how often that was "
            "undone."
        ),
        TIMES,
        "exclusions",
        "exclusions_undone",
        Shape.DIFFERENCE,
    ),
    Measure(
        "open",
        N_("Problems open"),
        N_(
            "Problems neither closed nor excluded at the end of the period, suspended ones included (= "
            "open at the beginning + newly registered + reopened − closings − exclusions)."
        ),
        PROBLEMS,
        "open",
    ),
    Measure(
        "overdue_open",
        N_("Problems overdue"),
        N_("Problems waiting for a unit at the end of the period whose limit had passed."),
        PROBLEMS,
        "overdue",
    ),
    rate(
        "overdue_share",
        N_("Share overdue of open problems"),
        N_("Problems overdue at the end of the period ÷ problems open then."),
        "overdue",
        "open",
    ),
    Measure(
        "suspended",
        N_("Problems suspended"),
        N_("Problems suspended at the end of the period; part of the open ones."),
        PROBLEMS,
        "suspended",
    ),
)
