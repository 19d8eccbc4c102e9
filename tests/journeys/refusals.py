"""How a try with something wrong is made, and what must hold of its answer."""

import re
from collections.abc import Callable
from typing import NamedTuple

SENTENCE = re.compile(r"[\u4e00-\u9fff]{4,}.*[。！]", re.DOTALL)


class Try(NamedTuple):
    """One try: who sends what to which page, the status and words that answer."""

    who: str
    path: str
    data: dict | Callable
    answer: int
    says: str = ""

    @property
    def name(self):
        """What the try is known by when it fails."""
        data = self.data if isinstance(self.data, dict) else {}
        return f"{self.who} {self.path} " + ",".join(f"{k}={str(v)[:24]!r}" for k, v in data.items())


def tokened(browser):
    """A page that carries a token of this browser's."""
    signed_in = browser.open("/password")
    return signed_in if signed_in.status == 200 else browser.open("/sign-in")


def assert_refused(world, contents, tries):
    """Send each by the form of its page, if there is one: a plain sentence comes back, nothing changes.

    One office serves them all, since none may change it and it takes longer to make than to ask.
    """
    before, wrong = contents(), {}
    for tried in tries:
        try:
            _assert_one_refused(world, tried)
        except AssertionError as fault:
            wrong[tried.name] = str(fault)
    assert not wrong, wrong
    after = contents()
    assert not (changed := [name for name in before if before[name] != after[name]]), changed


def _assert_one_refused(world, tried):
    browser, data = world.browsers[tried.who], tried.data
    data = data() if callable(data) else {key: world.filled(value) for key, value in data.items()}
    form = browser.open(tried.path.format(**world.ids))
    page = form if form.status == 200 else tokened(browser)
    answer = browser.post(form.url, data, page=page, status=tried.answer)
    assert SENTENCE.search(answer.main), f"no sentence: {answer.main}"
    assert tried.says in answer.main, f"{tried.says} is not said: {answer.main}"
