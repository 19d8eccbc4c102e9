"""When two names mean one firm: folding, what is left of a name, similarity, the sweep."""

import pytest

from visits.enterprises import likeness
from visits.enterprises.likeness import Named, Why, core_of_key, similarity, sweep, why_alike
from visits.enterprises.rules import fold_name

SAME_NAME = [
    ("湖畔精密机械有限公司", "湖畔精密机械有限责任公司"),
    ("湖畔精密机械有限公司", "湖畔精密机械股份有限公司"),
    ("湖畔精密机械有限公司", "湖畔精密机械公司"),
    ("湖畔精密机械（集团）有限公司", "湖畔精密机械(集团)有限公司"),
    ("湖畔（集团）有限公司", "湖畔集团公司"),
    ("湖畔集团有限公司", "湖畔集团"),
    ("湖畔 精密机械 有限公司", "湖畔精密机械有限公司"),
    ("湖畔\u3000精密机械有限公司", "湖畔精密机械有限公司"),
    ("湖畔\u200b精密机械有限公司", "湖畔精密机械有限公司"),
    ("ＡＢＣ电子有限公司", "abc电子有限公司"),
    ("ABC电子有限公司", "Abc 电子有限公司"),
    ("A·B电子有限公司", "AB电子有限公司"),
    ("湖畔-精密机械有限公司", "湖畔精密机械有限公司"),
    ("“湖畔”精密机械有限公司", "湖畔精密机械有限公司"),
    ("【湖畔】精密机械有限公司", "湖畔精密机械有限公司"),
    ("湖畔精密机械有限公司。", "湖畔精密机械有限公司"),
    ("３６５便利有限公司", "365便利有限公司"),
    ("博世（苏州）有限公司", "博世苏州有限公司"),
]
SAME_CORE = [
    ("临湖市湖畔精密机械有限公司", "湖畔精密机械有限公司"),
    ("江苏省临湖市湖畔精密机械有限公司", "湖畔精密机械有限公司"),
    ("江苏省湖畔精密机械有限公司", "湖畔精密机械有限公司"),
    ("临湖市江滨区湖畔精密机械有限公司", "湖畔精密机械有限公司"),
    ("临湖经济开发区湖畔精密机械有限公司", "湖畔精密机械有限公司"),
    ("临湖市经济技术开发区湖畔精密机械厂", "湖畔精密机械有限公司"),
    ("中国临湖市湖畔精密机械有限公司", "临湖市湖畔精密机械有限公司"),
    ("湖畔精密机械厂", "湖畔精密机械有限公司"),
    ("临湖县湖畔饭店", "湖畔饭店"),
    ("临湖高新区湖畔软件有限公司", "湖畔软件有限责任公司"),
]
DIFFERENT = [
    ("湖畔精密机械有限公司", "江滨精密机械有限公司"),
    ("湖畔机械一厂有限公司", "湖畔机械二厂有限公司"),
    ("湖畔1号机械有限公司", "湖畔2号机械有限公司"),
    ("湖畔机械有限公司", "湖畔食品有限公司"),
    ("好又多超市有限公司", "惠万家超市有限公司"),
    ("临湖市有限公司", "江滨市有限公司"),
    ("重庆长江物流有限公司", "重庆长城物流有限公司"),
]


def named(number, name, **values):
    return Named(number, name, values.pop("code", None), fold_name(name), **values)


def core_name(name):
    return core_of_key(fold_name(name))


@pytest.mark.parametrize(("one", "other"), SAME_NAME)
def test_spellings_fold_to_one_key(one, other):
    assert fold_name(one) == fold_name(other)
    assert why_alike(named(1, one), named(2, other)) == (Why.NAME, 1.0)


@pytest.mark.parametrize(("one", "other"), SAME_CORE)
def test_place_and_legal_form_do_not_distinguish(one, other):
    assert core_name(one) == core_name(other)
    why, score = why_alike(named(1, one), named(2, other))
    assert (why, score) == (Why.CORE, likeness.SURE)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_firms_stay_different(one, other):
    assert why_alike(named(1, one), named(2, other)) is None


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("公司", "公司"),
        ("有限公司", "公司"),
        ("临湖市", "临湖市"),
        ("好又多超市有限公司", "好又多超市"),
        ("厂", "厂"),
        ("   ", ""),
    ],
)
def test_a_name_that_is_hardly_one_keeps_something(name, core):
    assert core_name(name) == core


def test_former_and_short_names_count():
    former = (fold_name("湖畔精密机械有限公司"),)
    firm = named(1, "山下新材料有限公司", short_key="湖畔精密", former_keys=former)
    assert why_alike(named(2, "湖畔精密机械有限责任公司"), firm) == (Why.FORMER, 1.0)
    assert why_alike(named(2, "湖畔精密有限公司"), firm)[0] is Why.SHORT


def test_similarity_is_symmetric_and_whole_only_of_equals():
    for one, other in (*SAME_CORE, *DIFFERENT):
        a, b = core_name(one), core_name(other)
        assert similarity(a, b) == similarity(b, a)
        assert (similarity(a, b) == 1.0) is (a == b)


def test_the_sweep_finds_each_pair_once_the_surest_first():
    records = [
        named(1, "湖畔精密机械有限公司"),
        named(2, "湖畔精密机械有限责任公司"),
        named(3, "临湖市湖畔精密机械有限公司"),
        named(4, "江滨电子有限公司"),
        named(5, "江滨电子科技", is_provisional=True),
    ]
    found = [(pair.first.id, pair.second.id) for pair in sweep(records, 100)]
    assert found[:3] == [(1, 2), (1, 3), (2, 3)]
    assert len(found) == len(set(found))
    assert (4, 5) in found


def test_the_same_address_makes_similar_names_suspect():
    one = named(1, "临湖电子科技有限公司", place="创业路1号")
    other = named(2, "临湖电子科枝有限公司", place="创业路1号")
    assert len(sweep([one, other], 10)) == 1
    assert not sweep([one, named(2, other.name, place="创业路2号")], 10)


def test_a_thousand_firms_of_one_short_name_are_bounded():
    records = [named(n, f"第{n}号企业", short_key="测试") for n in range(1000)]
    assert len(sweep(records, 200)) <= 200
