"""Codes, names, search, capital, phones and dates of enterprises."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from visits.enterprises.rules import (
    Capital,
    check_code,
    fold_name,
    mask_phone,
    normalise_code,
    parse_capital,
    pinyin_initials,
    pinyin_key,
    search_terms,
    search_text,
    split_list,
)

VALID = [
    "91110000600037341L",
    "91350100M000100Y43",
    "91110108551385082Q",
    "91999999MA00001A53",
    "91999999MA00002BX4",
]
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def sentence(code):
    problem = check_code(code)
    return problem.message % problem.params


@pytest.mark.parametrize(
    "code",
    [*VALID, " 91350100m000100y43\n", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100 M000100Y\u200b43"],
)
def test_valid_code_has_no_problem(code):
    assert check_code(code) is None
    assert normalise_code(code) in VALID


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("91350100M000100Y4Z", "ends in Z, a letter that no code has; it should end in 3."),
        ("91350100M000100Y44", "should end in 3."),
        ("19350100M000100Y43", "does not add up"),
        ("", "has 0 characters"),
        ("91350100M000100Y4", "has 17 characters"),
        ("91350100M000100Y433", "has 19 characters"),
        ("91350100MO00100Y43", "Character 10 of the code is the letter O"),
        ("I1350100M000100Y43", "Character 1 of the code is the letter I"),
        ("91350100M000100S43", "Character 16 of the code is the letter S"),
        ("91350100M00010-Y43", "Character 15 of the code is “-”"),
        ("91350100M00010甲Y43", "Character 15 of the code is “甲”"),
        ("9135A100M000100Y43", "Character 5 of the code is “A”"),
        ("9.1330110143842E+17", "turned this code into a number"),
        ("9E+17", "turned this code into a number"),
        ("913301101438415000", "turned this code into a number"),
        ("91330110143841500000000", "turned this code into a number"),
    ],
)
def test_wrong_code_is_told_in_a_sentence(code, says):
    assert says in sentence(code)


@given(st.text(string.digits, min_size=8, max_size=8), st.text(CODE_CHARACTERS, min_size=10, max_size=10))
def test_code_is_right_exactly_when_stdnum_says_so(region, rest):
    code = region + rest
    assert (check_code(code) is None) == uscc.is_valid(code)
    assert check_code(code[:-1] + uscc.calc_check_digit(code)) is None


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(CODE_CHARACTERS))
def test_one_wrong_character_is_always_noticed(code, position, character):
    wrong = code[:position] + character + code[position + 1 :]
    assert (check_code(wrong) is None) == (wrong == code)


@given(st.text(max_size=25))
def test_any_text_gets_an_answer_and_a_whole_sentence(text):
    if check_code(text):
        assert "%(" not in sentence(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲有限公司", "甲有限责任公司"),
        ("甲有限公司", "甲股份有限公司"),
        ("甲集团有限公司", "甲集团"),
        ("甲集团公司", "甲有限公司"),
        ("甲（杭州）科技有限公司", "甲(杭州)科技有限公司"),
        ("甲（杭州）科技有限公司", "甲杭州科技有限公司"),
        ("ＡＢＣ 科技·有限公司", "abc科技有限公司"),
        ("甲有限公司\u200b乙分公司", "甲有限责任公司乙分公司"),
    ],
)
def test_spellings_of_one_name_fold_alike(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州甲有限公司", "甲有限公司"),
        ("杭州甲有限公司", "湖州甲有限公司"),
        ("甲有限公司", "甲厂"),
        ("甲有限公司", "乙有限公司"),
        ("甲有限公司", "甲有限公司临平分公司"),
        ("甲一号厂", "甲二号厂"),
    ],
)
def test_different_names_stay_different(one, other):
    assert fold_name(one) != fold_name(other)


@given(st.text("甲乙有限责任公司集团股份（）() ABＡa1·", max_size=30))
def test_brackets_blanks_and_width_do_not_change_a_folded_name(name):
    spelt = name.replace("(", "（ ").replace("A", "Ａ").replace(")", "")
    assert fold_name(spelt) == fold_name(name)


def test_folded_name_fits_its_column_whatever_is_entered():
    assert len(fold_name("\ufdfa" * 120)) <= 120


@pytest.mark.parametrize(
    ("name", "initials", "key"),
    [
        ("重庆长安", "cqca", "chong qing chang an"),
        ("绿城（杭州）ABC-12女装", "lchzabc12nz", "lv cheng hang zhou abc12 nv zhuang"),
        ("Ｃafé 甲", "cafej", "cafe jia"),
        ("", "", ""),
        ("（）", "", ""),
    ],
)
def test_pinyin_of_a_name(name, initials, key):
    assert pinyin_initials(name) == initials
    assert pinyin_key(name) == key


def test_names_stand_in_the_order_of_their_syllables():
    names = ["西安厂", "先进厂", "杭州厂", "重庆厂", "3号厂"]
    assert sorted(names, key=pinyin_key) == ["3号厂", "重庆厂", "杭州厂", "西安厂", "先进厂"]


FOUND = search_text("重庆长安（杭州）有限公司", "长安", ["老厂  旧 名"], "91110000600037341L")


@pytest.mark.parametrize(
    "query",
    [
        "长安",
        "庆长",
        "（杭州）",
        "(杭州)",
        "CQCA",
        "cahz",
        "老厂",
        "旧 名",
        "lcjm",
        "7341l",
        "7341L",
        "７３４１",
        "有限 长安 cq",
        " ",
    ],
)
def test_query_finds_the_enterprise(query):
    assert all(term in FOUND for term in search_terms(query))


@pytest.mark.parametrize("query", ["长安老厂", "长安 上海", "司长", "91110000600037341M", "yxgsca"])
def test_query_does_not_find_the_enterprise(query):
    assert not all(term in FOUND for term in search_terms(query))


def test_search_text_needs_neither_code_nor_other_names():
    assert search_text("甲厂", "", [], None) == "甲厂\njc"


@given(st.text(min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 5))
def test_any_piece_of_a_name_finds_it(name, start, length):
    text = search_text(name, "", [], None)
    assert all(term in text for term in search_terms(name))
    assert all(
        "\n" not in term and term.strip() == term for term in search_terms(name[start : start + length])
    )


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("57.9000(万元人民币)", "579000", "CNY"),
        ("500(万元人民币)", "5000000", "CNY"),
        ("1,000(万元人民币)", "10000000", "CNY"),
        ("1,234,567.5（万元人民币）", "12345675000", "CNY"),
        ("170万人民币", "1700000", "CNY"),
        ("170万人民币元", "1700000", "CNY"),
        ("30(万)", "300000", "CNY"),
        ("30 万元", "300000", "CNY"),
        ("人民币500万元", "5000000", "CNY"),
        ("1.2亿元", "120000000", "CNY"),
        ("500000元", "500000", "CNY"),
        ("88(万美元)", "880000", "USD"),
        ("美元88万元", "880000", "USD"),
        ("100万香港元", "1000000", "HKD"),
        ("100万港币", "1000000", "HKD"),
        ("2000(万日元)", "20000000", "JPY"),
        ("15.5万欧元", "155000", "EUR"),
        ("１００万元", "1000000", "CNY"),
        ("0.12345678万元", "1234.5678", "CNY"),
    ],
)
def test_capital_is_read_in_whole_units(text, amount, currency):
    assert parse_capital(text) == Capital(Decimal(amount), currency, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "500",
        "无",
        "万元",
        "1,00万元",
        "1.2.3万元",
        "100万贝壳",
        "贝壳100万元",
        "-5万元",
        "1000亿亿元",
        "1000000000亿元",
        "9" * 40 + "万元",
    ],
)
def test_unreadable_capital_keeps_its_text(text):
    assert parse_capital(text) == Capital(None, None, text)


@given(st.text(max_size=30))
def test_capital_always_keeps_its_text(text):
    assert parse_capital(text).text == text


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0571-86221234", "****1234"),
        ("86221234", "****1234"),
        ("13812341234/0571-86225678", "****5678"),
        ("95588", "****"),
        ("不详", "****"),
        ("", ""),
    ],
)
def test_phone_is_masked(phone, masked):
    assert mask_phone(phone) == masked


@given(st.text(string.digits + " -+()转", max_size=30))
def test_masked_phone_shows_at_most_seven_digits(phone):
    assert sum(map(str.isdecimal, mask_phone(phone))) <= 7


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("规上", ["规上"]),
        ("规上、高新；专精特新，规上", ["规上", "高新", "专精特新"]),
        ("甲（杭州）厂 / 乙厂\n丙厂", ["甲（杭州）厂", "乙厂", "丙厂"]),
        ("、;，", []),
    ],
)
def test_cell_with_a_list_is_split(text, parts):
    assert split_list(text) == parts
