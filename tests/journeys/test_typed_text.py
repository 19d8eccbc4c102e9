"""Whatever is typed anywhere comes back as text, on the form and on the page it leads to."""

import pytest

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code

CANARY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"
FORMS = (
    ("coordinator", "/enterprises/new", {"code": make_code(603), "established_on": ""}),
    ("coordinator", "/enterprises/{firm}/edit", {"code": make_code(601)}),
    ("coordinator", "/enterprises/{firm}/contacts/new", {}),
    ("coordinator", "/groups/new", {}),
    ("coordinator", "/groups/{group}/edit", {}),
    ("coordinator", "/programmes/{programme}/edit", {"ends_on": "", "counted_modes": "on_site"}),
    ("coordinator", "/programmes/{programme}/rounds/new", {}),
    ("coordinator", "/issues/new", {"enterprise_id": "{firm}"}),
    ("coordinator", "/issues/{issue}/request-info", {}),
    ("coordinator", "/issues/{issue}/reject", {}),
    (
        "cadre",
        "/visits/new",
        {
            "enterprise_ids": "{firm}",
            "no_issue_ids": "all",
            "visited_on": "2026-08-31",
            "problems-0-title": "",
            "problems-0-category_id": "",
        },
    ),
    ("admin", "/people/new", {"username": "xinren", "password": PASSWORD}),
    ("admin", "/people/{person}/edit", {"username": "xinren"}),
    ("admin", "/units/new", {}),
    ("admin", "/people/{person}/disable", {}),
)
DATES = {"date": "2026-08-31", "time": "09:30", "number": "3"}


@pytest.mark.any_database
@pytest.mark.parametrize(("who", "path", "data"), FORMS, ids=[form[1] for form in FORMS])
@pytest.mark.parametrize(
    "text",
    [CANARY, "\u202e反\u2066向\x1b[31m", "甲" + "\u0301" * 30 + "𠮷㙍👩‍🔧"],
    ids=["markup", "bidi", "zalgo"],
)
def test_whatever_is_typed_is_shown_as_text(world, who, path, data, text):
    browser = world.browsers[who]
    form = browser.get(path.format(**world.ids))
    page = browser.post(
        form.url,
        typed(form.posts_to(form.url), text) | {key: world.filled(value) for key, value in data.items()},
        page=form,
        status=None,
    )
    assert page.status in {303, 422}
    shown = browser.follow(page) if page.status == 303 else page
    assert shown.root.first("script", src=None) is None or all(s["src"] for s in shown.root.all("script"))
    assert not any("onerror" in element for element in shown.root.walk())
    assert "\u202e" not in shown.response.text
    assert "\x1b" not in shown.response.text


def typed(form, text):
    """The text in every field one types into, the first choice everywhere else."""
    found = {}
    for control in form.all("input", "textarea", "select"):
        name, kind = control["name"], control["type"] or "text"
        if control.tag == "select":
            values = [option["value"] for option in control.all("option") if option["value"]]
            found[name] = values[:1]
        elif control.tag == "textarea" or kind in {"text", "search", "tel", "email"}:
            found[name] = text[: int(control["maxlength"] or 60)]
        elif kind in DATES:
            found[name] = DATES[kind]
    return found
