"""What the words of a ledger mean: whence, with what end, how the enterprise judged; nothing is guessed."""

import re
import unicodedata

from visits.issues.models import Channel, IssueSource
from visits.issues.rules import Level, Outcome, Solved

LETTER = re.compile(r"([ABCD])(?:类|级|[.、:：\- ]|$)(.*)", re.IGNORECASE | re.DOTALL)
OUTCOMES = {
    Outcome.ANSWERED: ("留作参考", "已答复", "咨询答复", "咨询建议", "仅供参考"),
    Outcome.EXPLAINED: (
        "暂不能解决",
        "暂时不能解决",
        "暂时无法解决",
        "暂无法解决",
        "不能解决",
        "无法解决",
        "已解释",
        "解释说明",
        "已解释说明",
        "暂不能解决已解释",
        "暂时不能解决已解释",
        "暂时无法解决已解释",
    ),
    Outcome.PLANNED: (
        "正在解决",
        "列入计划",
        "计划解决",
        "列入计划解决",
        "逐步解决",
        "正在推进",
        "正在解决列入计划",
    ),
    Outcome.SOLVED: ("已解决", "解决", "全部解决", "圆满解决", "现场解决", "当场解决", "已全部解决"),
}
OUTCOME_WORDS = {word: outcome for outcome, words in OUTCOMES.items() for word in words}
ON_SPOT_WORDS = frozenset({"现场解决", "当场解决", "现场办结", "当场办结"})
SOURCES = {
    IssueSource.HOTLINE: ("12345", "热线"),
    IssueSource.SPECIALIST: ("专员",),
    IssueSource.VISIT: ("走访", "大走访", "入企", "上门", "调研"),
    IssueSource.LEADER: ("领导", "批示"),
    IssueSource.UPPER: ("上级", "转办", "市级", "省级"),
    IssueSource.MEETING: ("会议", "座谈", "恳谈", "对接会"),
    IssueSource.ENTERPRISE: ("企业", "来电", "来访", "来信", "网上", "平台", "小程序", "公众号", "自主"),
}
SOLVED_WORDS = {
    Solved.SOLVED: ("已解决", "解决", "是", "全部解决", "√", "yes", "y"),
    Solved.PARTLY: ("部分解决", "部分"),
    Solved.UNSOLVED: ("未解决", "没有解决", "没解决", "否", "×", "x", "no", "n"),
}
LEVEL_WORDS = {
    Level.VERY_SATISFIED: ("非常满意", "很满意", "十分满意"),
    Level.SATISFIED: ("满意",),
    Level.BASICALLY: ("基本满意",),
    Level.DISSATISFIED: ("不满意",),
    Level.VERY_DISSATISFIED: ("非常不满意", "很不满意", "十分不满意"),
}
CHANNELS = {
    Channel.LINK: ("链接", "二维码", "扫码", "自评", "网上", "短信", "小程序", "企业自行"),
    Channel.PAPER: ("纸质", "书面", "签字", "盖章", "评价表"),
    Channel.PHONE: ("电话", "回访"),
    Channel.ON_SPOT: ("现场", "当面", "上门"),
    Channel.LEDGER: ("代录", "代填", "代评"),
}
CLOSED_WORDS = frozenset({"已办结", "办结", "已销号", "销号", "已完成", "完成", "已关闭", "是", "现场办结"})
OPEN_WORDS = frozenset(
    {
        "办理中",
        "正在办理",
        "在办",
        "未办结",
        "待办",
        "待签收",
        "待受理",
        "待反馈",
        "待评价",
        "已交办",
        "推进中",
        "进行中",
        "未完成",
        "否",
    }
)
NOTHING = frozenset({"", "无", "暂无", "未评价", "未测评", "-", "—", "/", "\\", "n/a"})
YES = frozenset({"是", "有", "√", "yes", "y", "1", "现场解决", "现场办结", "当场解决"})
NO = frozenset({"", "否", "无", "×", "x", "no", "n", "0", "-", "—", "/"})
OUTCOMES_SAID = "A 已解决、B 正在解决(列入计划)、C 暂不能解决(已解释)、D 留作参考"
LEVELS_SAID = "非常满意、满意、基本满意、不满意、非常不满意"
SOLVED_SAID = "已解决、部分解决、未解决"
CHANNELS_SAID = "链接、电话、纸质、现场"


def plain(text: str) -> str:
    """Words without width, case, blanks and marks between them."""
    return re.sub(r"[\s,，、。.()（）;；:：]+", "", unicodedata.normalize("NFKC", text)).casefold()


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return text.strip().casefold() in NOTHING


def outcome_of(text: str) -> Outcome | None:
    """The outcome a cell names by letter or by words; None where it names none, or two that differ."""
    named = LETTER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    rest = plain(named[2] if named else text)
    by_word = OUTCOME_WORDS.get(rest)
    if named is None:
        return by_word
    by_letter = Outcome(named[1].upper())
    return by_letter if not rest or by_word is by_letter else None


def is_on_spot(text: str) -> bool | None:
    """Whether a cell says that the problem was solved where it was heard; None where it says neither."""
    word = plain(text)
    return True if word in YES else False if word in NO else None


def source_of(text: str) -> IssueSource | None:
    """Whence the problem came, if the words name one way."""
    word = plain(text)
    return next((source for source, words in SOURCES.items() if any(w in word for w in words)), None)


def solved_of(text: str) -> Solved | None:
    """The enterprise's answer whether it is solved."""
    return next((solved for solved, words in SOLVED_WORDS.items() if plain(text) in words), None)


def level_of(text: str) -> Level | None:
    """How satisfied the enterprise is."""
    return next((level for level, words in LEVEL_WORDS.items() if plain(text) in words), None)


def channel_of(text: str) -> Channel | None:
    """How the answer came; a cell that says nothing was entered on the enterprise's behalf (代录)."""
    if says_nothing(text):
        return Channel.LEDGER
    word = plain(text)
    return next((channel for channel, words in CHANNELS.items() if any(w in word for w in words)), None)


def is_closed(text: str) -> bool | None:
    """Whether a state says that the problem is closed; None where it says neither."""
    word = plain(text)
    return True if word in CLOSED_WORDS else False if word in OPEN_WORDS else None
