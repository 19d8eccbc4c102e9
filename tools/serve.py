"""Serve the application for one office: gunicorn with one process and four threads, waitress on Windows."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = 4
GUNICORN = ("--config", "python:tools.serve_hooks", "--worker-class", "gthread", "--threads", str(THREADS))
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "[::]")
# As deploy/visits.service: glibc gives each thread memory of its own, and keeps what a large answer took.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}


def open_to_others(host: str, address: str) -> None:
    """Prepare for callers from other machines: the host names answered, and the way to the set-up page."""
    named = [socket.gethostname()] if host in EVERYWHERE else [host]
    os.environ.setdefault("VISITS_HOSTS", ",".join((*LOOPBACK, *named)))
    print(f"Answers under these host names: {os.environ['VISITS_HOSTS']} (VISITS_HOSTS sets others).")
    ask = [sys.executable, "-m", "flask", "--app", "wsgi", "users", "setup-token"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    if answer.returncode == 0:  # it fails when somebody has set the system up already
        print(f"Set it up from another machine at {address}{answer.stdout.strip()}")


def require_free(host: str, port: str) -> None:
    """End with a sentence when another program has the port, or the machine has no such address."""
    name = host.strip("[]")
    try:
        family = socket.getaddrinfo(name, int(port), type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((name, int(port)), family=family):
            pass
    except (OSError, ValueError) as error:
        sys.exit(f"Visits cannot be reached at {host}:{port}: {error}. Choose another: make run PORT=8001")


def serve(host: str, port: str) -> None:
    """Hand this process over to the server; it ends with Ctrl-C."""
    if os.name == "nt":
        from waitress.runner import run

        run(["waitress-serve", f"--listen={host}:{port}", f"--threads={THREADS}", "wsgi:app"])
        return
    words = [*GUNICORN, "--workers", "1", "--log-level", "warning", "--bind", f"{host}:{port}"]
    command = [sys.executable, "-m", "gunicorn", *words, "wsgi:app"]
    os.execve(sys.executable, command, MEMORY | os.environ)


def start_jobs() -> None:
    """Start the scheduled work beside the server; it ends by itself when the server has ended."""
    subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "--beside"])


def main() -> None:
    """Say where the application can be reached, and serve it."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    address = f"http://{socket.gethostname() if host in EVERYWHERE else host}:{port}"
    os.chdir(ROOT)
    require_free(host, port)
    if host not in LOOPBACK:
        open_to_others(host, address)
    print(f"Visits is at {address} — Ctrl-C stops it.", flush=True)
    start_jobs()
    serve(host, port)


if __name__ == "__main__":
    main()
