"""The application a server runs; the environment chooses the configuration."""

from visits.app import create_app

app = create_app()
