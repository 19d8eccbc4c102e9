"""The application a server runs; the environment chooses the configuration."""

from visits.core.machine import is_command, refusals, require_machine, speak_plainly

with refusals():
    require_machine()
    from visits.app import create_app  # not before the machine is known to serve
    from visits.core.start import is_to_serve, require_fit_to_serve

    app = create_app()
    if is_command():
        speak_plainly()
    if is_to_serve(app):
        require_fit_to_serve(app)
