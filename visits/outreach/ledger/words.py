"""What the words of a ledger mean: how and why an enterprise was visited, yes and no."""

from visits.outreach.entries import VisitKind
from visits.programmes.models import VisitMode

MODE_WORDS = {
    VisitMode.ON_SITE: ("实地", "上门", "现场", "入企", "进企", "到企", "登门", "面对面", "on site"),
    VisitMode.SYMPOSIUM: ("座谈", "会议", "恳谈", "symposium"),
    VisitMode.PHONE: ("电话", "手机", "phone"),
    VisitMode.ONLINE: ("微信", "线上", "网上", "网络", "视频", "online"),
}
KIND_WORDS = {
    VisitKind.INVITED: ("邀请", "应邀", "应企业要求", "invit"),
    VisitKind.ACCOMPANY: ("陪同", "随同", "accompan"),
    VisitKind.FOLLOW_UP: ("回访", "跟踪", "复访", "follow"),
    VisitKind.FIRST: ("首次", "初次", "第一次", "first"),
    VisitKind.TOPICAL: ("专题", "专项", "topical"),
    VisitKind.REGULAR: ("例访", "日常", "常规", "定期", "例行", "一般", "常态", "regular"),
}
NO_WORDS = frozenset(
    {"无", "否", "没有", "无问题", "无诉求", "暂无", "0", "×", "x", "no", "n", "-", "—", "/"}
)
YES_WORDS = frozenset({"有", "是", "√", "yes", "y", "1"})


def mode_of(text: str) -> VisitMode | None:
    """The mode that words mean; None where they name none, or several that exclude one another.

    A talk at the enterprise's own place is a visit on site, one by video is online.
    """
    folded = text.casefold()
    found = {mode for mode, words in MODE_WORDS.items() if any(word in folded for word in words)}
    if found == {VisitMode.ON_SITE, VisitMode.SYMPOSIUM}:
        return VisitMode.ON_SITE
    if found == {VisitMode.ONLINE, VisitMode.SYMPOSIUM}:
        return VisitMode.ONLINE
    if not found and folded in ("走访", "拜访", "调研"):
        return VisitMode.ON_SITE
    return found.pop() if len(found) == 1 else None


def kind_of(text: str) -> VisitKind | None:
    """The kind of visit that words mean, or None."""
    folded = text.casefold()
    return next((kind for kind, words in KIND_WORDS.items() if any(word in folded for word in words)), None)


def says_no(text: str) -> bool:
    """Say whether a cell says that there is nothing: 无."""
    return text.casefold().rstrip("。.") in NO_WORDS


def says_yes(text: str) -> bool:
    """Say whether a cell says that there is something: 有."""
    return text.casefold().rstrip("。.") in YES_WORDS
