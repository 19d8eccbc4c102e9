"""The lists that people keep views of and act on: each by name, page, right and how it is made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from visits.core.authz import Actor, may
from visits.core.errors import NotFound
from visits.core.filter_forms import FilterForm
from visits.core.listing import Listing, counts_of
from visits.core.permissions import Permission


@dataclass(frozen=True)
class KnownList:
    """A list with filters in its address.

    `name` and `title` are those of its `Listing`, `endpoint` is its page, `record` the page of one row;
    `of` makes it for an actor, narrowed by a form of the class `form`.
    """

    name: str
    title: str
    endpoint: str
    record: str
    permission: Permission
    form: Callable[[], FilterForm]
    of: Callable[[Actor, Any], Listing]

    def counts(self, actor: Actor, queries: Mapping[int, str]) -> dict[int, int]:
        """How many rows each of these queries has for the actor: one statement beside the form's own."""
        if not queries:
            return {}
        form, listings = self.form(), {}
        for key, query in queries.items():
            form.process(MultiDict(parse_qsl(query)))
            listings[key] = self.of(actor, form)
        return counts_of(listings)


def init_app(app: Flask, lists: Iterable[KnownList]) -> None:
    """Keep the lists of all slices."""
    app.extensions["lists"] = {known.name: known for known in lists}


def all_known() -> dict[str, KnownList]:
    """The lists by their names."""
    return current_app.extensions["lists"]


def known_for(actor: Actor, name: str) -> KnownList:
    """The list of this name; raise NotFound where there is none that the actor may read."""
    known = all_known().get(name)
    if known is None or not may(actor, known.permission):
        raise NotFound()
    return known
