"""Rules of findings on energy: it fell, or a customer uses far less than last month."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import fell, figure_rule
from pipeline.findings.rule import Finding, Number, Rule


def customers_fell(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers whose energy fell by at least so many kWh since last month, the greatest fall first."""
    rows = evidence.details.lists["energy_moved"]
    weighed = rows.assign(weight=-rows["energy_difference"].astype("float64"))
    large = weighed[weighed["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(large, "weight", "customer_id", levels=evidence.levels):
        values: dict[str, Number] = {
            "customer": evidence.customer(str(top.row["customer_id"])),
            "manager": evidence.manager(str(top.row["manager_id"])),
            **{name: int(top.row[name]) for name in ("energy", "energy_before")},
            "fell": -float(top.row["energy_change"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(top.row["customer_id"]),
            top.row["weight"], values, more=top.more,
        )  # fmt: skip


RULES = (
    figure_rule("energy_fall", 2, "energy", "energy_fall", fell),
    Rule("customer_energy_fell", 1, "customer_energy_fell", customers_fell),
)
