"""Lists that are known: each is what it says it is, and counts for its reader."""

from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import make_programmes
from visits.core.known_lists import all_known
from visits.issues.states import State


def test_each_is_called_as_its_listing_and_leads_to_pages(app, database):
    routes = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    office = make_office()
    make_programmes()
    with app.test_request_context("/"):
        for name, known in all_known().items():
            listing = known.of(office.coordinator, known.form())
            assert (listing.name, listing.title) == (name, known.title)
            assert not routes[known.endpoint]
            assert len(routes[known.record]) == 1
            assert app.view_functions[known.endpoint].mark is known.permission


def test_all_queries_are_counted_in_one_statement_with_the_readers_rights(app, database, statements):
    office = make_office()
    for state in (State.REGISTERED, State.ASSIGNED, State.ASSIGNED):
        make_issue(office, state)
    database.session.commit()
    queries = {
        7: "state=assigned",
        8: "state=registered&state=assigned",
        9: "state=\x00&unit=x&sort=y",
        4: "",
    }
    with app.test_request_context("/"):
        known = all_known()["issues"]
        known.counts(office.coordinator, queries)  # the calendar is read once
        with statements() as few:
            assert known.counts(office.coordinator, {7: queries[7]}) == {7: 2}
        with statements() as many:
            assert known.counts(office.coordinator, queries) == {7: 2, 8: 3, 9: 3, 4: 3}
        assert len(few) == len(many) == 2
        assert known.counts(office.other_handler, queries) == {7: 0, 8: 0, 9: 0, 4: 0}
        assert known.counts(office.coordinator, {}) == {}
