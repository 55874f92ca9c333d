"""What else managers do in the field, seen in plain Python: leads, training."""

import calendar
import datetime as dt

from oracle import Oracle, Row, next_working_day
from oracle_answers import Answer, stock

CREDITS_A_YEAR = 24
FILE_FIELDS = (
    "customer_name", "grade", "channel", "area", "joined_on", "contact", "phone", "address", "visit_weekday",
)  # fmt: skip
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

    def credits_asked(self, *, from_new_year: bool = False) -> float:
        first = self.of.first.replace(month=1) if from_new_year else self.of.first
        year = 366 if calendar.isleap(self.of.last.year) else 365
        asked = 0.0  # of each manager in ten-thousandths, as all that is counted
        for row in self.of.months[0]["managers"]:
            started, left = row.get("started_on") or dt.date.min, row.get("left_on") or dt.date.max
            if self.of.counts(row["manager_id"], "") and started <= self.of.last and left >= self.of.first:
                days = (min(left, self.of.last) - max(started, first)).days + 1
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

    # ---- customers' files

    def files(self) -> list[Row]:
        """Of the asked managers' customers those that are there at the month's end."""
        return [row for row in self._all_files() if self.of.counts(row["manager_id"], row["customer_id"])]

    def _all_files(self) -> list[Row]:
        def there(row: Row) -> bool:
            joined, left = row.get("joined_on") or dt.date.min, row.get("left_on")
            return joined <= self.of.last and (left > self.of.last if left else row["status"] != "left")

        return [row for row in self.of.months[0]["customers"] if there(row)]

    def file_fields(self) -> tuple[int, int]:
        filled = sum(row.get(name) not in (None, "") for row in self.files() for name in FILE_FIELDS)
        return filled, len(FILE_FIELDS) * len(self.files())

    def files_incomplete(self) -> list[Row]:
        found = []
        for row in self.files():
            lacking = [name for name in FILE_FIELDS if row.get(name) in (None, "")]
            if lacking:
                told = {name: row.get(name) for name in ("manager_id", "customer_id", "customer_name", "grade")}
                reasons = ",".join(f"file_{name}" for name in lacking)
                region = self.of.region[row["manager_id"]]
                found.append({**told, "region_id": region, "lacks": len(lacking), "reasons": reasons})
        return sorted(found, key=lambda row: (-row["lacks"], row["manager_id"], row["customer_id"]))

    def files_not_checked(self) -> list[Row]:
        """Looked over, or joined, more than twelve months ago; nothing where no file tells."""
        if not any(row.get("file_checked_on") for row in self._all_files()):
            return []
        year, month = self.of.last.year - 1, self.of.last.month  # a month's last day in both years
        limit = dt.date(year, month, calendar.monthrange(year, month)[1])
        found = []
        for row in self.files():
            looked_on = max(
                (day for day in (row.get("file_checked_on"), row.get("joined_on")) if day), default=None
            )
            if looked_on is None or looked_on < limit:
                told = {name: row.get(name) for name in ("manager_id", "customer_id", "customer_name", "grade")}
                found.append({**told, "region_id": self.of.region[row["manager_id"]], "looked_on": looked_on})
        return sorted(
            found, key=lambda row: (row["looked_on"] or dt.date.max, row["manager_id"], row["customer_id"])
        )

    def files_not_checked_answer(self) -> Answer | None:
        told = any(row.get("file_checked_on") for row in self._all_files()) and self.files()
        return stock(len(self.files_not_checked())) if told else None

    def file_changes(self) -> list[Row]:
        """What differs from the month before, of the fields that made-up customers have."""
        if len(self.of.months) < 2:
            return []
        before = {row["customer_id"]: row for row in self.of.months[1]["customers"]}
        found = []
        for row in self.of.months[0]["customers"]:
            then = before.get(row["customer_id"])
            if then is None or not self.of.counts(row["manager_id"], row["customer_id"]):
                continue
            for name in sorted({*row, *then} - {"customer_id", "file_checked_on"}):
                pair = [str(one[name]) if one.get(name) is not None else "" for one in (then, row)]
                if pair[0] != pair[1]:
                    found.append({
                        "region_id": self.of.region[row["manager_id"]], "manager_id": row["manager_id"],
                        "customer_id": row["customer_id"], "customer_name": row["customer_name"], "field": name,
                        "value_before": pair[0] or None, "value_after": pair[1] or None,
                    })  # fmt: skip
        return sorted(found, key=lambda row: (row["manager_id"], row["customer_id"], row["field"]))

    def enrolment_differences(self) -> list[Row]:
        told = self.of.months[0].get("enrolments", [])
        customers = {row["customer_id"]: row for row in self.of.months[0]["customers"]}
        if not any(month.get("enrolments") for month in self.of.months[: LOOKED_BACK_ON + 1]):
            return []
        found = []
        for kind, column in (("join", "joined_on"), ("leave", "left_on")):
            by_form = {row["customer_id"]: row for row in told if row["kind"] == kind}
            by_master = {one: row[column] for one, row in customers.items() if self.of.inside(row.get(column))}
            for customer in {*by_form, *by_master}:
                days = by_master.get(customer), by_form.get(customer, {}).get("effective_on")
                manager = by_form.get(customer, customers.get(customer, {})).get("manager_id")
                silent = days[1] is None and self.of.told is not None and manager not in self.of.told
                if days[0] == days[1] or silent or not self.of.counts(manager, customer):
                    continue
                what = "not_in_form" if not days[1] else "not_in_master" if not days[0] else "other_day"
                found.append({
                    "region_id": self.of.region[manager], "manager_id": manager, "customer_id": customer,
                    "customer_name": customers.get(customer, {}).get("customer_name"), "kind": kind,
                    "by_master": days[0], "by_form": days[1], "difference": what,
                })  # fmt: skip
        return sorted(found, key=lambda row: (row["manager_id"], row["customer_id"], row["kind"]))

    def courses_taken(self) -> list[Row]:
        names = ("manager_id", "held_on", "course", "subject", "kind", "credits", "passed")
        rows = [
            {**{name: row.get(name) for name in names}, "region_id": self.of.region[row["manager_id"]]}
            for row in self.rows("training")
        ]
        return sorted(rows, key=lambda row: (row["held_on"], row["course"], row["manager_id"]))
