"""What holds of the ledger whatever is sent, dropped again, withdrawn or accepted; files are JSON here."""

import datetime as dt
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.base.home import LEDGER
from pipeline.contract.settings import settings_from
from pipeline.intake.kinds import kinds_of
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Part, Taken
from pipeline.ledger.archive import slips, write_slip
from pipeline.ledger.compose import Layer, compose
from pipeline.ledger.decide import chain_of, standing, waiting
from pipeline.ledger.manifest import Manifest, Receipt, Submission, read_manifest
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.taking.take_over import take_over

SETTINGS = settings_from({})
SAME = ("order_date", "customer_id", "product_id")
JUDGED = st.sampled_from(["accepted", "accepted", "accepted", "nil", "refused"])


@dataclass(frozen=True)
class Sent:
    """A file: cartons by day of June, what it says it replaces, how it is judged, the second in which it was saved."""

    cartons: tuple[tuple[int, int], ...]
    replaces: str
    judged: str
    second: int


def files(judged: st.SearchStrategy[str] = JUDGED) -> st.SearchStrategy[Sent]:
    cartons = st.dictionaries(st.integers(1, 4), st.integers(1, 9), min_size=1, max_size=4)
    by_day = cartons.map(lambda one: tuple(sorted(one.items())))
    return st.builds(Sent, by_day, st.sampled_from(["month", "days", "rows"]), judged, st.integers(0, 2))


def frame(sent: Sent, sha256: str) -> pd.DataFrame:
    """One row a day, all of one customer and product."""
    days = [day for day, _ in sent.cartons]
    texts = {"customer_id": "C1", "product_id": "P1", "manager_id": "M1", "region_id": "R1", "source_file": "f",
             "source_hash": sha256, "source_sheet": "s"}  # fmt: skip
    rows = pd.DataFrame({"order_date": [pd.Timestamp(2024, 6, day) for day in days]})
    for name, text in texts.items():
        rows[name] = pd.Series([text] * len(days), dtype="str")
    return rows.assign(sold_qty=[n for _, n in sent.cartons], amount=[n * 100.0 for _, n in sent.cartons],
                       source_row=days)  # fmt: skip


def days_of(sent: Sent) -> tuple[str, ...]:
    return tuple(f"2024-06-{day:02d}" for day, _ in sent.cartons) if sent.replaces == "days" else ()


def submission(sent: Sent, sha256: str) -> Submission:
    rows = len(sent.cartons) if sent.judged == "accepted" else 0
    return Submission(
        "2024-06", "M1", "sales", sent.judged, sha256, "R1", rows, 0, 0.0, 0.0,
        replaces=sent.replaces, days=days_of(sent),  # type: ignore[arg-type]
    )  # fmt: skip


def standing_cartons(sent: Sequence[Sent]) -> dict[int, int]:
    """Cartons by day as they stand after these files, worked out plainly: here a row's key is its day."""
    stands: dict[int, int] = {}
    for one in sent:
        stands = {**({} if one.replaces == "month" else stands), **dict(one.cartons)}
    return stands


def layers(sent: Sequence[Sent]) -> list[Layer]:
    return [
        Layer(submission(one, str(n)), (n, ""), pa.Table.from_pandas(frame(one, str(n)), preserve_index=False))
        for n, one in enumerate(sent)
    ]


def cartons(tables: Iterable[pa.Table]) -> dict[int, int]:
    found = [table.to_pandas() for table in tables]
    return {
        int(day.day): int(n) for rows in found for day, n in zip(rows["order_date"], rows["sold_qty"], strict=True)
    }


ACCEPTED = files(st.just("accepted"))


@pytest.mark.slow
@given(st.lists(ACCEPTED, max_size=6))
def test_files_laid_one_over_the_other_give_what_is_worked_out_plainly(sent):
    composed = compose(None, layers(sent), "order_date", SAME)
    assert cartons(composed.tables) == standing_cartons(sent)
    assert sum(table.num_rows for table in composed.tables) == len(standing_cartons(sent))


@pytest.mark.slow
@given(st.lists(ACCEPTED, min_size=1, max_size=6), st.integers(0, 6))
def test_what_stands_already_and_what_comes_later_give_the_same_as_all_at_once(sent, first):
    together = layers(sent)
    before = compose(None, together[:first], "order_date", SAME).tables
    base = pa.concat_tables(before) if before else None
    later = compose(base, together[first:], "order_date", SAME)
    assert cartons(later.tables) == cartons(compose(None, together, "order_date", SAME).tables)


