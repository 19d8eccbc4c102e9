"""What is wrong with a translation."""

import pytest
from babel.messages.catalog import Catalog

from tools.messages import message_faults


def faults(message_id, string, **kwargs):
    catalog = Catalog(locale="zh")
    return message_faults("zh", catalog.add(message_id, string, **kwargs))


@pytest.mark.parametrize(
    ("message_id", "string"),
    [
        ("Save", "保存"),
        ("Wait until %(day)s.", "请等到%(day)s。"),
        (("%(num)d row", "%(num)d rows"), ("%(num)d行",)),
    ],
)
def test_a_whole_translation_has_no_fault(message_id, string):
    assert faults(message_id, string) == []


@pytest.mark.parametrize(
    ("message_id", "string", "flags", "said"),
    [
        ("Save", "", (), "not translated"),
        (("%(num)d row", "%(num)d rows"), ("",), (), "not translated"),
        ("Save", "保存", ("fuzzy",), "not translated"),
        ("Wait until %(day)s.", "请等待。", (), "placeholders"),
        ("Wait until %(day)s.", "请等到%(date)s。", (), "placeholders"),
    ],
)
def test_a_faulty_translation_is_named(message_id, string, flags, said):
    (fault,) = faults(message_id, string, flags=flags)
    assert said in fault
    assert repr(message_id) in fault
