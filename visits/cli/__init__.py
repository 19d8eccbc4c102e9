"""The administrator's commands: `flask --app wsgi users create …`."""

from flask import Flask

from visits.cli import attachments, enterprises, reports, seed, users

GROUPS = (attachments.group, enterprises.group, reports.group, seed.group, users.group)


def init_app(app: Flask) -> None:
    """Register the groups of commands."""
    for group in GROUPS:
        app.cli.add_command(group)
