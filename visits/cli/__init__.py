"""The administrator's commands: `flask --app wsgi users create …`."""

from flask import Flask

from visits.cli import (
    attachments,
    backup,
    calendar,
    doctor,
    enterprises,
    issues,
    jobs,
    ledger_files,
    outbox,
    search,
    seed,
    users,
    visits,
)

GROUPS = (
    attachments.group,
    backup.group,
    calendar.group,
    doctor.doctor,
    enterprises.group,
    issues.group,
    jobs.group,
    ledger_files.group,
    outbox.group,
    search.group,
    seed.group,
    users.group,
    visits.group,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for group in GROUPS:
        app.cli.add_command(group)
