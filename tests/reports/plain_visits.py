"""The figures of visits once more, slowly, read off the stored rows one by one."""

from collections import defaultdict
from datetime import timedelta

from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.outreach.models import Attendance, PairProgramme, Visit, VisitPair
from visits.programmes.models import Programme
from visits.supervision.models import SampleItem


def _holds(row, moment):
    """Whether a row had been recorded by then and not been superseded yet."""
    return row.recorded_at <= moment and (row.superseded_at is None or row.superseded_at > moment)


class Read:
    """What is stored of visits, by what it belongs to."""

    def __init__(self):
        self.modes = {p.id: set(p.counted_modes) for p in db.session.query(Programme)}
        self.parks = {firm.id: firm.park for firm in db.session.query(Enterprise)}
        self.programmes = grouped(db.session.query(PairProgramme), "pair_id")
        self.people = grouped(db.session.query(Attendance), "visit_id")
        self.pairs = grouped(db.session.query(VisitPair), "visit_id")
        self.drawn = grouped(db.session.query(SampleItem), "visit_id")

    def programmes_of(self, pair):
        return {row.programme_id for row in self.programmes[pair.id]}

    def is_wanted(self, pair, part):
        has = {
            "programme": self.programmes_of(pair),
            "group": {pair.group_id} - {None},
            "park": {self.parks[pair.enterprise_id]} - {""},
        }
        return all(is_of(part.get(key), found) for key, found in has.items())

    def counts(self, pair, programme):
        counting = self.programmes_of(pair) & ({programme} if programme else set(self.modes))
        return any(pair.mode in self.modes[one] for one in counting)


def visit_figures(span, as_of, part):
    """The figures of visits, of the whole or of one part."""
    read, counted, contacts, late, persons, joint, checked = Read(), [], 0, 0, 0, 0, []
    for visit in db.session.query(Visit):
        there = [row for row in read.people[visit.id] if _holds(row, as_of)]
        units = {row.unit_id for row in there}
        if (visit.voided_at and visit.voided_at <= as_of) or not is_of(part.get("unit"), units):
            continue
        known = [row for row in read.pairs[visit.id] if _holds(row, as_of)]
        if any(read.is_wanted(pair, part) for pair in known):
            items = [
                i for i in read.drawn[visit.id] if i.sample_id and i.checked_at and i.checked_at <= as_of
            ]
            checked += [item.result for item in items if item.checked_on in span]
        wanted = [pair for pair in known if pair.visited_on in span and read.is_wanted(pair, part)]
        counting = [pair for pair in wanted if read.counts(pair, part.get("programme"))]
        counted += [pair.enterprise_id for pair in counting]
        contacts += sum(pair.mode in ("phone", "online") for pair in wanted)
        late += bool(wanted) and visit.recorded_on > known[0].visited_on + timedelta(days=3)
        if counting:
            persons += sum(is_of(part.get("unit"), {row.unit_id}) for row in there)
            joint += len(units) > 1
    return {
        "visit_count": len(counted),
        "enterprise_count": len(set(counted)),
        "person_times": persons,
        "joint_visit_count": joint,
        "contact_count": contacts,
        "late_entry_count": late,
        "visit_true_rate": rate(checked, lambda result: result == "true"),
    }


def is_of(wanted, found):
    """Whether something belongs to a part; 0 stands for what belongs to none, None asks for nothing."""
    return wanted is None or (wanted in found if wanted else not found)


def grouped(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def rate(whole, is_part):
    return sum(bool(is_part(one)) for one in whole) / len(whole) if whole else None
