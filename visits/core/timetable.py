"""When scheduled work is due: the turns of a crontab line at the site's time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from visits.core.i18n import N_
from visits.core.periods import SITE_ZONE

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

# Turns missed for less are each made up for; of older ones only the latest: one catch-up, never a storm.
EACH_IS_MADE_UP_FOR = timedelta(minutes=5)
LOOK_BACK = (
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=8),
    timedelta(days=32),
)


@dataclass(frozen=True)
class Times:
    """A crontab line (minute hour day month weekday; `second` 0 unless said), at the site's time.

    `about` names the work and `said` the times, for people.
    """

    line: str
    about: str = ""
    said: str = ""
    second: str = "0"

    @property
    def trigger(self) -> "CronTrigger":
        """What APScheduler waits for."""
        from apscheduler.triggers.cron import CronTrigger  # only a process that reckons turns loads it

        minute, hour, day, month, weekday = self.line.split()
        return CronTrigger(
            second=self.second,
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=weekday,
            timezone=SITE_ZONE,
        )

    def after(self, moment: datetime) -> datetime | None:
        """The first turn after a moment."""
        return self.trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))

    def between(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The turns in (start, end]."""
        turn = self.after(start)
        while turn is not None and turn <= end:
            yield turn
            turn = self.after(turn)

    def latest(self, moment: datetime) -> datetime | None:
        """The last turn up to a moment, if there was one within a month."""
        for span in LOOK_BACK:
            if turns := list(self.between(moment - span, moment)):
                return turns[-1]
        return None

    def due(self, last: datetime | None, moment: datetime) -> list[datetime]:
        """The turns to do at a moment: those missed since `last` a short time ago, else the latest."""
        latest = self.latest(moment)
        if latest is None or (last is not None and latest <= last):
            return []
        if last is None:
            return [latest]
        recent = list(self.between(max(last, moment - EACH_IS_MADE_UP_FOR), moment))
        return recent or [latest]


TIMETABLE = {
    "backup.nightly": Times("0 2 * * *", N_("Backup of the night, proved"), N_("Every day at 02:00")),
    "ledgers.purge": Times("30 3 * * *", N_("Ledgers whose time is over"), N_("Every day at 03:30")),
    "house.purge": Times(
        "0 4 * * *", N_("Erasing of what nobody needs any more"), N_("Every day at 04:00")
    ),
    "db.check": Times("30 4 * * sun", N_("Check of the database"), N_("Every Sunday at 04:30")),
    "handover.due": Times("0 6 * * *", N_("Handovers whose day has come"), N_("Every day at 06:00")),
    "issues.lapse": Times(
        "10 6 * * *", N_("Problems and samples whose day has come"), N_("Every day at 06:10")
    ),
    "calendar.warn": Times(
        "30 6 * * *", N_("Warning of a calendar not entered yet"), N_("Every day at 06:30")
    ),
    "monthly.draft": Times(
        "0 7 1 * *", N_("Draft of the monthly report"), N_("On the first of the month at 07:00")
    ),
    "digest.ladder": Times("20 8 * * *", N_("Ladder of reminders"), N_("On working days at 08:20")),
    "digest.send": Times("30 8 * * *", N_("Morning digests"), N_("On working days at 08:30")),
    "honesty.look": Times("30 20 * * *", N_("Questions about recent visits"), N_("Every day at 20:30")),
}
