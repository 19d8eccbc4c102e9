"""What tests do at the pages and commands that take a spreadsheet in, and read of what came of it."""

import io
import json
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.support.browser import apart
from visits.core.db import db
from visits.enterprises import long_work, uploads
from visits.enterprises.models import Upload


class WizardSteps:
    """The steps of one wizard: where its pages stand, and what its file is called unless a test says."""

    def __init__(self, blueprint, filename):
        self.blueprint, self.filename = blueprint, filename

    def send(self, browser, content, filename=None, status=303):
        """Choose a file."""
        file = (io.BytesIO(content), filename or self.filename)
        return browser.post(f"{self.blueprint}.start", {"file": file}, status=status)

    def previewed(self, browser, content, filename=None, **chosen):
        """Take a file as far as the preview."""
        columns = browser.follow(self.send(browser, content, filename))
        return browser.follow(browser.post(columns.url, chosen, page=columns))

    def taken_over(self, browser, content):
        """Take a file as far as the result."""
        preview = self.previewed(browser, content)
        return browser.follow(browser.post(preview.url, page=preview))

    def previewed_by(self, work, browser, content):
        """Take a long file as far as the preview, where `work` does what a worker would do."""
        self.send(browser, content)
        work()
        columns = browser.get(f"{self.blueprint}.map_columns", upload_id=upload().id)
        browser.post(columns.url, page=columns)
        work()
        return browser.get(f"{self.blueprint}.preview", upload_id=upload().id)


@pytest.fixture
def started(monkeypatch):
    """Note which uploads a worker was started for, and start none."""
    ids = []
    monkeypatch.setattr(uploads, "start_worker", ids.append)
    return ids


@pytest.fixture
def work(app):
    """Do what the worker would do, as a process apart from the test's own transaction."""

    def begin(upload_id):
        with app.app_context():
            return long_work.work(upload_id)

    def run():
        upload_id = upload().id
        return apart(lambda: begin(upload_id))

    return run


@contextmanager
def breaking_off(module, name, at=3):
    """Have a function that writes one part of a file break off at one of the parts."""
    write, parts = getattr(module, name), []

    def breaks_off(*given):
        parts.append(given)
        if len(parts) == at:
            raise RuntimeError("the power went off")
        write(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, breaks_off)
        yield


def importer(app, folder, group, figures):
    """A function that imports a file by a command and returns the exit code, the figures, and all it said.

    `figures` names those wanted: first the rows, then the four fates of a row, then what else.
    """
    runner = app.test_cli_runner()

    def run(content, *words, filename="台账.csv", shape=("--json",)):
        file = folder / filename
        file.write_bytes(content)
        result = apart(lambda: runner.invoke(args=[group, "import", str(file), *shape, *words]))
        if result.exit_code == 2 or not shape:
            return result.exit_code, None, result.stderr + result.stdout
        said = json.loads(result.stdout)
        assert said["rows"] == sum(said[key] for key in figures[1:5])
        return result.exit_code, tuple(said[key] for key in figures), said

    return run


def figures(page):
    """The figures of a preview or a result."""
    return [int(stat.first("b").text.replace(",", "")) for stat in page.root.all(class_="stat")]


def upload():
    """The only upload there is, as it is stored now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Upload).execution_options(populate_existing=True)).one()


def stored(model):
    """All records of a kind, oldest first."""
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id)).all()


def count(model):
    """How many records of a kind there are."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(model.id)))


def costs(browser, statements, *pages):
    """How many statements each of these pages costs; a page is an endpoint and what its address holds."""
    told = {}
    for endpoint, given in pages:
        with statements() as seen:
            browser.get(endpoint, **given)
        told[endpoint] = len(seen)
    return told
