"""The week ahead: who is to be visited on which day, in the order to go, and what to know of each. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.base.week import Week
from pipeline.contract import form_layout as layout
from pipeline.contract.facts import Facts
from pipeline.contract.schedule import Look, OnPage, Planned, day_text
from pipeline.contract.show import number_text
from pipeline.words import Words
from schemas.profile import Profile

WAY = ("area", "address")  # by which customers of a day stand in the order to go, then by code
_OF_CUSTOMER = ("customer_name", "grade", "channel", *WAY)
_NUMBER = re.compile(r"(\d+)")


def visits_of_week(
    week: Week, planned: Planned, masters: Mapping[Month, Mapping[str, pd.DataFrame]], profile: Profile
) -> pd.DataFrame:
    """One row per visit that is planned in a week, as the plans of its months have it, in the order to go.

    Args:
        masters: master data of the week's months, by form.

    Returns:
        manager_id, region_id, customer_id, customer_name, grade, channel, area, address, due_on, and `turn`: which of
        the manager's visits on that day it is, from 1 on. Sorted by manager, day and turn.
    """
    found = [_of_month(week, planned, month, masters[month], profile) for month in week.months]
    visits = pd.concat(found, ignore_index=True)
    areas = visits["area"].map(_places("area", profile)).fillna(len(visits))
    ways = [_way(one) for one in visits["address"]]
    keys = list(zip(visits["manager_id"], visits["due_on"], areas, ways, visits["customer_id"], strict=True))
    visits = visits.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)
    return visits.assign(turn=visits.groupby(["manager_id", "due_on"]).cumcount() + 1)


def _of_month(
    week: Week, planned: Planned, month: Month, masters: Mapping[str, pd.DataFrame], profile: Profile
) -> pd.DataFrame:
    facts = Facts(MonthRows(month, {}, masters), {}, profile)
    due = planned.due(facts)[["manager_id", "customer_id", "due_on"]]
    due = due[(due["due_on"] >= pd.Timestamp(week.monday)) & (due["due_on"] <= pd.Timestamp(week.sunday))]
    customers = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")
    managers = facts.master("managers").drop_duplicates("manager_id").set_index("manager_id")
    told = {name: due["customer_id"].map(customers[name]) for name in _OF_CUSTOMER}
    return due.assign(region_id=due["manager_id"].map(managers["region_id"]), **told)


def _places(column: str, profile: Profile) -> dict[str, int]:
    """The place of each entry in the trade's list of a column of customers."""
    known = {one.name: one for one in profile.forms["customers"].columns}
    choices = layout.choices_of(known[column], profile) if column in known else ()
    return {choice.key: place for place, choice in enumerate(choices)}


@cache
def _way(address: object) -> tuple[tuple[int, int, str], ...]:
    """An address as it is sorted: house numbers as numbers, so that 2号 comes before 10号; unknown ones last."""
    if not isinstance(address, str):
        return ((2, 0, ""),)
    parts = (part for part in _NUMBER.split(address) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def told_of_visits(
    look: Look, told: Iterable[OnPage], visits: pd.DataFrame, to_do: Mapping[int, list[str]], words: Words
) -> list[str]:
    """What stands above each visit's row: grade and channel, where it is, what is to be told, and what to do (`to_do`
    by the visits' index)."""
    about = {name: _said(visits[name], name, look.profile, words) for name in ("grade", "channel", *WAY)}
    texts = [
        [" ".join(part for part in (grade, channel) if part), " ".join(part for part in (area, address) if part)]
        for grade, channel, area, address in zip(*about.values(), strict=True)
    ]
    for one in told:
        heading = words(f"schedule.column.{one.key}")
        none = f"schedule.none.{one.key}"
        empty = words(none) if words.has(none) else ""
        for parts, value in zip(texts, one.tell(look, visits, words), strict=True):
            shown = _shown(one, value)
            parts.append(f"{heading} {shown}" if shown else empty)
    for parts, row in zip(texts, visits.index, strict=True):
        parts += to_do.get(row, [])
    return [words("schedule.between").join(part for part in parts if part) for parts in texts]


def _said(values: pd.Series, name: str, profile: Profile, words: Words) -> list[str]:
    """The words of a column of customers; empty where nobody told it."""
    known = {one.name: one for one in profile.forms["customers"].columns}
    choices = layout.choices_of(known[name], profile) if name in known else ()
    labels = {one.key: words.pick(one.zh, one.en) for one in choices}
    return ["" if pd.isna(value) else labels.get(value, str(value)) for value in values]


def _shown(one: OnPage, value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if one.kind == "day":
        return day_text(pd.Timestamp(value).date())  # type: ignore[arg-type]
    if one.kind in ("count", "number"):
        return number_text(float(value), 0 if one.kind == "count" else 2)  # type: ignore[arg-type]
    return str(value)


def actions_due(actions: pd.DataFrame, week: Week, words: Words) -> pd.DataFrame:
    """The actions that are not done and due by the end of a week: manager_id, `said` (what to do by when), and `about`,
    the text in which a customer may be named; those due first come first.

    Args:
        actions: as `open_actions` has them.
    """
    due = actions.assign(due_on=pd.to_datetime(actions["due_on"]))
    due = due[due["due_on"] <= pd.Timestamp(week.sunday)].sort_values(["manager_id", "due_on", "topic"])
    texts = due[["topic", "problem", "countermeasure"]].fillna("").astype("str")
    days = [day_text(day) for day in due["due_on"]]
    said = [
        words("schedule.action", day=day, topic=topic, countermeasure=countermeasure)
        for day, topic, countermeasure in zip(days, texts["topic"], texts["countermeasure"], strict=True)
    ]
    about = [" ".join(one) for one in texts.itertuples(index=False)]
    return pd.DataFrame({"manager_id": due["manager_id"].to_numpy(), "said": said, "about": about})


def actions_on_pages(
    actions: pd.DataFrame, visits: pd.DataFrame
) -> tuple[dict[int, list[str]], dict[str, list[str]]]:
    """Where actions are told: at the visits (by their index) to customers whom they name by code or name, else at the
    head of their manager's pages (by manager_id)."""
    at_visits: dict[int, list[str]] = {}
    at_head: dict[str, list[str]] = {}
    for manager, own in actions.groupby("manager_id", sort=True):
        mine = visits[visits["manager_id"] == manager]
        for said, about in zip(own["said"], own["about"], strict=True):
            named = [
                row for row, code, name in zip(mine.index, mine["customer_id"], mine["customer_name"], strict=True)
                if str(code) in about or (isinstance(name, str) and name and name in about)
            ]  # fmt: skip
            for row in named:
                at_visits.setdefault(row, []).append(said)
            if not named:
                at_head.setdefault(str(manager), []).append(said)
    return at_visits, at_head
