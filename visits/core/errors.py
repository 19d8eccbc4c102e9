"""What an operation may refuse, each with a sentence for the person and an HTTP status."""

from typing import Any

from visits.core.i18n import N_


class DomainError(Exception):
    """A refusal with a sentence: an English msgid with named placeholders, and their values.

    `field` names the form field the sentence belongs to, where there is one.
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.field = field
        self.params = params


class NotAllowed(DomainError):
    """The person's roles do not permit this."""

    status = 403

    def __init__(self, message: str = N_("Your roles do not permit this."), **params: object) -> None:
        super().__init__(message, field=None, **params)


class NotFound(DomainError):
    """There is no such record, or this person may not know of it."""

    status = 404

    def __init__(
        self,
        message: str = N_("This page or record does not exist, or you may not see it."),
        **params: object,
    ) -> None:
        super().__init__(message, field=None, **params)


class WrongState(DomainError):
    """The record is not in a state from which this can be done."""

    status = 409


class Stale(DomainError):
    """Somebody changed the record after this form was opened.

    `subject` is the record as (table, id, present revision) where that is known; `is_open` says whether
    what the form asks for can still be done; `form` and `note_url` are added on the way to the page.
    """

    status = 409

    def __init__(self, subject: tuple[str, int, int] | None = None, *, is_open: bool = True) -> None:
        super().__init__(
            N_(
                "Somebody changed this record after you opened the form. "
                "Nothing was saved. Open it again, check the new state, and enter your text once more."
            )
        )
        self.subject = subject
        self.is_open = is_open
        self.form: Any = None
        self.note_url: str | None = None


class Gone(DomainError):
    """What the address once led to is over: used, expired or replaced."""

    status = 410


class Refused(DomainError):
    """The entry breaks a rule; the sentence says which and what to do."""

    status = 422
