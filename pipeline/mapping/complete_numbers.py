"""Numbers of a mapping: factors of other units, amounts worked out of prices, units that stand row by row."""

from collections.abc import Mapping

from pipeline.mapping.beside import factor_of, price_heading, units_beside
from pipeline.mapping.draft import Draft
from pipeline.mapping.toml import Value
from schemas.columns import NUMBERS
from schemas.form import Form
from schemas.profile import Profile


def with_amounts(draft: Draft, profile: Profile) -> None:
    """Factors of other units, and an amount that has to be worked out of price and quantity."""
    times: dict[str, Value] = {}
    for column in draft.form.columns:
        if column.kind not in NUMBERS or column.name not in draft.columns:
            continue
        heading = draft.columns[column.name][1].headings[0]
        factor = factor_of(heading, column)
        if factor:
            times[column.name] = factor
        elif factor == 0:
            draft.doubt("unit", heading=heading, unit=column.unit)
    if times:
        draft.keys["times"] = times
    money, wholes = draft.form.traits.money, _wholes(draft)
    if not money or money in draft.given or not wholes:
        return
    price = price_heading(draft.header, draft.used)
    listed = _listed_price(draft, profile.forms)
    if "unpivot" not in draft.keys and price:
        draft.keys["multiply"] = {money: [wholes[0], price]}
        draft.given.add(money)
    elif listed:
        draft.keys["multiply"] = {money: [wholes[0], listed]}
        draft.given.add(money)
        draft.doubt("prices", factor=listed)


def _wholes(draft: Draft) -> list[str]:
    return [
        one.name for one in draft.form.columns if one.kind == "whole" and one.required and one.name in draft.given
    ]


def _listed_price(draft: Draft, forms: Mapping[str, Form]) -> str:
    """The first price in the list of what is sold, as the settings name it."""
    for column in draft.form.columns:
        if column.refers_to in forms and column.name in draft.columns:
            prices = [one.name for one in forms[column.refers_to].columns if one.kind == "money"]
            if prices:
                return f"{column.refers_to}.{prices[0]}"
    return ""


def with_units(draft: Draft) -> None:
    """Units that stand row by row; how much one is nobody here knows, but for those of money."""
    given = draft.given - ({draft.form.traits.money} if "multiply" in draft.keys else set())
    numbers = [one for one in draft.form.columns if one.kind in NUMBERS and one.name in given and one.unit]
    beside = units_beside(draft.header, numbers)
    if beside is None:
        return
    name, heading, units = beside
    draft.keys["unit_columns"] = {name: heading}
    known = {"万元": 10_000, "千元": 1_000}
    unknown = [unit for unit in units if unit not in known]
    if len(unknown) < len(units):
        draft.keys["units"] = {unit: known[unit] for unit in units if unit in known}
    if unknown:
        draft.doubt("units", heading=heading, units="、".join(unknown), column=name)
