"""Where the rows behind a figure are listed."""

from typing import Any
from urllib.parse import quote

from visits.core.filters import Days
from visits.core.markup import record_url
from visits.core.periods import Span
from visits.reports.filters import DIMENSIONS, ReportFilter
from visits.reports.shapes import Part


def period_parts(span: Span) -> dict[str, Any]:
    """A period as parts of an address; an empty first day is the beginning."""
    return {"from": span.from_on and span.from_on.isoformat(), "to": span.to_on.isoformat()}


def known_part(wanted: ReportFilter) -> dict[str, Any]:
    """The past day as known at whose end is asked, as a part of an address; it goes with every link."""
    return {"as_of": wanted.known_on and wanted.known_on.isoformat()}


def rows_url(wanted: ReportFilter, key: str, part: Part = Part.NUMERATOR, **narrower: Any) -> str:
    """Where the rows of one of a figure's sets are listed; put together here, for a page names hundreds."""
    parts = {name: getattr(wanted, name) for name in (*DIMENSIONS, "registered")} | narrower
    registered: Days = parts.pop("registered")
    days = {"registered_from": registered.first, "registered_to": registered.last}
    asked = {"part": part.value, **period_parts(wanted.span), **known_part(wanted), **parts, **days}
    query = "&".join(f"{name}={quote(str(value))}" for name, value in asked.items() if value is not None)
    return f"{record_url('reports.rows', key)}?{query}"
