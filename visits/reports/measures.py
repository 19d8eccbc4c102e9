"""The table of figures: key, name, how it is counted, and the sets it is made of."""

from visits.core.i18n import N_
from visits.reports.problem_measures import FLOW_MEASURES, RESULT_MEASURES
from visits.reports.quality_measures import ANSWER_MEASURES, OVERSIGHT_MEASURES, UNIT_MEASURES
from visits.reports.shapes import PERCENT as PERCENT
from visits.reports.visit_measures import VISIT_MEASURES

TABLES = (
    (N_("Visits"), VISIT_MEASURES),
    (N_("Problems registered and closed"), RESULT_MEASURES),
    (N_("Open problems"), FLOW_MEASURES),
    (N_("How units handle problems"), UNIT_MEASURES),
    (N_("What enterprises say"), ANSWER_MEASURES),
    (N_("Oversight"), OVERSIGHT_MEASURES),
)
MEASURES = {measure.key: measure for _, table in TABLES for measure in table}
