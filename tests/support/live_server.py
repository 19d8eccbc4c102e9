"""The application as a process of its own, on its own database, for tests that need a real server.

Servers and commands are forked from a process that has loaded the application once: to load it takes longer
than many a test. Each makes its own application from its own environment, as one started alone does.
"""

import io
import multiprocessing
import os
import shutil
import socket
import sys
import warnings
from contextlib import contextmanager

import pytest
from flask import cli
from gunicorn.app import wsgiapp

import config
from config import ROOT, env_str
from tools.serve import GUNICORN
from visits.app import create_app
from visits.core.db import db, write_next

SLOW = env_str("ANSWERS_WITHIN")
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def _move_into(environment, output):
    """Live in this environment from now on; what is said goes to the end of a file."""
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("ignore")
    with output.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())


def serve(environment, output, words, listener):
    """Be gunicorn with these words on its command line, on a socket that is open already."""
    _move_into(environment, output)
    sys.argv = ["gunicorn", *words, "--bind", f"fd://{listener.fileno()}"]
    wsgiapp.run()


def command(environment, output, words, typed):
    """Be one of the administrator's commands, which is told on its input what is typed."""
    _move_into(environment, output)
    sys.stdin = io.StringIO(typed)
    sys.argv = ["flask", "--app", "wsgi", *words]
    try:
        cli.main()
    finally:  # a forked process ends without clearing up
        from wsgi import app

        with app.app_context():
            db.engine.dispose()


class LiveServer:
    """gunicorn on a socket that is open before it starts, so nobody has to wait for it."""

    def __init__(self, folder, template=None, url=None, workers=1, sample=None):
        self.folder, self.workers, self.sample = folder, workers, sample
        self.log = folder / "server.log"
        own = {"VISITS_ENV": "testing", "VISITS_INSTANCE": str(folder), "PYTHONWARNINGS": "ignore"}
        own["PYTHONDONTWRITEBYTECODE"] = ""  # what one process compiled is there for those after it
        self.environment = {key: os.environ[key] for key in os.environ if key != "DATABASE_URL"} | own
        if url:
            self.environment["DATABASE_URL"] = url
        if template:
            shutil.copyfile(template, folder / "visits.sqlite3")

    @classmethod
    def in_demo(cls, folder):
        """The installation of a demo zone whose files are in the folder."""
        zone = cls(folder)
        zone.environment |= {"VISITS_DEMO": "1", "VISITS_ENV": "development"}
        return zone

    @classmethod
    def of_demo(cls, folder, *words):
        """Make an installation with a demo zone; `words` are those of `seed demo`."""
        zone = cls.in_demo(folder)
        zone.flask("db", "upgrade")
        zone.flask("seed", "demo", *words)
        return zone

    def flask(self, *words, said=None):
        """Run one of the administrator's commands on this installation; return what it prints."""
        output = self.folder / "command.log"
        output.unlink(missing_ok=True)
        process = PROCESSES.Process(target=command, args=(self.environment, output, words, said or ""))
        process.start()
        process.join()
        printed = output.read_text(encoding="utf-8")
        assert process.exitcode == 0, f"flask {' '.join(words)} failed:\n{printed}"
        process.close()
        return printed

    @contextmanager
    def opened(self):
        """Work on this installation's database from within the test; what was done is committed."""
        with pytest.MonkeyPatch.context() as patch:
            for key, value in self.environment.items():
                patch.setenv(key, value)
            patch.delenv("DATABASE_URL", raising=False)
            app = create_app(config.from_environment())
        with app.app_context():
            write_next(True)
            yield
            db.session.commit()
            write_next(False)
            db.session.remove()
            db.engine.dispose()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        words = (*GUNICORN, "--workers", str(self.workers))
        if self.sample:
            words = ("--config", str(self.sample))
            self.environment["WORKERS"] = str(self.workers)
        words += ("--chdir", str(ROOT), "tests.support.slow:app" if SLOW else "wsgi:app")
        self.process = PROCESSES.Process(
            target=serve, args=(self.environment, self.log, words, self.listener)
        )
        self.process.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join(timeout=60)
        self.process.close()
        self.listener.close()

    def faults(self):
        """What the server logged from the first error on."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return [said[said.index("Traceback") :]] if "Traceback" in said else []
