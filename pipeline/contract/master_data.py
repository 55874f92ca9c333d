"""Master data by month: a new master workbook replaces the old one from its month on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import OnDemand
from schemas.form import Context
from schemas.lookup import Lookup
from schemas.profile import Profile

OWN = ("manager_id", "status", "joined_on", "left_on")  # of customers, what tells whose they are in a month


@dataclass(frozen=True, order=True)
class MasterVersion:
    """One form of master data as valid from a month on: a Parquet file of its accepted rows."""

    form: str
    valid_from: Month
    path: str


def versions_valid_in(versions: Sequence[MasterVersion], month: Month) -> dict[str, MasterVersion]:
    """The version of each form that is valid in a month.

    A month before the first version falls back on the first one: an organisation that starts with Yuebao
    brings in its history with the master data it has.
    """
    valid: dict[str, MasterVersion] = {}
    for version in sorted(versions):
        if version.form not in valid or version.valid_from <= month:
            valid[version.form] = version
    return valid


def read_masters(versions: Sequence[MasterVersion], month: Month) -> Mapping[str, pd.DataFrame]:
    """The master data of a month, a frame a form, each read when it is first asked for; forms that nobody has sent
    are absent."""
    return OnDemand({form: partial(_read, one.path) for form, one in versions_valid_in(versions, month).items()})


def managers_in_office(managers: pd.DataFrame, month: Month) -> pd.DataFrame:
    """The managers who were in office on at least one day of the month."""
    started = managers["started_on"].isna() | (managers["started_on"] <= pd.Timestamp(month.last_day))
    stayed = managers["left_on"].isna() | (managers["left_on"] >= pd.Timestamp(month.first_day))
    return managers[started & stayed].sort_values("manager_id", ignore_index=True)


def owing_nothing(
    month: Month, managers: pd.DataFrame, customers: Callable[[], pd.DataFrame], profile: Profile
) -> frozenset[str]:
    """Those of some managers who owe no forms in a month: of the roles without customers of their own; and of those
    that may have none, whoever has no customer on any day of it.

    Args:
        customers: gives the month's (columns OWN); asked only where somebody is of a role that may have none.
    """
    if not (profile.roles_without_forms or profile.roles_that_may_have_none):
        return frozenset()
    never = managers["manager_id"][managers["role"].isin(list(profile.roles_without_forms))]
    may_have_none = managers["manager_id"][managers["role"].isin(list(profile.roles_that_may_have_none))]
    found = frozenset(never.astype("str"))
    if may_have_none.empty:
        return found
    rows = customers()
    joined = rows["joined_on"].isna() | (rows["joined_on"] <= pd.Timestamp(month.last_day))
    stays = rows["left_on"].isna() & (rows["status"] != "left")
    there = rows["manager_id"][joined & (stays | (rows["left_on"] >= pd.Timestamp(month.first_day)))]
    return found | frozenset(may_have_none[~may_have_none.isin(set(there.astype("str")))].astype("str"))


def owing_forms(managers: pd.DataFrame, exempt: Collection[str]) -> pd.DataFrame:
    """Some managers without those who owe no forms."""
    if not exempt:
        return managers
    owing: pd.DataFrame = managers[~managers["manager_id"].isin(list(exempt))]
    return owing.reset_index(drop=True)


def context_of(month: Month, masters: Mapping[str, pd.DataFrame], profile: Profile) -> Context:
    """What rows of a month are checked against."""
    return Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), masters, profile)


def read_context(versions: Sequence[MasterVersion], month: Month, profile: Profile) -> Context:
    """What rows of a month are checked against, where the stored versions are all the master data there are.

    How codes are found in them is kept for the next file of the same process.
    """
    valid = versions_valid_in(versions, month)
    masters = {form: _read(one.path) for form, one in valid.items()}
    return replace(context_of(month, masters, profile), lookups=_lookups_of(tuple(valid.values())))


@lru_cache(maxsize=4)
def _lookups_of(versions: tuple[MasterVersion, ...]) -> dict[str, Lookup]:
    """The lookups made so far of these versions: empty at first, contexts add theirs."""
    return {}


@lru_cache(maxsize=16)
def _read(path: str) -> pd.DataFrame:
    """A stored version; its file never changes, so it is read once a process. Not to be changed in place."""
    return pd.read_parquet(path)
