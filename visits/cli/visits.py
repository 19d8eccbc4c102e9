"""`visits import`: an office's own ledger of visits from the command line."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from visits.cli.ledgers import import_options, run_import
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.outreach.ledger.carrying import VISITS, usual_programmes
from visits.programmes import queries as programmes
from visits.programmes.models import VisitMode

group = AppGroup("visits", help="Visits to enterprises.")


@group.command("import")
@import_options
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in VisitMode]),
    default=VisitMode.ON_SITE.value,
    help="The mode of visits that name none.",
)
@click.option(
    "--programme",
    "named",
    multiple=True,
    metavar="NAME",
    help="A programme, by name or code, of visits that name none; by default 企业大走访 and 组团联企.",
)
def import_visits(file: Path, **given: Any) -> None:
    """Import FILE (xlsx, xls, xlsb, ods, csv). Exit 1: rows were rejected; 2: it could not be read."""

    def chosen() -> dict[str, Any]:
        return {"mode": given["mode"], "programme_ids": _programme_ids(given["named"])}

    run_import(VISITS, file, given, chosen, _in_words)


def _programme_ids(named: tuple[str, ...]) -> list[int]:
    known = programmes.programmes()
    found = [i for name in named for i, code, title in known if name in (code, title)]
    if len(found) < len(named):
        names = "、".join(title for _, _, title in known)
        raise Refused(N_("There is no such programme; there are %(names)s."), names=names)
    return found or usual_programmes()


def _in_words(report: dict[str, Any]) -> str:
    return gettext(
        "%(rows)d rows: %(created)d with new visits, %(unchanged)d here already, %(skipped)d skipped, "
        "%(rejected)d rejected. %(visits)d visits.",
        **{key: report[key] for key in ("rows", "created", "unchanged", "skipped", "rejected", "visits")},
    )
