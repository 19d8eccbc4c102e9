"""Error pages: every refusal a sentence, everything rolled back, nothing that was typed thrown away."""

from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from visits.core import audit, conflicts
from visits.core.db import db, transaction
from visits.core.errors import DomainError, NotAllowed, Stale, WrongState
from visits.core.forms import BaseForm
from visits.core.i18n import N_
from visits.core.kept import PASSWORD_FIELDS
from visits.core.secret_addresses import without_code

SECRET_FIELDS = PASSWORD_FIELDS | {"csrf_token", "submission_id", "opened_at", "revision"}
SENTENCES = {
    400: N_("The request could not be understood. Go back and try again."),
    401: N_("Please sign in."),
    403: N_("Your roles do not permit this."),
    404: N_("This page or record does not exist, or you may not see it."),
    405: N_("This address does not answer this kind of request. Open the page from the menu."),
    413: N_("What was sent is too large. A file may have up to 20 MB; split a longer text."),
    422: N_("Something in the form is not right."),
    503: N_(
        "The database is busy or out of reach. Nothing was saved. "
        "Wait a few seconds and send the form again."
    ),
}
CSRF_SENTENCE = N_(
    "This form is no longer valid, for the sign-in has changed. "
    "Your text is below: open the form again and paste it."
)
UNFIT_SENTENCE = N_(
    "Something entered is too long, or holds a character that cannot be stored. Nothing was saved. "
    "Shorten it, or type it anew, and send it again."
)
CONFLICT_SENTENCE = N_(
    "Somebody saved a record that contradicts this one a moment ago. Nothing was saved. "
    "Open the list, look, and try again."
)


def _typed_text() -> list[tuple[str, str]]:
    """What the person typed into the refused form, without secrets and hidden fields."""
    if request.method != "POST":
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []  # the body itself is what was refused
    return [
        (name, value)
        for name, value in pairs
        if value.strip() and name not in SECRET_FIELDS and not name.endswith("_id")
    ]


def page(status: int, sentence: str, *, is_wrong_state: bool = False) -> tuple[str, int]:
    """Render an error page; the plainest one where no address was matched.

    `is_wrong_state` says that a conflict is with the record's state, not with somebody else's change.
    """
    g.setdefault("request_id", "-")
    is_unknown_host = request.url_rule is None and status == 400
    g.is_bare_page = is_unknown_host or status >= 500
    if is_unknown_host:
        return render_template("_layouts/error.html", status=status, sentence=sentence), status
    return (
        render_template(
            "errors/show.html",
            status=status,
            sentence=sentence,
            is_wrong_state=is_wrong_state,
            typed=_typed_text(),
            reference=g.request_id,
        ),
        status,
    )


def _audit_refusal() -> None:
    if getattr(current_user, "is_authenticated", False):
        with transaction():
            audit.record(
                g.actor, "access.refused", path=without_code(request.path)[:200], method=request.method
            )


def _conflict_page(error: Stale, form: BaseForm) -> tuple[str, int]:
    """Show what happened meanwhile beside what was typed, and offer the three ways on."""
    conflict = conflicts.describe(form, *error.subject) if error.subject else None
    return (
        render_template(
            "errors/conflict.html", conflict=conflict, is_open=error.is_open, note_url=error.note_url
        ),
        error.status,
    )


def on_domain_error(error: DomainError) -> tuple[str, int]:
    """Answer a refusal by its own sentence."""
    db.session.rollback()
    if isinstance(error, NotAllowed):
        _audit_refusal()
    if isinstance(error, Stale) and error.form is not None and error.subject is not None:
        return _conflict_page(error, error.form)
    params = {key: gettext(v) if isinstance(v, str) else v for key, v in error.params.items()}
    return page(
        error.status, gettext(error.message, **params), is_wrong_state=isinstance(error, WrongState)
    )


def on_http_error(error: HTTPException) -> tuple[str, int]:
    """Answer Werkzeug's own refusals with our sentences."""
    db.session.rollback()
    status = error.code or 500
    if isinstance(error, CSRFError):
        return page(400, gettext(CSRF_SENTENCE))
    if isinstance(error, SecurityError):
        return page(400, gettext("This address is not served under that host name."))
    own = error.description if status == 400 and type(error).description != error.description else None
    return page(status, own or gettext(SENTENCES.get(status, SENTENCES[400])))


def on_integrity_error(error: IntegrityError) -> tuple[str, int]:
    """Answer a rule the database itself held."""
    db.session.rollback()
    current_app.logger.warning("%s refused by the database: %s", g.get("request_id"), error.orig)
    return page(409, gettext(CONFLICT_SENTENCE))


def on_data_error(error: DataError) -> tuple[str, int]:
    """Answer an entry the database cannot hold: PostgreSQL knows no NUL character, and keeps to lengths."""
    db.session.rollback()
    current_app.logger.warning("%s unfit for the database: %s", g.get("request_id"), error.orig)
    return page(422, gettext(UNFIT_SENTENCE))


def on_stale(_error: StaleDataError) -> tuple[str, int]:
    """Answer a race that the revision check of the database caught."""
    return on_domain_error(Stale())


def on_operational_error(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    """Answer a database that is locked or away; for the page that says so nobody is looked up in it."""
    g.is_database_away = True
    db.session.rollback()
    current_app.logger.error("%s database: %s", g.get("request_id"), error.orig)
    return *page(503, gettext(SENTENCES[503])), {"Retry-After": "5"}


def on_fault(error: Exception) -> tuple[str, int]:
    """Answer a fault of ours: logged whole under a reference the person can quote."""
    db.session.rollback()
    current_app.logger.exception(
        "%s %s %s", g.get("request_id"), request.method, request.path, exc_info=error
    )
    return page(
        500,
        gettext(
            "Something went wrong on our side. Nothing was saved. Tell the administrator the reference."
        ),
    )


def init_app(app: Flask) -> None:
    """Bind the error pages."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(IntegrityError, on_integrity_error)
    app.register_error_handler(DataError, on_data_error)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(OperationalError, on_operational_error)
    app.register_error_handler(Exception, on_fault)
