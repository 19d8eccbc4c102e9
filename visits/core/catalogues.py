"""The catalogue of the visitor's language, looked up once in a request and not for every word."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from flask_babel import Babel, Domain, force_locale, get_translations
from werkzeug.utils import cached_property


class KeptDomain(Domain):
    """The words of the application; a page asks for hundreds of them, all in one language."""

    def get_translations(self) -> Any:
        """The catalogue of this request's language."""
        if "catalogue" not in g:
            g.catalogue = super().get_translations()
        return g.catalogue


class KeptBabel(Babel):
    """Flask-Babel, but for the looking up."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The words of the application."""
        return KeptDomain(domain=self.domain)


def spoken() -> Any:
    """The catalogue of the visitor's language."""
    return g.get("catalogue") or get_translations()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak this language for a while, whatever the visitor's: what is stored is not in the reader's."""
    kept = g.pop("catalogue", None)
    try:
        with force_locale(code):
            yield
    finally:
        g.pop("catalogue", None)
        if kept is not None:
            g.catalogue = kept
