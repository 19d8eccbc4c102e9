"""The figures of how well problems are handled, and of what watches over that."""

from visits.core.i18n import N_
from visits.reports.shapes import FLAGS, PROBLEMS, TIMES, TOPICS, WORKDAYS, Measure, Shape, rate

UNIT_MEASURES = (
    rate(
        "close_rate",
        N_("Closing rate"),
        N_(
            "Validly registered problems that are closed at the end of the period ÷ validly registered "
            "problems."
        ),
        "registered_closed",
        "registered",
    ),
    rate(
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
    Measure(
        "on_time_count",
        N_("Due and done on time"),
        N_("Assignments due in the period (as for the on-time rate): accepted feedback by the limit."),
        PROBLEMS,
        "due_kept",
    ),
    Measure(
        "late_count",
        N_("Due and done late"),
        N_(
            "Assignments due in the period (as for the on-time rate): accepted feedback that came after "
            "the limit or led to rework."
        ),
        PROBLEMS,
        "due_late",
    ),
    Measure(
        "unreported_count",
        N_("Due and not done"),
        N_("Assignments due in the period (as for the on-time rate): without accepted feedback."),
        PROBLEMS,
        "due_unaccepted",
    ),
    rate(
        "on_time_rate_original",
        N_("On-time rate by the original limit"),
        N_("As the on-time rate, with the limit before any extension; suspended problems included."),
        "originally_due_kept",
        "originally_due",
    ),
    rate(
        "response_rate",
        N_("Response rate"),
        N_("Assignments whose limit for the first contact lies in the period: contacted by then ÷ all."),
        "contacted_in_time",
        "contact_due",
    ),
    rate(
        "sign_rate",
        N_("Signing rate"),
        N_("Assignments whose limit for signing lies in the period: signed by then ÷ all."),
        "signed_in_time",
        "sign_due",
    ),
    rate(
        "return_rate",
        N_("Return rate"),
        N_("Problems first assigned in the period: returned at least once by its end ÷ all."),
        "dispatched_returned",
        "dispatched",
    ),
    Measure(
        "assignments_per_problem",
        N_("Assignments per problem"),
        N_(
            "First-round assignments to lead units, by the end of the period, of problems first assigned "
            "in the period ÷ these problems; 1 means that none had to be reassigned."
        ),
        TIMES,
        "assignments",
        "dispatched",
        Shape.RATIO,
    ),
    rate(
        "extension_rate",
        N_("Extension rate"),
        N_("Problems first assigned in the period: extended at least once by its end ÷ all."),
        "dispatched_extended",
        "dispatched",
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
ANSWER_MEASURES = (
    rate(
        "solved_rate",
        N_("Solution rate (of registered)"),
        N_("Validly registered problems closed with outcome A ÷ validly registered problems."),
        "registered_solved",
        "registered",
    ),
    rate(
        "solved_rate_verified",
        N_("Solution rate (verified)"),
        N_(
            "Problems whose latest answer to “Is it solved?” was given in the period: answered “solved” ÷ "
            "all; “partly solved” is not solved."
        ),
        "answered_solved",
        "answered",
    ),
    rate(
        "callback_rate",
        N_("Effective callback rate"),
        N_(
            "Problems that first came to evaluation in the period, without those whose enterprise answered "
            "by its own link or signed paper before any call: enterprise reached by a callback by the end "
            "of the period ÷ all."
        ),
        "callbacks_reached",
        "callbacks_due",
    ),
    rate(
        "rating_coverage",
        N_("Rating coverage"),
        N_(
            "Problems that first came to evaluation, or were closed on the spot, in the period: rated by "
            "its end ÷ all. The satisfaction rates mean little without it."
        ),
        "to_be_rated_rated",
        "to_be_rated",
    ),
    rate(
        "satisfaction_rate",
        N_("Satisfaction rate (basically satisfied included)"),
        N_("Problems whose latest rating was given in the period: basically satisfied or better ÷ all."),
        "rated_satisfied",
        "rated",
    ),
    rate(
        "satisfaction_rate_strict",
        N_("Satisfaction rate (strict)"),
        N_("Problems whose latest rating was given in the period: satisfied or very satisfied ÷ all."),
        "rated_satisfied_strict",
        "rated",
    ),
    Measure(
        "dissatisfied_count",
        N_("Problems rated dissatisfied"),
        N_("Problems whose latest rating was given in the period: dissatisfied or very dissatisfied."),
        PROBLEMS,
        "rated_dissatisfied",
    ),
    rate(
        "dissatisfaction_rate",
        N_("Dissatisfaction rate"),
        N_(
            "Problems whose latest rating was given in the period: dissatisfied or very dissatisfied ÷ all."
        ),
        "rated_dissatisfied",
        "rated",
    ),
    rate(
        "self_rated_share",
        N_("Share rated by the enterprise itself"),
        N_("Ratings given by the enterprise's own link or signed paper ÷ all ratings of the period."),
        "rated_by_enterprise",
        "rated",
    ),
    rate(
        "rework_rate",
        N_("Rework rate"),
        N_(
            "Problems whose first accepted feedback lies in the period: reworked at least once by its end "
            "÷ all."
        ),
        "with_feedback_reworked",
        "with_feedback",
    ),
    rate(
        "repeat_rate",
        N_("Repeat rate"),
        N_(
            "Validly registered problems linked as repeats of one closed less than 90 days before ÷ "
            "validly registered problems."
        ),
        "repeats",
        "registered",
    ),
)
OVERSIGHT_MEASURES = (
    Measure(
        "red_flag_count",
        N_("Red flags raised"),
        N_("How often a red flag was raised over a problem in the period."),
        FLAGS,
        "flags",
    ),
    rate(
        "red_flag_rate",
        N_("Red-flag response rate"),
        N_(
            "Red flags raised in the period that were followed, by the end of the second working day "
            "after, by a step of the office, a unit or the leaders (such as an assignment, a contact, "
            "progress, an instruction or a meeting; notes do not count) ÷ all."
        ),
        "flags_answered",
        "flags",
    ),
    rate(
        "sample_true_rate",
        N_("Closed problems found true"),
        N_("Closed problems drawn by lot and checked in the period: found true ÷ all."),
        "checked_true",
        "checked",
    ),
    rate(
        "visit_true_rate",
        N_("Visits found true"),
        N_("Visits drawn by lot and checked in the period: found true ÷ all."),
        "visits_checked_true",
        "visits_checked",
    ),
    Measure(
        "topics_converted",
        N_("Common problems turned into measures"),
        N_("Topics closed in the period of which a completed measure or a published policy came."),
        TOPICS,
        "topics_converted",
    ),
)
