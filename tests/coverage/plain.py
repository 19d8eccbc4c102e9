"""Coverage, completion and who is due once more, slowly: read off the rows day by day, without SQL."""

from collections import defaultdict
from datetime import date, timedelta

from visits.core.db import db
from visits.core.periods import local_date
from visits.enterprises.models import Enterprise, StatusChange, TagGrant, YearlyFact
from visits.outreach.models import PairProgramme, Visit, VisitPair
from visits.programmes.models import Link, Programme, ScopeListing, ScopeVersion, Tier

DAY = timedelta(days=1)
LENGTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Books:
    """All rows, read once, and the definitions as of a moment."""

    def __init__(self, as_of):
        self.as_of = as_of
        self.firms = db.session.query(Enterprise).filter(Enterprise.merged_into_id.is_(None)).all()
        self.programmes = db.session.query(Programme).all()
        self.versions = [v for v in db.session.query(ScopeVersion) if v.recorded_at <= as_of]
        self.tiers = db.session.query(Tier).order_by(Tier.position).all()
        self.statuses = self._of_firm(StatusChange, lambda row: row.recorded_at <= as_of)
        self.grants = self._of_firm(TagGrant, lambda row: row.created_at <= as_of)
        self.links = self._of_firm(Link, lambda row: True)
        self.facts = self._of_firm(YearlyFact, self._is_known)
        self.listings = self._of_firm(ScopeListing, self._is_known)
        self.pairs = self._pairs()

    def _of_firm(self, table, wanted):
        found = defaultdict(list)
        for row in db.session.query(table):
            if wanted(row):
                found[row.enterprise_id].append(row)
        return found

    def _is_known(self, row):
        return row.recorded_at <= self.as_of and (
            row.superseded_at is None or row.superseded_at > self.as_of
        )

    def _pairs(self):
        """(programme, firm, day) of every counted pair."""
        modes = {p.id: p.counted_modes for p in self.programmes}
        named = defaultdict(list)
        for row in db.session.query(PairProgramme):
            named[row.pair_id].append(row.programme_id)
        void = {v.id for v in db.session.query(Visit) if v.voided_at and v.voided_at <= self.as_of}
        return [
            (programme, pair.enterprise_id, pair.visited_on)
            for pair in db.session.query(VisitPair)
            if self._is_known(pair) and pair.visit_id not in void
            for programme in named[pair.id]
            if pair.mode in modes[programme]
        ]

    def is_normal(self, firm, day):
        changes = sorted(self.statuses[firm.id], key=lambda c: (c.from_on, c.id))
        past = [c for c in changes if c.from_on <= day]
        if past:
            return past[-1].status == "normal"
        is_founded = firm.established_on is None or firm.established_on <= day
        return bool(changes) and is_founded and changes[0].status == "normal"

    def has_tag(self, firm, tag_id, day):
        def holds(grant):
            removed = grant.removed_at if grant.removed_at and grant.removed_at <= self.as_of else None
            return (
                grant.tag_id == tag_id
                and (grant.granted_on is None or grant.granted_on <= day)
                and (grant.expires_on is None or grant.expires_on >= day)
                and (removed is None or local_date(removed) > day)
            )

        return any(holds(grant) for grant in self.grants[firm.id])

    def _on(self, row, day):
        return row.from_on <= day and (row.until_on is None or row.until_on > day)

    def version(self, programme, day):
        held = [v for v in self.versions if v.programme_id == programme.id and v.from_on <= day]
        return max(held, key=lambda v: (v.from_on, v.id), default=None)

    def is_taken(self, programme, firm, day):
        listed = [
            row.is_excluded
            for row in self.listings[firm.id]
            if row.programme_id == programme.id and self._on(row, day)
        ]
        if True in listed:
            return False
        version = self.version(programme, day)
        return False in listed or self._fits(programme, version.conditions if version else {}, firm, day)

    def _fits(self, programme, conditions, firm, day):
        links = [link for link in self.links[firm.id] if self._on(link, day)]
        if conditions.get("listed_only"):
            return False
        answers = {
            "tags": lambda tags: any(self.has_tag(firm, tag, day) for tag in tags),
            "groups": lambda groups: any(link.group_id in groups for link in links),
            "parks": lambda parks: firm.park in parks,
            "districts": lambda districts: firm.district in districts,
            "linked": lambda _: any(link.programme_id == programme.id for link in links),
        }
        return all(answers[kind](wanted) for kind, wanted in conditions.items() if wanted)

    def is_in(self, programme, firm, day):
        return self.is_normal(firm, day) and self.is_taken(programme, firm, day)

    def tier(self, programme, firm, day):
        version = self.version(programme, day)
        mine = [tier for tier in self.tiers if version and tier.version_id == version.id]
        return next((tier for tier in mine if self._is_of(tier, firm, day)), None)

    def _is_of(self, tier, firm, day):
        if tier.tag_id is None and tier.measure is None:
            return True
        if tier.tag_id is not None and self.has_tag(firm, tier.tag_id, day):
            return True
        known = [f for f in self.facts[firm.id] if f.measure == tier.measure and f.year <= day.year]
        latest = max(known, key=lambda f: (f.year, f.id), default=None)
        return latest is not None and latest.value >= tier.at_least

    def scope(self, programme, first, last):
        """Ids of the firms in scope on at least one day."""
        days = [first + DAY * n for n in range((last - first).days + 1)]
        return {f.id for f in self.firms if any(self.is_in(programme, f, day) for day in days)}

    def visited(self, programme, first, last):
        return {firm for code, firm, day in self.pairs if code == programme.id and first <= day <= last}

    def duties(self, programme, first, last):
        """{(firm, first day, last day): (required, made)} of each calendar period ending in the span."""
        found, day = {}, first
        while day <= last:
            if (day + DAY).day == 1:
                for firm in self.firms:
                    found.update(self._duty(programme, firm, day))
            day += DAY
        return found

    def _duty(self, programme, firm, last):
        tier = self.tier(programme, firm, last)
        if tier is None or last.month % LENGTHS[tier.period]:
            return {}
        first = date(last.year, last.month - LENGTHS[tier.period] + 1, 1)
        if first > local_date(self.as_of):
            return {}
        runs = (programme.starts_on or first) <= first and last <= (programme.ends_on or last)
        if not (runs and self.is_in(programme, firm, first) and self.is_in(programme, firm, last)):
            return {}
        made = sum(
            code == programme.id and whose == firm.id and first <= day <= last
            for code, whose, day in self.pairs
        )
        return {(firm.id, first, last): (tier.visits, made)}
