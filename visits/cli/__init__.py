"""The administrator's commands: `flask --app wsgi users create …`."""

from flask import Flask

from visits.cli import attachments, backup, calendar, doctor, enterprises, reports, seed, users

GROUPS = (
    backup.group,
    doctor.doctor,
    attachments.group,
    calendar.group,
    enterprises.group,
    reports.group,
    seed.group,
    users.group,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for group in GROUPS:
        app.cli.add_command(group)
