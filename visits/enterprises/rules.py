"""Pure questions about an enterprise: is its code right, is its name known, how is it found and shown."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from stdnum.cn import uscc

from visits.core.i18n import N_

CODE_LENGTH = 18
CODE_CHARACTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
LETTERS_LEFT_OUT = frozenset("IOSVZ")
REGION = range(2, 8)
# What a spreadsheet makes of a code that is all digits: 9.13E+17, or 15 digits and noughts.
SPOILT_BY_SPREADSHEET = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]{15}0{3,}")

FOLDED_LENGTH = 120
TAG_LENGTH = 30
NAME_LENGTH = 120
EARLIEST = date(1900, 1, 1)
SEARCHED_CHARACTERS = 100
LEGAL_FORM = re.compile("(?:集团)?(?:股份)?有限(?:责任)?公司|集团公司|集团$")

AMOUNT = re.compile(r"([^0-9.,]*)([0-9]+(?:\.[0-9]+)?)(亿|万|)(.*)")
THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
SCALES = {"亿": 10**8, "万": 10**4, "": 1}
CURRENCIES = {
    "": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "元人民币": "CNY",
    "美元": "USD",
    "香港元": "HKD",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "欧元": "EUR",
    "英镑": "GBP",
    "新台币": "TWD",
    "新加坡元": "SGD",
    "韩元": "KRW",
    "澳大利亚元": "AUD",
    "加拿大元": "CAD",
    "瑞士法郎": "CHF",
}
AMOUNT_STEP = Decimal("0.0001")
AMOUNT_LIMIT = 10**16

Days = tuple[date, date | None]
FRESH_DAYS = 180
# How a unit is stored: the factor and the unit of the register.
UNITS = {
    "万元": (Decimal(1), "万元"),
    "亿元": (Decimal(10_000), "万元"),
    "元": (Decimal("0.0001"), "万元"),
    "人": (Decimal(1), "人"),
}
FIGURE_LIMIT = Decimal(10**10)
HUNDRED_MILLION = Decimal(10_000)  # 亿元 in 万元

MOBILE = re.compile(r"1[0-9]{10}")
OTHER = "\x00"  # marks what is not Chinese
LIST_SEPARATOR = re.compile(r"[,，;；、|｜/\n]")


@dataclass(frozen=True)
class CodeProblem:
    """What is wrong with a credit code: a sentence and the values it names."""

    message: str
    params: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Capital:
    """Registered capital: the amount in whole units of a currency, both None where unreadable."""

    amount: Decimal | None
    currency: str | None
    text: str


# What offices write for the tags they begin with; meant unless a tag of that very name exists.
SHORT_TAGS = {
    "规上": "above_scale",
    "规模以上": "above_scale",
    "规模以上企业": "above_scale",
    "规上工业企业": "above_scale",
    "限上": "above_quota",
    "限额以上": "above_quota",
    "亿元产值": "hundred_million_output",
    "专精特新": "srdi",
    "专精特新企业": "srdi",
    "小巨人": "little_giant",
    "小巨人企业": "little_giant",
    "专精特新小巨人": "little_giant",
    "专精特新小巨人企业": "little_giant",
    "专精特新“小巨人”": "little_giant",
    "创新型": "innovative_sme",
    "科技型": "tech_sme",
    "高新": "hitech",
    "高企": "hitech",
    "国高": "hitech",
    "高新企业": "hitech",
    "国家高新技术企业": "hitech",
    "链主": "chain_leader",
    "上市": "listed",
    "上市公司": "listed",
    "拟上市": "pre_listed",
    "重点": "key",
}


def normalise_code(text: str) -> str:
    """Write a code as it is stored: half-width, upper case, without blanks or invisible characters."""
    return _without("ZC", unicodedata.normalize("NFKC", text).upper())


def check_code(text: str) -> CodeProblem | None:
    """Return what is wrong with a unified social credit code (GB 32100-2015), or None."""
    code = normalise_code(text)
    for check in (_spoilt_code, _wrong_length, _wrong_character, _wrong_region, _wrong_check_character):
        if problem := check(code):
            return problem
    return None


def _spoilt_code(code: str) -> CodeProblem | None:
    if not SPOILT_BY_SPREADSHEET.fullmatch(code) or (len(code) == CODE_LENGTH and uscc.is_valid(code)):
        return None
    return CodeProblem(
        N_(
            "The spreadsheet has turned this code into a number and lost its last digits. "
            "Format the column as text and enter the code again."
        )
    )


def _wrong_length(code: str) -> CodeProblem | None:
    if len(code) == CODE_LENGTH:
        return None
    return CodeProblem(
        N_("The code has %(found)s characters; a credit code has 18. Check it on the business licence."),
        {"found": len(code)},
    )


def _wrong_character(code: str) -> CodeProblem | None:
    for position, character in enumerate(code[:-1], start=1):
        params: dict[str, int | str] = {"position": position, "character": character}
        if character in LETTERS_LEFT_OUT:
            return CodeProblem(
                N_(
                    "Character %(position)s of the code is the letter %(character)s. "
                    "I, O, S, V and Z never occur; look for a digit such as 1, 0, 5 or 2."
                ),
                params,
            )
        if character not in CODE_CHARACTERS:
            return CodeProblem(
                N_(
                    "Character %(position)s of the code is “%(character)s”. "
                    "A credit code has only digits and capital letters."
                ),
                params,
            )
    return None


def _wrong_region(code: str) -> CodeProblem | None:
    for index in REGION:
        if not code[index].isdecimal():
            return CodeProblem(
                N_(
                    "Character %(position)s of the code is “%(character)s”. "
                    "Characters 3 to 8 are the region and must be digits."
                ),
                {"position": index + 1, "character": code[index]},
            )
    return None


def _wrong_check_character(code: str) -> CodeProblem | None:
    expected = uscc.calc_check_digit(code)
    if code[-1] == expected:
        return None
    if code[-1] in LETTERS_LEFT_OUT:
        return CodeProblem(
            N_("The code ends in %(character)s, a letter that no code has; it should end in %(expected)s."),
            {"character": code[-1], "expected": expected},
        )
    return CodeProblem(
        N_(
            "The code does not add up: with these first 17 characters it should end in %(expected)s. "
            "Compare every character with the business licence."
        ),
        {"expected": expected},
    )


def fold_name(name: str) -> str:
    """Fold a name so that spellings of one firm are equal: width, case, marks, brackets and legal form."""
    plain = _without("ZCPS", unicodedata.normalize("NFKC", name).lower())
    return LEGAL_FORM.sub("公司", plain)[:FOLDED_LENGTH]


def pinyin_initials(name: str) -> str:
    """Return the first letters of a name's syllables; Latin letters and digits stay whole."""
    return "".join(letters[:1] if is_chinese else letters for letters, is_chinese in _syllables(name))


