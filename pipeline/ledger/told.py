"""In which month's reports the problems of a file are told, if any, and which files stay refused: pure decisions.

A problem of a row or form names its month. What names none (a file that could not be read, a row without a date), or
one that nobody reports on, is told with the newest month of its file; where the file has none, with the month before
the one in which it was saved, or the newest that was known when it came. So the place of a problem does not move
when later months come. A month of which only refused files are known is told by itself. What a newer file put right
is told nowhere any more (`still_open`), nor is what was wrong in a refused file once there is better.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.ledger.in_short import InShort
from pipeline.ledger.manifest import COUNTS, Manifest, Receipt, Submission
from pipeline.ledger.sent_again import plain_name
from pipeline.ledger.still_open import StillOpen


@dataclass(frozen=True)
class RefusedFile:
    """A file of which nothing was accepted, and since when nobody sent better: whose it is, as far as that is known,
    in which month it is told, and the reason."""

    receipt: Receipt
    month: Month
    manager_id: str
    problem: Problem


@dataclass(frozen=True)
class Unplaced:
    """Rows of a form in a file that belong to no manager and month: how many."""

    receipt: Receipt
    form: str
    rows: int


def _without_problems(_: str) -> InShort:
    return InShort()


@dataclass(frozen=True)
class Told:
    """Where the problems of the files of a ledger are told.

    `names` are the managers' names by their codes; a file that could not be read is known by those in its name.
    `in_short` gives a file's problems in short, by its fingerprint.
    """

    manifest: Manifest
    names: Mapping[str, str]
    in_short: Callable[[str], InShort] = _without_problems

    def month_told(self, problem: Problem, receipt: Receipt) -> Month | None:
        """The month in whose reports a problem of a file is still told; None where it is in no month's."""
        if receipt.sha256 in self._bettered or not self._is_open(receipt.sha256, problem):
            return None
        return self.month_of(problem, receipt)

    def month_of(self, problem: Problem, receipt: Receipt) -> Month:
        """The month in whose reports a problem of a file is told."""
        if problem.month in self._months_named:
            return Month.parse(problem.month)
        own = [one.month for one in self._submissions.get(receipt.sha256, ()) if one.month in self._known]
        if own:
            return Month.parse(max(own))
        return self._new_month(problem, receipt) or self._home(receipt)

    @cached_property
    def refused(self) -> Sequence[RefusedFile]:
        """The files that stay refused, in the order in which they came."""
        return [one for one in self._ever_refused if one.receipt.sha256 not in self._bettered]

    @cached_property
    def _bettered(self) -> frozenset[str]:
        """The refused files whose senders have sent better."""
        return frozenset(one.receipt.sha256 for one in self._ever_refused if self._is_bettered(one))

    @cached_property
    def _ever_refused(self) -> Sequence[RefusedFile]:
        return [self._refused_file(one) for one in self.manifest.receipts if self.is_refused(one)]

    @cached_property
    def _is_open(self) -> StillOpen:
        return StillOpen(self.manifest)

    def is_refused(self, receipt: Receipt) -> bool:
        """Whether nothing of a file was accepted or declared nil, nor waits for an answer or was withdrawn."""
        own = self._submissions.get(receipt.sha256, ())
        if receipt.withdrawn or receipt.sha256 in self._masters:
            return False
        if any(one.state in (*COUNTS, "held") for one in own):
            return False
        return bool(receipt.refused or own)

    def _refused_file(self, receipt: Receipt) -> RefusedFile:
        short = self.in_short(receipt.sha256)
        reason = short.reason or Problem(receipt.refused, "form left out", file=receipt.name)
        own = self._submissions.get(receipt.sha256, ())
        managers = {one.manager_id for one in own} or {one.manager_id for one in short.kinds if one.manager_id}
        known = managers.pop() if len(managers) == 1 else sender_by_name(receipt.name, self.names)
        return RefusedFile(receipt, self.month_of(reason, receipt), known, reason)

    def _is_bettered(self, file: RefusedFile) -> bool:
        """Whether its sender has sent, later, what was accepted instead."""
        later = [one for one in self._standing if self._place(one.sha256) > self._place(file.receipt.sha256)]
        own = self._submissions.get(file.receipt.sha256, ())
        if own:
            return {one.key for one in own} <= {one.key for one in later}
        if file.manager_id and any(
            (one.manager_id, one.month) == (file.manager_id, str(file.month)) for one in later
        ):
            return True
        names = {self._receipts[one.sha256].name for one in later} | self._master_names_after(file.receipt)
        return plain_name(file.receipt.name) in {plain_name(name) for name in names}

    def _master_names_after(self, receipt: Receipt) -> set[str]:
        place = self._place(receipt.sha256)
        return {self._receipts[one].name for one in self._masters if self._place(one) > place}

    def _new_month(self, problem: Problem, receipt: Receipt) -> Month | None:
        """The month that a refused form names, where it is one that is not reported yet and has begun."""
        if "monthly" not in receipt.kinds or not problem.month:
            return None
        month = Month.parse(problem.month)
        after = str(month) > max(self._known, default="")
        return month if after and month <= _month_of(receipt) else None

    def _home(self, receipt: Receipt) -> Month:
        before = _month_of(receipt) + -1
        if str(before) in self._known or not self._known:
            return before
        runs = {one.month: self._receipts[one.sha256].run for one in self._standing}
        for one in self._standing:
            runs[one.month] = min(runs[one.month], self._receipts[one.sha256].run)
        then = [month for month, run in runs.items() if run <= receipt.run]
        first = min(runs.values())
        return Month.parse(max(then or [month for month, run in runs.items() if run == first]))

    def _place(self, sha256: str) -> tuple[int, str]:
        receipt = self._receipts[sha256]
        return receipt.run, receipt.saved_at

    @cached_property
    def _receipts(self) -> Mapping[str, Receipt]:
        return self.manifest.receipts_by_hash

    @cached_property
    def _standing(self) -> Sequence[Submission]:
        return [one for one in self.manifest.submissions if one.state in COUNTS]

    @cached_property
    def _masters(self) -> frozenset[str]:
        return frozenset(one.sha256 for one in self.manifest.masters)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(str(month) for month in self.manifest.months())

    @cached_property
    def _months_named(self) -> frozenset[str]:
        return frozenset(one.month for one in self.manifest.submissions)

    @cached_property
    def _submissions(self) -> Mapping[str, Sequence[Submission]]:
        found: dict[str, list[Submission]] = {}
        for one in self.manifest.submissions:
            found.setdefault(one.sha256, []).append(one)
        return found


def told_there(problems: Iterable[Problem], receipt: Receipt, told: Told, month: Month) -> list[Problem]:
    """Of the problems of a file those that are told in a month's reports, as of that month."""
    return [replace(one, month=str(month)) for one in problems if told.month_told(one, receipt) == month]


def sender_by_name(file: str, names: Mapping[str, str]) -> str:
    """The code of the manager whom a file's name names, by code or by name; empty where it names none or several."""
    stem = PurePath(file).stem
    codes = {code for code in names if re.search(rf"(?<![0-9A-Za-z]){re.escape(code)}(?![0-9A-Za-z])", stem, re.I)}
    found = codes or {code for code, name in names.items() if len(name) > 1 and name in stem}
    return found.pop() if len(found) == 1 else ""


def _month_of(receipt: Receipt) -> Month:
    saved = dt.datetime.fromisoformat(receipt.saved_at)
    return Month(saved.year, saved.month)
