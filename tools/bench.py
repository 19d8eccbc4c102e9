"""Measures the application over HTTP on years of records, beside a bare page on the same database.

`make bench` does it on SQLite and PostgreSQL. The records are made once per folder and number of years; the
measured forms add a few to them. Each request is paired with one for the bare page, sent just before.
"""

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import ROOT
from tests.support.postgres import Server
from tools.bench_cases import FLOORS, Case, all_cases, people
from tools.bench_client import Answer, Visitor
from tools.bench_files import exports, imports, monthly_report
from tools.bench_post import fares
from tools.bench_rows import fill
from tools.serve import MEMORY
from visits.app import create_app

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
WARM_UP = 2
POST = "post"  # among the words of --only: how pages fare while messages leave


@contextmanager
def served(app: str) -> Iterator[tuple[int, int, float]]:
    """Serve an application as tools/serve.py does; its port, its process, seconds to the first answer."""
    listener, began = socket.create_server(("127.0.0.1", 0)), time.perf_counter()
    port, descriptor = listener.getsockname()[1], listener.fileno()
    words = ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "75", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", *words, "--bind", f"fd://{descriptor}", app]
    process = subprocess.Popen(command, cwd=ROOT, env=MEMORY | os.environ, pass_fds=[descriptor])
    try:
        Visitor(port).ask("GET", "/sign-in")  # the open socket keeps it until the worker is there
        yield port, process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()
        listener.close()


def memory_of(pid: int) -> float:
    """How many megabytes the worker of a server holds."""
    worker = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


class Bench:
    """Asks each case in turn, round after round, and keeps what it took beside its floor."""

    def __init__(self, port: int, floor_port: int, persons: dict[str, int]) -> None:
        self.floor = Visitor(floor_port)
        self.visitors = {role: Visitor(port) for role in persons}
        for role, person_id in persons.items():
            self.visitors[role].sign_in(person_id)
        self.found: dict[str, list[tuple[Answer, float]]] = {}

    def ask(self, case: Case) -> Answer:
        """One request of a case."""
        visitor, address = self.visitors[case.role], next(case.addresses)
        return case.post(visitor, address) if case.post else visitor.ask("GET", address)

    def run(self, cases: list[Case], rounds: int) -> None:
        """Warm up, then measure each case once a round."""
        for number in range(-WARM_UP, rounds):
            for case in cases:
                if case.post and number < -1:
                    continue
                floor = self.floor.ask("GET", FLOORS[case.floor])
                answer = self.ask(case)
                if answer.status >= 400:
                    raise RuntimeError(
                        f"{case.name}: answered by {answer.status}\n{answer.body.decode()[:3000]}"
                    )
                if number >= 0:
                    self.found.setdefault(case.name, []).append((answer, floor.took))


def table(bench: Bench, cases: list[Case]) -> Iterator[str]:
    """The measured cases as a table."""
    yield "| page or action | median ms | p95 | of it processor | statements | × floor | aim | |"
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    for case in cases:
        found = bench.found[case.name]
        took = sorted(answer.took for answer, _ in found)
        ratio = statistics.median(answer.took / floor for answer, floor in found)
        statements = max(answer.statements for answer, _ in found)
        worked = statistics.median(answer.worked for answer, _ in found)
        p95 = took[min(len(took) - 1, round(len(took) * 0.95))]
        verdict = "ok" if ratio <= case.aim and statements <= case.statements else "missed"
        yield (
            f"| {case.name} | {statistics.median(took):.1f} | {p95:.1f} | {worked:.1f} | {statements} "
            f"| {ratio:.1f} | {case.aim:g} × {case.floor} | {verdict} |"
        )
    for kind in FLOORS:
        floors = [floor for case in cases if case.floor == kind for _, floor in bench.found[case.name]]
        if floors:
            yield f"| floor: {kind} | {statistics.median(floors):.1f} | | | | 1 | | |"


def line(name: str, value: float, unit: str, most: float) -> str:
    """One thing measured once, beside its aim."""
    return f"| {name} | {value:.1f} {unit} | {most:g} {unit} | {'ok' if value <= most else 'missed'} |"


def measure(rounds: int, only: str) -> None:
    """Measure the database that the environment names, and print the tables."""
    with create_app().app_context():
        words, (drafted, asked) = only.split(","), monthly_report()
        persons, cases = people(), [c for c in all_cases() if any(word in c.name for word in words)]
        fill(persons["coordinator"])
    os.environ["BENCH_PERSON"] = str(persons["coordinator"])
    with served("tools.bench_served:app") as (port, pid, cold), served("tools.bench_floor:app") as floor:
        bench = Bench(port, floor[0], persons)
        if cases:
            bench.run(cases, rounds)
            print("\n".join(table(bench, cases)), flush=True)
        if not only or POST in words:
            with create_app().app_context():
                for row in fares(port, persons):
                    print(row, flush=True)
        print("\n| once | | aim | |\n|---|--:|--:|---|")
        print(line(f"figures of a monthly report, {asked} statements", drafted * 1000, "ms", 15_000))
        if not only:
            print(line("cold start to the first page", cold * 1000, "ms", 1500))
            print(line("memory of the web process after all pages", memory_of(pid), "MB", 130))
            for name, seconds in exports(bench.visitors["coordinator"]):
                print(line(name, seconds * 1000, "ms", 6000), flush=True)
            print(line("memory after the exports", memory_of(pid), "MB", 230))
            print(line("import of 10,000 rows, --dry-run", imports() * 1000, "ms", 12_000))


def prepare(years: int, enterprises: int) -> None:
    """Bring the database to the present schema, and fill it where it is empty."""
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, check=True, capture_output=True)
    began = time.perf_counter()
    words = ["seed", "load", "--years", str(years), "--enterprises", str(enterprises)]
    made = subprocess.run([*FLASK, *words], cwd=ROOT, check=False, capture_output=True)
    if made.returncode == 0:
        print(f"Made the records of {years} years in {time.perf_counter() - began:.0f} s.", flush=True)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of the database to measure; a PostgreSQL server lives for the run only."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'visits.sqlite3'}"
        return
    server = Server()
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


def main() -> None:
    """Measure on the databases asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--enterprises", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is asked for")
    parser.add_argument("--quick", action="store_true", help="five rounds")
    parser.add_argument(
        "--only", default="", help="measure only what has one of these words, parted by commas, in its name"
    )
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--folder", type=Path, default=ROOT / "instance-bench")
    parser.add_argument("--here", action="store_true", help="measure the database of the environment")
    chosen = parser.parse_args()
    rounds = 5 if chosen.quick else chosen.rounds
    if chosen.here:
        measure(rounds, chosen.only)
        return
    for kind in chosen.databases.split(","):
        folder = chosen.folder / f"{kind}-{chosen.years}-{chosen.enterprises}"
        folder.mkdir(parents=True, exist_ok=True)
        with database(kind, folder) as address:
            os.environ |= {"VISITS_INSTANCE": str(folder), "DATABASE_URL": address, "VISITS_DEMO": "1"}
            print(f"\n## {kind}, {chosen.years} years, {chosen.enterprises} enterprises\n", flush=True)
            prepare(chosen.years, chosen.enterprises)
            words = ["--here", "--rounds", str(rounds), "--only", chosen.only]
            subprocess.run([sys.executable, "-m", "tools.bench", *words], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
