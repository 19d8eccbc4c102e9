"""The pages of an import wizard, whatever the spreadsheet holds: file, columns, preview, result."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from visits.core import export
from visits.core.authz import Actor
from visits.core.errors import NotFound
from visits.core.forms import BaseForm
from visits.core.listing import Cell, Column, Kind
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import columns, import_forms, import_report, importing, runs, stages, uploads
from visits.enterprises.carriers import Carrier
from visits.enterprises.checking import RowError
from visits.enterprises.models import AT_WORK, STAGE_LABELS, ImportRun, Upload, UploadStage
from visits.enterprises.record_forms import ReasonForm

READABLE = (UploadStage.READ, UploadStage.CHECKED)
PAGES = {
    UploadStage.READ: "map_columns",
    UploadStage.CHECKED: "preview",
    UploadStage.WRITTEN: "preview",
}


@dataclass(frozen=True)
class Wizard:
    """One cargo's pages: where they stand and lead back to, its templates, the form of the columns.

    `mapping_form` is made from the headings and the upload; `chosen` reads from it which column fills which
    field and what else was chosen; `warnings` says what to look at in the file as a whole.
    """

    carrier: Carrier
    blueprint: str
    pages: Mapping[str, str]
    back: str
    mapping_form: Callable[[list[str], Upload], BaseForm]
    chosen: Callable[[Any, list[str]], tuple[dict[str, int], dict[str, Any]]]
    warnings: Callable[[Table, Heading, dict[str, int]], list[RowError]]
    writing: str = STAGE_LABELS[UploadStage.WRITING]

    def lay_pages(self, blueprint: Blueprint, address: str) -> None:
        """Give a blueprint the pages of this wizard, below an address."""
        one = f"{address}/<int:upload_id>"
        steps: tuple[tuple[str, str, Callable[..., Any], tuple[str, ...]], ...] = (
            (address, "start", self.start, ("GET", "POST")),
            (f"{one}/progress", "progress", self.progress, ("GET",)),
            (f"{one}/go-on", "go_on", self.go_on, ("POST",)),
            (f"{one}/discard", "discard", self.discard, ("POST",)),
            (f"{one}/columns", "map_columns", self.map_columns, ("GET", "POST")),
            (f"{one}/sheet", "choose_sheet", self.choose_sheet, ("POST",)),
            (one, "preview", self.preview, ("GET", "POST")),
            (f"{one}/rejected.csv", "rejected_csv", partial(self.rejected_file, kind="csv"), ("GET",)),
            (f"{one}/rejected.xlsx", "rejected_xlsx", partial(self.rejected_file, kind="xlsx"), ("GET",)),
        )
        for rule, name, step, methods in steps:
            mark = requires(self.carrier.permission, late_write="POST" in methods)
            blueprint.add_url_rule(rule, name, mark(partial(step)), methods=methods)

    def lay_imports(
        self,
        blueprint: Blueprint,
        address: str,
        undo: Callable[[Actor, ImportRun, str], object],
        undone: str,
    ) -> None:
        """Give a blueprint the list of the imports there were, and the page on which one is taken back."""

        def imports() -> Any:
            page = runs.list_runs(request.args, self.carrier.cargo)
            return render_template(self.pages["imports"], page=page)

        def undo_one(run_id: int) -> Any:
            if (run := runs.get_run(run_id, self.carrier.cargo)) is None:
                raise NotFound()
            form = ReasonForm()
            if carried_out(form, lambda: undo(current_actor(), run, form.reason.data or "")):
                flash(_(undone))
                return redirect(url_for(f"{self.blueprint}.undo", run_id=run_id), 303)
            return answer(self.pages["undo"], form, run=run)

        may = requires(self.carrier.permission)
        blueprint.add_url_rule(address, "imports", may(imports))
        blueprint.add_url_rule(f"{address}/<int:run_id>", "undo", may(undo_one), methods=("GET", "POST"))

    def url(self, step: str, upload_id: int | None = None) -> str:
        """The address of a step."""
        given: dict[str, Any] = {} if upload_id is None else {"upload_id": upload_id}
        return url_for(f"{self.blueprint}.{step}", **given)

    def stands_at(self, upload: Any) -> str:
        """The address of the page on which the wizard stands with an upload."""
        return self.url(PAGES.get(upload.stage, "progress"), upload.id)

    def get(self, upload_id: int) -> Upload:
        """One's own upload with this cargo."""
        found = stages.get_upload(upload_id, current_actor().person_id, self.carrier.cargo)
        if found is None:
            raise NotFound()
        return found

    def _onward(self, upload: Upload) -> Any:
        return redirect(self.stands_at(upload), 303)

    def _answer(self, page: str, form: BaseForm, **context: Any) -> Any:
        return answer(self.pages[page], form, wizard=self, **context)

    @property
    def stage_labels(self) -> dict[UploadStage, str]:
        """What to call how far a file has come."""
        return STAGE_LABELS | {UploadStage.WRITING: self.writing}

    def start(self) -> Any:
        """The page on which a file is chosen, with those not finished."""
        form = import_forms.UploadForm()
        kept: list[Upload] = []

        def keep() -> None:
            file = form.file.data
            content, name = file.read(), file.filename or ""
            kept.append(uploads.keep_upload(current_actor(), content, name, self.carrier.cargo))

        if carried_out(form, keep):
            return self._onward(kept[0])
        return self._answer(
            "upload",
            form,
            unfinished=stages.unfinished(current_actor().person_id, self.carrier.cargo),
            discard_form=import_forms.ConfirmForm(formdata=None),
            is_stalled=stages.is_stalled,
        )

    def progress(self, upload_id: int) -> Any:
        """The page that says how far the work is, and leads on when it is done."""
        found = self.get(upload_id)
        if found.stage not in PAGES:
            return render_template(
                self.pages["progress"],
                wizard=self,
                upload=found,
                form=import_forms.ConfirmForm(formdata=None),
                stalled=stages.is_stalled(found.stage, found.beat_at),
                at_work=found.stage in AT_WORK,
            )
        if request.headers.get("HX-Request"):
            return Response("", mimetype="text/plain", headers={"HX-Redirect": self.stands_at(found)})
        return self._onward(found)

    def go_on(self, upload_id: int) -> Any:
        """Take up work that broke off."""
        found = self.get(upload_id)
        uploads.go_on(found)
        return self._onward(found)

    def discard(self, upload_id: int) -> Any:
        """Forget a file."""
        uploads.discard(self.get(upload_id))
        return redirect(self.url("start"), 303)

    def map_columns(self, upload_id: int) -> Any:
        """The page on which columns are mapped."""
        found = self.get(upload_id)
        if found.stage not in READABLE:
            return self._onward(found)
        table = stages.table_of(found)
        heading = self.carrier.columns.heading_of(table, found.heading_row)
        form = self.mapping_form(heading.labels, found)

        def choose() -> None:
            uploads.choose_columns(found, *self.chosen(form, heading.labels))

        if carried_out(form, choose):
            return self._onward(found)
        return self._columns_page(found, table, form, import_forms.SheetForm(table, heading, formdata=None))

    def _columns_page(self, found: Upload, table: Table, form: BaseForm, sheet_form: BaseForm) -> Any:
        heading = self.carrier.columns.heading_of(table, found.heading_row)
        return self._answer(
            "columns",
            form,
            upload=found,
            table=table,
            sheet_form=sheet_form,
            header=heading.labels,
            sample=columns.sample_of(table, heading, found.mapping),
            notes=self.warnings(table, heading, found.mapping),
        )

    def choose_sheet(self, upload_id: int) -> Any:
        """Read another sheet, or take another row for the headings."""
        found = self.get(upload_id)
        if found.stage not in READABLE:
            return self._onward(found)
        table = stages.table_of(found)
        heading = self.carrier.columns.heading_of(table, found.heading_row)
        form = import_forms.SheetForm(table, heading)

        def read_again() -> None:
            is_other = form.sheet.data not in ("", None, table.sheet)
            row = None if is_other else form.heading_row.data
            uploads.read_again(found, form.sheet.data or table.sheet, row)

        if carried_out(form, read_again):
            return self._onward(found)
        mapping = self.mapping_form(heading.labels, found)
        mapping.form_errors = [*form.form_errors, *(e for field in form for e in field.errors)]
        return self._columns_page(found, table, mapping, form)

    def preview(self, upload_id: int) -> Any:
        """The page that says what would change; and, once that is done, what did."""
        found = self.get(upload_id)
        form = import_forms.ConfirmForm()
        if carried_out(form, lambda: uploads.confirm(found)):
            return self._onward(found)
        if found.stage not in (UploadStage.CHECKED, UploadStage.WRITTEN):
            return self._onward(found)
        page = "imported" if found.stage == UploadStage.WRITTEN else "preview"
        return self._answer(page, form, upload=found, report=found.outcome)

    def rejected_file(self, upload_id: int, kind: str) -> Any:
        """The rejected rows with their reasons, as a file to be mended and imported again."""
        found = self.get(upload_id)
        errors = import_report.errors_of(uploads.rejected_of(found))
        table = stages.table_of(found)
        heading = self.carrier.columns.heading_of(table, found.heading_row)
        file = io.BytesIO()
        export.WRITERS[kind](rejected_table(table, heading, errors, found.filename), file)
        file.seek(0)
        name = f"{_('Rejected rows')}-{upload_name(found)}.{kind}"
        return send_file(file, mimetype=export.MIMETYPES[kind], as_attachment=True, download_name=name)


def rejected_table(table: Table, heading: Heading, errors: list[RowError], filename: str) -> export.Table:
    """The rejected rows of a file, each with its reasons before its cells."""
    rows: list[tuple[Cell, ...]] = [
        (number, "；".join(_(r.reason, **r.params) for r in reasons), *cells)
        for number, reasons, cells in importing.rejected_cells(table, heading, errors)
    ]
    return export.Table(
        _("Rejected rows"),
        [
            Column("row", _("Row"), kind=Kind.NUMBER, width=6),
            Column("why", _("Why it was rejected"), width=50),
            *(Column(f"column_{n}", label or "–", width=18) for n, label in enumerate(heading.labels)),
        ],
        rows,
        notes=[(_("Spreadsheet"), filename)],
    )


def upload_name(found: Upload) -> str:
    """An upload's file name without what a file name cannot hold, and without its ending."""
    stem = found.filename.rpartition(".")[0] or found.filename
    return "".join(c for c in stem if c.isalnum() or c in "-_（）()") or str(found.id)
