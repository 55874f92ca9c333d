"""What else managers do in the field, seen in plain Python: leads, training."""

import calendar
import datetime as dt

from oracle import Oracle, Row, next_working_day

CREDITS_A_YEAR = 24
LOOKED_BACK_ON = 3


class FieldOracle:
    """Answers about an oracle's month and managers on forms whose rows name no customer."""

    def __init__(self, of: Oracle) -> None:
        self.of = of

    def rows(self, form: str) -> list[Row]:
        return [row for row in self.of.months[0].get(form, []) if self.of.counts(row["manager_id"], "")]

    def leads(self) -> list[Row]:
        """Each lead as it was told of last."""
        newest: dict[str, Row] = {}
        for month in self.of.months[: LOOKED_BACK_ON + 1]:
            for row in month.get("leads", []):
                newest.setdefault(row["lead_no"], row)
        now = {row["lead_no"] for row in self.of.months[0].get("leads", [])}
        return [
            row
            for number, row in sorted(newest.items())
            if self.of.counts(row["manager_id"], "")
            and (self.of.told is None or row["manager_id"] in self.of.told or number in now)
        ]

    def with_day(self, name: str) -> list[Row]:
        return [row for row in self.leads() if self.of.inside(row.get(name))]

    def at_once(self) -> tuple[int, int]:
        due = [row for row in self.leads() if self.of.inside(next_working_day(row["seen_on"]))]
        return sum(self.in_time(row) for row in due), len(due)

    @staticmethod
    def in_time(row: Row) -> bool:
        reported = row.get("reported_on")
        return reported is not None and reported <= next_working_day(row["seen_on"])

    def open_leads(self) -> list[Row]:
        return [row for row in self.leads() if not row.get("closed_on") or row["closed_on"] > self.of.last]

    def credits(self) -> float:
        return sum(row["credits"] for row in self.rows("training") if row.get("passed") is not False)

    def credits_asked(self) -> float:
        year = 366 if calendar.isleap(self.of.last.year) else 365
        asked = 0.0  # of each manager in ten-thousandths, as all that is counted
        for row in self.of.months[0]["managers"]:
            started, left = row.get("started_on") or dt.date.min, row.get("left_on") or dt.date.max
            if self.of.counts(row["manager_id"], "") and started <= self.of.last and left >= self.of.first:
                days = (min(left, self.of.last) - max(started, self.of.first)).days + 1
                asked += round(CREDITS_A_YEAR * days / year, 4)
        return asked

    def leads_of_month(self) -> list[Row]:
        """Leads open at the month's end, and those seen, closed or told of in it; the least far come first."""
        steps = ("reported_on", "passed_on", "closed_on", "told_on")
        found = []
        for row in self.leads():
            known = {
                name: row.get(name) if (row.get(name) or dt.date.max) <= self.of.last else None for name in steps
            }
            if known["closed_on"] and not any(
                self.of.inside(day) for day in (row["seen_on"], known["closed_on"], known["told_on"])
            ):
                continue
            place = max((number for number, name in enumerate(steps, 1) if known[name]), default=0)
            waits = not known["reported_on"] and next_working_day(row["seen_on"]) > self.of.last
            found.append({
                **{name: row.get(name) for name in ("manager_id", "lead_no", "seen_on", "address", "description")},
                **known,
                "lead_state": ("seen", "reported", "passed", "closed", "told")[place],
                "place": place,
                "region_id": self.of.region[row["manager_id"]],
                "days_open": None if known["closed_on"] else (self.of.last - row["seen_on"]).days,
                "at_once": "open" if waits else "yes" if self.in_time({**row, **known}) else "no",
            })  # fmt: skip
        return sorted(found, key=lambda row: (row["place"], row["seen_on"], row["lead_no"]))

    def leads_by_age(self) -> list[Row]:
        days = [row["days_open"] for row in self.leads_of_month() if row["days_open"] is not None]
        bands = {"week": range(8), "month": range(8, 32), "quarter": range(32, 93), "longer": range(93, 10_000)}
        counts = {name: sum(one in band for one in days) for name, band in bands.items()}
        return [
            {"lead_age": name, "leads": count, "share": 100 * count / len(days)}
            for name, count in counts.items()
            if count
        ]

    def courses_taken(self) -> list[Row]:
        names = ("manager_id", "held_on", "course", "subject", "kind", "credits", "passed")
        rows = [
            {**{name: row.get(name) for name in names}, "region_id": self.of.region[row["manager_id"]]}
            for row in self.rows("training")
        ]
        return sorted(rows, key=lambda row: (row["held_on"], row["course"], row["manager_id"]))
