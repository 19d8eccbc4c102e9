"""The figures of visits."""

from visits.core.i18n import N_
from visits.reports.shapes import ATTENDANCES, ENTERPRISES, PROBLEMS, TIMES, VISITS, Measure, Shape, rate

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
        "joint_visit_count",
        N_("Joint visits"),
        N_("Counted visits on which people of two units or more went together."),
        TIMES,
        "joint_visits",
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
    rate(
        "coverage_rate",
        N_("Coverage"),
        N_("Enterprises in scope with at least one counted visit in the period ÷ enterprises in scope."),
        "visited_in_scope",
        "scope",
    ),
    rate(
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
    Measure(
        "problems_per_visit",
        N_("Problems heard per visit"),
        N_(
            "Problems registered in the period that were heard on visits ÷ visits to enterprises. For "
            "information only, never a target."
        ),
        PROBLEMS,
        "heard_on_visits",
        "counted_pairs",
        Shape.RATIO,
    ),
)
