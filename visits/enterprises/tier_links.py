"""Where the rows behind each number of the board of tiers are listed."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from visits.core.filters import NOTHING, Picked
from visits.enterprises.models import EnterpriseStatus, Measure
from visits.enterprises.standing import Amount, Standing, year_before
from visits.enterprises.tiers import Headcount, PartRow, Wanted


class Links:
    """Where the rows behind a number of the board are listed."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted, self.register = wanted, url_for("enterprises.index")

    def rows(self, standing: Standing = Standing.ON, **asked: Any) -> str:
        """The enterprises that stand so in a class; of a value None it is not asked."""
        return self._at(self.wanted.on, standing=standing, **asked)

    def status(self, status: EnterpriseStatus) -> str:
        """The enterprises of a status on the day."""
        return self._at(self.wanted.on, status=status)

    def figure(
        self,
        measure: Measure,
        amount: Amount = Amount.ONE,
        standing: Standing = Standing.ON,
        **asked: Any,
    ) -> str:
        """The enterprises whose figure of the year comes to an amount."""
        return self.rows(standing, figure=f"{measure}-{self.wanted.year}", amount=amount, **asked)

    def filed_before(self, measure: Measure) -> str:
        """The enterprises that had a figure of the year before."""
        figure = f"{measure}-{self.wanted.year - 1}"
        return self._at(
            year_before(self.wanted.on), standing=Standing.ON, figure=figure, amount=Amount.FILED
        )

    def of(self, headcount: Headcount) -> str:
        """The enterprises of a class."""
        return self.rows(tag=headcount.of.tag.values, level=told(headcount.of.level))

    def part(self, row: PartRow) -> dict[str, str]:
        """What narrows a list down to a part of the zone."""
        return {self.wanted.by.value: row.value or NOTHING}

    def _at(self, day: date, **asked: Any) -> str:
        said: dict[str, Any] = {"on": day, **asked}
        if said.get("amount") is Amount.ONE:  # what is understood where nothing is said
            del said["amount"]
        return f"{self.register}?{urlencode({k: v for k, v in said.items() if v}, doseq=True)}"


def told(picked: Picked) -> list[str]:
    """Picked values as an address says them."""
    return [*(value.value for value in picked.values), *([NOTHING] if picked.nothing else [])]
