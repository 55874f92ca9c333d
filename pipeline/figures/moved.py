"""Rows of customers that moved, under labels that say whose they were, are, and were in the month compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.base.month_rows import MonthRows
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.whose_rows import MOVED_REGION, label_of


def moved_rows(rows: MonthRows, pairs: pd.DataFrame, cases: Iterable[str], *, this: bool) -> MonthRows:
    """A month's rows of moved customers, those of their managers by label.

    Rows of other managers about the same customers stay as they are: they tell whether a customer bought at all, and
    count for nobody (the labels' region is their own).

    Args:
        rows: the month's rows of these customers.
        pairs: see `figures.comparable.moved_pairs`.
        cases: the forms of cases: their rows of earlier months count for this one.
        this: whether this is the month that is counted; of months looked back on only cases are counted for somebody.
    """
    labels = pd.Series(label_of(pairs).to_numpy(), index=pd.MultiIndex.from_frame(pairs[MANAGER_CUSTOMER]))
    chosen = rows.rows if this else {form: rows.rows[form] for form in cases if form in rows.rows}
    frames = {form: _labelled(frame, labels) for form, frame in chosen.items()}
    known = {**{form: rows.rows[form] for form in rows.rows}, **frames}
    if not this:
        return replace(rows, rows=known)
    sent, exempt = _sent(rows.sent, labels), rows.exempt | _labels_of(rows.exempt, labels)
    return replace(rows, rows=known, masters=_masters(rows.masters, labels), sent=sent, exempt=exempt)


def _labelled(frame: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    if not len(frame) or "customer_id" not in frame:
        return frame
    keys = pd.MultiIndex.from_frame(frame[MANAGER_CUSTOMER].astype("str"))
    found = labels.reindex(keys).to_numpy()
    has = pd.notna(found)
    manager = frame["manager_id"].astype("str").where(~has, pd.Series(found, index=frame.index, dtype="str"))
    named = frame.assign(manager_id=manager)
    if "region_id" not in frame:
        return named
    return named.assign(region_id=frame["region_id"].astype("str").where(~has, MOVED_REGION))


def _masters(masters: Mapping[str, pd.DataFrame], labels: pd.Series) -> Mapping[str, pd.DataFrame]:
    """The master data with the labels as managers, in office when those were who had the customers."""
    label = labels.drop_duplicates()
    whose = label.index.get_level_values(0)
    known = masters["managers"].drop_duplicates("manager_id").set_index("manager_id")
    standing = known.reindex(whose).reset_index(drop=True)
    added = standing.assign(manager_id=label.to_numpy(), region_id=MOVED_REGION)
    managers = pd.concat([masters["managers"], added[list(masters["managers"].columns)]], ignore_index=True)
    told = {form: _with_labels(masters[form], labels) for form in masters}
    return {**told, "managers": managers.astype(masters["managers"].dtypes.to_dict())}


def _with_labels(frame: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Master data that say which manager has a customer, or a part of one, with the labels; others as they are."""
    return _labelled(frame, labels) if set(MANAGER_CUSTOMER) <= set(frame.columns) else frame


def _labels_of(managers: frozenset[str], labels: pd.Series) -> frozenset[str]:
    """The labels of some managers."""
    return frozenset(labels[labels.index.get_level_values(0).isin(list(managers))].astype("str"))


def _sent(sent: frozenset[tuple[str, str]], labels: pd.Series) -> frozenset[tuple[str, str]]:
    managers = labels.index.get_level_values(0)
    whose = {str(label): str(manager) for manager, label in zip(managers, labels, strict=True)}
    return sent | {(label, form) for label, manager in whose.items() for one, form in sent if one == manager}
