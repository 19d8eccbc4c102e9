"""Plans as an iCalendar file (RFC 5545), which calendar programs of phones and desks subscribe to."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from visits.outreach.models import PlanState

LINE = 75  # octets, the line's end not counted
USUAL_LENGTH = timedelta(hours=1)
LONG_NUMBER = re.compile(r"\+?\d(?:[\d -]{5,}\d)")
SPECIAL = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def escaped(text: str) -> str:
    """A text as a value; numbers that may be phones are struck out."""
    return LONG_NUMBER.sub("***", text).translate(SPECIAL)


def folded(line: str) -> str:
    """A line in parts of at most 75 octets, no character torn apart."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + width
    return "\r\n".join([*parts, part])


def _moment(value: datetime) -> str:
    return value.strftime("%Y%m%dT%H%M%SZ")


def _times(plan: Any) -> tuple[str, str]:
    if plan.start_time is None:
        after = plan.planned_on + timedelta(days=1)
        return f"DTSTART;VALUE=DATE:{plan.planned_on:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    begins = datetime.combine(plan.planned_on, plan.start_time or time())
    ends = begins + USUAL_LENGTH
    return (
        f"DTSTART;TZID=Asia/Shanghai:{begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Shanghai:{ends:%Y%m%dT%H%M%S}",
    )


def _event(plan: Any, summary: str, description: str, host: str) -> list[str]:
    is_over = plan.state in (PlanState.CANCELLED, PlanState.MOVED)
    return [
        "BEGIN:VEVENT",
        f"UID:plan-{plan.id}@{host}",
        f"DTSTAMP:{_moment(plan.ended_at or plan.created_at)}",
        f"SEQUENCE:{plan.revision}",
        *_times(plan),
        f"SUMMARY:{escaped(summary)}",
        *([f"DESCRIPTION:{escaped(description)}"] if description else []),
        *([f"LOCATION:{escaped(plan.address)}"] if plan.address else []),
        f"STATUS:{'CANCELLED' if is_over else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def calendar_of(title: str, events: Iterable[tuple[Any, str, str]], host: str) -> str:
    """The whole file; of each plan the heading and the text are given."""
    lines: Sequence[str] = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Visits//Visit plans//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        *ZONE,
        *(line for plan, summary, text in events for line in _event(plan, summary, text, host)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)
