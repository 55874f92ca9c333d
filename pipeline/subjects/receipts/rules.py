"""Rules of findings on money: little comes in, much is past due, who owes most, money for contracts nobody knows."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.show import money_text
from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, too_high, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.subjects.receipts.lists import BANDS
from pipeline.words import Words

PAST_DUE = frozenset(name for name, _ in BANDS)


def past_due_by_customer(rows: pd.DataFrame) -> pd.DataFrame:
    """What each customer owes past its day: the contract that is so for longest, with `weight` (yuan of all),
    `contracts` (how many); a row a manager and customer."""
    late = rows[rows["band"].isin(PAST_DUE)]
    keys = ["region_id", "manager_id", "customer_id"]
    sums = late.groupby(keys)["rest"].agg(weight="sum", contracts="count").reset_index()
    oldest = late.sort_values(["days", "contract_no"], ascending=[False, True]).drop_duplicates(keys)
    return oldest.merge(sums.assign(weight=sums["weight"].round(2)), on=keys)


def large_past_due(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers that owe much past its day."""
    rows = past_due_by_customer(evidence.details.lists["accounts_open"])
    large = rows[rows["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(large, "weight", "customer_id", levels=evidence.levels):
        values: dict[str, Number] = {
            "customer": evidence.customer(str(top.row["customer_id"])),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "contract": str(top.row["contract_no"]),
            "day": day_of(top.row["due_on"]),
            "days": int(top.row["days"]),
            "contracts": int(top.row["contracts"]),
            "yuan": float(top.row["weight"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(top.row["customer_id"]),
            top.row["weight"], values, more=top.more, **source_of(top.row),  # type: ignore[arg-type]
        )  # fmt: skip


def without_contract(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Money received for a contract that no form has."""
    rows = evidence.details.lists["loose_receipts"]
    weighed = rows.assign(weight=rows["amount"].astype("float64"))
    for top in top_rows(weighed, "weight", "contract_no", levels=evidence.levels):
        values: dict[str, Number] = {
            "contract": str(top.row["contract_no"]),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "day": day_of(top.row["received_on"]),
            "yuan": float(top.row["weight"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "contract", str(top.row["contract_no"]),
            top.row["weight"], values, more=top.more, **source_of(top.row),  # type: ignore[arg-type]
        )  # fmt: skip


def amount_texts(finding: Finding, words: Words) -> dict[str, str]:
    """How much it is."""
    return {"amount_text": money_text(float(finding.values["yuan"]), words)}


RULES = (
    Rule("large_past_due", 3, "large_past_due", large_past_due, amount_texts),
    figure_rule("receipt_rate_low", 2, "receipt_rate", "receipt_rate_low", too_low),
    figure_rule("past_due_high", 2, "past_due_share", "past_due_high", too_high),
    Rule("receipt_without_contract", 1, "without_contract", without_contract, amount_texts),
)
