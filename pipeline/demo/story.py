"""The whole story of the demo: what managers send beside their month's forms, and a file that comes too late.

The last manager's file of the last month waits in the folder `later`: until it is put into the inbox, the month lacks
that manager; then it is the month's second edition. A case of the last month is decided by the head of its region.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.safe_names import safe_name
from pipeline.demo.faults import Outcome
from pipeline.demo.job import Job
from pipeline.demo.trade import Beside, Trade
from pipeline.templates.plan import Manager
from pipeline.words import Words
from schemas.decisions import APPROVED
from schemas.form import Form, region_forms

LATER = "later"


def _undecided(rows: Mapping[str, pd.DataFrame]) -> list[str]:
    """The numbers of the cases of goods that were looked at and signed, and that nobody has decided."""
    cases = rows.get("complaints")
    if cases is None or not {"decided_on", "customer_signed_on"} <= set(cases):
        return []
    return [
        str(one)
        for one in cases.loc[cases["customer_signed_on"].notna() & cases["decided_on"].isna(), "complaint_no"]
    ]


@dataclass(frozen=True)
class Telling:
    """What the story is told with: the trade, the last month, the organisation's folder."""

    trade: Trade
    last: Month
    home: Path
    words: Words

    def jobs(
        self,
        month: Month,
        jobs: Sequence[Job | None],
        outcomes: Iterable[Outcome],
        masters: Mapping[str, pd.DataFrame],
    ) -> Iterator[Job]:
        """The workbooks of a month's managers, one late and others beside them."""
        made = [*zip(jobs, outcomes, strict=True)]
        late = max((place for place, (job, _) in enumerate(made) if job), default=0) if month == self.last else -1
        for place, (job, outcome) in enumerate(made):
            if job is None or outcome.sent is None:
                continue
            yield replace(job, path=self.home / LATER / job.path.name) if place == late and place > 0 else job
            rows = self._beside(month, place, outcome, masters, job.profile.forms)
            if rows and not (place == late and place > 0):
                yield self._beside_job(job, rows)
        if month == self.last:
            yield from self._decided([one for place, one in enumerate(made) if place != late], masters)

    def _decided(
        self, made: Sequence[tuple[Job | None, Outcome]], masters: Mapping[str, pd.DataFrame]
    ) -> Iterator[Job]:
        """What the head of a region sends: a decision on the first case that waits for one; nothing where none does."""
        for job, outcome in made:
            waiting = [] if job is None or outcome.sent is None else _undecided(outcome.sent.rows)
            forms = [] if job is None else region_forms(job.profile.forms)
            if job is None or outcome.sent is None or not forms or not waiting or self.trade.decided is None:
                continue
            managers = masters["managers"].set_index("manager_id")["region_id"]
            region = Manager(str(managers[outcome.sent.manager.id]), "")
            received = datetime.combine((self.last + 1).first_day + timedelta(days=8), time(15))
            row = {
                "reference": waiting[0],
                "decision": APPROVED,
                "decided_on": pd.Timestamp(received.date()),
                "remark": self.words.pick(*self.trade.decided),
            }
            form = forms[0]
            rows = pd.DataFrame({name: [row.get(name)] for name in form.dtypes}).astype(form.dtypes)
            contents = replace(
                job.contents, manager=region, lists={}, rows={form.key: rows}, nil_forms=frozenset()
            )
            name = safe_name(self.words("templates.file.region"))
            yield replace(
                job, path=job.path.with_name(name), forms=(form.key,), contents=contents, received=received
            )
            return

    def _beside(
        self,
        month: Month,
        place: int,
        outcome: Outcome,
        masters: Mapping[str, pd.DataFrame],
        forms: Mapping[str, Form],
    ) -> Mapping[str, pd.DataFrame]:
        sent = outcome.sent
        if self.trade.beside is None or sent is None:
            return {}
        who = sent.manager
        months_ago = self.last - month
        return self.trade.beside(
            Beside(month, months_ago, who.id, who.name, place, sent.rows, masters, forms, self.words.language)
        )

    def _beside_job(self, job: Job, rows: Mapping[str, pd.DataFrame]) -> Job:
        name = self.words("demo.office.beside", name=job.path.stem)
        contents = replace(job.contents, rows=rows, nil_forms=frozenset())
        path = job.path.with_name(safe_name(name, "", job.path.suffix))
        return replace(
            job, path=path, forms=tuple(rows), contents=contents, received=job.received + timedelta(minutes=5)
        )