def pinyin_key(name: str) -> str:
    """Return the key by which names are put in order: syllables with blanks between, without tones."""
    return " ".join(letters for letters, _ in _syllables(name))


@lru_cache(maxsize=64)
def _syllables(name: str) -> list[tuple[str, bool]]:
    """A name's parts in letters, and whether each is a Chinese syllable; asked for twice in a row."""
    # It takes 57 MB, so only a process that writes names loads it.
    from pypinyin import Style, lazy_pinyin

    plain = unicodedata.normalize("NFKC", name).lower()
    parts = lazy_pinyin(plain, style=Style.NORMAL, errors=lambda text: OTHER + _letters(text))
    found = ((_letters(part), not part.startswith(OTHER)) for part in parts)
    return [(letters, is_chinese) for letters, is_chinese in found if letters]


def _letters(text: str) -> str:
    # Syllables such as ê and ń, and Latin names with accents, are typed without them.
    if text.isascii() and text.isalnum():
        return text
    plain = _without("M", unicodedata.normalize("NFKD", text))
    return "".join(character for character in plain if character.isalnum())


def search_text(name: str, short_name: str, former_names: Iterable[str], code: str | None) -> str:
    """Return what an enterprise is found by: names, their pinyin initials and the code, a line each."""
    names = [line for line in (name, short_name, *former_names) if line.strip()]
    lines = [*names, *map(pinyin_initials, names), code or ""]
    # No term holds a line break, so none matches across two lines.
    return "\n".join(dict.fromkeys(line for line in map(_searchable, lines) if line))


