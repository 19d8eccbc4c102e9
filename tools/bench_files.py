"""The bench's long work: a ledger as a file, and a spreadsheet into the register."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

from tests.support.statements import recorded
from tools.bench_client import Visitor
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db, transaction
from visits.core.periods import Month
from visits.monthly.assemble import content_of
from visits.monthly.operations import draft_report
from visits.monthly.queries import in_force

ROWS = 10_000
# what is taken home: its page, the parameter of its first day, how many days ago that is, its name
EXPORTS = (
    ("issues", "registered_from", 1100, "problems of three years"),
    ("visits", "from", 1100, "visits of three years"),
    ("ledgers/problems", "period_from", 100, "ledger of problems of a quarter"),
)
HEADERS = ("企业名称", "统一社会信用代码", "地址", "所属街道", "成立日期")


def exports(visitor: Visitor) -> Iterator[tuple[str, float]]:
    """Take lists home as files: name and seconds of each that can be taken home."""
    for address, parameter, days, name in EXPORTS:
        since = today() - timedelta(days=days)
        for suffix in ("xlsx", "csv"):
            form = visitor.form(f"/{address}?{parameter}={since}", f"/{address}/export.{suffix}")
            if form.controls:
                answer = form.send({})
                rows = f"{len(answer.body) // 1024} KB"
                yield f"{name} to {suffix} ({rows}, answer {answer.status})", answer.took / 1000


def monthly_report() -> tuple[float, int]:
    """Draft the report of the last month where there is none yet; seconds and statements of its figures."""
    month = Month.of(today()).previous
    if in_force(month) is None:
        with transaction():
            draft_report(SYSTEM, month)
    began = time.perf_counter()
    with recorded(db.engine) as statements:
        content_of(month)
    return time.perf_counter() - began, len(statements)


def imports() -> float:
    """Read and check a spreadsheet of 10,000 enterprises; how many seconds that takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.xlsx"
        _write(file)
        began = time.perf_counter()
        words = ["enterprises", "import", "--dry-run", str(file)]
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], check=True, capture_output=True
        )
        return time.perf_counter() - began


def _write(file: Path) -> None:
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    for number in range(1, ROWS + 1):
        body = f"91999999MC{number:07d}"
        name = f"湖畔区量测第{number}号机械有限公司"
        row = (name, body + uscc.calc_check_digit(body), f"创业路{number}号", "云溪街道", "2015-06-01")
        sheet.write_row(number, 0, row)
    book.close()