@given(st.lists(st.tuples(files(), st.integers(1, 3)), max_size=6), st.randoms())
def test_what_stands_depends_on_runs_and_times_alone_and_on_nothing_that_was_refused(sent, chance):
    receipts = {
        str(n): Receipt(str(n), f"{n}", 1, f"2024-07-03T09:00:0{one.second}", run)
        for n, (one, run) in enumerate(sent)
    }
    submissions = [submission(one, str(n)) for n, (one, _) in enumerate(sent)]
    chain = chain_of(submissions, receipts)
    shuffled = list(submissions)
    chance.shuffle(shuffled)
    assert chain_of(shuffled, receipts) == chain
    assert chain_of([one for one in submissions if one.judged != "refused"], receipts) == chain
    withdrawn = [replace(one, withdrawn=True) if one.judged == "refused" else one for one in submissions]
    assert chain_of(withdrawn, receipts) == chain


class JsonReader:
    """Takes in files that say in JSON what they bring."""

    log: Path | None = None

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        doing = {take_in: self.take_in, kinds_of: lambda _: ("monthly",)}
        return map(doing.get(function, function), tasks)

    @staticmethod
    def take_in(task: FileTask) -> Taken:
        stored = json.loads(Path(task.path).read_text())
        sent = Sent(tuple((day, n) for day, n in stored["cartons"]), stored["replaces"], stored["judged"], 0)
        rows = frame(sent, task.sha256)
        path = Path(task.staging) / f"{task.sha256}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.to_parquet(path, index=False)
        amount = float(rows["amount"].sum())
        count = 0 if sent.judged == "nil" else len(rows)
        left_out = count if sent.judged == "refused" else 0
        part = Part("sales", Month(2024, 6), "M1", "R1", sent.judged, count, left_out, amount if count else 0.0,
                    amount if left_out else 0.0, str(path) if sent.judged == "accepted" else "",
                    sent.replaces, days_of(sent))  # type: ignore[arg-type]  # fmt: skip
        return Taken(task.sha256, task.name, (part,), ())


Step = tuple[str, list[tuple[int, Sent]]]
STEPS = st.tuples(
    st.sampled_from(["drop", "drop", "drop", "withdraw", "accept"]),
    st.lists(st.tuples(st.integers(0, 4), files()), min_size=1, max_size=3, unique_by=lambda one: one[0]),
)


def play(home: Path, steps: Sequence[Step]) -> None:
    """Files dropped (the numbers are their names, so that the same may come again), withdrawn and accepted."""
    (home / "inbox").mkdir()
    for number, (step, given_files) in enumerate(steps):
        manifest = read_manifest(home)
        receipts = manifest.receipts_by_hash
        if step == "withdraw":
            stands = sorted({one.sha256 for chain in standing(manifest).values() for one in chain})
            events = [
                replace(receipts[one].event, run=manifest.run + 1, run_on="2024-07-10", what="withdrawn")
                for one in stands[:1]
            ]
            for event in events:
                write_slip(home, event)
                take_over(home, manifest, events, SETTINGS, JsonReader(), unheard)
            continue
        answers = sorted({one.sha256 for one in waiting(manifest)}) if step == "accept" else []
        for name, sent in given_files:
            stored = {"cartons": sent.cartons, "replaces": sent.replaces, "judged": sent.judged, "name": name}
            path = home / "inbox" / f"{name}.json"
            path.write_text(json.dumps(stored))
            moment = dt.datetime(2024, 7, 3, 9, number, sent.second).timestamp()
            os.utime(path, (moment, moment))
        receive(home, manifest, SETTINGS, JsonReader(), unheard, "2024-07-10", answers)


def replay(archive: Path, home: Path) -> Manifest:
    shutil.copytree(archive, home / "archive")
    manifest = Manifest()
    for _, events in groupby(list(slips(home)), key=lambda one: one.run):
        manifest = take_over(home, manifest, list(events), SETTINGS, JsonReader(), unheard).manifest
    return manifest


def rows_by_file(home: Path, manifest: Manifest) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for path in manifest.parts.values():
        for sha256, rows in pd.read_parquet(home / LEDGER / path).groupby("source_hash"):
            found[str(sha256)] += len(rows)
    return dict(found)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.lists(STEPS, min_size=1, max_size=5))
def test_a_replay_of_the_archive_gives_the_same_ledger_and_it_knows_what_it_holds(steps):
    with tempfile.TemporaryDirectory() as folder:
        home, anew = Path(folder) / "home", Path(folder) / "anew"
        home.mkdir()
        anew.mkdir()
        play(home, steps)
        manifest = read_manifest(home)
        held = {one.sha256: one.rows_held for one in manifest.submissions if one.rows_held}
        assert rows_by_file(home, manifest) == held
        stands = {one.sha256 for chain in standing(manifest).values() for one in chain}
        assert set(held) <= stands
        if (home / "archive").exists():
            assert replay(home / "archive", anew) == manifest
