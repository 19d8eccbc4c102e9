"""How a try with something wrong is made, and what must hold of its answer."""

import re

SENTENCE = re.compile(r"[\u4e00-\u9fff]{4,}.*[。！]", re.DOTALL)


def tokened(browser):
    """A page that carries a token of this browser's."""
    signed_in = browser.open("/password")
    return signed_in if signed_in.status == 200 else browser.open("/sign-in")


def assert_refused(world, contents, who, path, data, answer, says):
    """Send it by the form of that page, if there is one: a plain sentence comes back, nothing changes."""
    browser = world.browsers[who]
    data = data() if callable(data) else {key: world.filled(value) for key, value in data.items()}
    form = browser.open(path.format(**world.ids))
    before = contents()
    page = browser.post(
        form.url, data, page=form if form.status == 200 else tokened(browser), status=answer
    )
    assert SENTENCE.search(page.main)
    assert says in page.main
    assert contents() == before
