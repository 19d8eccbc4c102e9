"""`issues import`: an office's own ledger of past problems from the command line."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from visits.cli.ledgers import import_options, run_import
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues.ledger.carrying import PROBLEMS, usual_category
from visits.issues.models import IssueSource
from visits.issues.queries import open_categories

group = AppGroup("issues", help="Problems of enterprises.")


@group.command("import")
@import_options
@click.option(
    "--category",
    metavar="NAME",
    help="The category of problems that name none; by default 其他, where there is one.",
)
@click.option(
    "--source",
    type=click.Choice([source.value for source in IssueSource]),
    default=IssueSource.VISIT.value,
    help="The source of problems that name none.",
)
@click.option(
    "--visit-day-registers",
    is_flag=True,
    help="Where the day of registration is missing, the day of the visit stands for it.",
)
@click.option(
    "--registering-assigns",
    is_flag=True,
    help="Where the day of the assignment is missing, the day of registration stands for it.",
)
def import_issues(file: Path, **given: Any) -> None:
    """Import FILE (xlsx, xls, xlsb, ods, csv). Exit 1: rows were rejected; 2: it could not be read."""

    def chosen() -> dict[str, Any]:
        named = {key: given[key] for key in ("source", "visit_day_registers", "registering_assigns")}
        return {"category_id": _category_id(given["category"]), **named}

    run_import(PROBLEMS, file, given, chosen, _in_words)


def _category_id(name: str | None) -> int:
    if name is None:
        return usual_category()
    known = open_categories()
    found = [key for key, title in known if name in (title, title.rpartition(" / ")[2])]
    if not found:
        names = "、".join(title for _, title in known)
        raise Refused(N_("There is no such category; there are %(names)s."), names=names)
    return found[0]


def _in_words(report: dict[str, Any]) -> str:
    return gettext(
        "%(rows)d rows: %(created)d taken over, of which %(open)d still open, %(unchanged)d here already, "
        "%(skipped)d skipped, %(rejected)d rejected.",
        **{key: report[key] for key in ("rows", "created", "open", "unchanged", "skipped", "rejected")},
    )
