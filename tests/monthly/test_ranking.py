"""Units in a report: by a score of configured weights, printed under the table, or not ranked at all."""

from dataclasses import replace

import pytest
from flask_babel import gettext

from visits.core.periods import Month
from visits.core.settings import set_setting
from visits.monthly import assemble, ranking, tables
from visits.monthly.content import Cell, Row

pytestmark = pytest.mark.any_database

NOVEMBER = Month(2026, 11)
WEIGHTS = {"on_time_rate": 30, "solved_rate_verified": 70}


def unit(number, on_time, solved, cases=10):
    return Row(
        number,
        f"{number}局",
        {
            "on_time_rate": Cell(on_time, on_time * cases, cases),
            "solved_rate_verified": Cell(solved, solved * cases, cases),
        },
    )


@pytest.fixture
def content(zone):
    return assemble.content_of(NOVEMBER)


def test_without_weights_there_is_no_score(content):
    assert (content.weights, content.ranks_units) == ({}, True)
    scored = replace(content, units=[unit(1, 0.5, 1.0), unit(2, 0.9, 0.0)])
    assert [row.name for row in ranking.ranked(scored)] == ["2局", "1局"]
    assert ranking.score_of(scored, scored.units[0]) is None


def test_weights_make_a_score_that_ranks_and_stands_in_the_table(app, content):
    units = [unit(1, 0.5, 1.0), unit(2, 0.9, 0.0), unit(3, 1.0, 1.0, cases=4)]
    scored = replace(content, units=units, weights=WEIGHTS)
    assert [row.name for row in ranking.ranked(scored)] == ["1局", "2局"]
    with app.test_request_context():
        annex = tables.annexes_of(scored)[0]
        place = [column.heading for column in annex.tables[0].columns].index(gettext("Score"))
        assert [row[place] for row in annex.tables[0].rows] == [85.0, 27.0, 100.0, None]
        assert annex.tables[0].rows[2][0] is None
        assert annex.notes[0].startswith("按综合得分排名")
        assert annex.notes[1] == "综合得分＝（按时办结率×30＋解决率（核实口径）×70）÷100×100。"


def test_a_unit_of_which_a_rate_is_missing_has_no_score_and_no_place(content):
    lacking = Row(1, "甲局", {"on_time_rate": Cell(1.0, 9, 9)})
    scored = replace(content, units=[lacking], weights=WEIGHTS)
    assert ranking.score_of(scored, lacking) is None
    assert ranking.ranked(scored) == []


def test_settings_say_how_new_reports_rank(db, content):
    set_setting("rank_units", False)
    set_setting("weight_on_time", 30)
    db.session.commit()
    fresh = assemble.content_of(NOVEMBER)
    assert (fresh.ranks_units, fresh.weights) == (False, {"on_time_rate": 30})
    assert (content.ranks_units, content.weights) == (True, {})
