"""One request: marks on routes, who acts, one commit inside dispatch, security headers."""

import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import IntegerConverter

from visits.core import presence, submissions
from visits.core.authz import Actor, may
from visits.core.catalogues import KeptBabel
from visits.core.db import db, write_next
from visits.core.errors import DomainError, Gone, NotAllowed, NotFound, Stale
from visits.core.forms import BaseForm
from visits.core.i18n import LANGUAGES
from visits.core.permissions import Permission

SUBMISSION_ID = re.compile(r"[0-9a-f-]{36}")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PUBLIC = "public"
SIGNED_IN = "signed-in"

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
babel = KeptBabel()
logins = LoginManager()


def requires(
    mark: Permission | str, *, late_write: bool = False, by_code: bool = False
) -> Callable[[View], View]:
    """Mark a view with the permission its visitor needs, or SIGNED_IN, or PUBLIC.

    An unsafe request holds the write lock from its first statement on; with `late_write` the view says
    itself when (`core.db.begin_write`), because it has long work to do before. `by_code` says that the
    secret code in the address is all it takes: whoever can send it needs no token beside, the language is
    the address's own, and nothing remembers where the visitor was.
    """

    def set_mark(view: View) -> View:
        view.mark = mark  # type: ignore[attr-defined]
        view.late_write = late_write  # type: ignore[attr-defined]
        view.by_code = by_code  # type: ignore[attr-defined]
        return view

    return set_mark


class IdConverter(IntegerConverter):
    """A record's id in an address: at most nine digits, so that no database chokes on it."""

    regex = r"[0-9]{1,9}"


def current_actor() -> Actor:
    """Who acts in this request; a signed-out visitor is an actor without roles."""
    return g.actor


def is_asked_by_script() -> bool:
    """Say whether a page asks for something in the background; pages themselves are asked for as HTML."""
    accepted = request.headers.get("Accept")
    return accepted is not None and "text/html" not in accepted


class PageSessions(SecureCookieSessionInterface):
    """Renews the cookie, and the idle time with it, where a person goes and not where a script asks.

    A browser keeps the cookie that came last. What a script asked before a form was sent may be answered
    after it: that cookie would undo what the form's answer left in its own, such as the word that it went
    through; and a page left open that asks by itself would keep its person signed in for ever.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Set what was changed in any answer; renew it with pages only."""
        renews = super().should_set_cookie(app, session) and not is_asked_by_script()
        return session.modified or renews


class VisitsApp(Flask):
    """Flask, with the commit as the last act of dispatch, inside the reach of the error handlers."""

    session_interface = PageSessions()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; commit below 400, else roll back; a form seen before is answered as before."""
        submission_id = _submission_id()
        if submission_id and (location := submissions.answer_of(submission_id, g.actor.person_id)):
            return redirect(location, 303)
        try:
            response = make_response(super().dispatch_request())
        except IntegrityError:
            if first := _answer_kept_meanwhile(submission_id):
                return first
            raise
        if response.status_code >= 400:
            db.session.rollback()
            return response
        if submission_id and response.status_code == 303 and "answer_kept" not in g:
            submissions.remember(submission_id, g.actor.person_id, response.location)
            presence.report_saved(g.actor, request.path)
        try:
            db.session.commit()
        except IntegrityError:
            if first := _answer_kept_meanwhile(submission_id):
                return first
            raise
        return response


def _answer_kept_meanwhile(submission_id: str | None) -> Response | None:
    """The answer to the same form where it was sent twice at the same moment and came in second."""
    db.session.rollback()
    location = submission_id and submissions.answer_of(submission_id, g.actor.person_id)
    return make_response(redirect(location, 303)) if location else None


def keep_answer(location: str) -> None:
    """Note in the running transaction where this form leads: for work that commits more than once."""
    if submission_id := _submission_id():
        submissions.remember(submission_id, g.actor.person_id, location)
    g.answer_kept = True


def _submission_id() -> str | None:
    given = request.form.get("submission_id", "") if request.method == "POST" and not is_by_code() else ""
    return given if SUBMISSION_ID.fullmatch(given) and g.actor.person_id else None


def is_by_code() -> bool:
    """Say whether the present address is one whose secret code is all it takes."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "by_code", False))


def _mark_of(app: Flask, endpoint: str) -> tuple[Permission | str, bool]:
    view: Any = app.view_functions[endpoint]
    if not hasattr(view, "mark"):
        raise RuntimeError(f"the route {endpoint} carries no permission mark")
    return view.mark, view.late_write


def is_cross_site() -> bool:
    """Say whether a browser tells us the request was made from another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def carried_out(form: BaseForm, operation: Callable[[], Any], note_url: str | None = None) -> bool:
    """Validate a sent form and run the operation; True when both went through.

    A refusal is shown at the form, which keeps what was typed; a missing right is a page of its own, and so
    is a stale form: it offers `note_url`, where the record takes notes, as one of the ways on.
    """
    if not form.validate_on_submit():
        return False
    try:
        operation()
    except Stale as stale:
        stale.form, stale.note_url = form, note_url
        raise
    except (NotAllowed, NotFound, Gone):
        raise
    except DomainError as error:
        db.session.rollback()
        form.attach(error)
        return False
    return True


def answer(template: str, form: BaseForm, **context: Any) -> ResponseReturnValue:
    """Render a form's page: 422 when the form was refused."""
    return render_template(template, form=form, **context), 422 if form.errors else 200


def _guard(load_actor: Callable[[], Actor], refuse_visitor: Callable[[], ResponseReturnValue]) -> Any:
    """Make the one gate every request passes before its view."""

    def gate() -> ResponseReturnValue | None:
        write_next(False)
        g.request_id = secrets.token_hex(4)
        g.actor = Actor(person_id=None)
        if request.endpoint is None:
            g.actor = load_actor()  # the page that says so shows the person's menu
            return None
        mark, late_write = _mark_of(current_app, request.endpoint)
        unsafe = request.method in UNSAFE
        if unsafe and is_cross_site():
            abort(
                400,
                gettext(
                    "This request came from another site and was refused. Open the page here and try again."
                ),
            )
        if request.endpoint != "static":
            g.actor = load_actor()
        if mark != PUBLIC and not current_user.is_authenticated:
            return refuse_visitor()
        if unsafe and not is_by_code():
            csrf.protect()
        if isinstance(mark, Permission) and not may(g.actor, mark):
            raise NotAllowed()
        db.session.rollback()  # the reading of who acts is over; the view's own transaction begins
        write_next(unsafe and not late_write)
        return None

    return gate


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def chosen_language() -> str:
    """The language of this request: the person's own choice, else the session's, else Chinese."""
    chosen = None
    if has_request_context() and is_by_code():
        chosen = request.args.get("lang")
    elif has_request_context():
        chosen = getattr(current_user, "language", None) or session.get("language")
    return chosen if chosen in LANGUAGES else current_app.config["BABEL_DEFAULT_LOCALE"]


def init_app(
    app: Flask, *, load_actor: Callable[[], Actor], refuse_visitor: Callable[[], ResponseReturnValue]
) -> None:
    """Bind the gate, the headers and the extensions that serve every page."""
    app.url_map.converters["int"] = IdConverter
    csrf.init_app(app)
    logins.init_app(app)
    babel.init_app(app, locale_selector=chosen_language)
    requires(PUBLIC)(app.view_functions["static"])
    app.before_request(_guard(load_actor, refuse_visitor))
    app.after_request(_set_headers)