def search_terms(query: str) -> list[str]:
    """Split what somebody searches for into terms; each must occur in the search text."""
    return list(dict.fromkeys(_searchable(query[:SEARCHED_CHARACTERS]).split()))


def _searchable(text: str) -> str:
    return " ".join(_without("C", unicodedata.normalize("NFKC", text).lower(), but="\t\n\r").split())


def parse_capital(text: str) -> Capital:
    """Read registered capital as the register writes it, such as `57.9000(万元人民币)` or `1,000万美元`."""
    plain = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text))
    found = AMOUNT.fullmatch(THOUSANDS.sub("", plain))
    if not found:
        return Capital(None, None, text)
    before, number, scale, after = found.groups()
    currency = _currency(before, after)
    # A bare number may mean yuan or ten thousand yuan.
    is_bare = not (scale or after)
    amount = Decimal(number) * SCALES[scale]
    if currency is None or is_bare or amount >= AMOUNT_LIMIT:
        return Capital(None, None, text)
    return Capital(amount.quantize(AMOUNT_STEP), currency, text)


def _currency(before: str, after: str) -> str | None:
    if not before:
        return CURRENCIES.get(after)
    return CURRENCIES.get(before) if after in ("", "元") else None


def mask_phone(phone: str) -> str:
    """Hide the middle of a mobile number, and all but the last four digits of any other."""
    digits = "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", phone)))
    mobile = digits.removeprefix("86") if len(digits) == 13 else digits
    if MOBILE.fullmatch(mobile):
        return f"{mobile[:3]}****{mobile[-4:]}"
    if len(digits) > 6:
        return f"****{digits[-4:]}"
    return "****" if phone.strip() else ""


def is_possible_day(day: date, today: date) -> bool:
    """Say whether an enterprise can have been registered that day."""
    return EARLIEST <= day <= today


def subtract(span: Days, taken: Iterable[Days]) -> list[Days]:
    """Return what is left of a half-open span of days when others are taken out; no end is for ever."""
    left = [span]
    for from_on, until_on in taken:
        if from_on == until_on:
            continue
        left = [piece for part in left for piece in _without_days(part, from_on, until_on)]
    return left


def _without_days(part: Days, from_on: date, until_on: date | None) -> list[Days]:
    begins, ends = part
    pieces: list[Days] = []
    if begins < from_on:
        pieces.append((begins, from_on if ends is None else min(ends, from_on)))
    if until_on is not None and (ends is None or max(begins, until_on) < ends):
        pieces.append((max(begins, until_on), ends))
    return pieces


def is_fresh(verified_on: date | None, today: date) -> bool:
    """Say whether a contact was verified within the last 180 days."""
    return verified_on is not None and (today - verified_on).days <= FRESH_DAYS


def in_base_unit(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return a figure in the unit it is stored in: money in 万元, people in 人."""
    factor, base = UNITS[unit]
    return (value * factor).quantize(AMOUNT_STEP), base


def unit_of(measure: str) -> str:
    """The unit a measure is stored in."""
    return "人" if measure == "staff" else "万元"


def split_list(text: str) -> list[str]:
    """Split a cell that lists several names or tags, each once and in order."""
    parts = (part.strip() for part in LIST_SEPARATOR.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def _without(categories: str, text: str, but: Sequence[str] = "") -> str:
    """Leave out the characters of some Unicode classes, given by their first letters."""
    return "".join(c for c in text if c in but or unicodedata.category(c)[0] not in categories)
