"""What is sent wrongly to the import of past problems gets a plain sentence, and changes nothing."""

import pytest

from tests.factories.accounts import actor_for
from tests.factories.issues import make_category
from tests.journeys.refusals import assert_refused
from tests.journeys.tries import FAR, HUGE, file, try_
from tests.support.problem_ledgers import problem_ledger, row
from visits.core.db import db
from visits.enterprises.models import Cargo, ImportRun
from visits.enterprises.uploads import keep_upload

IMPORT, COLUMNS = "/issues/import", "/issues/import/{problems}/columns"
TRIES = [
    try_("coordinator", IMPORT, {"file": "keine Datei"}, 422, "选择文件"),
    try_("coordinator", IMPORT, file(b"", "空.csv"), 422),
    try_("coordinator", IMPORT, file(b"PK\x05\x06" + bytes(18), "空.xlsx"), 422, "损坏"),
    try_("coordinator", IMPORT, file(FAR, "远.xlsx"), 422, "第1048576行"),
    try_("coordinator", IMPORT, file(b"%PDF-1.7", "台账.xlsx"), 422, "PDF"),
    try_("cadre", IMPORT, file(b"a", "\x00../../etc/passwd.csv"), 403),
    try_("handler", IMPORT, file(b"a", "台账.csv"), 403),
    try_("visitor", IMPORT, {}, 401, "登录"),
    try_("coordinator", COLUMNS, {"source": "pigeon"}, 422),
    try_("coordinator", COLUMNS, {"category_id": HUGE}, 422),
    try_("coordinator", COLUMNS, {"category_id": "1 OR 1=1"}, 422),
    try_("coordinator", COLUMNS, {"column_0": "state"}, 422),
    try_("coordinator", COLUMNS, {"column_0": "closed_on"}, 422, "已对应"),
    try_("coordinator", COLUMNS, {"column_4": ""}, 422, "问题内容"),
    try_("coordinator", "/issues/import/{problems}/sheet", {"heading_row": HUGE}, 422),
    try_("coordinator", "/issues/import/{problems}/rejected.csv", {}, 405),
    try_("coordinator", "/issues/import/{ledger}/columns", {}, 404),
    try_("coordinator", "/visits/import/{problems}/columns", {}, 404),
    try_("coordinator", "/issues/imports/999999", {"reason": "撤销"}, 404),
    try_("coordinator", "/issues/imports/{undone}", {"reason": "再撤销一次"}, 422, "已撤销"),
    try_("coordinator", "/issues/imports/{fresh}", {"reason": " \u3000\x00\u200b"}, 422, "必填"),
    try_("leader", "/issues/imports/{undone}", {"reason": "撤销"}, 403),
]


@pytest.fixture
def under_way(world):
    """A ledger of problems on its way, an import that was undone, and one that was not."""
    make_category()
    coordinator = world.people["coordinator"]
    content = problem_ledger(row())
    upload = keep_upload(actor_for(coordinator), content, "问题台账.csv", Cargo.ISSUES)
    run = ImportRun(filename="问题台账.csv", cargo=Cargo.ISSUES, undo_reason="年份弄错了")
    run.undone_at = upload.created_at
    fresh = ImportRun(filename="问题台账.csv", cargo=Cargo.ISSUES)
    db.session.add_all([run, fresh])
    db.session.flush()
    world.ids |= {"problems": upload.id, "undone": run.id, "fresh": fresh.id}
    db.session.commit()
    return world


@pytest.mark.parametrize(("who", "path", "data", "answer", "says"), TRIES)
def test_the_import_of_problems_refuses_with_a_sentence_and_nothing_changes(
    under_way, contents, who, path, data, answer, says
):
    assert_refused(under_way, contents, who, path, data, answer, says)
