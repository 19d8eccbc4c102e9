"""`flask attachments check` and `sweep`."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.browser import apart
from tests.support.files import PDF
from visits.attachments.examining import examine
from visits.attachments.operations import attach
from visits.core import clock
from visits.enterprises.models import Upload


@pytest.fixture
def command(app):
    return lambda *words: apart(lambda: app.test_cli_runner().invoke(args=["attachments", *words]))


def test_check_finds_a_missing_file(command, world, store):
    stored = attach(world.actors["author"], store, world.visit, examine(PDF, "a.pdf"))
    assert command("check").exit_code == 0
    store.erase(stored.storage_key)
    answer = command("check")
    assert answer.exit_code == 1
    assert answer.output.startswith(f"{stored.id}: ")


def test_sweep_forgets_old_lists_too(command, world, store, database):
    person = world.people["coordinator"].id
    old = clock.now() - timedelta(days=40)
    kept = {"person_id": person, "filename": "a.xlsx", "cells": b"x"}
    database.session.add_all(
        [
            Upload(**kept),
            Upload(**kept, created_at=old),
            Upload(**kept, created_at=old, committed_at=old),
            Upload(**kept, created_at=old, committed_at=clock.now()),
        ]
    )
    assert command("sweep").exit_code == 0
    left = database.session.execute(
        sa.select(Upload.id, sa.func.length(Upload.cells)).order_by(Upload.id)
    ).all()
    assert [length for _, length in left] == [1, 0, 1]
