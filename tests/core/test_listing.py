"""Pages of a list: never overlapping, never lost, always the same number of statements."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_unit
from visits.accounts.models import Unit
from visits.core.listing import PER_PAGE, page_number, paginate

SORTS = {"closed": Unit.closed_on, "name": Unit.name, "id": Unit.id}


@pytest.fixture
def units(database):
    made = [make_unit(f"单位{n:03}").name for n in range(2 * PER_PAGE + 3)]
    database.session.commit()
    return made


def shown(**args):
    page = paginate(sa.select(Unit.name, Unit.closed_on), args, SORTS, "name")
    return page, [row.name for row in page.rows]


@pytest.mark.parametrize(
    ("args", "number", "span"),
    [
        ({}, 1, (1, 50)),
        ({"page": "2"}, 2, (51, 100)),
        ({"page": "3"}, 3, (101, 103)),
        ({"page": "99"}, 3, (101, 103)),
        ({"page": "0"}, 1, (1, 50)),
        ({"page": "-1"}, 1, (1, 50)),
        ({"page": "２"}, 1, (1, 50)),
        ({"page": "9" * 30}, 1, (1, 50)),
        ({"page": "2; DROP"}, 1, (1, 50)),
    ],
)
def test_the_page_asked_for(units, args, number, span):
    page, names = shown(**args)
    assert (page.number, (page.first, page.last), page.pages, page.total) == (number, span, 3, 103)
    assert names == units[span[0] - 1 : span[1]]


@pytest.mark.parametrize(
    ("sort", "kept", "is_reversed"),
    [
        ("name", "name", False),
        ("-name", "-name", True),
        ("password", "name", False),
        ("--name", "--name", True),
    ],
)
def test_the_order_asked_for(units, sort, kept, is_reversed):
    page, names = shown(sort=sort)
    expected = sorted(units, reverse=is_reversed)[:PER_PAGE]
    assert names == expected
    assert page.sort == kept


def test_equal_rows_never_stand_on_two_pages(units):
    pages = [shown(sort="-closed", page=str(n))[1] for n in (1, 2, 3)]
    assert sorted(name for page in pages for name in page) == units


def test_two_statements_whatever_the_rows(units, statements):
    with statements() as seen:
        shown(page="2")
    assert len(seen) == 2


def test_an_empty_list_is_one_page(database):
    page, names = shown()
    assert (page.pages, page.first, page.last, page.total, names) == (1, 0, 0, 0, [])


def test_page_numbers_from_an_address():
    assert [page_number(t) for t in (None, "", "7", "x", "0007")] == [1, 1, 7, 1, 7]
