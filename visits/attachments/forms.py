"""Forms of attached files: choose some, or say why one is removed."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField

from visits.attachments import rules
from visits.attachments.kinds import ACCEPTED
from visits.core.forms import BaseForm, text


class AttachForm(BaseForm):
    files = MultipleFileField(
        _l("Files"),
        description=_l("Photos (JPG, PNG, WebP), PDF, OFD, DOCX, XLSX, PPTX; up to 10 MB each."),
        render_kw={"accept": ACCEPTED},
    )

    def chosen(self) -> list[FileStorage]:
        """The files a browser really sent; an empty choice comes as one nameless file."""
        return [file for file in self.files.data or [] if getattr(file, "filename", "")]


class RemoveForm(BaseForm):
    reason = text(
        _l("Why it is removed"),
        rules.MAX_REASON,
        required=True,
        hint=_l("E.g. added to the wrong record, or holds what does not belong here."),
    )
