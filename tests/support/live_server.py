"""The application as a process of its own, on its own database, for tests that need a real server."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

import config
from config import ROOT, env_str
from visits.app import create_app
from visits.core.db import db, write_next

SLOW = env_str("ANSWERS_WITHIN")


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
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, input=said, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"flask {' '.join(words)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

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
        descriptor = self.listener.fileno()
        words = ("--worker-class", "gthread", "--threads", "4", "--workers", str(self.workers))
        if self.sample:
            words = ("--config", self.sample)
            self.environment["WORKERS"] = str(self.workers)
        words += ("--bind", f"fd://{descriptor}", "tests.support.slow:app" if SLOW else "wsgi:app")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *words],
                cwd=ROOT,
                env=self.environment,
                pass_fds=[descriptor],
                stdout=log,
                stderr=log,
            )
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.listener.close()

    def faults(self):
        """What the server logged from the first error on."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return [said[said.index("Traceback") :]] if "Traceback" in said else []
