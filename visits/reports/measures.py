"""The table of figures: key, name, how it is counted, and the sets it is made of."""

from visits.core.i18n import N_
from visits.reports.shapes import Measure, Shape

VISITS = N_("visits to enterprises")
ENTERPRISES = N_("enterprises")
ATTENDANCES = N_("attendances")
TIMES = N_("times")
PROBLEMS = N_("problems")
WORKDAYS = N_("working days")
PERCENT = "%"


def _rate(key: str, label: str, definition: str, numerator: str, denominator: str) -> Measure:
    return Measure(key, label, definition, PERCENT, numerator, denominator, Shape.RATE)


VISIT_MEASURES = (
    Measure(
        "visit_count",
        N_("Visits to enterprises"),
        N_(
            "Each enterprise met on a visit in the period counts once, however many people came, if one of "
            "the visit's programmes counts the manner of the visit. A joint visit counts once in the total "
            "and once in each of its programmes."
        ),
        VISITS,
        "counted_pairs",
    ),
    Measure(
        "enterprise_count",
        N_("Enterprises visited"),
        N_("The different enterprises among the counted visits."),
        ENTERPRISES,
        "visited",
    ),
    Measure(
        "person_times",
        N_("Attendances"),
        N_("The participants of each counted visit, each as often as they took part."),
        ATTENDANCES,
        "participants",
    ),
    Measure(
        "contact_count",
        N_("Contacts by phone or online"),
        N_("Enterprises spoken to by phone or online in the period; never part of the visits."),
        TIMES,
        "contacts",
    ),
    Measure(
        "scope_count",
        N_("Enterprises in scope"),
        N_(
            "Enterprises in a programme's scope and in business on at least one day of the period; for a "
            "programme without a rule of its own, all enterprises in business. Each counts once in the "
            "total."
        ),
        ENTERPRISES,
        "scope",
    ),
    _rate(
        "coverage_rate",
        N_("Coverage"),
        N_("Enterprises in scope with at least one counted visit in the period ÷ enterprises in scope."),
        "visited_in_scope",
        "scope",
    ),
    _rate(
        "completion_rate",
        N_("Completion"),
        N_(
            "Visits made ÷ visits required, added up over each enterprise and each month, quarter, "
            "half-year or year of its tier that ends in the period, if the enterprise was in scope and in "
            "business on the first and the last day of it. No more visits count for an enterprise than "
            "are required there. Empty while no programme says how often enterprises must be visited."
        ),
        "credited_visits",
        "required_visits",
    ),
    Measure(
        "due_not_visited",
        N_("Due and not visited"),
        N_(
            "Enterprises visited less often than required in a month, quarter, half-year or year of their "
            "tier that ends in the period. Empty while no programme says how often enterprises must be "
            "visited."
        ),
        ENTERPRISES,
        "due_not_visited",
        "with_duty",
        Shape.COUNT_AMONG,
    ),
    Measure(
        "late_entry_count",
        N_("Late entries"),
        N_("Visits in the period that were recorded later than the third working day after."),
        TIMES,
        "late_visits",
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
    Measure(
        "suspended",
        N_("Problems suspended"),
        N_("Problems suspended at the end of the period; part of the open ones."),
        PROBLEMS,
        "suspended",
    ),
)
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
RATE_MEASURES = (
    _rate(
        "close_rate",
        N_("Closing rate"),
        N_(
            "Validly registered problems that are closed at the end of the period ÷ validly registered "
            "problems."
        ),
        "registered_closed",
        "registered",
    ),
    _rate(
        "on_time_rate",
        N_("On-time rate"),
        N_(
            "Of the lead units' first-round assignments whose limit (with extensions) lies in the period, "
            "without returned, excluded and suspended ones: those whose accepted feedback came by the "
            "limit and led to no rework ÷ all."
        ),
        "due_kept",
        "due",
    ),
    _rate(
        "on_time_rate_original",
        N_("On-time rate by the original limit"),
        N_("As the on-time rate, with the limit before any extension; suspended problems included."),
        "originally_due_kept",
        "originally_due",
    ),
    _rate(
        "response_rate",
        N_("Response rate"),
        N_("Assignments whose limit for the first contact lies in the period: contacted by then ÷ all."),
        "contacted_in_time",
        "contact_due",
    ),
    _rate(
        "sign_rate",
        N_("Signing rate"),
        N_("Assignments whose limit for signing lies in the period: signed by then ÷ all."),
        "signed_in_time",
        "sign_due",
    ),
    _rate(
        "solved_rate",
        N_("Solution rate (of registered)"),
        N_("Validly registered problems closed with outcome A ÷ validly registered problems."),
        "registered_solved",
        "registered",
    ),
    _rate(
        "solved_rate_verified",
        N_("Solution rate (verified)"),
        N_(
            "Problems whose latest answer to “Is it solved?” was given in the period: answered “solved” ÷ "
            "all; “partly solved” is not solved."
        ),
        "answered_solved",
        "answered",
    ),
    _rate(
        "satisfaction_rate",
        N_("Satisfaction rate (basically satisfied included)"),
        N_("Problems whose latest rating was given in the period: basically satisfied or better ÷ all."),
        "rated_satisfied",
        "rated",
    ),
    _rate(
        "satisfaction_rate_strict",
        N_("Satisfaction rate (strict)"),
        N_("Problems whose latest rating was given in the period: satisfied or very satisfied ÷ all."),
        "rated_satisfied_strict",
        "rated",
    ),
    _rate(
        "rating_coverage",
        N_("Rating coverage"),
        N_(
            "Problems that first came to evaluation, or were closed on the spot, in the period: rated by "
            "its end ÷ all. The satisfaction rates mean little without it."
        ),
        "to_be_rated_rated",
        "to_be_rated",
    ),
    _rate(
        "self_rated_share",
        N_("Share rated by the enterprise itself"),
        N_("Ratings given by the enterprise's own link or signed paper ÷ all ratings of the period."),
        "rated_by_enterprise",
        "rated",
    ),
    _rate(
        "return_rate",
        N_("Return rate"),
        N_("Problems first assigned in the period: returned at least once by its end ÷ all."),
        "dispatched_returned",
        "dispatched",
    ),
    _rate(
        "extension_rate",
        N_("Extension rate"),
        N_("Problems first assigned in the period: extended at least once by its end ÷ all."),
        "dispatched_extended",
        "dispatched",
    ),
    _rate(
        "rework_rate",
        N_("Rework rate"),
        N_(
            "Problems whose first accepted feedback lies in the period: reworked at least once by its end "
            "÷ all."
        ),
        "with_feedback_reworked",
        "with_feedback",
    ),
    _rate(
        "repeat_rate",
        N_("Repeat rate"),
        N_(
            "Validly registered problems linked as repeats of one closed less than 90 days before ÷ "
            "validly registered problems."
        ),
        "repeats",
        "registered",
    ),
    Measure(
        "mean_workdays",
        N_("Mean time to closing"),
        N_(
            "Working days from registration to the last closing, of problems closed in the period by units."
        ),
        WORKDAYS,
        None,
        "closed_by_units",
        Shape.MEAN,
    ),
    Measure(
        "median_workdays",
        N_("Median time to closing"),
        N_("Half of the problems closed in the period by units took no longer, in working days."),
        WORKDAYS,
        None,
        "closed_by_units",
        Shape.MEDIAN,
    ),
)
TABLES = (
    (N_("Visits"), VISIT_MEASURES),
    (N_("Problems registered and closed"), RESULT_MEASURES),
    (N_("Open problems"), FLOW_MEASURES),
    (N_("Quality"), RATE_MEASURES),
)
MEASURES = {measure.key: measure for _, table in TABLES for measure in table}
