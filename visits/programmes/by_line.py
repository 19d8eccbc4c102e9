"""Enterprises named in a form one a line, as they are copied out of an office's own list."""

from typing import Any

from flask import flash
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from visits.core.forms import long_text
from visits.enterprises import queries as enterprises

MOST_LINES = 500
MOST_TOLD = 8


class NamedByLine:
    """The part of a form that finds the enterprises of its lines.

    `enterprise_ids` are those found, `left_out` the lines that fit none or several and are passed over.
    """

    lines = long_text(
        _l("Enterprises"),
        20_000,
        required=True,
        rows=8,
        hint=_l("One credit code or whole name a line, at most 500; former names are known too."),
    )
    leaves_out = BooleanField(_l("Leave out the lines that fit no enterprise, or several"))
    enterprise_ids: tuple[int, ...] | list[int] = ()
    left_out: tuple[str, ...] | list[str] = ()

    def validate_lines(self, field: Any) -> None:
        """Find each line's enterprise; lines that fit none or several are told by number."""
        lines = [line.strip() for line in (field.data or "").splitlines()]
        numbered = [(n, line) for n, line in enumerate(lines, 1) if line]
        if len(numbered) > MOST_LINES:
            raise ValidationError(
                gettext("These are %(count)s lines; at most 500 at once.", count=len(numbered))
            )
        found = enterprises.by_codes_and_names(dict.fromkeys(line for _, line in numbered))
        self.enterprise_ids = list(dict.fromkeys(ids[0] for ids in found.values() if len(ids) == 1))
        if self.leaves_out.data and self.enterprise_ids:
            self.left_out = [_told(n, line) for n, line in numbered if len(found[line]) != 1]
            return
        none = [_told(n, line) for n, line in numbered if not found[line]]
        many = [_told(n, line) for n, line in numbered if len(found[line]) > 1]
        problems = []
        if none:
            problems.append(gettext("No enterprise of the register fits: %(lines)s", lines="；".join(none)))
        if many:
            problems.append(
                gettext(
                    "Several enterprises fit, write the credit code instead: %(lines)s",
                    lines="；".join(many),
                )
            )
        if problems:
            raise ValidationError(" ".join(problems))


def tell_left_out(form: NamedByLine) -> None:
    """Say which lines of a form that went through were passed over; the first only: cookies are short."""
    if not form.left_out:
        return
    lines, more = "；".join(form.left_out[:MOST_TOLD]), len(form.left_out) - MOST_TOLD
    if more > 0:
        lines += " " + ngettext("and %(num)d more", "and %(num)d more", more)
    flash(gettext("Left out, as no enterprise fits or several do: %(lines)s", lines=lines), "warning")


def _told(number: int, line: str) -> str:
    return gettext("line %(number)s “%(line)s”", number=number, line=line[:40])
