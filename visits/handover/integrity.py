"""What must hold of disabled accounts: nothing stays with them."""

from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_
from visits.handover.queries import left_with_disabled

SHOWN = 5


def find_left_behind() -> list[Finding]:
    """Whether something still belongs to people who cannot sign in."""
    rows = left_with_disabled()
    if not rows:
        return [fine("left_behind", N_("Nothing belongs to a disabled account."))]
    names = list(dict.fromkeys(row.person for row in rows))
    return [
        wrong(
            "left_behind",
            N_(
                "%(count)d things still belong to disabled accounts: %(names)s. Open a handover for each "
                "at /handovers/new."
            ),
            count=sum(row.count for row in rows),
            names="、".join(names[:SHOWN]),
        )
    ]
