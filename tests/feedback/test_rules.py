"""Which page a suggestion may name."""

import pytest

from visits.feedback.rules import page_of


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/issues", "/issues"),
        ("/issues?q=甲&page=2", "/issues"),
        ("/issues/12#history", "/issues/12"),
        ("/", "/"),
        (None, ""),
        ("issues", ""),
        ("//evil.test", ""),
        ("/a//evil.test", ""),
        ("/\\evil.test", ""),
        ("https://evil.test/", ""),
        ("javascript:alert(1)", ""),
        ("/\t/evil.test", ""),
        ("/" + "x" * 300, ""),
    ],
)
def test_only_a_path_of_this_site_is_a_page(target, page):
    assert page_of(target) == page
