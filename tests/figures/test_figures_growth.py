import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.figures.growth import beside, growth_by_customers, growth_effects, growth_tables
from pipeline.figures.parts import MonthSums
from pipeline.figures.side_by_side import summed_by_level


def rows(key: str, *sales: tuple[str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(sales, columns=[key, "volume", "yuan"]).astype({key: "str", "volume": "int64"})
    owner = {"region_id": "R", "manager_id": "E"}
    return frame.assign(**owner, amount=(frame["yuan"] * 10_000).round().astype("int64"))


def both(now: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """A month beside its base, with a month before both that must not count."""
    key = str(now.columns[0])
    other = now.assign(volume=1, amount=1, **{key: "another"})
    months = {"now": now, "last_year": other, "previous": base}
    return beside(summed_by_level(months, key, ("volume", "amount"), ["manager"])["manager"], "previous")


def effects(now: pd.DataFrame, base: pd.DataFrame) -> dict[str, float]:
    got = growth_effects(both(now, base), "previous")
    names = ["volume_effect", "mix_effect", "price_effect", "change"]
    return got.iloc[0][names].to_dict() if len(got) else dict.fromkeys(names, 0.0)


def test_effects_by_hand() -> None:
    base = rows("product_id", ("A", 10, 1000.0), ("B", 10, 500.0))  # 75 a carton on average
    now = rows("product_id", ("A", 20, 2200.0), ("B", 4, 200.0))
    got = growth_effects(both(now, base), "previous").iloc[0]
    assert got["volume_effect"] == 300  # 4 cartons more at 75
    assert got["price_effect"] == 200  # 20 of A at 10 more; B unchanged
    assert got["mix_effect"] == 400  # 900 − 300 − 200
    assert got["change"] == 900


def test_without_a_base_all_is_volume() -> None:
    got = effects(rows("product_id", ("A", 1, 10.0)), rows("product_id"))
    assert got["volume_effect"] == 10


def test_new_products_are_mix_not_price() -> None:
    got = effects(rows("product_id", ("A", 5, 50.0), ("N", 5, 100.0)), rows("product_id", ("A", 10, 100.0)))
    assert got == {"volume_effect": 0, "price_effect": 0, "mix_effect": 50, "change": 50}


sales = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.integers(-20, 500), st.integers(-(10**6), 10**8)), max_size=12
)


@pytest.mark.slow
@given(sales, sales, st.randoms())
@settings(max_examples=40, deadline=None)
def test_effects_add_up_to_the_cent_in_any_order(now: list, base: list, random: object) -> None:  # type: ignore[type-arg]
    def frame(cells: list) -> pd.DataFrame:  # type: ignore[type-arg]
        return rows("product_id", *((product, volume, cents / 100) for product, volume, cents in cells))

    got = effects(frame(now), frame(base))
    change = sum(cents for _, _, cents in now) - sum(cents for _, _, cents in base)
    assert round(sum(got[name] for name in ("volume_effect", "mix_effect", "price_effect")) * 100) == change
    assert round(got["change"] * 100) == change
    random.shuffle(now)  # type: ignore[attr-defined]
    assert effects(frame(now), frame(base)) == got


def test_customers_have_started_resumed_grown_shrunk_or_stopped() -> None:
    base = rows("customer_id", ("grow", 1, 10.0), ("shrink", 5, 50.0), ("lost", 2, 20.0))
    now = rows("customer_id", ("grow", 2, 20.0), ("shrink", 4, 40.0), ("fresh", 3, 30.5), ("back", 1, 9.0))
    joined = pd.Series(pd.to_datetime(["2024-05-20", "2020-01-01"]), index=["fresh", "back"])
    got = growth_by_customers(both(now, base), joined, pd.Timestamp("2024-05-01"), "previous").set_index("kind")
    assert got["change"].to_dict() == pytest.approx(
        {"started": 30.5, "resumed": 9, "growing": 10, "shrinking": -10, "stopped": -20}
    )
    assert got["change"].sum() == 99.5 - 80
    assert got["customers"].tolist() == [1, 1, 1, 1, 1]


def test_a_month_compared_with_under_two_names_is_summed_under_both() -> None:
    now, base = rows("product_id", ("P", 3, 30.0)), rows("product_id", ("P", 2, 20.0), ("Q", 1, 10.0))
    months = {"now": now, "previous": base, "last_year": base}
    table = summed_by_level(months, "product_id", ("volume",), ["manager"])["manager"]
    assert table["volume"].tolist() == [3, 0]
    for when in ("previous", "last_year"):
        assert table[f"volume_{when}"].tolist() == [2, 1]
        assert table[f"rows_{when}"].tolist() == [1, 1]


def test_growth_from_a_base_that_has_two_names_is_explained_under_both() -> None:
    def sums(year: int, volume: int, yuan: float) -> MonthSums:
        products = rows("product_id", ("P", volume, yuan)).rename(columns={"amount": "amount_yuan"})
        customers = rows("customer_id", ("C", volume, yuan))
        return MonthSums(Month(year, 1), {"sales_by_product": products}, customers, customers)

    pair = sums(2024, 3, 33.0), sums(2023, 2, 20.0)
    joined = pd.Series([pd.Timestamp("2020-01-01")], index=["C"])
    tables = growth_tables({"previous": pair, "last_year": pair}, joined, {}, ["manager"])
    effects = tables["growth_effects"]["manager"].set_index("compared_with")
    assert effects["change"].to_dict() == {"previous": 13, "last_year": 13}
    assert effects["price_effect"].to_dict() == {"previous": 3, "last_year": 3}  # 3 × 11 − 3 × 10
    kinds = tables["growth_by_customers"]["manager"]
    growing = kinds[kinds["kind"] == "growing"].set_index("compared_with")
    assert growing["customers"].to_dict() == {"previous": 1, "last_year": 1}
