"""Figures of customers' files (trades.md section 0)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.files.state import CHECKED, FORM, MONTHS, files, looked_over
from schemas.in_use import has_column
from schemas.profile import Profile


def filled(facts: Facts) -> pd.Series:
    """Required fields that are filled, by manager."""
    return _sum(facts.once(files), "filled")


def required(facts: Facts) -> pd.Series:
    """Required fields, by manager."""
    return _sum(facts.once(files), "required")


def incomplete(facts: Facts) -> pd.Series:
    """Files that lack a required field, by manager; 0 for one whose files lack none."""
    rows = facts.once(files)
    return _sum(rows.assign(lacks=rows["filled"] < rows["required"]), "lacks")


def old(facts: Facts) -> pd.Series:
    """Files not looked over for long, by manager; 0 for one that has none; nobody where nothing is known."""
    return _sum(facts.once(looked_over), "is_old")


def _sum(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].astype("int64").groupby(rows["manager_id"].astype("str")).sum()


@declares
def file_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of customers' files (档案); none where the trade requires no fields."""
    forms = profile.forms
    fields = [forms[FORM].column(name) for name in profile.file_fields if has_column(f"{FORM}.{name}", forms)]
    if not fields:
        return
    unit, zh, en = profile.customer_unit, profile.customer_word_zh, profile.customer_word_en
    names_zh, names_en = "、".join(one.zh for one in fields), ", ".join(one.en.lower() for one in fields)
    yield Figure(
        "file_completeness", "档案完整率", "File completeness", "%", "files",
        f"月末在册{zh}档案中已填的必填项÷必填项。必填项：{names_zh}。",
        f"Required fields filled ÷ required, over the files of {en}s there at the month's end. Required: {names_en}.",
        (FORM,), filled, required, scale=100, decimals=1, over_time="last",
    )  # fmt: skip
    yield Figure(
        "files_incomplete", "不完整档案", "Incomplete files", unit, "files",
        "月末缺少必填项的档案数。", "Files that lack a required field at the month's end.",
        (FORM,), incomplete, better="lower", over_time="last",
    )  # fmt: skip
    months = int(profile.thresholds.get("file_months", MONTHS))
    yield Figure(
        "files_not_checked", "久未核对档案", "Files not looked over", unit, "files",
        f"月末超过{months}个月未核对的档案数（从档案核对日期或入网日期中较晚的起算）；无人填写核对日期的不统计。",
        f"Files not looked over for more than {months} months at the month's end, from the day they were looked over "
        "or the customer joined, whichever is later; not counted where nobody tells such a day.",
        (FORM,), old, better="lower", over_time="last", only_counted=True, columns=(f"{FORM}.{CHECKED}",),
    )  # fmt: skip
