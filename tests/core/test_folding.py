"""Folding of texts, and the pairs of characters by which they are found."""

from hypothesis import given
from hypothesis import strategies as st

from visits.core.folding import LONGEST, bigrams, folded, folded_lines, terms


def test_width_case_blanks_and_invisible_characters_make_no_difference():
    assert folded("ＡＢＣ　贷款\u200b\t１２３") == "abc 贷款 123"


def test_lines_are_apart_and_bounded():
    assert folded_lines(["融资", "", None, "贷款", "融资"]) == "融资\n贷款"
    assert len(folded_lines(["款" * (LONGEST + 5)])) == LONGEST


def test_a_query_is_cut_into_its_words():
    assert terms(" 融资  贷款\n融资 ") == ["融资", "贷款"]
    assert terms("款" * 300) == ["款" * 100]
    assert terms(" \u200b ") == []


def test_pairs_do_not_reach_across_blanks():
    assert bigrams("融资难 a款") == "融资 资难 a款"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_that_is_searched(text):
    assert all(term in folded_lines([text]) for term in terms(folded(text)))


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_contains_a_term_has_all_its_pairs(before, after):
    whole = folded_lines([before + "贷款a-1" + after])
    for term in terms("贷款a-1"):
        assert term not in whole or set(bigrams(term).split()) <= set(bigrams(whole).split())
