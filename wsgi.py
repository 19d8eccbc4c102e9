"""The application a server runs; the environment chooses the configuration."""

import gc

from visits.core.machine import is_command, refusals, require_machine, speak_plainly

gc.disable()  # what is loaded here stays: to look for rubbish among it takes a third of the start
with refusals():
    require_machine()
    from visits.app import create_app  # not before the machine is known to serve
    from visits.core.start import is_to_serve, require_fit_to_serve

    app = create_app()
    if is_command():
        speak_plainly()
    if is_to_serve(app):
        require_fit_to_serve(app)
if not is_command():  # one that ends clears up behind itself, and closes the database with it
    gc.freeze()
gc.enable()
gc.set_threshold(5_000, 20, 10)  # by default a third of the work on a page was to look for rubbish
