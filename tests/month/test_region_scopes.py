"""Whom a region's month is about, and where else its customers have rows: against plain loops over the same rows."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.regions.scopes import RegionScope, Seen, Strays, in_parts, scopes_of, scopes_together

JUNE, MAY = Month(2024, 6), Month(2024, 5)
REGIONS = ("R1", "R2", "R3")
FORMS = ("sales", "visits")
Pair = tuple[str, str]  # manager, customer


def frame(pairs: list[Pair]) -> pd.DataFrame:
    plain = pd.DataFrame(sorted(set(pairs)), columns=["manager_id", "customer_id"]).astype("str")
    return plain.astype("category")


def part_of(month: Month, region: str, rows: dict[str, list[Pair]]) -> Seen:
    """What a region's part of a month names, by form."""
    frames = [frame(pairs).astype("str").assign(form=form) for form, pairs in rows.items()]
    columns = ["form", "manager_id", "customer_id"]
    plain = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    return Seen(month, region, plain[columns].astype("str").astype("category"))


def by_hand(regions: dict[str, str], seen: list[Seen], owners: list[list[Pair]]) -> list[RegionScope]:
    everything = [(manager, customer) for one in seen for _, manager, customer in one.rows.itertuples(index=False)]
    everything += [pair for pairs in owners for pair in pairs]
    scopes = []
    for region in sorted(set(regions.values())):
        own = frozenset(customer for manager, customer in everything if regions.get(manager) == region)
        strays = []
        for one, form in [(one, form) for one in seen for form in FORMS if one.region != region]:
            named = [(its, customer) for its, _, customer in one.rows.itertuples(index=False)]
            there = frozenset(customer for its, customer in named if its == form and customer in own)
            if there:
                strays.append(Strays(form, one.month, one.region, there))
        scopes.append(RegionScope((region,), own, tuple(strays)))
    return scopes


managers = st.sampled_from(["M1", "M2", "M3", "M4", "M9"])  # M9 belongs to no region
pairs = st.lists(st.tuples(managers, st.sampled_from(["C1", "C2", "C3", "C4", "C5"])), max_size=6)
by_form = st.dictionaries(st.sampled_from(FORMS), pairs, max_size=2)
all_seen = st.dictionaries(st.tuples(st.sampled_from([JUNE, MAY]), st.sampled_from((*REGIONS, "R9"))), by_form)
belonging = st.dictionaries(st.sampled_from(["M1", "M2", "M3", "M4"]), st.sampled_from(REGIONS), max_size=4)


@pytest.mark.slow
@given(belonging, all_seen, st.lists(pairs, min_size=1, max_size=2))
def test_scopes_are_those_of_plain_loops(
    regions: dict[str, str], held: dict[tuple[Month, str], dict[str, list[Pair]]], owners: list[list[Pair]]
) -> None:
    seen = [part_of(month, region, rows) for (month, region), rows in held.items()]
    of_manager = pd.Series(regions, dtype="str")
    assert scopes_of(of_manager, seen, [frame(one) for one in owners]) == by_hand(regions, seen, owners)


def test_together_regions_do_not_stray_into_each_other() -> None:
    first = RegionScope(("R1",), frozenset({"C1"}), (Strays("sales", MAY, "R2", frozenset({"C1"})),))
    strays = (Strays("sales", MAY, "R3", frozenset({"C2"})), Strays("visits", JUNE, "R1", frozenset({"C2"})))
    second = RegionScope(("R2",), frozenset({"C2", "C3"}), strays)
    both = scopes_together([first, second])
    assert both.regions == ("R1", "R2")
    assert both.customers == {"C1", "C2", "C3"}
    assert both.strays == (Strays("sales", MAY, "R3", frozenset({"C2"})),)


@pytest.mark.slow
@given(belonging, all_seen, st.lists(pairs, min_size=1, max_size=2), st.integers(2, 4))
def test_scopes_found_in_parts_of_the_customers_are_those_found_at_once(
    regions: dict[str, str],
    held: dict[tuple[Month, str], dict[str, list[Pair]]],
    owners: list[list[Pair]],
    of: int,
) -> None:
    seen = [part_of(month, region, rows) for (month, region), rows in held.items()]
    frames, of_manager = [frame(one) for one in owners], pd.Series(regions, dtype="str")
    cut = in_parts([*(one.rows for one in seen), *frames], of)
    parts = [
        scopes_of(
            of_manager,
            [replace(one, rows=rows) for one, rows in zip(seen, some, strict=False)],
            some[len(seen) :],
        )
        for some in cut
    ]
    together = [scopes_together(same_region) for same_region in zip(*parts, strict=True)]
    assert together == [scopes_together([one]) for one in scopes_of(of_manager, seen, frames)]
