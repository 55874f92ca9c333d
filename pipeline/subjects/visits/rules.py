"""Rules of findings on visits."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.findings.evidence import Evidence, Top, top_rows
from pipeline.findings.figure_rules import figure_rule, too_low
from pipeline.findings.listed import day_of, entity_key, source_of, times
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.subjects.visits.causes import missed_visits
from pipeline.words import Words


def visit_offences(rule: Rule, evidence: Evidence, offence: str) -> Iterable[Finding]:
    """Visits that saw an offence, as often as the limit says: each customer once, those seen most often first.

    For a manager the visits that it made count, for a region those of its managers.
    """
    visits = evidence.details.lists["visit_offences"]
    order = ["visit_date", "manager_id", "observed_price", "source_row"]
    seen = visits[visits["offence"] == offence].sort_values(order)
    for level in evidence.levels:
        weighed = seen.assign(weight=times(seen, level, ["customer_id"]))
        often = weighed[weighed["weight"] >= evidence.limit(rule.threshold)]
        each_once = often.drop_duplicates(["customer_id", *entity_key(level)])
        for top in top_rows(each_once, "weight", "customer_id", levels=(level,)):
            yield _offence(rule, evidence, top)


def _offence(rule: Rule, evidence: Evidence, top: Top) -> Finding:
    row = top.row
    price = row["observed_price"]
    values: dict[str, Number] = {
        "customer": evidence.customer(str(row["customer_id"])),
        "manager": evidence.manager(str(row["manager_id"])),
        "day": day_of(row["visit_date"]),
        "times": int(row["weight"]),
        **({} if pd.isna(price) else {"price": float(price)}),
    }
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "customer", str(row["customer_id"]), row["weight"],
        values, more=top.more, **source_of(row),  # type: ignore[arg-type]
    )  # fmt: skip


def price_texts(finding: Finding, words: Words) -> dict[str, str]:
    """The price seen, where the visit gives it."""
    known = "price" in finding.values
    return {
        "price_text": words("findings.price_offence.price_text", price=finding.values["price"]) if known else ""
    }


RULES = (
    figure_rule("plan_completion_low", 2, "plan_completion", "plan_completion_low", too_low, missed_visits),
    figure_rule("coverage_low", 2, "coverage", "coverage_low", too_low),
    figure_rule("display_low", 1, "display_rate", "display_low", too_low),
    figure_rule("signature_low", 1, "signature_rate", "signature_low", too_low),
    figure_rule("frequency_low", 1, "frequency_rate", "frequency_low", too_low),
    figure_rule("special_late", 1, "special_on_time_rate", "special_on_time_low", too_low),
    Rule("law_offence", 3, "visit_offences", partial(visit_offences, offence="law")),
    Rule("price_offence", 2, "visit_offences", partial(visit_offences, offence="price"), price_texts),
)
