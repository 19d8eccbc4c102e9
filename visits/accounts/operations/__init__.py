"""Every change to people, units and sign-ins."""

from visits.accounts.operations.delegating import (
    AbsenceEntry,
    end_absence,
    let_tell,
    name_deputy,
    pass_absence,
)
from visits.accounts.operations.ending import end_sign_ins
from visits.accounts.operations.passwords import (
    change_password,
    make_password_link,
    set_password,
    use_password_link,
)
from visits.accounts.operations.people import (
    PersonEntry,
    choose_keys,
    choose_language,
    create_person,
    disable_person,
    enable_person,
    update_person,
)
from visits.accounts.operations.signing import (
    begin_sign_in,
    note_unknown_link,
    sign_in,
    sign_in_demo,
    sign_out,
)
from visits.accounts.operations.units import close_unit, create_unit, reopen_unit, update_unit

__all__ = [
    "AbsenceEntry",
    "PersonEntry",
    "begin_sign_in",
    "change_password",
    "choose_keys",
    "choose_language",
    "close_unit",
    "create_person",
    "create_unit",
    "disable_person",
    "enable_person",
    "end_absence",
    "end_sign_ins",
    "let_tell",
    "make_password_link",
    "name_deputy",
    "note_unknown_link",
    "pass_absence",
    "reopen_unit",
    "set_password",
    "sign_in",
    "sign_in_demo",
    "sign_out",
    "update_person",
    "update_unit",
    "use_password_link",
]
