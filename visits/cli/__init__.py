"""The administrator's commands: `flask --app wsgi users create …`."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

from visits.core.schema import bind_migrations

MIGRATIONS = "db"
# The first word of a command and where it lies. It is loaded when it is asked for: a process that serves
# pages needs none of them, nor what they stand on.
PLACES = {
    "attachments": "attachments.group",
    "backup": "backup.group",
    "calendar": "calendar.group",
    "doctor": "doctor.doctor",
    "enterprises": "enterprises.group",
    "issues": "issues.group",
    "jobs": "jobs.group",
    "outbox": "outbox.group",
    "reports": "ledger_files.group",
    "search": "search.group",
    "seed": "seed.group",
    "users": "users.group",
    "visits": "visits.group",
}


class Commands(AppGroup):
    """The application's commands, each loaded when it is asked for."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self.app = app

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The first words of all commands."""
        return sorted((*PLACES, MIGRATIONS))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or group of commands, with this first word."""
        if cmd_name == MIGRATIONS:
            bind_migrations(self.app)  # adds it
        elif cmd_name in PLACES:
            module, _, name = PLACES[cmd_name].partition(".")
            self.add_command(getattr(import_module(f"visits.cli.{module}"), name))
        return super().get_command(ctx, cmd_name)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli = Commands(app)
