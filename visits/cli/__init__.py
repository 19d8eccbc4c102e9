"""The administrator's commands: `flask --app wsgi users create …`."""

from flask import Flask

from visits.cli import enterprises, reports, seed, users

GROUPS = (enterprises.group, reports.group, seed.group, users.group)


def init_app(app: Flask) -> None:
    """Register the groups of commands."""
    for group in GROUPS:
        app.cli.add_command(group)
