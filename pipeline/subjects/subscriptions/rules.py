"""Rules of findings on households: fees, stops, dates, customers not reported."""

from collections.abc import Iterable

import pandas as pd

from pipeline.findings.evidence import Evidence, Top, top_rows
from pipeline.findings.figure_rules import figure_rule, too_high, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def large_stops(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers with so many households stopped for arrears that each is a matter of its own."""
    stopped = evidence.details.lists["customers_stopped"]
    large = stopped[stopped["penalty_stopped"] >= evidence.limit(rule.threshold)]
    for top in top_rows(large, "penalty_stopped", "customer_id", levels=evidence.levels):
        row = top.row
        since: str = "" if pd.isna(row["stopped_since"]) else day_of(row["stopped_since"])
        values: dict[str, Number] = {
            "customer": evidence.customer(str(row["customer_id"])),
            "stopped": int(row["penalty_stopped"]),
            "households": int(row["households"]),
            "since": since,
        }
        yield _of_customer(rule, top, float(row["penalty_stopped"]), values, source=True)


def not_reported(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers without a row this month, though their manager has sent the form: they count nowhere."""
    rows = evidence.details.lists["customers_not_reported"]
    weighed = rows.assign(weight=rows["households_before"].fillna(0).astype("float64"))
    for top in top_rows(weighed, "weight", "customer_id", levels=evidence.levels):
        values: dict[str, Number] = {
            "customer": evidence.customer(str(top.row["customer_id"])),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "households": int(top.row["weight"]),
            "known": not pd.isna(top.row["households_before"]),
        }
        yield _of_customer(rule, top, float(top.row["weight"]), values)


def _of_customer(
    rule: Rule, top: Top, weight: float, values: dict[str, Number], *, source: bool = False
) -> Finding:
    code = str(top.row["customer_id"])
    where = source_of(top.row) if source else {}
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "customer", code, weight, values, more=top.more,
        **where,  # type: ignore[arg-type]
    )  # fmt: skip


def since_texts(finding: Finding, words: Words) -> dict[str, str]:
    """Since when, where it is told."""
    since = str(finding.values["since"])
    return {"since_text": words("findings.large_stop.since_text", since=since) if since else ""}


def before_texts(finding: Finding, words: Words) -> dict[str, str]:
    """How it stood last month, where that is known."""
    known = "known" if finding.values["known"] else "unknown"
    return {"before": words(f"findings.customer_not_reported.before_{known}", **finding.values)}


RULES = (
    figure_rule("collection_low", 2, "collection_rate", "collection_low", too_low),
    figure_rule("penalty_high", 2, "penalty_rate", "penalty_high", too_high),
    figure_rule("renewal_low", 2, "renewal_rate", "renewal_low", too_low),
    figure_rule("expiring_unvisited", 2, "expiring_visited", "expiring_visited_low", too_low),
    figure_rule("paid_programmes_low", 1, "paid_programme_rate", "paid_programmes_low", too_low),
    Rule("large_stop", 2, "large_stop", large_stops, since_texts),
    Rule("customer_not_reported", 2, "not_reported", not_reported, before_texts),
)
