"""Both languages are complete, and say the same placeholders."""

import re

import pytest
from babel.messages.pofile import read_po

from config import ROOT
from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")


def test_who_handles_for_a_unit_has_one_name_everywhere():
    said = (ROOT / "translations/zh/LC_MESSAGES/messages.po").read_text("utf-8")
    assert "单位经办人" in said
    assert re.findall(r".*(?<!单位)经办人.*", said) == []


@pytest.fixture(scope="module")
def source():
    return [message for message in messages.extract() if message.id]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_left_untranslated(source, language):
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    missing, fuzzy, different = [], [], []
    for message in source:
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        found = catalogue.get(key, message.context)
        said = found.string if found else None
        forms = said if isinstance(said, tuple | list) else [said]
        if not said or not all(forms):
            missing.append(key)
        elif found.fuzzy:
            fuzzy.append(key)
        elif any(set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(key)) for form in forms):
            different.append(key)
    assert (missing, fuzzy, different) == ([], [], [])
